"""The last steps that all synthesizers share: level, trim, mouth shapes. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from device.ports import Pcm, Speech
from device.voice import loudness
from device.voice.phones import Phone, cut
from device.voice.visemes import visemes

LEAD_S = 0.01
"""s of silence left before the first sound: every one more would be waited for."""

COMMA_S = 0.12
"""s of silence after a clause that goes on."""

STOP_S = 0.2
"""s of silence after a sentence."""

AUDIBLE = 10 ** (-45 / 20)
"""-45 dBFS, 25 dB under the level of speech: what is quieter before and after counts as silence."""

EDGE_S = 0.003
"""s over which the cut ends are faded, so that they do not click."""


def finished(pcm: Pcm, rate: int, phones: Sequence[Phone], text: str) -> Speech:
    """Speech from an engine's sound and the phones that it consists of; silence gives zero samples."""
    pcm = loudness.level(pcm, rate)
    loud = np.flatnonzero(np.abs(pcm) > AUDIBLE)
    if len(loud) == 0:
        return Speech(np.zeros(0, np.float32), rate, (), text)
    start = int(loud[0]) - round(LEAD_S * rate)
    end = int(loud[-1]) + 1
    pause = round(pause_after(text) * rate)
    sound = _window(pcm, start, end + pause)
    _fade_edges(sound, round(EDGE_S * rate))
    kept = [*cut(phones, start / rate, (len(pcm) - end) / rate), Phone("$", pause / rate)]
    return Speech(sound, rate, visemes(kept), text)


def pause_after(text: str) -> float:
    """s of silence that the punctuation at the end of a clause asks for."""
    last = text.rstrip(" \n\"'”’」』)）")[-1:]
    return STOP_S if last in set(".!?。！？…") else COMMA_S


def _window(pcm: Pcm, start: int, end: int) -> Pcm:
    """pcm[start:end], with zeros where that reaches beyond it."""
    inside = pcm[max(0, start) : end]
    return np.pad(inside, (max(0, -start), max(0, end - max(len(pcm), start))))


def _fade_edges(pcm: Pcm, samples: int) -> None:
    ramp = np.linspace(0, 1, min(samples, len(pcm) // 2), dtype=np.float32)
    pcm[: len(ramp)] *= ramp
    pcm[len(pcm) - len(ramp) :] *= ramp[::-1]
