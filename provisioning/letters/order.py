"""Words of a page in the order in which they are read: rows from above, in blocks side by side where there are such;
Chinese columns from the right.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from provisioning.letters.page import Line
from provisioning.letters.reader import Word

Box = tuple[float, float, float, float]
_CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]")
_GUTTER = 1.6  # heights of a line that part two blocks
_ROWS = 3  # rows that a block must have


def is_vertical(words: Sequence[Word]) -> bool:
    """Most signs stand in columns."""
    tall = sum(len(word.text) for word in words if word.upright)
    return tall > 0.5 * sum(len(word.text) for word in words)


def lines(words: Sequence[Word], size: tuple[int, int], vertical: bool) -> tuple[Line, ...]:
    """Words joined to lines, boxes as shares of the picture's `size` (width, height), with their paragraphs."""
    if vertical:
        turned = [(_turned(word.box), word) for word in words]
        rows = [_upright(row) for row in _rows(turned)]
    else:
        rows = [row for block in _blocks([(word.box, word) for word in words]) for row in _rows(block)]
    numbers = paragraphs([_around(row, vertical) for row in rows])
    return tuple(_line(row, size, number, vertical) for row, number in zip(rows, numbers, strict=True))


Placed = tuple[Box, Word]


def _turned(box: Box) -> Box:
    """Columns from the right become rows from above."""
    x0, y0, x1, y1 = box
    return y0, -x1, y1, -x0


def _upright(row: list[Placed]) -> list[Placed]:
    return [(word.box, word) for _, word in row]


def _blocks(placed: list[Placed]) -> list[list[Placed]]:
    """Parts of a page that stand side by side, each with several rows, left first."""
    if len(placed) < 2 * _ROWS:
        return [placed]
    high = float(np.median([box[3] - box[1] for box, _ in placed]))
    order = sorted(placed, key=lambda one: one[0][0])
    reach = order[0][0][2]
    for number, (box, _) in enumerate(order[1:], 1):
        if box[0] - reach > _GUTTER * high and min(len(_rows(order[:number])), len(_rows(order[number:]))) >= _ROWS:
            return [*_blocks(order[:number]), *_blocks(order[number:])]
        reach = max(reach, box[2])
    return [placed]


def _rows(placed: list[Placed]) -> list[list[Placed]]:
    """Words beside each other, from left to right; rows from above."""
    rows: list[list[Placed]] = []
    for one in sorted(placed, key=lambda one: (one[0][1] + one[0][3], one[0][0])):
        row = next((row for row in reversed(rows[-3:]) if _beside(row, one[0])), None)
        if row is None:
            rows.append(row := [])
        row.append(one)
    for row in rows:
        row.sort(key=lambda one: one[0][0])
    return sorted(rows, key=lambda row: float(np.mean([box[1] + box[3] for box, _ in row])))


def _beside(row: list[Placed], box: Box) -> bool:
    """At the height of the row's nearest word, and not over or under any of it."""
    near = min((other for other, _ in row), key=lambda other: abs(other[0] - box[0]))
    shared = min(near[3], box[3]) - max(near[1], box[1])
    level = shared > 0.5 * min(near[3] - near[1], box[3] - box[1])
    return level and all(
        min(o[2], box[2]) - max(o[0], box[0]) < 0.5 * min(o[2] - o[0], box[2] - box[0]) for o, _ in row
    )


def _around(row: list[Placed], vertical: bool) -> Box:
    boxes = np.array([_turned(box) if vertical else box for box, _ in row])
    low, high = boxes[:, :2].min(0), boxes[:, 2:].max(0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def paragraphs(rows: Sequence[Box]) -> list[int]:
    """Number of the paragraph of each row, from 0: a new one after a short row, a gap, or before an indent."""
    if not rows:
        return []
    high = float(np.median([row[3] - row[1] for row in rows]))
    left, right = float(np.percentile([row[0] for row in rows], 20)), float(np.percentile([row[2] for row in rows], 90))
    steps = [b[1] - a[1] for a, b in pairwise(rows) if b[1] > a[1]]
    step = float(np.median(steps)) if steps else high
    numbers = [0]
    for before, row in pairwise(rows):
        short = before[2] < right - 0.22 * (right - left)
        indent = row[0] > left + 1.2 * high and before[0] < left + 1.2 * high
        gap = row[1] - before[1] > 1.5 * step or row[1] < before[1] - high
        numbers.append(numbers[-1] + (short or indent or gap))
    return numbers


def _line(row: list[Placed], size: tuple[int, int], paragraph: int, vertical: bool) -> Line:
    words = [word for _, word in row]
    boxes = np.array([word.box for word in words])
    low, high = boxes[:, :2].min(0) / size, boxes[:, 2:].max(0) / size
    letters = sum(len(word.text) for word in words)
    sure = sum(word.sure * len(word.text) for word in words) / max(letters, 1)
    x0, y0, x1, y1 = (round(float(np.clip(v, 0, 1)), 4) for v in (*low, *high))
    return Line(joined([word.text for word in words], vertical), (x0, y0, x1, y1), round(sure, 4), paragraph)


def joined(texts: Sequence[str], vertical: bool = False) -> str:
    """With blanks only where both neighbours are no Chinese."""
    out = texts[0]
    for text in texts[1:]:
        glue = "" if vertical or _CJK.match(out[-1:]) or _CJK.match(text[:1]) else " "
        out += glue + text
    return out
