"""Draws docs/pictures/faces.jpg: `python -m docs.face_picture [OUT.jpg]`; a minute.

Very different photographs (rows), each baked as a family's would be and drawn in the same poses (columns).
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw

from device.face.render import Frame
from device.face.rig import load
from device.face.rig_files import write_png
from device.face.scenes import fonts
from device.face.viseme_poses import VISEME_POSES
from provisioning.likeness.bake import bake
from provisioning.likeness.report import Report
from provisioning.likeness.sheet import EXPRESSIONS, head_drawer
from tests.support.likeness_inputs import ELDER_SMILING, HOPPER_ROWS, INPUTS, Make

OUT = Path(__file__).resolve().parent / "pictures" / "faces.jpg"
CELL = (176, 208)
"""Width and height of one drawing, pixels."""
LINE = 26
PAPER, INK = (250, 249, 246), (60, 58, 54)
MOST_BYTES = 600_000

_GAZE = {"gazeX": -0.8, "headYaw": -4.0}
POSES: dict[str, dict[str, float]] = {
    "as photographed": {},
    "smile": EXPRESSIONS["smile"],
    "laugh": EXPRESSIONS["laugh"],
    "blink": EXPRESSIONS["blink"],
    "looks aside": _GAZE,
    "says a": VISEME_POSES["aa"],
    "says o": VISEME_POSES["O"],
    "says s": VISEME_POSES["SS"],
    "says p": VISEME_POSES["PP"],
}


def row(name: str, make: Make, scratch: Path, width: int, height: int) -> tuple[list[Frame], Report]:
    """One input in all POSES, each (height, width, 3), and what its bake says. Raises BadInput."""
    photo = scratch / "photo.png"
    write_png(photo, make())
    report = bake(photo, scratch / name, others=() if name in HOPPER_ROWS else [ELDER_SMILING])
    draw = head_drawer(load(scratch / name), width)
    return [_cell(draw(pose), width, height) for pose in POSES.values()], report


def _cell(picture: Frame, width: int, height: int) -> Frame:
    """Its middle at this size, on paper where it is smaller."""
    out = np.full((height, width, 3), PAPER, np.uint8)
    cut = picture[:height, max(0, picture.shape[1] - width) // 2 :][:, :width]
    left = (width - cut.shape[1]) // 2
    out[: cut.shape[0], left : left + cut.shape[1]] = cut
    return out


def sheet(rows: dict[str, tuple[list[Frame], Report]]) -> Frame:
    """All of them with their names, RGB."""
    height, width = next(iter(rows.values()))[0][0].shape[:2]
    gap = 4
    size = (len(POSES) * (width + gap) + gap, LINE + len(rows) * (height + LINE) + gap)
    page = Image.new("RGB", size, PAPER)
    pen = ImageDraw.Draw(page)
    for column, pose in enumerate(POSES):
        pen.text((gap + column * (width + gap), 2), pose, font=fonts.load(15), fill=INK)
    for number, (name, (cells, report)) in enumerate(rows.items()):
        top = LINE + number * (height + LINE)
        weak = ", ".join(remark.code for remark in report.weak) or "nothing"
        words = f"{name}: {report.eye_distance:.0f} pixels between the eyes; its report calls weak: {weak}"
        pen.text((gap, top + 2), words, font=fonts.load(15), fill=INK)
        for column, cell in enumerate(cells):
            page.paste(Image.fromarray(cell), (gap + column * (width + gap), top + LINE))
    return np.asarray(page, np.uint8)


def write_jpeg(picture: Frame, out: Path, most: int = MOST_BYTES) -> None:
    """In the best quality that takes no more than `most` bytes."""
    for quality in range(90, 20, -4):
        _, content = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
        if len(content) <= most:
            break
    out.write_bytes(content.tobytes())


def main(out: Path) -> None:
    """Writes the picture."""
    with tempfile.TemporaryDirectory() as scratch:
        write_jpeg(sheet({name: row(name, make, Path(scratch), *CELL) for name, make in INPUTS.items()}), out)
    print(out)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else OUT)
