"""`python -m provisioning.likeness PHOTO --out DIR`: bakes a likeness and says what is weak about it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from device.errors import ImagoError
from device.face.rig import load
from device.face.rig_files import write_png
from device.face.viseme_poses import VISEME_POSES
from provisioning.bar import bar
from provisioning.likeness.bake import bake
from provisioning.likeness.neural.neural_baker import baker_for
from provisioning.likeness.sheet import contact_sheet, head_drawer

_SHEET_CELL = 320


def main(arguments: list[str] | None = None) -> int:
    """Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m provisioning.likeness", description=__doc__)
    parser.add_argument("photo", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="folder for rig.npz, layers/ and report.json")
    parser.add_argument("--face", default="", metavar="WHO", help="of several faces: left, middle, right or a number")
    parser.add_argument("--also", type=Path, action="append", default=[], metavar="PHOTO",
                        help="a further photograph of the same person; teeth that it shows are used")  # fmt: skip
    parser.add_argument("--video", type=Path, action="append", default=[], metavar="FILM",
                        help="a film of the same person: their own blink, smile, nods and teeth are used")  # fmt: skip
    parser.add_argument("--network", type=Path, metavar="FOLDER",
                        help="ONNX files of a portrait network, which draws textures for the face")  # fmt: skip
    parser.add_argument("--sheet", type=Path, help="also draw a contact sheet of expressions")
    options = parser.parse_args(arguments)
    try:
        baker = baker_for(options.network)
        with bar() as tell:
            report = bake(
                options.photo,
                options.out,
                tell,
                face=options.face,
                others=options.also,
                baker=baker,
                films=options.video,
            )
        if options.sheet:
            draw = head_drawer(load(options.out), _SHEET_CELL)
            write_png(options.sheet, contact_sheet(draw, VISEME_POSES, _SHEET_CELL))
    except ImagoError as error:
        print(error.line(), file=sys.stderr)
        return error.exit_code
    print(f"baked {report.photo} in {report.seconds:.1f} s, {report.eye_distance:.0f} pixels between the eyes")
    for remark in [*report.used, *report.weak]:
        print(f"  {remark.en}\n  {remark.zh}")
    print(f"  {options.out / 'report.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
