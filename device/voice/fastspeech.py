"""The Chinese voice: FastSpeech 2 with multi-band MelGAN, trained on the CSMSC corpus, as an old man.

The corpus is a young woman's. Her pitch is lowered by the model as far as it goes, the rest of the way, and the longer
vocal tract, by overlap-add of pitch periods (Moulines & Charpentier 1990, PSOLA) as Praat does it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import parselmouth

from device.ports import Pcm, Speech
from device.voice import pinyin, readings
from device.voice.fastspeech_model import FILES, RATE, FastSpeechModel
from device.voice.finish import finished
from device.voice.normalise import speakable
from models_quantized import catalog

LONGEST = 150
"""Symbols at a time (about ten seconds); more is cut at a break."""

PITCH_RANGE = (75.0, 600.0)
"""Hz between which Praat looks for the pitch (its manual's values for voices of all kinds)."""


@dataclass(frozen=True, slots=True)
class Disguise:
    """How another speaker is made of the one in the corpus."""

    tract: float = 0.85
    """Factor on all resonances: below 1 the speaker is larger (a man's vocal tract is about 0.85 of a woman's
    frequencies)."""
    pitch_hz: float = 122.0
    """Median of the pitch: of men over seventy, 110 to 145."""
    melody: float = 1.0
    """Factor on how far the pitch moves around its median."""


@dataclass(frozen=True, slots=True)
class FastSpeechSettings:
    """How the voice sounds."""

    slowness: float = 1.1
    """Factor on all durations: an old man takes his time."""
    pitch: float = -1.0
    """Standard deviations of the speaker's pitch by which the model speaks higher; under -1 it hardly follows."""
    disguise: Disguise | None = Disguise()
    """None: as in the corpus."""
    threads: int = 2


class FastSpeech:
    """Behind the Synthesizer port."""

    def __init__(self, folder: Path, settings: FastSpeechSettings | None = None) -> None:
        """Opens the models in `folder` and says something once, so that the first clause is as fast as the others.
        Raises BadInput or Broken."""
        self._settings = settings or FastSpeechSettings()
        self._model = FastSpeechModel(folder, self._settings.threads)
        readings.prepare()
        self.synthesize("你好。")

    def synthesize(self, text: str) -> Speech:
        settings = self._settings
        sounds, phones = [np.zeros(0, np.float32)], []
        for piece in _pieces(pinyin.symbols(speakable(text, "zh"), self._model.syllables)):
            rendering = self._model.mel(piece, settings.slowness, settings.pitch)
            sounds.append(self._model.sound(rendering.mel))
            for symbol, seconds in zip(piece, rendering.seconds, strict=True):
                phones += pinyin.phones(symbol, seconds)
        pcm = np.concatenate(sounds)
        if settings.disguise and len(pcm):
            pcm = _disguised(pcm, settings.disguise)
        return finished(pcm, RATE, phones, text)


def _disguised(pcm: Pcm, disguise: Disguise) -> Pcm:
    """The same words at the same times by another speaker."""
    sound = parselmouth.Sound(pcm.astype(np.float64), RATE)
    low, high = PITCH_RANGE
    # Praat joins unvoiced pieces at random places; the same words shall sound the same.
    parselmouth.praat.run("random_initializeWithSeedUnsafelyButPredictably (1)")
    changed = parselmouth.praat.call(
        sound, "Change gender", low, high, disguise.tract, disguise.pitch_hz, disguise.melody, 1.0
    )
    made = np.asarray(changed.values[0], np.float32)[: len(pcm)]
    return np.pad(made, (0, len(pcm) - len(made)))


def _pieces(symbols: list[str]) -> list[list[str]]:
    """The symbols in pieces that the model can take, cut at breaks."""
    pieces = []
    while len(symbols) > LONGEST:
        breaks = [at for at in range(1, LONGEST) if symbols[at] in (pinyin.WORD, pinyin.PHRASE)]
        phrases = [at for at in breaks if symbols[at] == pinyin.PHRASE]
        at = (phrases or breaks or [LONGEST - 1])[-1]
        pieces.append([*symbols[:at], pinyin.SILENCE])
        symbols = [pinyin.SILENCE, *symbols[at + 1 :]]
    return [*pieces, symbols] if symbols else pieces


def create(model: Path | None = None, settings: FastSpeechSettings | None = None, plain: bool = False) -> FastSpeech:
    """The voice in the folder `model`, by default the catalog's. `plain`: as in the corpus, for whom makes another
    speaker of it. Raises Missing if it has not been fetched."""
    if plain:
        settings = FastSpeechSettings(slowness=1.0, pitch=0.0, disguise=None)
    if model is None:
        for name in FILES:
            model = catalog.verified_path("csmsc-fastspeech2", file=name).parent
    assert model is not None
    return FastSpeech(model, settings)
