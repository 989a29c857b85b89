"""`python -m provisioning.likeness PHOTO --out DIR`: bakes a likeness and says what is weak about it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, TaskProgressColumn, TextColumn
from rich.progress import Progress as Bar

from device.errors import ImagoError
from device.face.rig import load
from device.face.rig_files import write_png
from device.face.viseme_poses import VISEME_POSES
from provisioning.likeness.bake import Progress, bake
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
    parser.add_argument("--sheet", type=Path, help="also draw a contact sheet of expressions")
    options = parser.parse_args(arguments)
    try:
        with _bar() as tell:
            report = bake(options.photo, options.out, tell, face=options.face, others=options.also, films=options.video)
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


@contextmanager
def _bar() -> Iterator[Progress]:
    """A progress bar on the error stream; on one that is no terminal, nothing."""
    columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.description}"))
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda share, what: bar.update(task, completed=share, description=what)


if __name__ == "__main__":
    sys.exit(main())
