"""The people in front of the frame, for demonstrations and measurements: other voices than any persona's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from device.ports import MIC_RATE, Pcm, Synthesizer
from device.voice.resample import resample


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody made of the voices at hand."""

    size: float
    """Factor on the English voice's resonances and pitch: over 1, somebody younger and smaller than he is."""
    pace: float
    """Factor on durations."""
    tract: float = 1.0
    """Factor on the Chinese voice's resonances ..."""
    pitch_hz: float = 0.0
    """... and the median of its pitch; 0: as she is, a young woman."""


SPEAKERS = (Speaker(1.14, 1.0), Speaker(1.0, 0.92, 0.94, 165.0), Speaker(1.22, 1.12, 1.1, 270.0))
"""Somebody grown up, a man who speaks faster, a child who speaks slower."""


def question_voice(language: str, speaker: int = 0) -> Callable[[str], Pcm]:
    """The voice of SPEAKERS[speaker] for a language ("en" or "zh"): text -> sound at MIC_RATE. Raises Missing where its
    model is not."""
    who = SPEAKERS[speaker]
    voice = _english(who) if language == "en" else _chinese(who)

    def say(text: str) -> Pcm:
        speech = voice.synthesize(text)
        return resample(speech.pcm, speech.rate, MIC_RATE)

    return say


def _english(who: Speaker) -> Synthesizer:
    from device.voice import piper

    return piper.create(settings=piper.PiperSettings(length_scale=who.pace, tract=who.size))


def _chinese(who: Speaker) -> Synthesizer:
    from device.voice import fastspeech

    disguise = fastspeech.Disguise(who.tract, who.pitch_hz) if who.pitch_hz else None
    settings = fastspeech.FastSpeechSettings(slowness=who.pace, pitch=0.0, disguise=disguise)
    return fastspeech.create(settings=settings)
