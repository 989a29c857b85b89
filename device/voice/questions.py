"""The person in front of the frame, for demonstrations and measurements: a lighter voice than any persona's."""

from __future__ import annotations

from collections.abc import Callable

from device.ports import MIC_RATE, Pcm, Synthesizer
from device.voice.resample import resample

SMALLER = 1.14
"""Factor on resonances and pitch: a younger, smaller speaker than the voice was trained on."""


def question_voice(language: str) -> Callable[[str], Pcm]:
    """The voice for a language ("en" or "zh"): text -> sound at MIC_RATE. Raises Missing where its model is not."""
    voice = _english() if language == "en" else _chinese()

    def say(text: str) -> Pcm:
        speech = voice.synthesize(text)
        return resample(speech.pcm, speech.rate, MIC_RATE)

    return say


def _english() -> Synthesizer:
    from device.voice import piper

    return piper.create(settings=piper.PiperSettings(length_scale=1.0, tract=SMALLER))


def _chinese() -> Synthesizer:
    from device.voice import fastspeech

    return fastspeech.create(settings=fastspeech.FastSpeechSettings(slowness=1.0, pitch=0.0, disguise=None))
