"""Mind <-> face: messages over a Unix socket, and nothing else, so that either process can die without the other.

Framing: u32 little-endian length, then one msgpack-encoded tagged struct. Times are seconds on the monotonic clock,
which both processes share. The face listens (it outlives the mind); the mind connects, and connects again.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

MAX_MESSAGE = 1 << 20
"""Bytes; a longer frame means the stream is not ours."""


class Mood(msgspec.Struct, frozen=True, tag="mood"):
    """What the persona is doing: asleep, idle, listening, thinking, speaking, sorry (something failed), farewell."""

    state: str
    t: float


class Speak(msgspec.Struct, frozen=True, tag="speak"):
    """A clause becomes audible at `t0`; its mouth shapes are (shape, start s, end s, weight) from `t0` on."""

    turn: int
    index: int
    t0: float
    seconds: float
    visemes: tuple[tuple[str, float, float, float], ...]
    text: str
    language: str
    emotion: str = "neutral"


class Hush(msgspec.Struct, frozen=True, tag="hush"):
    """What is being said is cut at `t`; the mouth closes quickly."""

    turn: int
    t: float


class Heard(msgspec.Struct, frozen=True, tag="heard"):
    """What the person said, for the caption; "" clears it."""

    text: str
    language: str


class Notice(msgspec.Struct, frozen=True, tag="notice"):
    """A line for the family on the screen ("One moment, please"), in both languages; "" clears it."""

    en: str
    zh: str


class News(msgspec.Struct, frozen=True, tag="news"):
    """What happens to the frame itself, in both languages, before any Notice; "" clears what `of` said last."""

    of: Literal["stick", "persona"]
    """A stick with something on it; another persona that comes. The first goes before the second"""
    en: str
    zh: str
    share: float = -1.0
    """0..1 of it is done; less than 0 where nobody knows"""


class Order(msgspec.Struct, frozen=True, tag="order"):
    """Something was ordered: louder, softer, mute, next-photo, album, ...; what concerns the screen is shown there."""

    what: str
    t: float


class Photos(msgspec.Struct, frozen=True, tag="photos"):
    """Photographs of the album: the one that is talked about, `beside` the portrait, or those that were asked for, to
    be looked at."""

    files: tuple[str, ...]
    beside: bool
    t: float


class Persona(msgspec.Struct, frozen=True, tag="persona"):
    """The face to wear: a persona's unpacked directory (its likeness/ and album/)."""

    directory: str
    name: str


class Keeper(msgspec.Struct, frozen=True, tag="keeper"):
    """Whoever sends this keeps the frame's processes, and is no mind that somebody could talk with."""


class Farewell(msgspec.Struct, frozen=True, tag="quit"):
    """The face process is asked to end (commands that started it themselves)."""


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """Face -> mind: the portrait is on the screen."""

    t: float
    size: tuple[int, int]


class Worn(msgspec.Struct, frozen=True, tag="worn"):
    """Face -> mind: a persona's portrait is on the screen, from its first frame at `t` on."""

    directory: str
    fault: str
    """Why only its photograph or its name is seen, though it has a likeness; "" where all is well"""
    t: float


class Stats(msgspec.Struct, frozen=True, tag="stats"):
    """Face -> mind, once a second: frames since the start of the conversation, and what came since the last time."""

    fps: float
    frames: int
    p50: float
    p95: float
    p99: float
    late: int = 0
    """Frames since the last Stats that came more than half a period after their time."""
    mouth: tuple[tuple[float, float], ...] = ()
    """Of each frame since the last Stats: s when it was shown, and how far its mouth was open (0..1)."""
    calm: bool = True
    """Nobody talks with it"""


class Showing(msgspec.Struct, frozen=True, tag="showing"):
    """Face -> mind: the photographs of the album that are on the screen from `t` on; none where it is closed."""

    files: tuple[str, ...]
    t: float


PRESENCE = "presence"
"""What a Touch says when a sensor or camera saw somebody come."""


class Touch(msgspec.Struct, frozen=True, tag="touch"):
    """Face -> mind: a key, a touch, or PRESENCE."""

    what: str
    t: float


Message: TypeAlias = (
    Mood
    | Speak
    | Hush
    | Heard
    | Notice
    | News
    | Order
    | Photos
    | Persona
    | Keeper
    | Farewell
    | Ready
    | Worn
    | Stats
    | Showing
    | Touch
)
