"""Against burn-in: all of the picture wanders about its place, a few pixels in an hour. Pure.

A portrait and its badge stand still for hours, and an OLED or plasma panel would keep them. Makers of such panels shift
the picture by a pixel now and then, which is a jerk in a face one looks at; here it drifts by fractions of one.
"""

from __future__ import annotations

import math

REACH = 0.004
"""Farthest from its place, in shares of the screen's width and height: 5 of 1280 pixels."""
ACROSS, DOWN = 97 * 60.0, 61 * 60.0
"""s of a swing to the side and up: without a common measure, so that the path fills its rectangle within a day. At most
0.006 pixels a second on a screen of 1280 pixels."""


def offset(t: float) -> tuple[float, float]:
    """Where the picture is at `t` s, in shares of the screen's width and height to the right and down; (0, 0) at 0."""
    return REACH * math.sin(math.tau * t / ACROSS), REACH * math.sin(math.tau * t / DOWN)
