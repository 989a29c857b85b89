"""Tier 2 as files: a searched style of Kokoro's, and Kokoro speaking with it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from device.ports import Pcm
from provisioning.voice_kit import stock
from provisioning.voice_kit.style_search import Round, Searched, Voice

STYLE = "style.npy"
TOLD = "style.json"


class Told(msgspec.Struct, frozen=True):
    """style.json"""

    pitch: float
    gained: bool
    """Whether the encoder that took no part hears that it is more like the person"""
    scored: tuple[float, ...]
    judged: tuple[float, ...]
    """By round, the first before the search"""


class Styled:
    """Kokoro with a style of its own."""

    def __init__(self, style: NDArray[np.float32], pitch: float, voice: Voice | None = None) -> None:
        """Raises Missing where Kokoro has not been fetched."""
        self._voice = voice or stock.kokoro()
        self._style, self._pitch = style, pitch

    def said(self, texts: Sequence[str]) -> list[tuple[Pcm, int, str]]:
        """Sound, its rate in Hz, and text of each sentence."""
        self._voice.wear(self._style[None], self._pitch)
        spoken = [(self._voice.synthesize(text), text) for text in texts]
        return [(speech.pcm, speech.rate, text) for speech, text in spoken]


def write(found: Searched, out: Path) -> Told:
    """style.npy and style.json in `out`."""
    rounds: tuple[Round, ...] = (found.start, *found.rounds)
    told = Told(
        round(found.pitch, 4),
        found.gained,
        tuple(round(r.scored, 4) for r in rounds),
        tuple(round(r.judged, 4) for r in rounds),
    )
    np.save(out / STYLE, found.style, allow_pickle=False)
    (out / TOLD).write_bytes(msgspec.json.encode(told, order="deterministic"))
    return told


def read(folder: Path) -> tuple[NDArray[np.float32], Told]:
    """What `write` wrote."""
    told = msgspec.json.decode((folder / TOLD).read_bytes(), type=Told)
    return np.asarray(np.load(folder / STYLE, allow_pickle=False), np.float32), told
