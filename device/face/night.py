"""The light of the screen through the day and the night, and in the night for whoever speaks to the frame. Pure.

Time comes in twice: `t`, s on the monotonic clock, and the time of day, which may jump, from a clock that is given.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import lru_cache

import cv2
import numpy as np

from device.config import Night
from device.face.render import Frame

TWILIGHT = 600.0
"""s in which it grows dark after the night began and light before it ends: nobody sees it happen."""
TALK = 0.7
"""Least light while somebody speaks with the frame in the night: a face is seen well, and eyes used to a dark room are
not hurt."""
BRIGHTENING = 0.8
"""s in which it is there."""
STAYS = 20.0
"""s for which it stays after the talk."""
DIMMING = 6.0
"""s in which it goes again."""
AT_REST = frozenset({"asleep", "idle", "attract"})
"""States of the face in which nobody talks with it."""
WAITING = frozenset({"listening", "sorry"})
"""States that may last although nobody is there: it listens all day where it need not be called."""
WAITS = 60.0
"""s after which such a state is taken for rest."""
WARM = (1.0, 0.807, 0.651)
"""White as a black body of 4000 K, in shares of the screen's own of 6500 K: T. Helland's fit (2012) to M. Charity's
table of blackbody colours, 99.47 ln 40 - 161.12 and 138.52 ln 30 - 305.04 of 255."""
DAY = 86400.0


def minutes(text: str) -> float:
    """ "22:30" -> 1350.0, minutes since midnight."""
    hours, _, rest = text.partition(":")
    return 60.0 * int(hours) + int(rest)


def depth(night: Night, now: datetime.time) -> float:
    """How deep the night is: 0 by day, 1 once the twilight is over; always 0 where no night was set."""
    if not night.begins or not night.ends:
        return 0.0
    begin, end = 60.0 * minutes(night.begins), 60.0 * minutes(night.ends)
    length = (end - begin) % DAY
    at = (3600.0 * now.hour + 60.0 * now.minute + now.second + now.microsecond / 1e6 - begin) % DAY
    if at >= length:
        return 0.0
    share = min(1.0, min(at, length - at) / min(TWILIGHT, length / 2))
    return share * share * (3.0 - 2.0 * share)


class Dimmer:
    """The light from moment to moment. `t` must not go back."""

    def __init__(self, night: Night, day: Callable[[], datetime.time]) -> None:
        """`day` tells the time of day."""
        self._night = night
        self._day = day
        self._until = float("-inf")  # until then somebody is there
        self._state = ("", float("-inf"))  # of the face, and since when
        self._awake, self._t = 0.0, float("-inf")  # how far it is awake, and when that was so

    def stir(self, t: float) -> None:
        """Somebody touched the frame at `t`."""
        self._until = max(self._until, t + STAYS)

    def look(self, state: str, t: float) -> tuple[float, float]:
        """(light, depth of the night) at `t` s, both 0..1, while the face is in `state`."""
        if state != self._state[0]:
            self._state = (state, t)
        if state not in AT_REST and (state not in WAITING or t - self._state[1] < WAITS):
            self.stir(t)
        passed, self._t = min(max(t - self._t, 0.0), DAY), t
        step = passed / BRIGHTENING if t < self._until else -passed / DIMMING
        self._awake = min(max(self._awake + step, 0.0), 1.0)
        deep, quiet = depth(self._night, self._day()), self._night.light
        light = quiet + (max(TALK, quiet) - quiet) * self._awake
        return 1.0 + (light - 1.0) * deep, deep

    def shade(self, frame: Frame, state: str, t: float) -> Frame:
        """The frame in this light; the frame itself by day."""
        light, deep = self.look(state, t)
        return shaded(frame, light, deep * self._night.warm)


def shaded(frame: Frame, light: float, warm: float = 0.0) -> Frame:
    """The frame times `light`, its white moved by `warm` (both 0..1) towards that of a lamp; the frame itself where
    nothing is to be changed."""
    if light >= 1.0 and warm <= 0.0:
        return frame
    white = np.rint(255.0 * light * (1.0 + warm * (np.array(WARM) - 1.0))).astype(int)
    return np.asarray(cv2.multiply(frame, _filter(frame.shape[:2], *white.tolist()), scale=1 / 255), np.uint8)


@lru_cache(maxsize=2)
def _filter(shape: tuple[int, int], red: int, green: int, blue: int) -> Frame:
    """A picture of one colour: to multiply by it costs a quarter of looking every value up."""
    return np.broadcast_to(np.array([red, green, blue], np.uint8), (*shape, 3)).copy()
