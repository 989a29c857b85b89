"""The frame's settings: `frame.toml` in IMAGO_HOME, every key optional, every mistake reported at once."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from device.errors import Usage
from device.schema import convert, read_toml

Fraction = Annotated[float, msgspec.Meta(ge=0, le=1)]
Pixels = Annotated[int, msgspec.Meta(ge=64, le=7680)]
CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


class Sound(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which sound devices to use."""

    microphone: str = ""
    """Part of the device's name; "" is the system's default"""
    speaker: str = ""
    volume: Fraction = 0.9


class Screen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the face is shown."""

    display: Literal["fullscreen", "window", "offscreen"] = "fullscreen"
    width: Pixels | Literal["auto"] = "auto"
    """Of the frames that are drawn; the window scales them to the screen. auto: the screen's own, but hardly more than
    the processor draws smoothly (1280 x 720 pixels in any shape, 1920 x 1080 with OpenGL)"""
    height: Pixels | Literal["auto"] = "auto"
    fps: Annotated[int, msgspec.Meta(ge=5, le=120)] = 30
    rotation: Literal[0, 90, 180, 270] = 0
    renderer: Literal["auto", "cpu", "gl"] = "auto"
    """gl: OpenGL draws the portrait, cpu: the processor. auto: OpenGL where there is real graphics hardware for it"""
    scene: Literal["portrait", "hologram"] = "portrait"
    driver: Literal["auto", "x11", "wayland", "kmsdrm"] = "auto"
    """How SDL reaches the screen. kmsdrm: without any desktop"""

    @property
    def size(self) -> tuple[int, int] | None:
        """(width, height) of frames; None: the screen's own."""
        return None if self.width == "auto" or self.height == "auto" else (self.width, self.height)

    def __post_init__(self) -> None:
        if (self.width == "auto") != (self.height == "auto"):
            raise ValueError("width and height: expected two numbers, or auto for both")


class Night(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When the screen is dimmed. Not unless both times are set: a frame without a network may not know what time it
    is, and a dark screen at noon looks broken."""

    begins: str = msgspec.field(default="", name="from")
    """ "22:00": it grows dark in the ten minutes after"""
    ends: str = msgspec.field(default="", name="to")
    """ "07:00": by then it is light again"""
    light: Fraction = 0.35
    """Share of every value by day, which is to the eye a tenth of the light; 0: dark until somebody speaks to it"""
    warm: Fraction = 0.3
    """How far white turns to that of a lamp"""

    def __post_init__(self) -> None:
        for name, time in (("from", self.begins), ("to", self.ends)):
            if time and not CLOCK.fullmatch(time):
                raise ValueError(f"{name}: expected a time from 00:00 to 23:59, got {time!r}")
        if bool(self.begins) != bool(self.ends):
            raise ValueError("from and to: expected both times of the night, or neither")
        if self.begins and self.begins == self.ends:
            raise ValueError(f"from and to: expected two different times, got {self.begins} twice")


class Hologram(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the person stands in the dark, for `screen.scene = "hologram"`."""

    layout: Literal["sheet", "pyramid", "quilt"] = "sheet"
    """sheet: one sheet of glass at 45 degrees. pyramid: four around the middle. quilt: views for a Looking Glass"""
    mirror: bool = True
    """A sheet shows its screen mirrored; this, and upside_down, is where calibration on the device begins"""
    upside_down: bool = False
    size: Annotated[float, msgspec.Meta(ge=0.2, le=1.5)] = 0.9
    """Height of the figure in shares of the picture's"""
    x: Annotated[float, msgspec.Meta(ge=-0.5, le=0.5)] = 0.0
    """Moves the figure to the right, in shares of the picture's width"""
    y: Annotated[float, msgspec.Meta(ge=-0.5, le=0.5)] = 0.0
    """Moves it down, in shares of the picture's height"""
    rim: Fraction = 0.5
    """Strength of the light along the outline"""
    rim_colour: Annotated[str, msgspec.Meta(pattern=r"^#[0-9a-fA-F]{6}$")] = "#bcd4ff"
    attract_after_s: Annotated[float, msgspec.Meta(ge=5, le=86400)] = 60.0
    """s without a word after which it grows dim and calm"""
    attract_light: Fraction = 0.5
    """Its light then"""
    presence: Annotated[tuple[str, ...], msgspec.Meta(max_length=8)] = ("presence", "f9")
    """Keys that tell that somebody has come: what the sensor's line looks like"""
    greet: bool = True
    """It greets who comes"""
    quilt: Literal["8.9", "15.6", "32", "portrait", "go"] = "portrait"
    """The Looking Glass for which a quilt is made"""
    depth: Annotated[float, msgspec.Meta(ge=0, le=1.5)] = 1.0
    """Of the figure in a quilt; 1: as much as it was measured to have"""


class Patience(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long the frame waits before it takes a silence for the end, s."""

    sure_wait_s: Annotated[float, msgspec.Meta(ge=0.1, le=3)] = 0.5
    unsure_wait_s: Annotated[float, msgspec.Meta(ge=0.2, le=5)] = 1.0


class Listening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """To whom it listens."""

    attention: Literal["always", "wake", "push"] = "wake"
    """always: to whatever is said. wake: when called by its name, where the persona has one. push: after a key, a pedal
    or a touch"""
    follow_up_s: Annotated[float, msgspec.Meta(ge=0, le=120)] = 8.0
    """s after an answer in which it listens on without being called again"""
    interject_after_s: Annotated[float, msgspec.Meta(ge=0, le=10)] = 0.9
    """s after a question without a word of the answer in which it says "Let me think" first; 0: never"""
    interruptible: bool = True
    """Its ears stay open while it speaks"""


class Album(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The family's photographs."""

    after_s: Annotated[float, msgspec.Meta(ge=0, le=86400)] = 60.0
    """s without a conversation after which they are shown; 0: only when somebody asks for them"""


class FrameSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of `frame.toml`."""

    persona: str = "demo"
    sound: Sound = Sound()
    screen: Screen = Screen()
    patience: Patience = Patience()
    listening: Listening = Listening()
    album: Album = Album()
    hologram: Hologram = Hologram()
    night: Night = Night()


def home() -> Path:
    """Where store, keys and settings live: IMAGO_HOME, else ~/.local/share/imago."""
    return Path(os.environ.get("IMAGO_HOME") or Path.home() / ".local/share/imago")


def cache() -> Path:
    """What can be made again: KV states, patched graphs, synthesised questions."""
    return Path(os.environ.get("IMAGO_CACHE") or Path.home() / ".cache/imago")


def load(path: Path | None = None) -> FrameSettings:
    """`frame.toml`, or the defaults where there is none. Raises BadInput listing all that is wrong."""
    path = path or home() / "frame.toml"
    return convert(read_toml(path), FrameSettings, str(path)) if path.exists() else FrameSettings()


def parse_size(text: str) -> tuple[int, int]:
    """ "1280x720" -> (1280, 720). Raises Usage."""
    width, _, height = text.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal() and 64 <= int(width) <= 7680 and 64 <= int(height) <= 7680):
        raise Usage("size", expected="WIDTHxHEIGHT from 64x64 to 7680x7680", got=text)
    return int(width), int(height)
