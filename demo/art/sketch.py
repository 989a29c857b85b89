"""A sheet to block in small pictures on, in units of 1280 x 960 whatever its real size, and their painting."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from .mesh import Floats, floats
from .noise import blurred, cloud, curve
from .paint import Brush, Canvas, flow, mixed, relief, varnish

Point = tuple[float, float]
Colour = tuple[float, float, float]
Box = tuple[slice, slice]


class Sketch:
    """Display values (h, w, 3); shapes are laid one over the other."""

    def __init__(self, width: int, height: int) -> None:
        self.scale = width / 1280
        self.picture = np.zeros((height, width, 3), np.float32)
        y, x = np.mgrid[:height, :width].astype(np.float32)
        self.x, self.y = x / self.scale, y / self.scale
        self.detail = np.zeros((height, width), np.float32)

    def sky(self, stops: list[tuple[float, Colour]]) -> None:
        """A vertical run of colours; each stop is a height and its colour."""
        heights = [stop[0] for stop in stops]
        for k in range(3):
            self.picture[..., k] = np.interp(self.y, heights, [stop[1][k] for stop in stops])

    def noise(self, cell: float, seed: int, octaves: int = 2, stretch: float = 1.0) -> Floats:
        """Noise over the sheet, `cell` in its units."""
        return cloud(self.detail.shape, cell * self.scale, seed, octaves, stretch)

    def lay(self, cover: Floats, colour: Floats | Colour) -> None:
        """A colour, or a picture of colours, where `cover` (h, w) says."""
        self.picture += np.clip(cover, 0, 1)[..., None] * (np.asarray(colour, np.float32) - self.picture)

    def shape(self, points: list[Point], soft: float = 1.0, smooth: bool = False) -> Floats:
        """The cover (h, w) of a polygon, or of a smooth outline through `points`."""
        cover = np.zeros(self.detail.shape, np.float32)
        part, box = self._outlined(points, soft, smooth)
        cover[box] = part
        return cover

    def _outlined(self, points: list[Point], soft: float, smooth: bool) -> tuple[Floats, Box]:
        outline = (curve([*points, points[0]], 24 * len(points)) if smooth else np.array(points)) * self.scale
        sigma = max(soft * self.scale, 0.5)
        box = self._box(outline, 3 * sigma + 2)
        part = np.zeros(self.detail[box].shape, np.float32)
        if part.size:
            corner = (box[1].start, box[0].start)
            cv2.fillPoly(part, [np.rint((outline - corner) * 16).astype(np.int32)], 1.0, cv2.LINE_8, 4)
            return floats(cv2.GaussianBlur(part, (0, 0), sigma)), box
        return part, box

    def _box(self, pixels: npt.NDArray[np.float64], margin: float) -> Box:
        """The window of the sheet that holds `pixels` (n, 2) and a margin."""
        height, width = self.detail.shape
        low, high = (
            np.floor(pixels.min(axis=0) - margin).astype(int),
            np.ceil(pixels.max(axis=0) + margin).astype(int) + 1,
        )
        left, right = np.clip((low[0], high[0]), 0, width)
        top, bottom = np.clip((low[1], high[1]), 0, height)
        return slice(int(top), int(bottom)), slice(int(left), int(right))

    def _lay_in(self, box: Box, part: Floats, colour: Floats | Colour, detail: float) -> None:
        patch = self.picture[box]
        patch += np.clip(part, 0, 1)[..., None] * (np.asarray(colour, np.float32) - patch)
        self.detail[box] = np.maximum(self.detail[box], detail * part)

    def fill(
        self, points: list[Point], colour: Colour, soft: float = 1.0, smooth: bool = False, detail: float = 0.0
    ) -> None:
        """A polygon of one colour."""
        part, box = self._outlined(points, soft, smooth)
        self._lay_in(box, part, colour, detail)

    def line(
        self,
        points: list[Point],
        colour: Colour,
        width: float,
        opacity: float = 1.0,
        detail: float = 0.0,
        taper: bool = False,
    ) -> None:
        """A smooth line through `points`, thinning towards its end if `taper`."""
        path = curve(points, max(8 * len(points), 12)) * self.scale
        box = self._box(path, width * self.scale + 4)
        part = np.zeros(self.detail[box].shape, np.float32)
        if not part.size:
            return
        pixels = np.rint((path - (box[1].start, box[0].start)) * 16).astype(np.int32)
        for k in range(len(path) - 1):
            thick = width * self.scale * (1 - 0.8 * k / len(path) if taper else 1.0)
            cv2.line(part, pixels[k], pixels[k + 1], 1.0, max(round(thick), 1), cv2.LINE_8, 4)
        self._lay_in(box, cv2.GaussianBlur(part, (0, 0), 0.7) * opacity, colour, detail)

    def dot(
        self,
        x: float,
        y: float,
        rx: float,
        ry: float,
        soft: float,
        colour: Colour,
        opacity: float = 1.0,
        detail: float = 0.0,
    ) -> None:
        """An ellipse of one colour; `soft` is the share of its radius over which it fades."""
        box = self._box(np.array([(x - rx, y - ry), (x + rx, y + ry)]) * self.scale, 1)
        far = np.hypot((self.x[box] - x) / rx, (self.y[box] - y) / ry)
        self._lay_in(box, opacity * np.clip((1 - far) / soft, 0, 1).astype(np.float32), colour, detail)

    def disc(self, x: float, y: float, rx: float, ry: float, soft: float = 0.1) -> Floats:
        """The cover of an ellipse; `soft` is the share of its radius over which it fades."""
        far = np.hypot((self.x - x) / rx, (self.y - y) / ry)
        return floats(np.clip((1 - far) / soft, 0, 1))

    def glow(self, x: float, y: float, radius: float, colour: Colour, strength: float) -> None:
        """Light added round a place."""
        far = ((self.x - x) ** 2 + (self.y - y) ** 2) / radius**2
        self.picture = np.clip(self.picture + strength * np.exp(-far)[..., None] * floats(colour), 0, 1.15).astype(
            np.float32
        )


def painted(sketch: Sketch, seed: int, horizontal: Floats | None = None) -> Floats:
    """A sketch worked up in oil: broad strokes first, finer ones after, finest where detail was asked for."""
    scale, model = sketch.scale, np.clip(sketch.picture, 0, 1)
    angle = flow(blurred(model, 1.5 * scale), 5.0 * scale)
    if horizontal is not None:
        angle = np.where(horizontal > 0.5, 0.0, angle).astype(np.float32)
    canvas = Canvas(blurred(model, 5 * scale))
    everywhere = np.ones(sketch.detail.shape, np.float32)
    edges = np.abs(cv2.Laplacian(blurred(model, 1.5 * scale).mean(axis=2), cv2.CV_32F)) * 40 * scale**2
    fine = np.clip(0.12 + 0.9 * blurred(edges.astype(np.float32), 3 * scale) + sketch.detail, 0, 1).astype(np.float32)
    for size, length, count, chance, stray in (
        (26, 84, 3600, everywhere, 0.022),
        (13, 46, 8500, everywhere, 0.018),
        (6.5, 24, 16000, fine, 0.014),
        (3.4, 13, 22000, fine**2, 0.010),
    ):
        seed += 1
        count = min(count, sketch.detail.size // 4)  # a tiny sheet is covered sooner
        canvas.stroke_all(
            blurred(model, size / 5 * scale),
            chance,
            angle,
            Brush(size * scale, length * scale, count, 0.72, stray),
            seed,
        )
    result = mixed(canvas.picture, model, np.clip(sketch.detail * 0.75 + 0.10, 0, 0.85))
    return varnish(relief(result, canvas.thick, 0.012, 0.20, seed), (0.5, 0.5), 0.22)
