"""The picture by which a booth is set: a grid, a cross, numbered corners, greys near black, and what the keys do.

The greys are what the black level is set by: the darkest steps must vanish in the glass, the others must not.
"""

from __future__ import annotations

import cv2
import numpy as np

from device.face.calibrating import Session
from device.face.render import Frame
from device.face.scenes.caption_track import em
from device.face.scenes.captions import IVORY, Grey, Overlay, Text

GREYS = (0, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 255)
SQUARES = 12
"""Of the grid, along the shorter side."""
FAINT, PLAIN, CHOSEN = (70, 70, 70), (190, 190, 190), (255, 190, 60)


def words(session: Session) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the keys do, in English and in Chinese."""
    now, corner = session.calibration, session.corner + 1
    english = (
        f"Arrows: corner {corner}", "Tab: next corner", f"+ −: black {now.black}", f"[ ]: gamma {now.gamma:.2f}",
        "M: mirror", "U: upside down", "R: reset", "Enter: save", "Esc: leave",
    )  # fmt: skip
    chinese = (
        f"方向键：第 {corner} 个角", "Tab：下一个角", f"+ −：黑位 {now.black}", f"[ ]：伽马 {now.gamma:.2f}",
        "M：镜像", "U：上下颠倒", "R：还原", "回车：保存", "Esc：退出",
    )  # fmt: skip
    return english, chinese


def _lines(session: Session, widest: float) -> tuple[tuple[str, ...], ...]:
    """The instructions in lines of at most `widest` em."""
    lines: list[str] = []
    for language in words(session):
        lines.append(language[0])
        for item in language[1:]:
            longer = f"{lines[-1]}  ·  {item}"
            if em(longer) <= widest:
                lines[-1] = longer
            else:
                lines.append(item)
    return tuple((line,) for line in lines)


def card(size: tuple[int, int], session: Session) -> Frame:
    """The test picture of (width, height), before it is calibrated."""
    width, height = size
    out = np.zeros((height, width, 3), np.uint8)
    step = min(size) / SQUARES
    thin = max(1, round(min(size) / 480))
    for k in range(-SQUARES * 2, SQUARES * 2 + 1):
        x, y = round(width / 2 + k * step), round(height / 2 + k * step)
        cv2.line(out, (x, 0), (x, height), FAINT, thin)
        cv2.line(out, (0, y), (width, y), FAINT, thin)
    cv2.circle(out, (width // 2, height // 2), round(2 * step), PLAIN, thin, cv2.LINE_AA)
    cv2.line(out, (width // 2, height // 4), (width // 2, height - height // 4), PLAIN, 2 * thin)
    cv2.line(out, (width // 4, height // 2), (width - width // 4, height // 2), PLAIN, 2 * thin)
    _greys(out, step)
    _write(out, session)
    return out


def mark_corners(frame: Frame, chosen: int) -> None:
    """Draws the picture's outline and the numbers of its corners onto it; the chosen one (0..3) stands out."""
    height, width = frame.shape[:2]
    unit = min(width, height)
    thick = max(2, unit // 240)
    cv2.rectangle(frame, (thick, thick), (width - 1 - thick, height - 1 - thick), PLAIN, thick)
    away, size = unit // 9, max(10, unit // 14)
    places = ((away, away), (width - away, away), (width - away, height - away), (away, height - away))
    for number, (x, y) in enumerate(places):
        colour = CHOSEN if number == chosen else PLAIN
        if number == chosen:
            cv2.circle(frame, (x, y), size, CHOSEN, thick, cv2.LINE_AA)
        letters = Text(((str(number + 1),),), size, unit, 2 * size).letters
        rows = np.flatnonzero(letters.any(1))
        letters = letters[rows[0] : rows[-1] + 1]
        _stamp(frame, letters, y - len(letters) // 2, x - size, colour)


def _stamp(frame: Frame, letters: Grey, top: int, left: int, colour: tuple[int, int, int]) -> None:
    """Letters onto a frame."""
    Overlay(max(top, 0), max(left, 0), letters, np.full_like(letters, 255), colour).draw(frame)


def _greys(out: Frame, step: float) -> None:
    height, width = out.shape[:2]
    side = round(min(step, 0.7 * width / len(GREYS)))
    left, top = (width - side * len(GREYS)) // 2, round(height / 2 + 2.4 * step)
    for k, grey in enumerate(GREYS):
        cv2.rectangle(
            out, (left + k * side, top), (left + (k + 1) * side - 1, top + side), (grey, grey, grey), cv2.FILLED
        )


def _write(out: Frame, session: Session) -> None:
    """The instructions in the upper part, on true black."""
    height, width = out.shape[:2]
    size = max(9, min(width, height) // 30)
    widest = round(min(0.94 * width, 1.15 * min(width, height)))
    text = Text(_lines(session, widest / size), size, widest, width)
    top = round(height / 2 - 2.4 * min(width, height) / SQUARES) - text.height
    columns = np.flatnonzero(text.letters.any(0))
    if len(columns):
        out[max(top, 0) : max(top, 0) + text.height, max(columns[0] - size, 0) : columns[-1] + size] = 0
    _stamp(out, text.letters, top, 0, IVORY)
