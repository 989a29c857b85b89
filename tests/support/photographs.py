"""Made-up sightings, and photographs made by arithmetic from the demo elder's and the public-domain portrait."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from device.face.scenes.fonts import load as load_font
from provisioning.photos.seen import Face, Nature, Seen
from tests.support.likeness_inputs import HOPPER, elder, read

Picture = NDArray[np.uint8]
NUMBERS = 128
_FACE = Face(box=(0.4, 0.3, 0.6, 0.5), eye_distance=90.0, turned=3.0, sharpness=0.9, lit=0.9, smile=0.2, eyes_open=1.0,
             parted=0.0, judged=True)  # fmt: skip


def face(who: int | None = None, noise: float = 0.12, seed: int = 0, **changes: Any) -> Face:
    """A good face; of person `who`, by numbers that lie about `noise` from that person's own."""
    numbers: tuple[float, ...] = ()
    if who is not None:
        own = np.random.default_rng(1000 + who).normal(size=NUMBERS)
        off = np.random.default_rng(seed).normal(size=NUMBERS)
        made = own / np.linalg.norm(own) + noise * off / np.linalg.norm(off)
        numbers = tuple(float(v) for v in made / np.linalg.norm(made))
    return msgspec.structs.replace(_FACE, embedding=numbers, **changes)


def seen(path: str, *faces: Face, kind: str = "photo", **changes: Any) -> Seen:
    """A photograph with these faces; each path has its own content and look."""
    digest = hashlib.sha256(path.encode()).hexdigest()
    plain = Seen(path, digest, 1600, 1200, faces=faces, likeness_hash=int(digest[:16], 16),
                 nature=Nature(kind))  # fmt: skip
    return msgspec.structs.replace(plain, **changes)


def beside(*people: Picture, height: int = 700) -> Picture:
    """People side by side on one photograph."""
    scaled = [cv2.resize(p, (round(p.shape[1] * height / p.shape[0]), height), interpolation=cv2.INTER_AREA)
              for p in people]  # fmt: skip
    return np.ascontiguousarray(np.hstack(scaled), np.uint8)


def family() -> Picture:
    """The elder, and somebody else at the right."""
    return beside(elder(), read(HOPPER))


def in_a_hall(person: Picture, size: tuple[int, int] = (1600, 1200), tall: int = 170) -> Picture:
    """Somebody small, in a large picture of something else."""
    x, y = np.meshgrid(np.linspace(0, 1, size[0]), np.linspace(0, 1, size[1]))
    wall = np.dstack([90 + 40 * x, 80 + 50 * y, 70 + 20 * x * y])
    noise = np.random.default_rng(5).normal(0, 4, wall.shape)
    out = np.clip(wall + noise, 0, 255).astype(np.uint8)
    small = cv2.resize(person, (round(person.shape[1] * tall / person.shape[0]), tall), interpolation=cv2.INTER_AREA)
    out[700 : 700 + small.shape[0], 1100 : 1100 + small.shape[1]] = small
    return out


def screenshot(size: tuple[int, int] = (1080, 2340)) -> Image.Image:
    """A conversation on a telephone's screen."""
    screen = Image.new("RGB", size, (237, 237, 237))
    draw = ImageDraw.Draw(screen)
    draw.text((40, 20), "21:03", (20, 20, 20), load_font(40))
    for number in range(9):
        left = 140 if number % 2 else 340
        draw.rounded_rectangle((left, 200 + 210 * number, left + 600, 330 + 210 * number), 16, (149, 236, 105))
        draw.text((left + 30, 230 + 210 * number), "今天回家吃饭吗？好的", (20, 20, 20), load_font(48))
    return screen


def save(picture: Picture, path: Path, **options: Any) -> Path:
    """By the ending of its name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture).save(path, **options)
    return path


def names(photos: Sequence[Seen]) -> list[str]:
    """Their paths."""
    return [one.path for one in photos]
