"""What a face process is told at its start."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from device.config import Hologram, Night


@dataclass(frozen=True)
class Panel:
    """What frames are seen on."""

    display: str = "window"
    """window, fullscreen or offscreen."""
    rotate: int = 0
    """Degrees clockwise, a multiple of 90: how the screen hangs."""
    driver: str = "auto"
    """SDL's way to the screen: auto, x11, wayland or kmsdrm."""
    night: Night = field(default_factory=Night)
    """When it is dimmed."""


@dataclass(frozen=True)
class Settings:
    """Of one face process."""

    socket: Path
    persona: Path | None = None
    """An unpacked persona's directory."""
    name: str = ""
    """Shown where there is no likeness."""
    size: tuple[int, int] = (1280, 720)
    """Pixels of a frame; `sizing.AUTO`: the screen's own."""
    panel: Panel = field(default_factory=Panel)
    renderer: str = "auto"
    """auto, cpu or gl: what draws the living portrait."""
    record: Path | None = None
    """Where the frame log goes at the end."""
    fps: float = 30.0
    seed: int = 0
    album_after_s: float = 0.0
    """s of quiet until the album opens; 0: only when it is asked for."""
    scene: str = "portrait"
    """portrait or hologram."""
    hologram: Hologram = field(default_factory=Hologram)
    calibration: Path | None = None
    """Where a booth's calibration is kept."""
    niceness: int = 0
    """Added to the process's own priority; the mind lowers its own instead."""
