"""The window itself, in a process of its own, so that a display that dies (an X server that is killed takes its clients
with it) takes nothing else along.

Started by `device.face.display`. Frames come through shared memory (an inherited file descriptor, `slots.py`); stdin
carries one byte a frame (which slot), stdout one line an event: `screen W H` (its size, in the frame's orientation),
`rhythm HZ` (how often it is drawn; 0 where it does not wait for that), `shown T W H`, `done`, `key NAME`, `touch X Y`
(pixels of the frame), `quit`, `failed WHY`. SDL's renderer turns and scales, on graphics hardware where there is any.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import math
import os
import select
import statistics
import sys
import time
from pathlib import Path

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
os.environ.setdefault("SDL_VIDEO_ALLOW_SCREENSAVER", "0")  # a frame on the wall is looked at, not typed on

import pygame
from pygame._sdl2 import video

from device.face import sizing, wander
from device.face.sizing import Size
from device.face.slots import SLOTS, Slots
from device.face.x11_root import Root

HARDWARE = ("dri/renderD*", "nvidia[0-9]*", "mali*")
"""What graphics hardware that draws looks like under /dev."""
POLL = 0.05
"""s between two looks at the keyboard while no frame comes."""
LOOK = 2.0
"""s between two looks at the size of the screen."""
LISTENED = 0.5
"""s for which a screen's rhythm is listened to."""
SLOWEST, FASTEST = 1 / 20, 1 / 400
"""s between two drawings of a screen that has a rhythm at all."""
DUSK = (130, 130, 130)
"""Of 255: what is left of a picture's colours on the screen beside it."""


def say(*words: object) -> None:
    """One event for the face process."""
    os.write(1, (" ".join(str(word) for word in words) + "\n").encode())


class Window:
    """Shows frames turned by a multiple of 90 degrees and fitted to the screen, whatever becomes of its size."""

    def __init__(self, size: Size, rotate: int, fullscreen: bool, wanders: bool) -> None:
        """`size`: of frames, (width, height) before they are turned; AUTO: the full screen's own, by the rule."""
        self._rotate = rotate
        self._fullscreen = fullscreen
        self._wanders = wanders
        self._begun = time.monotonic()
        self._first = True
        self._told = (0, 0)
        self._open(sizing.turned(size, rotate))
        screen = sizing.turned(self._window.size, rotate)
        self.frame = size if size != sizing.AUTO else sizing.frame_size(screen, sizing.PIXELS["gl"])
        """(width, height) of the last frame; at the beginning, of those that will come."""
        self._root = _root() if fullscreen else None
        self._looked = (time.monotonic(), self._root.size() if self._root else None)
        self._tell()

    def _open(self, size: Size) -> None:
        pygame.display.init()
        pygame.display.set_allow_screensaver(False)
        # Without a window manager a full screen stays as small as it was asked for.
        outer = pygame.display.get_desktop_sizes()[0] if self._fullscreen else size
        self._window = pygame.Window("Imago", outer, fullscreen_desktop=self._fullscreen, resizable=True)
        self._renderer, self._hardware = _renderer(self._window)
        pygame.event.pump()  # a window manager may have had its say about the size
        self._texture: video.Texture | None = None
        self._small: video.Texture | None = None
        pygame.mouse.set_visible(False)

    def watch(self) -> None:
        """Now and then: whether the X screen has another size than before."""
        at, former = self._looked
        if self._root is None or time.monotonic() - at < LOOK:
            return
        now = self._root.size()
        self._looked = (time.monotonic(), now)
        if now != former:  # nobody tells a window of it where there is no window manager
            self._texture = self._small = None
            pygame.display.quit()
            self._open(now)
            self._tell()

    def _tell(self) -> None:
        if self._window.size != self._told:
            self._told = self._window.size
            say("screen", *sizing.turned(self._told, self._rotate))

    def show(self, picture: pygame.Surface) -> None:
        """Puts a picture of any size on the screen."""
        self.frame = picture.get_size()
        rotate = self._rotate
        if rotate and not self._hardware:  # SDL's own renderer takes several times as long
            picture, rotate = pygame.transform.rotate(picture, -rotate), 0
        wide, high = sizing.fitted(picture.get_size(), sizing.turned(self._window.size, rotate))
        self._texture = self._uploaded(self._texture, picture)
        self._renderer.draw_color = "black"
        self._renderer.clear()
        if (round(wide), round(high)) != sizing.turned(self._window.size, rotate):
            self._draw_beside(picture, rotate)
        self._draw(self._texture, wide, high, rotate)
        self._renderer.present()
        if self._first:
            say("shown", time.monotonic(), *self._window.size)
            self._first = False

    def rhythm(self) -> float:
        """How often the screen is drawn, Hz, measured by showing the same picture as fast as it is taken; 0 where that
        waits for nothing. Graphics drivers round what they say, and 59.94 is not 60."""
        until, times = time.monotonic() + LISTENED, [time.monotonic()]
        while times[-1] < until:
            self._renderer.present()
            times.append(time.monotonic())
            if len(times) == 4 and times[-1] - times[0] < 3 * FASTEST:
                return 0.0
        return beat_of([later - earlier for earlier, later in itertools.pairwise(times)])

    def events(self) -> bool:
        """Reports keys and touches; False once the window is to close."""
        for event in pygame.event.get():
            if event.type in (pygame.QUIT, pygame.WINDOWCLOSE):
                return False
            if event.type == pygame.WINDOWSIZECHANGED:
                self._tell()
            elif event.type == pygame.KEYDOWN:
                say("key", pygame.key.name(event.key).replace(" ", "_") or "unknown")
            elif event.type == pygame.MOUSEBUTTONDOWN:
                say("touch", *sizing.touched(event.pos, self._window.size, self.frame, self._rotate))
        return True

    def _uploaded(self, texture: video.Texture | None, picture: pygame.Surface) -> video.Texture:
        if texture is None or (texture.width, texture.height) != picture.get_size():
            texture = video.Texture(
                self._renderer, picture.get_size(), streaming=True, scale_quality=video.SCALEQUALITY_LINEAR
            )
        texture.update(picture)
        return texture

    def _draw(self, texture: video.Texture, wide: float, high: float, rotate: int) -> None:
        """In the middle, `wide` and `high` as before the turn; where the picture has wandered off an edge, that edge of
        it is left there."""
        width, height = self._window.size
        right, down = wander.offset(time.monotonic() - self._begun) if self._wanders else (0.0, 0.0)
        for strip in bare((width, height), right * width, down * height):
            self._renderer.set_viewport(strip)
            texture.draw(None, (*(pygame.Vector2(width - wide, height - high) / 2 - strip.topleft), wide, high), rotate)
        self._renderer.set_viewport(None)
        x, y = (width - wide) / 2 + right * width, (height - high) / 2 + down * height
        texture.draw(None, (x, y, wide, high), rotate)

    def _draw_beside(self, picture: pygame.Surface, rotate: int) -> None:
        """A screen of another shape: the picture's own colours lie beside it, never black bars."""
        self._small = self._uploaded(self._small, pygame.transform.smoothscale(picture, (8, 8)))
        self._small.color = DUSK
        width, height = self._window.size
        wide, high = sizing.turned((width, height), rotate)
        self._small.draw(None, ((width - wide) / 2, (height - high) / 2, wide, high), rotate)


def bare(size: Size, right: float, down: float) -> list[pygame.Rect]:
    """What a picture as large as the screen leaves bare where it has moved by so many pixels."""
    (width, height), across, along = size, math.ceil(abs(right)), math.ceil(abs(down))
    left, top = (0 if right > 0 else width - across), (0 if down > 0 else height - along)
    strips = [pygame.Rect(left, 0, across, height), pygame.Rect(0, top, width, along)]
    return [strip for strip in strips if strip.width and strip.height]


def _root() -> Root | None:
    with contextlib.suppress(OSError):
        return Root() if pygame.display.get_driver() == "x11" else None
    return None


def _renderer(window: pygame.Window) -> tuple[video.Renderer, bool]:
    """Of graphics hardware where there is some, else SDL's own, and which of both: an OpenGL that is computed by the
    processor takes several times as long for what is here to be done."""
    if any(found for pattern in HARDWARE for found in Path("/dev").glob(pattern)):
        with contextlib.suppress(pygame.error):
            return video.Renderer(window, accelerated=1, vsync=True), True
    if pygame.display.get_driver() == "x11":  # which takes pictures as they are; SDL would use OpenGL by the back door
        os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")
    with contextlib.suppress(pygame.error):
        return video.Renderer(window, accelerated=0), False
    return video.Renderer(window), True


def beat_of(intervals: list[float]) -> float:
    """Hz from the s between drawings, the first of which may have come at any time; 0 where there is no beat in them:
    too few, too quick, too slow (a screen that sleeps), or without a common length."""
    steady = intervals[1:]
    if len(steady) < 8:
        return 0.0
    middle = statistics.median(steady)
    near = [interval for interval in steady if abs(interval - middle) < 0.25 * middle]
    if not FASTEST <= middle <= SLOWEST or len(near) < 0.7 * len(steady):
        return 0.0
    return round(1.0 / statistics.fmean(near), 3)


def still(path: str, size: Size) -> pygame.Surface | None:
    """The photograph on a frame of `size`, whole, with its own blurred colours around it; None if it cannot be read."""
    try:
        photo = pygame.image.load(path)
    except (pygame.error, OSError):
        return None
    frame = pygame.Surface(size, 0, 24)
    width, height = photo.get_size()
    small = pygame.transform.smoothscale(photo.convert(24), (8, 8))
    frame.blit(pygame.transform.smoothscale(small, size), (0, 0))
    frame.fill(DUSK, special_flags=pygame.BLEND_MULT)
    fit = min(size[0] / width, size[1] / height)
    photo = pygame.transform.smoothscale(photo.convert(24), (max(1, round(width * fit)), max(1, round(height * fit))))
    frame.blit(photo, photo.get_rect(center=(size[0] // 2, size[1] // 2)))
    return frame


def main() -> int:
    """Shows the still at once, then frames until stdin ends or the window is closed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, nargs=2, required=True, help="0 0: the screen's own")
    parser.add_argument("--rotate", type=int, default=0)
    parser.add_argument("--fullscreen", action="store_true")
    parser.add_argument("--wander", action="store_true", help="the picture drifts about its place")
    parser.add_argument("--pixels", type=int, required=True, help="the most that a frame has")
    parser.add_argument("--memory", type=int, required=True, help="inherited file descriptor of the frames")
    parser.add_argument("--still", default="")
    arguments = parser.parse_args()
    size = (arguments.size[0], arguments.size[1])
    try:
        window = Window(size, arguments.rotate, arguments.fullscreen, arguments.wander)
        picture = still(arguments.still, window.frame) if arguments.still else None
        if picture is not None:
            window.show(picture)
        say("rhythm", window.rhythm())
        return _serve(window, Slots(arguments.pixels, arguments.memory))
    except pygame.error as error:
        say("failed", error)
        return 1


def _serve(window: Window, slots: Slots) -> int:
    while True:
        if not window.events():
            say("quit")
            return 0
        window.watch()
        if not select.select([0], [], [], POLL)[0]:
            continue
        order = os.read(0, 16)
        if not order:
            return 0
        size, pixels = slots.read(order[-1] % SLOTS)
        window.show(pygame.image.frombuffer(pixels, size, "RGB"))
        for _ in order:
            say("done")


if __name__ == "__main__":
    sys.exit(main())
