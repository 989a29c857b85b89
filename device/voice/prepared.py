"""A voice that has said some things in advance: what is asked for again is there at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from device.ports import Speech, Synthesizer

ROOM = 48_000_000
"""Bytes of sound that a voice keeps: about 500 clauses of two seconds."""
FULL_SCALE = 32767.0
"""Kept in 16 bits: half the memory, and no ear hears the difference."""


class Prepared:
    """The port `Synthesizer` before another one. `prepare` may be called beside `synthesize`, from another thread."""

    def __init__(self, voice: Synthesizer, room: int = ROOM) -> None:
        self._voice = voice
        self._left = room
        self._kept: dict[str, tuple[npt.NDArray[np.int16], Speech]] = {}

    def synthesize(self, text: str) -> Speech:
        """As the port has it."""
        if (kept := self._kept.get(text)) is None:
            return self._voice.synthesize(text)
        samples, speech = kept
        return replace(speech, pcm=(samples / np.float32(FULL_SCALE)).astype(np.float32))

    def prepare(self, text: str) -> bool:
        """Says `text` now, to have it ready -> whether there was room for it. Raises Broken if the engine fails."""
        if text in self._kept:
            return True
        if self._left <= 0:
            return False
        speech = self._voice.synthesize(text)
        samples = np.round(np.clip(speech.pcm, -1.0, 1.0) * FULL_SCALE).astype(np.int16)
        self._left -= samples.nbytes
        self._kept[text] = samples, replace(speech, pcm=np.zeros(0, np.float32))
        return True
