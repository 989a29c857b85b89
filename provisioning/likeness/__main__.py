"""`python -m provisioning.likeness PHOTO --out DIR [--sheet SHEET.png]`: bakes a likeness and shows it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

from device.errors import ImagoError
from device.face.pose import INDEX, neutral
from device.face.render_cpu import RenderCpu
from device.face.rig import load
from device.face.rig_files import write_png
from device.face.viseme_poses import VISEME_POSES
from provisioning.likeness.bake import bake
from provisioning.likeness.sheet import Image, contact_sheet

_SHEET_FRAME = (960, 1200)
_SHEET_CELL = 320


def main(arguments: list[str] | None = None) -> int:
    """Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m provisioning.likeness", description=__doc__)
    parser.add_argument("photo", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="folder for rig.npz, layers/ and report.json")
    parser.add_argument("--sheet", type=Path, help="also draw a contact sheet of expressions")
    options = parser.parse_args(arguments)
    try:
        report = bake(options.photo, options.out, _tell)
        if options.sheet:
            write_png(options.sheet, _sheet(options.out))
    except ImagoError as error:
        print(error.line(), file=sys.stderr)
        return error.exit_code
    print(f"baked {report.photo} in {report.seconds:.1f} s, {report.eye_distance:.0f} pixels between the eyes")
    for advice in report.advice:
        print(f"  {advice}")
    return 0


def _tell(share: float, what: str) -> None:
    print(f"{share:4.0%} {what}", file=sys.stderr)


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
