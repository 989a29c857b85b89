"""Who speaks in the measurement of wake phrases: speakers whom enrolment did not have, in two sets that share none.

One set to choose thresholds and rules with ("tuning"), one to measure with ("test"). English: Piper's speaker in other
sizes than those enrolled, Hibari, and Kokoro's styles with Hibari's phonemes (both only where `hibari` is installed).
Chinese: Kokoro's styles, and FastSpeech's speaker as others than those enrolled.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from device import registry
from device.ports import MIC_RATE, Pcm
from device.voice.fastspeech import Disguise, FastSpeechSettings
from device.voice.kokoro import KokoroSettings
from device.voice.piper import PiperSettings
from device.voice.resample import resample

Set = Literal["tuning", "test"]
Say = Callable[[str], Pcm]
"""Text -> sound at MIC_RATE."""


@dataclass(frozen=True, slots=True)
class Voice:
    """A speaker."""

    name: str
    language: str
    engine: str
    """One of "piper", "fastspeech", "kokoro", "hibari" and "kokoro-en"."""
    settings: Any
    own: bool = False
    """Its engine also enrols (as another speaker)."""


@dataclass(frozen=True, slots=True)
class English:
    """Of Hibari, or of a Kokoro style that speaks English."""

    style: str = ""
    tract: float = 1.0
    """Factor on resonances and pitch."""
    pace: float = 1.0


def _kokoro(timbre: str, melody: str, pitch: float, tract: float, pace: float = 1.0) -> KokoroSettings:
    return KokoroSettings(timbre=timbre, melody=melody, pitch=pitch, tract=tract, pace=pace)


VOICES: dict[Set, tuple[Voice, ...]] = {
    "tuning": (
        Voice("gongitsune", "zh", "kokoro", _kokoro("jf_gongitsune", "jf_gongitsune", 1.0, 1.02)),
        Voice("tebukuro", "zh", "kokoro", _kokoro("jf_tebukuro", "jf_tebukuro", 0.95, 0.98, 1.1)),
        Voice("child", "zh", "kokoro", _kokoro("jf_nezumi", "jf_alpha", 1.2, 1.12)),
        Voice("corpus 0.97", "zh", "fastspeech", FastSpeechSettings(1.0, 0.0, Disguise(0.97, 210.0)), True),
        Voice("corpus 0.88", "zh", "fastspeech", FastSpeechSettings(1.2, -0.5, Disguise(0.88, 135.0, 1.2)), True),
        Voice("hibari 0.95", "en", "hibari", English(tract=0.95)),
        Voice("hibari 1.12", "en", "hibari", English(tract=1.12, pace=1.1)),
        Voice("alpha", "en", "kokoro-en", English("jf_alpha")),
        Voice("joe 1.04", "en", "piper", PiperSettings(0.95, tract=1.04), True),
        Voice("joe 1.2", "en", "piper", PiperSettings(0.9, tract=1.2), True),
    ),
    "test": (
        Voice("alpha", "zh", "kokoro", _kokoro("jf_alpha", "jf_alpha", 1.0, 1.0)),
        Voice("kumo", "zh", "kokoro", _kokoro("jm_kumo", "jm_kumo", 1.0, 0.97, 1.05)),
        Voice("nezumi", "zh", "kokoro", _kokoro("jf_nezumi", "jf_nezumi", 1.05, 1.06)),
        Voice("corpus", "zh", "fastspeech", FastSpeechSettings(1.0, 0.5, None), True),
        Voice("corpus 0.92", "zh", "fastspeech", FastSpeechSettings(0.9, -1.0, Disguise(0.92, 165.0, 1.3)), True),
        Voice("hibari", "en", "hibari", English()),
        Voice("hibari 0.88", "en", "hibari", English(tract=0.88, pace=0.95)),
        Voice("kumo", "en", "kokoro-en", English("jm_kumo", 0.97)),
        Voice("nezumi", "en", "kokoro-en", English("jf_nezumi", 1.04, 1.05)),
        Voice("joe 1.1", "en", "piper", PiperSettings(1.0, tract=1.1), True),
        Voice("joe 0.86", "en", "piper", PiperSettings(1.1, tract=0.86), True),
    ),
}

SLOW = frozenset({"kokoro", "kokoro-en"})
"""Engines of which less is asked."""


def voices(which: Set, languages: Sequence[str]) -> list[Voice]:
    """Those that can speak here."""
    hibari = importlib.util.find_spec("hibari") is not None
    return [v for v in VOICES[which] if v.language in languages and (hibari or v.engine not in ("hibari", "kokoro-en"))]


class Kept:
    """A voice whose sayings are kept in a folder, so that a second measurement does not synthesise them again."""

    def __init__(self, voice: Voice, folder: Path) -> None:
        self.voice, self._folder = voice, folder
        self._say: Say | None = None

    def __call__(self, text: str) -> Pcm:
        key = hashlib.sha256(repr((self.voice.engine, self.voice.settings, text)).encode()).hexdigest()[:24]
        path = self._folder / f"{key}.npy"
        if path.exists():
            return np.asarray(np.load(path, allow_pickle=False), np.float32)
        if self._say is None:
            self._say = speaker(self.voice)
        pcm = self._say(text)
        self._folder.mkdir(parents=True, exist_ok=True)
        np.save(path, pcm.astype(np.float16))
        return pcm


def speaker(voice: Voice) -> Say:
    """Opens the engine."""
    if isinstance(voice.settings, English):
        return _english(voice.settings)
    # One thread: a measurement is not to take the whole machine.
    engine = registry.make("synthesizer", voice.engine, settings=replace(voice.settings, threads=1))

    def say(text: str) -> Pcm:
        speech = engine.synthesize(text)
        return resample(speech.pcm, speech.rate, MIC_RATE)

    return say


def _english(settings: English) -> Say:
    import hibari

    from device.voice.kokoro_model import RATE, KokoroModel
    from models_quantized import catalog

    model = hibari.Hibari()
    speed = settings.pace / settings.tract
    rate = round(RATE * settings.tract)
    if not settings.style:
        return lambda text: resample(np.asarray(model(text, speed=speed), np.float32), rate, MIC_RATE)
    kokoro = KokoroModel(catalog.verified_path("kokoro-82m-int8", file="model.onnx").parent, 1)
    style = kokoro.style(settings.style)

    def say(text: str) -> Pcm:
        sounds = []
        for phonemes in model.phonemize(text):
            known = "".join(symbol for symbol in phonemes if symbol in kokoro.vocabulary)[:400]
            sounds.append(kokoro.run(known, style, speed, 1.0)[0])
        return resample(np.concatenate(sounds), rate, MIC_RATE) if sounds else np.zeros(0, np.float32)

    return say


def numbered(items: Sequence[str], which: Set) -> Iterator[str]:
    """Half of the items for one set, half for the other."""
    return (item for number, item in enumerate(items) if number % 2 == (which == "test"))
