"""Does somebody speak over the frame's own voice? Lower it first, which can be taken back, and then listen closely.

Pure: fed once per 10 ms block with the echo subtracted, which leaves a person whole. The speech detector hears them,
but also the rest of the own voice; so its word counts only where what remains is too loud to be that
(`echo_levels.py`). Both for a moment lower the voice ("duck"). With that out of the way the detector's word alone, for
long enough, is "speech". Whether it was words is for the transcriber to say. If it does not come, the voice rises again
("unduck").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from device.conversation.echo_levels import EchoLevels, Heard

BargeInKind = Literal["duck", "unduck", "speech"]


@dataclass(frozen=True, slots=True)
class BargeInSettings:
    """How easily the frame lets itself be interrupted, chosen on simulated rooms (`device/bench/own_voice.py`)."""

    speech_at: float = 0.35
    """Detector probability of speech."""
    rise_s: float = 0.05
    """s of it, too loud for echo, after which the voice is lowered: a click is shorter."""
    speech_s: float = 0.06
    """s of it, in all, since the voice was lowered, after which a person is believed in."""
    patience_s: float = 0.5
    """s without speech after which the voice rises again."""


@dataclass(frozen=True, slots=True)
class BargeInSignal:
    """What to do."""

    kind: BargeInKind
    t: float
    """s: when speech was first noticed ("duck", "speech"), now ("unduck")"""


class BargeIn:
    """Follows one stretch of own voice after the other."""

    def __init__(self, settings: BargeInSettings | None = None, levels: EchoLevels | None = None) -> None:
        self.settings = settings or BargeInSettings()
        self._levels = levels or EchoLevels()
        self.reset()

    def reset(self) -> None:
        """Forgets the interruption in progress, not the levels."""
        self.ducked = False
        self._signs_s = 0.0  # s of speech, too loud for echo; less what came without it
        self._since = 0.0
        self._speech_s = 0.0
        self._confirmed = False
        self._last_sign = 0.0

    def step(self, t: float, probability: float, heard: Heard, block_s: float = 0.01) -> list[BargeInSignal]:
        """A block that began at `t` s, the detector's probability for it -> what is to be done now, mostly nothing."""
        loud = self._levels.step(heard, self.ducked, block_s)
        speech = probability >= self.settings.speech_at
        if speech and heard.own_voice and (loud or self.ducked):
            self._last_sign = t
            return self._sign(t, block_s)
        self._signs_s = max(0.0, self._signs_s - block_s)
        waiting = self.ducked and not (self._confirmed and heard.own_voice)
        return self._unduck(t) if waiting and t - self._last_sign > self.settings.patience_s else []

    def _sign(self, t: float, block_s: float) -> list[BargeInSignal]:
        s = self.settings
        if not self.ducked:
            self._since = t if self._signs_s == 0.0 else self._since
            self._signs_s += block_s
            if self._signs_s + 1e-9 < s.rise_s:
                return []
            self.ducked = True
            return [BargeInSignal("duck", self._since)]
        self._speech_s += block_s
        if self._confirmed or self._speech_s + 1e-9 < s.speech_s:
            return []
        self._confirmed = True
        return [BargeInSignal("speech", self._since)]

    def _unduck(self, t: float) -> list[BargeInSignal]:
        self.reset()
        return [BargeInSignal("unduck", t)]
