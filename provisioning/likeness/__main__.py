"""`python -m provisioning.likeness PHOTO --out DIR`: bakes a likeness and says what is weak about it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, TaskProgressColumn, TextColumn
from rich.progress import Progress as Bar

from device.errors import ImagoError
from device.face.pose import INDEX, neutral
from device.face.render_cpu import RenderCpu
from device.face.rig import load
from device.face.rig_files import write_png
from device.face.viseme_poses import VISEME_POSES
from provisioning.likeness.bake import Progress, bake
from provisioning.likeness.sheet import Image, contact_sheet

_SHEET_FRAME = (960, 1200)
_SHEET_CELL = 320


def main(arguments: list[str] | None = None) -> int:
    """Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m provisioning.likeness", description=__doc__)
    parser.add_argument("photo", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="folder for rig.npz, layers/ and report.json")
    parser.add_argument("--face", default="", metavar="WHO", help="of several faces: left, middle, right or a number")
    parser.add_argument("--also", type=Path, action="append", default=[], metavar="PHOTO",
                        help="a further photograph of the same person; teeth that it shows are used")  # fmt: skip
    parser.add_argument("--sheet", type=Path, help="also draw a contact sheet of expressions")
    options = parser.parse_args(arguments)
    try:
        with _bar() as tell:
            report = bake(options.photo, options.out, tell, face=options.face, others=options.also)
        if options.sheet:
            write_png(options.sheet, _sheet(options.out))
    except ImagoError as error:
        print(error.line(), file=sys.stderr)
        return error.exit_code
    print(f"baked {report.photo} in {report.seconds:.1f} s, {report.eye_distance:.0f} pixels between the eyes")
    for remark in [*report.used, *report.weak]:
        print(f"  {remark.en}\n  {remark.zh}")
    print(f"  {options.out / 'report.html'}")
    return 0


@contextmanager
def _bar() -> Iterator[Progress]:
    """A progress bar on the error stream; on one that is no terminal, nothing."""
    columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.description}"))
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda share, what: bar.update(task, completed=share, description=what)


def _sheet(likeness: Path) -> Image:
    """Head and shoulders, large enough to see eyes and lips."""
    rig = load(likeness)
    renderer = RenderCpu(rig, _SHEET_FRAME)
    points = renderer.place.to_frame(rig.landmarks[:, :2])
    low, high = points.min(0), points.max(0)
    room = 0.4 * (high - low)
    x0, y0 = np.maximum(low - room, 0).astype(int)
    x1, y1 = np.minimum(high + room, _SHEET_FRAME).astype(int)

    def draw(weights: dict[str, float]) -> Image:
        pose = neutral()
        for name, weight in weights.items():
            pose[INDEX[name]] = np.float32(weight)
        return np.ascontiguousarray(renderer.render(pose)[y0:y1, x0:x1])

    return contact_sheet(draw, VISEME_POSES, _SHEET_CELL)


if __name__ == "__main__":
    sys.exit(main())
