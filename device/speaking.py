"""From a clause as sound to what the face is told of it."""

from __future__ import annotations

from device.link import Speak
from device.ports import Speech


def speak(turn: int, index: int, t0: float, speech: Speech, emotion: str = "neutral") -> Speak:
    """The message for a clause that becomes audible at `t0` s."""
    visemes = tuple((v.shape, float(v.start), float(v.end), float(v.weight)) for v in speech.visemes)
    return Speak(turn, index, t0, speech.seconds, visemes, speech.text, speech.language, emotion)
