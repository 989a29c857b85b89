"""Pages of writing as scanners and telephones bring them, made by code; and how wrong a reading of them is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from device.face.scenes.fonts import load as load_font

Picture = NDArray[np.uint8]
_PAPER, _INK = (246, 240, 224), (38, 42, 66)
_SIZE, _MARGIN = 44, 120

CHINESE = (
    "秀兰：",
    "　　见字如面。江边的柿子树今年结了很多果子，",
    "我数了一遍，一共四十三个。孩子们说要留十一个",
    "给鸟吃，我答应了。",
    "　　天气冷了，你要多穿衣服。膝盖还疼吗？我托人",
    "买了膏药，下个月带给你。",
    "　　　　　　　　　　　　　　文 1997年3月2日",
)
ENGLISH = (
    "Dear Wen,",
    "The persimmon tree has done well this year. I counted",
    "forty-three of them, and the children want eleven left",
    "for the birds. I said yes.",
    "It is getting cold; wear more. Does your knee still",
    "hurt? I will bring the plaster next month.",
    "Your father, 2 March 1997",
)


def rows(lines: Sequence[str]) -> Picture:
    """Lines from the left, from above."""
    page = Image.new("RGB", (1400, 2 * _MARGIN + 84 * len(lines)), _PAPER)
    draw = ImageDraw.Draw(page)
    for number, line in enumerate(lines):
        draw.text((_MARGIN, _MARGIN + 84 * number), line, _INK, load_font(_SIZE, serif=True))
    return np.array(page)


def columns(lines: Sequence[str]) -> Picture:
    """Signs from above, lines from the right."""
    longest = max(len(line) for line in lines)
    page = Image.new("RGB", (2 * _MARGIN + 90 * len(lines), 2 * _MARGIN + 54 * longest), _PAPER)
    draw = ImageDraw.Draw(page)
    for number, line in enumerate(lines):
        for down, sign in enumerate(line):
            place = (page.width - _MARGIN - 60 - 90 * number, _MARGIN + 54 * down)
            draw.text(place, sign, _INK, load_font(_SIZE, serif=True))
    return np.array(page)


def scanned(page: Picture, degrees: float = 2.0, noise: float = 8.0, seed: int = 1) -> Picture:
    """Laid askew on the glass, grainy, stored as a JPEG."""
    high, wide = page.shape[:2]
    matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), degrees, 1.0)
    askew = cv2.warpAffine(page, matrix, (wide, high), flags=cv2.INTER_CUBIC, borderValue=_PAPER)
    grain = np.random.default_rng(seed).normal(0, noise, askew.shape)
    return _jpeg(np.clip(askew + grain, 0, 255).astype(np.uint8), 70)


def photographed(page: Picture, shade: float = 0.5, seed: int = 2) -> Picture:
    """On a dark table, seen at a slant, a hand's shadow over one corner."""
    high, wide = page.shape[:2]
    size = (round(wide * 1.25), round(high * 1.3))
    to = np.array([[0.11, 0.1], [0.86, 0.07], [0.93, 0.9], [0.06, 0.94]], np.float32) * size
    start = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    matrix = cv2.getPerspectiveTransform(start, to.astype(np.float32))
    table = np.random.default_rng(seed).normal((74, 52, 40), 5, (size[1], size[0], 3))
    sheet = cv2.warpPerspective(page, matrix, size, flags=cv2.INTER_CUBIC).astype(np.float32)
    cover = cv2.warpPerspective(np.full(page.shape[:2], 255, np.uint8), matrix, size)[..., None] / 255.0
    scene = sheet * cover + table * (1 - cover)
    x, y = np.meshgrid(np.linspace(0, 1, size[0]), np.linspace(0, 1, size[1]))
    dark = 1 - shade / (1 + np.exp((x + 0.6 * y - 0.75) * 14))
    return _jpeg(np.clip(scene * dark[..., None] * (1.0, 0.97, 0.9), 0, 255).astype(np.uint8), 80)


def _jpeg(picture: Any, quality: int) -> Picture:
    done, content = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done
    return np.ascontiguousarray(np.asarray(cv2.imdecode(content, cv2.IMREAD_COLOR), np.uint8)[..., ::-1])


def error_rate(read: str, written: str) -> float:
    """Character error rate: insertions, deletions and replacements over the signs written, blanks not counted."""
    a, b = ("".join(text.split()) for text in (read, written))
    row = list(range(len(b) + 1))
    for i, sign in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (sign != other))
    return row[-1] / max(len(b), 1)
