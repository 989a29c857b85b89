"""Packs for the guest, by a family that has its FRAME.pub; as small or as large as a test wants them."""

from __future__ import annotations

import random
from typing import Any

import msgspec
import pyrage

from device.persona.store.frame_identity import FramePublic
from provisioning.pack import introduction
from tests.support import packs
from tests.support.packs import FAMILY, Recipe

PERSON = packs.PERSONA


def pack(frame: FramePublic, counter: int, size: int = 100_000, **envelope: Any) -> bytes:
    """A pack of `size` bytes and a little, for the frame alone; it brings its family with it."""
    recipient = pyrage.x25519.Recipient.from_str(frame.age_recipient)
    photograph = b"\xff\xd8\xff\xc0\x00\x11\x08\x00\x40\x00\x40\x03" + random.Random(counter).randbytes(size)
    told = {
        "counter": counter,
        "recipients": [frame.id],
        "introduction": msgspec.to_builtins(introduction([frame], FAMILY)),
        **envelope,
    }
    recipe = Recipe(
        files={**Recipe().files, "album/river.jpg": ("photographs", photograph)},
        encrypt=lambda data: bytes(pyrage.encrypt(data, [recipient])),
        envelope=told,
    )
    return packs.make(recipe)


def spoiled(data: bytes) -> bytes:
    """With one bit flipped in the middle of the encrypted part."""
    at = len(data) * 2 // 3
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
