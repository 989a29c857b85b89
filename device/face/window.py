"""The window itself, in a process of its own, so that a display that dies (an X server that is killed takes its clients
with it) takes nothing else along.

Started by `device.face.display`. Frames come through shared memory (an inherited file descriptor), a few slots of one
frame each; stdin carries one byte a frame (which slot), stdout one line an event: `shown T W H`, `done`, `key NAME`,
`touch X Y`, `quit`.
"""

from __future__ import annotations

import argparse
import mmap
import os
import select
import sys
import time

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import pygame

POLL = 0.05
"""s between two looks at the keyboard while no frame comes."""


def say(*words: object) -> None:
    """One event for the face process."""
    os.write(1, (" ".join(str(word) for word in words) + "\n").encode())


class Window:
    """A pygame window that shows frames of one size, turned by a multiple of 90 degrees, fitted to the screen."""

    def __init__(self, size: tuple[int, int], rotate: int, fullscreen: bool) -> None:
        pygame.display.init()
        self.size = size
        self.rotate = rotate
        outer = size if rotate % 180 == 0 else (size[1], size[0])
        flags = pygame.FULLSCREEN | pygame.SCALED if fullscreen else 0
        pygame.display.set_caption("Imago")
        try:
            self.screen = pygame.display.set_mode(outer, flags, vsync=1 if fullscreen else 0)
        except pygame.error:  # no vertical synchronisation or no scaling here
            self.screen = pygame.display.set_mode(outer, pygame.FULLSCREEN if fullscreen else 0)
        pygame.mouse.set_visible(False)
        self.first = True

    def show(self, picture: pygame.Surface) -> None:
        """Puts a picture of any size on the screen."""
        if self.rotate:
            picture = pygame.transform.rotate(picture, -self.rotate)
        if picture.get_size() != self.screen.get_size():
            picture = pygame.transform.smoothscale(picture, self.screen.get_size())
        self.screen.blit(picture, (0, 0))
        pygame.display.flip()
        if self.first:
            say("shown", time.monotonic(), *self.screen.get_size())
            self.first = False

    def events(self) -> bool:
        """Reports keys and touches; False once the window is to close."""
        for event in pygame.event.get():
            if event.type == pygame.QUIT:
                return False
            if event.type == pygame.KEYDOWN:
                say("key", pygame.key.name(event.key).replace(" ", "_") or "unknown")
            elif event.type == pygame.MOUSEBUTTONDOWN:
                say("touch", *event.pos)
        return True


def still(path: str, size: tuple[int, int]) -> pygame.Surface | None:
    """The photograph on a frame of `size`, whole, with its own blurred colours around it; None if it cannot be read."""
    try:
        photo = pygame.image.load(path)
    except (pygame.error, OSError):
        return None
    frame = pygame.Surface(size)
    width, height = photo.get_size()
    small = pygame.transform.smoothscale(photo, (8, 8))
    frame.blit(pygame.transform.smoothscale(small.convert(24), size), (0, 0))
    frame.fill((130, 130, 130), special_flags=pygame.BLEND_MULT)
    fit = min(size[0] / width, size[1] / height)
    photo = pygame.transform.smoothscale(photo.convert(24), (round(width * fit), round(height * fit)))
    frame.blit(photo, photo.get_rect(center=(size[0] // 2, size[1] // 2)))
    return frame


def main() -> int:
    """Shows the still at once, then frames until stdin ends or the window is closed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, nargs=2, required=True)
    parser.add_argument("--rotate", type=int, default=0)
    parser.add_argument("--fullscreen", action="store_true")
    parser.add_argument("--memory", type=int, required=True, help="inherited file descriptor of the frames")
    parser.add_argument("--still", default="")
    arguments = parser.parse_args()
    size = (arguments.size[0], arguments.size[1])
    try:
        window = Window(size, arguments.rotate, arguments.fullscreen)
        picture = still(arguments.still, size) if arguments.still else None
        if picture is not None:
            window.show(picture)
        length = size[0] * size[1] * 3
        with mmap.mmap(arguments.memory, 0) as memory:
            return _serve(window, memory, length)
    except pygame.error as error:
        print(error, file=sys.stderr)
        return 1


def _serve(window: Window, memory: mmap.mmap, length: int) -> int:
    view = memoryview(memory)
    try:
        frames = [view[at : at + length] for at in range(0, len(memory) - length + 1, length)]
        slots = [pygame.image.frombuffer(frame, window.size, "RGB") for frame in frames]
        while True:
            if not window.events():
                say("quit")
                return 0
            if not select.select([0], [], [], POLL)[0]:
                continue
            order = os.read(0, 16)
            if not order:
                return 0
            window.show(slots[order[-1] % len(slots)])
            for _ in order:
                say("done")
    finally:
        slots = []
        view.release()


if __name__ == "__main__":
    sys.exit(main())
