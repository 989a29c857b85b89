"""Setting a booth by keyboard or remote: keys in, a new calibration out. Pure; the time of a key is an argument."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import msgspec

from device.face import keystone
from device.face.calibration import MOST_BLACK, Calibration

ENTER = frozenset({"c", "f2", "menu", "application"})
"""Keys (pygame's names, spaces as underscores) that begin it."""
STEP = 1 / 800
"""Share of the picture that an arrow moves a corner by."""
QUICK = 0.35
"""s within which the next press of the same arrow goes farther."""
FASTEST = 16
"""Steps that a press moves a corner by at most."""
BLACK_STEP = 2
GAMMA_STEP = 0.05

ARROWS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
NEXT = frozenset({"tab", "ok", "select", "menu", "application"})
SAVE = frozenset({"s", "return", "enter", "[enter]"})
LEAVE = frozenset({"escape", "ac_back", "q", "c", "f2"})
BLACK = {"+": BLACK_STEP, "=": BLACK_STEP, "[+]": BLACK_STEP, "-": -BLACK_STEP, "[-]": -BLACK_STEP}
GAMMA = {"]": GAMMA_STEP, "page_up": GAMMA_STEP, "[": -GAMMA_STEP, "page_down": -GAMMA_STEP}

Outcome = Literal["open", "save", "leave"]


@dataclass(frozen=True, slots=True)
class Session:
    """A calibration under way."""

    calibration: Calibration
    initial: Calibration
    """What `r` goes back to."""
    corner: int = 0
    """The selected one: 0 upper left, then clockwise."""
    arrow: str = ""
    pace: int = 1
    pressed_at: float = float("-inf")


def press(session: Session, key: str, t: float) -> tuple[Session, Outcome]:
    """The session after `key` was pressed at `t` (s), and whether it goes on. Keys that mean nothing change nothing."""
    now = session.calibration
    if key in ARROWS:
        return _dragged(session, key, t), "open"
    session = replace(session, arrow="")
    if key in NEXT:
        return replace(session, corner=(session.corner + 1) % 4), "open"
    if key in SAVE:
        return session, "save"
    if key in LEAVE:
        return session, "leave"
    if key in BLACK:
        now = msgspec.structs.replace(now, black=min(max(now.black + BLACK[key], 0), MOST_BLACK))
    elif key in GAMMA:
        now = msgspec.structs.replace(now, gamma=round(min(max(now.gamma + GAMMA[key], 0.5), 2.0), 2))
    elif key == "m":
        now = msgspec.structs.replace(now, mirror=not now.mirror)
    elif key == "u":
        now = msgspec.structs.replace(now, upside_down=not now.upside_down)
    elif key == "r":
        now = session.initial
    return replace(session, calibration=now), "open"


def _dragged(session: Session, key: str, t: float) -> Session:
    """The selected corner one step on, or more the quicker one press follows another."""
    quick = key == session.arrow and 0.0 <= t - session.pressed_at <= QUICK
    pace = min(2 * session.pace, FASTEST) if quick else 1
    dx, dy = ARROWS[key]
    corners = keystone.moved(session.calibration.corners, session.corner, dx * pace * STEP, dy * pace * STEP)
    calibration = msgspec.structs.replace(session.calibration, corners=corners)
    return replace(session, calibration=calibration, arrow=key, pace=pace, pressed_at=t)
