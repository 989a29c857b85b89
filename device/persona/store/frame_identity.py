"""The frame's own keys: an X25519 key that opens packs, an Ed25519 key that signs reports, and what it gives away.

`FRAME.pub`, the file for the family, also holds a secret: whoever brings a proof of it back held that very file, and
may become this frame's family while it has none. Eight digits of all that is in the file are shown on the frame's
screen, so that a file that was exchanged on the way is noticed at home.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Annotated

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from device.errors import Missing
from device.persona.pack.bech32 import age_recipient
from device.persona.pack.family import Hex64
from device.persona.pack.keys import checked_key, from_base64, spoken_code, to_base64
from device.persona.pack.refusal import refusal
from device.persona.pack.strict_json import read
from device.persona.vault.sealing import Sealer

NAME = "frame"
PAIRING = "pairing"
SECRET_BYTES = 32
TYPE = "imago-frame.v1"
MAX_BYTES = 8192


@dataclass(frozen=True, slots=True)
class FrameIdentity:
    """The private keys of this frame."""

    opening: X25519PrivateKey
    signing: Ed25519PrivateKey

    @property
    def id(self) -> str:
        """SHA-256 of both public keys, hex."""
        return frame_id(self.recipient, self.verifying)

    @property
    def recipient(self) -> bytes:
        """32 bytes of the X25519 public key."""
        return self.opening.public_key().public_bytes_raw()

    @property
    def verifying(self) -> bytes:
        """32 bytes of the Ed25519 public key."""
        return self.signing.public_key().public_bytes_raw()


class FramePublic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of `FRAME.pub`."""

    type: str
    kinds: Annotated[tuple[Annotated[str, msgspec.Meta(max_length=40)], ...], msgspec.Meta(min_length=1, max_length=16)]
    """Of device"""
    recipient: Annotated[str, msgspec.Meta(max_length=44)]
    """X25519 public key, base64"""
    verify: Annotated[str, msgspec.Meta(max_length=44)]
    """Ed25519 public key, base64"""
    pairing: Hex64 | None = None
    """The secret, where the frame was asked to pair"""

    @property
    def id(self) -> str:
        """The frame's."""
        return frame_id(from_base64(self.recipient, "a key", "frame"), from_base64(self.verify, "a key", "frame"))

    @property
    def age_recipient(self) -> str:
        """ "age1..." """
        return age_recipient(from_base64(self.recipient, "a key", "frame"))

    @property
    def code(self) -> str:
        """Eight digits that the frame's screen shows and the tool at home shows, too."""
        return spoken_code(b"frame", self.id.encode(), (self.pairing or "").encode(), " ".join(self.kinds).encode())


def frame_id(recipient: bytes, verifying: bytes) -> str:
    """SHA-256 of both public keys, hex."""
    return hashlib.sha256(b"imago-frame-v1" + recipient + verifying).hexdigest()


def read_public(content: bytes) -> FramePublic:
    """The bytes of a FRAME.pub. Raises BadInput."""
    if len(content) > MAX_BYTES:
        raise refusal(
            "malformed.length", f"a frame's file of up to {MAX_BYTES} bytes", f"{len(content)}", subject="frame"
        )
    told = read(content, FramePublic, "frame")
    if told.type != TYPE:
        raise refusal("malformed.frame", TYPE, told.type[:40], subject="frame")
    if len(from_base64(told.recipient, "a key", "frame")) != 32:
        raise refusal("malformed.key", "32 bytes", "another length", subject="frame")
    checked_key(from_base64(told.verify, "a key", "frame"), "frame")
    return told


def load_or_make(sealer: Sealer) -> FrameIdentity:
    """The frame's keys, made at the first time. Raises what the sealer raises."""
    try:
        raw = sealer.unseal(NAME)
    except Missing:
        if sealer.names():
            raise  # a frame that has personas had keys: new ones would not open a single pack
        raw = secrets.token_bytes(64)
        sealer.seal(NAME, raw)
    return FrameIdentity(
        X25519PrivateKey.from_private_bytes(raw[:32]), Ed25519PrivateKey.from_private_bytes(raw[32:64])
    )


def open_pairing(sealer: Sealer) -> bytes:
    """A new secret for FRAME.pub; an older file is worth nothing from now on."""
    secret = secrets.token_bytes(SECRET_BYTES)
    sealer.seal(PAIRING, secret)
    return secret


def pairing_secret(sealer: Sealer) -> bytes | None:
    """The secret of the newest FRAME.pub, None while nobody asked to pair."""
    try:
        return sealer.unseal(PAIRING)
    except Missing:
        return None


def public(identity: FrameIdentity, kinds: tuple[str, ...], pairing: bytes | None) -> FramePublic:
    """What the frame gives away."""
    recipient, verifying = to_base64(identity.recipient), to_base64(identity.verifying)
    return FramePublic(TYPE, kinds, recipient, verifying, pairing.hex() if pairing else None)


def encode_public(told: FramePublic) -> bytes:
    """What `read_public` reads."""
    return msgspec.json.format(msgspec.json.encode(told), indent=1) + b"\n"
