"""The face's own process: a portrait on the screen within a second, alive from then on, whatever the mind does.

Start: window with the still photograph (a child process shows it while this one still imports) -> socket -> rig, in a
thread -> frames. Stop: a Farewell, Escape or a signal; the frame log is written then. Nothing heavy is imported here
before the window's process has been started.
"""

from __future__ import annotations

from device.face.display import open_display
from device.face.photo import find_photo
from device.face.settings import Settings


def run(settings: Settings) -> int:
    """Runs a face until it is told to end. Raises BadInput or Busy for an unusable socket, Usage for a bad display."""
    # In the dark of a hologram a whole photograph would light up the booth.
    still = find_photo(settings.persona) if settings.scene == "portrait" else None
    display = open_display(settings.display, settings.size, rotate=settings.rotate, still=still)
    try:
        from device.link_transport import FaceServer

        server = FaceServer(settings.socket)
        try:
            from device.face.loop import live

            return live(settings, display, server)
        finally:
            server.close()
    finally:
        display.close()
