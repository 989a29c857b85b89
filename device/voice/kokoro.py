"""The other Chinese voice: Kokoro-82M (int8), as an old man; slow on small machines, but free for all uses.

Its Mandarin comes from phonemes alone; the styles at hand are Japanese. An old man's voice is made of the timbre of the
male style with the melody of a female one, its pitch contour lowered, and a vocal tract that is a little longer (the
sound is played slower than it was made, and made faster by as much).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from device.ports import Pcm, Speech
from device.voice import mandarin
from device.voice.finish import finished
from device.voice.kokoro_model import MAX_TOKENS, RATE, KokoroModel
from device.voice.normalise import speakable
from device.voice.onnx_session import THREADS
from device.voice.phones import Phone
from models_quantized import catalog


@dataclass(frozen=True, slots=True)
class KokoroSettings:
    """How the voice sounds. Several blends were understood about equally well by a transcriber; this is one of them."""

    timbre: str = "jm_kumo"
    """Style that colours the sound."""
    melody: str = "jf_gongitsune"
    """Style that shapes pitch and rhythm."""
    pitch: float = 0.52
    """Factor on the melody's pitch."""
    tract: float = 0.95
    """Factor on all resonances (and on the pitch): below 1 the speaker is larger."""
    pace: float = 0.95
    """Factor on the speed of speech: below 1 is slower."""
    threads: int = THREADS


class Kokoro:
    """Behind the Synthesizer port."""

    def __init__(self, folder: Path, settings: KokoroSettings | None = None) -> None:
        """Opens the model in `folder` and says something once, so that the first clause is as fast as the others."""
        self._settings = settings or KokoroSettings()
        self._model = KokoroModel(folder, self._settings.threads)
        timbre, melody = self._model.style(self._settings.timbre), self._model.style(self._settings.melody)
        self._style = np.concatenate([timbre[:, :128], melody[:, 128:]], axis=1)
        mandarin.prepare()
        self.synthesize("你好。")

    @property
    def styles(self) -> dict[str, NDArray[np.float32]]:
        """The styles at hand, each of shape (lengths, 256)."""
        return self._model.styles

    def wear(self, style: NDArray[np.float32], pitch: float, tract: float = 1.0, pace: float = 1.0) -> None:
        """Speaks with another style from now on, shape (lengths or 1, 256). `pitch`, `tract`, `pace`: as in the
        settings."""
        self._style = np.asarray(style, np.float32).reshape(-1, 256)
        self._settings = replace(self._settings, pitch=pitch, tract=tract, pace=pace)

    def synthesize(self, text: str) -> Speech:
        spoken = speakable(text, "zh")
        settings = self._settings
        sounds: list[Pcm] = []
        phones: list[Phone] = []
        for symbols in self._pieces(mandarin.phonemes(spoken) if spoken else ""):
            speed = settings.pace / settings.tract
            pcm, seconds = self._model.run(symbols, self._style, speed, settings.pitch)
            sounds.append(pcm)
            phones += [Phone(s, t / settings.tract) for s, t in zip(f"^{symbols}$", seconds, strict=True)]
        rate = round(RATE * settings.tract)
        pcm = np.concatenate(sounds) if sounds else np.zeros(0, np.float32)
        return finished(pcm, rate, phones, text)

    def _pieces(self, phonemes: str) -> Iterator[str]:
        """What the model knows of the phonemes, in pieces that it can take, cut at pauses where possible."""
        known = "".join(symbol for symbol in phonemes if symbol in self._model.vocabulary)
        while len(known) > MAX_TOKENS:
            pauses = [match.end() for match in re.finditer(r"[,.;:!?] |(?<=.) ", known[:MAX_TOKENS])]
            at = pauses[-1] if pauses else MAX_TOKENS
            yield known[:at]
            known = known[at:]
        if any(symbol.isalpha() for symbol in known):
            yield known


def create(model: Path | None = None, settings: KokoroSettings | None = None) -> Kokoro:
    """The voice in the folder `model`, by default the catalog's. Raises Missing if it has not been fetched."""
    if model is None:
        for name in ("model.onnx", "vocab.json", "voices.npz"):
            model = catalog.verified_path("kokoro-82m-int8", file=name).parent
    assert model is not None
    return Kokoro(model, settings)
