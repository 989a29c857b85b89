"""How large frames are made, where they lie on the screen, and which point of a frame was touched. Pure, and quick to
import: the window's process needs it before the first picture.

The rule of `auto`: frames are as large as the screen, but never more pixels than whoever draws them draws 30 times a
second; what the screen has beyond that, the window makes by scaling. A size that somebody set is obeyed.
"""

from __future__ import annotations

Size = tuple[int, int]

AUTO: Size = (0, 0)
"""In the place of a size: the screen's own, by the rule above."""
ASSUMED: Size = (1280, 720)
"""Where no screen tells its size."""
PIXELS = {"cpu": 1280 * 720, "gl": 1920 * 1080}
"""Most pixels of a frame by what draws the portrait. OpenGL's frames, too, are read back, captioned and copied by the
processor."""
HARDLY_MORE = 1.15
"""A screen with no more than so many times the pixels (1280 x 800 and 1366 x 768; 1920 x 1200) is drawn as it is: to
scale would cost more than it saves, and blur every line."""
MOST = int(HARDLY_MORE * max(PIXELS.values()))
"""Pixels of the largest frame by the rule."""
LEAST = 64
"""Shortest side of a frame."""
ALIKE = 0.02
"""Shapes that differ by less than this share are taken for the same: nobody sees a face 2 % wider."""


def frame_size(screen: Size, pixels: int) -> Size:
    """(width, height) of frames for a screen of (width, height): its own where that has hardly more than `pixels`, else
    the same shape with at most as many."""
    if screen[0] * screen[1] <= HARDLY_MORE * pixels:
        return max(screen[0], LEAST), max(screen[1], LEAST)
    scale = (pixels / (screen[0] * screen[1])) ** 0.5
    width, height = (max(int(side * scale) // 2 * 2, LEAST) for side in screen)
    return min(width, pixels // height), min(height, pixels // width)


def turned(size: Size, rotate: int) -> Size:
    """The size after a turn by `rotate` degrees, a multiple of 90."""
    return (size[1], size[0]) if rotate % 180 else size


def alike(one: Size, other: Size) -> bool:
    """Whether two sizes have the same shape, as far as anybody sees."""
    return abs(one[0] * other[1] / (one[1] * other[0]) - 1.0) <= ALIKE


def fitted(frame: Size, screen: Size) -> tuple[float, float]:
    """(width, height) of a frame on a screen of the same orientation: whole, as large as possible; all of the screen
    where the shapes are nearly the same."""
    if alike(screen, frame):
        return float(screen[0]), float(screen[1])
    scale = min(screen[0] / frame[0], screen[1] / frame[1])
    return frame[0] * scale, frame[1] * scale


def touched(at: Size, screen: Size, frame: Size, rotate: int) -> Size:
    """The pixel of the frame under the point `at` of a screen, pixels, on which the frame is shown turned clockwise by
    `rotate` degrees; the nearest one for a point beside it."""
    x, y = at[0] + 0.5 - screen[0] / 2, at[1] + 0.5 - screen[1] / 2
    for _ in range(rotate // 90 % 4):
        x, y = y, -x
    wide, high = fitted(frame, turned(screen, rotate))
    column, row = int((x / wide + 0.5) * frame[0] // 1), int((y / high + 0.5) * frame[1] // 1)
    return min(max(column, 0), frame[0] - 1), min(max(row, 0), frame[1] - 1)
