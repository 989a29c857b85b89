"""Is what remains of the microphone's sound too loud to be the rest of the frame's own voice? Pure.

What subtraction leaves of the echo depends on the loudspeaker (what it distorts cannot be subtracted), on the room and
on how long the canceller has learnt. So it is learnt, too: the level that the remainder seldom exceeds while, by the
word of a second canceller that suppresses whatever correlates with the own voice, there is nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log10

FLOOR_DB = -100.0
"""Levels below it are given as it."""
ABOUT = 1e-12
"""Added to powers, so that silence has a level."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What is known about one block of the microphone. Levels in dBFS."""

    own_voice: bool = False
    """The frame's own sound, or the room's answer to it, was in it."""
    raw_db: float = FLOOR_DB
    """The microphone."""
    near_db: float = FLOOR_DB
    """The echo subtracted."""
    suppressed_db: float = FLOOR_DB
    """Whatever resembles the echo suppressed."""
    far_db: float = FLOOR_DB
    """The reference, aligned to its echo."""
    fresh: bool = False
    """The cancellers have just begun to learn anew."""


@dataclass(frozen=True, slots=True)
class EchoLevelSettings:
    """The levels were chosen on simulated rooms (`device/bench/own_voice.py`)."""

    below_echo_db: float = 22.0
    """dB under the level of the echo from which a remainder may be somebody, where cancelling leaves less than that."""
    above_rest_db: float = 5.5
    """dB over what cancelling usually leaves from which it may."""
    above_noise_db: float = 6.0
    """dB over what remains of the room's noise that it must have, too."""
    least_db: float = -55.0
    """dBFS under which nothing counts."""
    average_s: float = 0.04
    """s, time constant over which powers are averaged."""
    echo_fall_db_s: float = 18.0
    """dB per s by which the remembered level of the echo falls, so that somebody soft is found between its words. A
    room's reverberation, which subtraction does not reach, falls by 60 and more."""
    noise_rise_db_s: float = 3.0
    """dB per s by which the remembered noise rises."""
    alone_db: float = 30.0
    """dB under the echo that the second canceller reaches when there is nothing but echo."""
    nobody_db: float = 48.0
    """dB under the echo from which its word is final: whatever remains is echo, however loud."""
    audible_db: float = -45.0
    """dBFS of the reference from which its remainder is learnt from."""
    usual: float = 0.9
    """Share of blocks that do not exceed what cancelling "usually" leaves."""
    first_db: float = 2.0
    """dB by which that is corrected at most in the first block ..."""
    soon_blocks: float = 200.0
    """... blocks after which it is half of that ..."""
    last_db: float = 0.1
    """... and dB that it does not fall below."""


class EchoLevels:
    """Follows the levels of echo, noise and remainder."""

    def __init__(self, settings: EchoLevelSettings | None = None) -> None:
        self.settings = settings or EchoLevelSettings()
        self._near = self._raw = self._suppressed = 0.0  # powers, averaged
        self._noise_db = 0.0
        self._echo_db = -120.0
        self._begin()

    def _begin(self) -> None:
        self._rest_db = 0.0  # of the remainder, relative to the echo
        self._learnt = 0

    def step(self, heard: Heard, lowered: bool, block_s: float = 0.01) -> bool:
        """A block -> whether it is too loud to be echo. `lowered`: the own voice is, on purpose."""
        s = self.settings
        if heard.fresh:
            self._begin()
        keep = max(0.0, 1 - block_s / s.average_s)
        self._near = _averaged(self._near, heard.near_db, keep)
        self._raw = _averaged(self._raw, heard.raw_db, keep)
        self._suppressed = _averaged(self._suppressed, heard.suppressed_db, keep)
        near = _db(self._near)
        self._noise_db = min(near, self._noise_db + s.noise_rise_db_s * block_s)
        suppressed = _db(self._suppressed)
        if heard.own_voice and not lowered:
            self._echo_db = max(_db(self._raw), self._echo_db - s.echo_fall_db_s * block_s)
            if heard.far_db > s.audible_db and suppressed < self._echo_db - s.alone_db:
                self._learn(near - self._echo_db)
        if not lowered and suppressed < self._echo_db - s.nobody_db:
            return False
        least = max(-s.below_echo_db, self._rest_db + s.above_rest_db)
        return near > max(self._echo_db + least, self._noise_db + s.above_noise_db, s.least_db)

    def _learn(self, rest_db: float) -> None:
        """A quantile, followed by steps up and down whose sizes are in the ratio of how often each should happen
        (stochastic approximation: Robbins & Monro, Annals of Mathematical Statistics 22(3), 1951)."""
        s = self.settings
        self._learnt += 1
        step = max(s.last_db, s.first_db * s.soon_blocks / (s.soon_blocks + self._learnt))
        self._rest_db += step * s.usual if rest_db > self._rest_db else -step * (1 - s.usual)


def _averaged(power: float, db: float, keep: float) -> float:
    return keep * power + (1 - keep) * float(10 ** (db / 10))


def _db(power: float) -> float:
    return 10 * log10(power + ABOUT)
