"""`python -m tests.support.likeness_sheet DIR`: bakes the inputs and draws them side by side, to be looked at."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from device.face.rig import load
from device.face.rig_files import write_png
from device.face.viseme_poses import VISEME_POSES
from provisioning.likeness.bake import bake
from provisioning.likeness.sheet import EXPRESSIONS, contact_sheet, head_drawer, labelled
from tests.support.likeness_inputs import ELDER_SMILING, GOOD, HOPPER_ROWS

_CELL = 240
_SHOWN = ("neutral", "blink", "smile", "laugh", "brows up", "gaze left", "yaw +8", "aa", "SS")


def main(out: Path) -> None:
    """Writes NAME.png, a contact sheet, and NAME/ for each input, and all.png."""
    poses = {**EXPRESSIONS, **VISEME_POSES}
    rows = []
    for name, make in GOOD.items():
        photo = out / f"{name.replace(' ', '-')}-photo.png"
        out.mkdir(parents=True, exist_ok=True)
        write_png(photo, make())
        likeness = out / name.replace(" ", "-")
        others = [] if name in HOPPER_ROWS else [ELDER_SMILING]
        report = bake(photo, likeness, others=others)
        print(f"{name}: {report.seconds:.1f} s, weak: {', '.join(remark.code for remark in report.weak) or 'nothing'}")
        draw = head_drawer(load(likeness), _CELL)
        write_png(out / f"{name.replace(' ', '-')}.png", contact_sheet(draw, VISEME_POSES, _CELL))
        cells = [labelled(draw(poses[pose]), f"{name}: {pose}", _CELL)[:320] for pose in _SHOWN]
        tall = max(cell.shape[0] for cell in cells)
        rows.append(np.hstack([np.pad(cell, ((0, max(320, tall) - cell.shape[0]), (0, 0), (0, 0))) for cell in cells]))
    write_png(out / "all.png", np.vstack(rows))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
