"""Reading a photograph, and choosing the one face in it."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from device.errors import BadInput, Usage
from provisioning.likeness.landmarks import Detection, FaceReader

Image = NDArray[np.uint8]
Floats = NDArray[np.float32]

LONGEST = 2048
"""Pixels; a larger photograph is reduced to this: a 4K frame shows no more of a face."""
_MAX_BYTES = 200 << 20
_BESIDE = 0.45  # of the largest face's size: a smaller one is somebody in the background
_PLACES = ("left", "middle", "right")


def read_photo(path: Path) -> Image:
    """An RGB picture, turned upright as its camera says, at most LONGEST on its longer side."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise BadInput(str(path), expected="a photograph under 200 MB", got="a larger file")
        content = np.fromfile(path, np.uint8)
    except OSError as error:
        raise BadInput(str(path), expected="a photograph", got=error.strerror or str(error)) from error
    hint = "save it as JPEG or PNG and try again"
    try:
        decoded = cv2.imdecode(content, cv2.IMREAD_COLOR) if content.size else None
    except cv2.error as error:
        raise BadInput(str(path), expected="a photograph", got="a damaged picture", hint=hint) from error
    if decoded is None:
        raise BadInput(str(path), expected="a photograph", got="no picture", hint=hint)
    picture = cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB)
    if min(picture.shape[:2]) < 96:
        got = f"{picture.shape[1]} x {picture.shape[0]} pixels"
        raise BadInput(str(path), expected="at least 96 x 96 pixels", got=got, hint="scan the print at 300 dpi or more")
    scale = LONGEST / max(picture.shape[:2])
    if scale < 1:
        picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(picture, np.uint8)


def find_face(reader: FaceReader, picture: Image, name: str, choice: str = "") -> tuple[Image, Floats, float]:
    """The picture, cut to the one person where there are several, its landmarks and their presence.

    `choice` is left, middle, right or a number counted from the left; needed where there is more than one face."""
    found = reader.detect(picture)
    large = sorted((f for f in found if f.side > _BESIDE * found[0].side), key=_middle)
    if not large:
        hint = "use a photograph that shows the face from the front, well lit"
        raise BadInput(name, expected="a face", got="none that could be found", hint=hint)
    at = chosen(choice, len(large), name)
    cut = _cut_to(picture, large, at)
    alone = picture[cut[1] : cut[3], cut[0] : cut[2]]
    shift = np.array([cut[0], cut[1]], np.float32)
    points, presence = reader.landmarks(np.ascontiguousarray(alone), _moved(large[at], -shift))
    if presence < 0.5:
        hint = "use a photograph in which eyes and mouth are plainly seen"
        raise BadInput(name, expected="a clear face", got=f"a doubtful one ({presence:.0%})", hint=hint)
    return np.ascontiguousarray(alone), points, presence


def chosen(choice: str, count: int, name: str) -> int:
    """Index, from the left, of the face that is meant. Raises BadInput where none was named among several, or where
    there is no such face; Usage for what is no choice at all."""
    if not choice and count == 1:
        return 0
    numbers = f"--face left, {'middle, ' if count % 2 else ''}right or 1 to {count}, counted from the left"
    if not choice:
        hint = f"cut the photograph to the one person, or say who it is: {numbers}"
        raise BadInput(name, expected="one face", got=f"{count} faces", hint=hint)
    if choice not in _PLACES and not choice.isdecimal():
        raise Usage("--face", expected="left, middle, right or a number", got=choice)
    if choice == "middle" and count % 2 == 0:
        raise BadInput(name, expected="a middle face", got=f"{count} faces", hint=numbers)
    at = {"left": 0, "middle": count // 2, "right": count - 1}.get(choice)
    at = int(choice[:6]) - 1 if at is None else at
    if not 0 <= at < count:
        raise BadInput(name, expected=f"face {choice}", got=f"{count} face{'s' if count > 1 else ''}", hint=numbers)
    return at


def _middle(face: Detection) -> float:
    return (face.box[0] + face.box[2]) / 2


def _moved(face: Detection, by: Floats) -> Detection:
    x, y = float(by[0]), float(by[1])
    x0, y0, x1, y1 = face.box
    return Detection((x0 + x, y0 + y, x1 + x, y1 + y), face.eyes + by, face.score)


def _cut_to(picture: Image, faces: list[Detection], at: int) -> tuple[int, int, int, int]:
    """x0, y0, x1, y1 of the part that is nearer to this face than to any other, along the axis that parts them more."""
    box = [0, 0, picture.shape[1], picture.shape[0]]
    own = faces[at].box
    for number, other in enumerate(face.box for face in faces):
        if number == at:
            continue
        gaps = [max(other[a] - own[a + 2], own[a] - other[a + 2]) for a in (0, 1)]
        axis = int(gaps[1] > gaps[0])
        if other[axis] + other[axis + 2] > own[axis] + own[axis + 2]:
            box[axis + 2] = min(box[axis + 2], round((own[axis + 2] + other[axis]) / 2))
        else:
            box[axis] = max(box[axis], round((own[axis] + other[axis + 2]) / 2))
    return box[0], box[1], box[2], box[3]
