"""Does somebody speak over the frame's own voice? Lower it first, which can be taken back, and then listen closely.

Pure: fed once per 10 ms block. Two steps, because echo cancelling costs a person who talks at the same time 7 to 12 dB
and most of what a speech detector knows voices by. What remains after cancelling is loud at once when somebody speaks,
but also when a cup falls: enough to lower the own voice ("duck"). With that out of the way the detector hears the
person; its word, for long enough, is "speech". Whether it was words is for the transcriber to say. If neither comes,
the voice rises again ("unduck").
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log10
from typing import Literal

BargeInKind = Literal["duck", "unduck", "speech"]


@dataclass(frozen=True, slots=True)
class BargeInSettings:
    """How easily the frame lets itself be interrupted. The levels were chosen on simulated rooms (`imago bench`)."""

    below_echo_db: float = 16.0
    """dB under the level of the echo as it reaches the microphone from which a remainder is too loud to be echo."""
    above_noise_db: float = 12.0
    """dB over what remains of the room's noise that it must have, too."""
    least_db: float = -50.0
    """dBFS under which nothing counts."""
    rise_s: float = 0.05
    """s for which it must last: a click is shorter."""
    average_s: float = 0.04
    """s, time constant over which powers are averaged."""
    speech_at: float = 0.35
    """Detector probability of speech, while lowered ..."""
    speech_s: float = 0.06
    """... and s that it must be reached for, in all, since the voice was lowered."""
    alone_at: float = 0.5
    """Probability, with the voice not lowered ..."""
    alone_s: float = 0.25
    """... and s of it in a row that are enough then: a person whose level says nothing."""
    patience_s: float = 0.5
    """s without a loud remainder or speech after which the voice rises again."""
    echo_fall_db_s: float = 4.0
    """dB per s by which the remembered level of the echo falls."""
    noise_rise_db_s: float = 3.0
    """dB per s by which the remembered noise rises."""


@dataclass(frozen=True, slots=True)
class BargeInSignal:
    """What to do."""

    kind: BargeInKind
    t: float
    """s: when the remainder became loud ("duck"), when speech began ("speech"), now ("unduck")"""


class BargeIn:
    """Follows one stretch of own voice after the other."""

    def __init__(self, settings: BargeInSettings | None = None) -> None:
        self.settings = settings or BargeInSettings()
        self._noise_db = 0.0
        self._near = 0.0  # powers, averaged
        self._raw = 0.0
        self._echo_db = -120.0
        self.reset()

    def reset(self) -> None:
        """Forgets the interruption in progress, not the levels."""
        self.ducked = False
        self._loud_since: float | None = None
        self._speech_since: float | None = None
        self._speech_s = 0.0
        self._confirmed = False
        self._last_sign = 0.0

    def step(
        self, t: float, probability: float, raw_db: float, near_db: float, own: bool, block_s: float = 0.01
    ) -> list[BargeInSignal]:
        """A block that began at `t` s: the detector's probability, the levels (dBFS) of the microphone and of what
        remains after cancelling, and whether own voice is in the air -> what is to be done now, mostly nothing."""
        loud = self._is_loud(raw_db, near_db, own, block_s)
        if not own:
            return self._unduck(t) if self.ducked and t - self._last_sign > self.settings.patience_s else []
        signals = self._listen(t, probability, block_s)
        self._loud_since = (t if self._loud_since is None else self._loud_since) if loud else None
        if loud:
            self._last_sign = t
        if self.ducked:
            gone = not self._confirmed and t - self._last_sign > self.settings.patience_s
            return signals + (self._unduck(t) if gone else [])
        if self._loud_since is not None and t + block_s - self._loud_since + 1e-9 >= self.settings.rise_s:
            signals.insert(0, self._duck(self._loud_since))
        return signals

    def _listen(self, t: float, probability: float, block_s: float) -> list[BargeInSignal]:
        s = self.settings
        if probability < (s.speech_at if self.ducked else s.alone_at):
            self._speech_since = None
            self._speech_s = self._speech_s if self.ducked else 0.0
            return []
        if self._speech_since is None:
            self._speech_since = t
        self._speech_s += block_s
        self._last_sign = t
        if self._confirmed or self._speech_s + 1e-9 < (s.speech_s if self.ducked else s.alone_s):
            return []
        signals = [] if self.ducked else [self._duck(self._speech_since)]
        self._confirmed = True
        return [*signals, BargeInSignal("speech", self._speech_since)]

    def _duck(self, since: float) -> BargeInSignal:
        self.ducked = True
        return BargeInSignal("duck", since)

    def _unduck(self, t: float) -> list[BargeInSignal]:
        self.reset()
        return [BargeInSignal("unduck", t)]

    def _is_loud(self, raw_db: float, near_db: float, own: bool, block_s: float) -> bool:
        s = self.settings
        keep = 1 - min(1.0, block_s / s.average_s)
        self._near = keep * self._near + (1 - keep) * 10 ** (near_db / 10)
        self._raw = keep * self._raw + (1 - keep) * 10 ** (raw_db / 10)
        near = _db(self._near)
        self._noise_db = min(near, self._noise_db + s.noise_rise_db_s * block_s)
        if own and not self.ducked:
            self._echo_db = max(_db(self._raw), self._echo_db - s.echo_fall_db_s * block_s)
        return near > max(self._echo_db - s.below_echo_db, self._noise_db + s.above_noise_db, s.least_db)


def _db(power: float) -> float:
    return 10 * log10(max(power, 1e-12))
