"""The face's own process: a portrait on the screen within a second, alive from then on, whatever the mind does.

Start: window with the still photograph (a child process shows it while this one still imports) -> socket -> rig, in a
thread -> frames. Stop: a Farewell, Escape or a signal; the frame log is written then. Nothing heavy is imported here
before the window's process has been started.
"""

from __future__ import annotations

import dataclasses
import logging

from device.face.display import Offscreen, WindowDisplay, open_display
from device.face.photo import find_photo
from device.face.settings import Settings
from device.face.sizing import ASSUMED, AUTO, PIXELS, Size, frame_size, turned

log = logging.getLogger(__name__)

SCREEN = 6.0
"""s until a screen that is there must have told its size."""


def run(settings: Settings) -> int:
    """Runs a face until it is told to end. Raises BadInput or Busy for an unusable socket, Usage for a bad display."""
    # In the dark of a hologram a whole photograph would light up the booth.
    still = find_photo(settings.persona) if settings.scene == "portrait" else None
    quilt = settings.scene == "hologram" and settings.hologram.layout == "quilt"
    display = open_display(
        settings.panel.display,
        settings.size,
        rotate=settings.panel.rotate,
        still=still,
        driver=settings.panel.driver,
        wander=not quilt,  # its panel needs every pixel in its place
    )
    try:
        from device.link_transport import FaceServer

        server = FaceServer(settings.socket)
        try:
            from device.face.loop import live

            return live(dataclasses.replace(settings, size=size_for(settings, display)), display, server)
        finally:
            server.close()
    finally:
        display.close()


def size_for(settings: Settings, display: Offscreen | WindowDisplay) -> Size:
    """(width, height) of the frames: what was set, or what suits the screen and whoever draws."""
    if settings.size != AUTO:
        return settings.size
    screen = display.screen(SCREEN) if isinstance(display, WindowDisplay) else None
    if screen is None:
        return turned(ASSUMED, settings.panel.rotate)
    size = frame_size(screen, PIXELS["cpu"])
    if settings.renderer != "cpu" and size != screen:
        from device.face.gl.probe import gpu_here

        if settings.renderer == "gl" or gpu_here():
            size = frame_size(screen, PIXELS["gl"])
    log.info("the screen has %d x %d pixels, a frame %d x %d", *screen, *size)
    return size
