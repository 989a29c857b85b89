"""The photograph of which the likeness is made, cut to the one person and written in a form that the bake reads."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from device.errors import BadInput
from provisioning.photos.picture import open_picture
from provisioning.photos.seen import Seen
from provisioning.photos.told import Box

LONGEST = 2048
"""Pixels of what is written: as `likeness.photograph` reads it."""
_BESIDE = 0.4  # of the person's size, from which on another face would be taken for a second person
_ROOM = (2.2, 1.4, 2.8)  # around the face, in its heights: to the sides, above, below


def write_portrait(photo: Path, seen: Seen, face: int, out: Path) -> None:
    """`out`: a PNG, upright, RGB. Raises BadInput where the photograph cannot be read or has no such face."""
    opened = open_picture(photo, seen.path)
    if not 0 <= face < len(seen.faces):
        raise BadInput(seen.path, expected=f"face {face + 1}", got=f"{len(seen.faces)} faces")
    left, top, right, bottom = cut(seen, face)
    width, height = opened.image.size
    box = (int(left * width), int(top * height), round(right * width), round(bottom * height))
    picture = opened.image.crop(box)
    picture.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    picture.save(out, "PNG")


def cut(seen: Seen, face: int) -> Box:
    """The part of the photograph, in shares, with the face, room around it, and no other face of about its size: whole
    where nobody else is in it."""
    own = seen.faces[face].box
    others = [f.box for at, f in enumerate(seen.faces) if at != face and _height(f.box) > _BESIDE * _height(own)]
    if not others:
        return (0.0, 0.0, 1.0, 1.0)
    tall = _height(own)
    wide = tall * seen.height / max(seen.width, 1)
    box = [max(own[0] - _ROOM[0] * wide, 0.0), max(own[1] - _ROOM[1] * tall, 0.0),
           min(own[2] + _ROOM[0] * wide, 1.0), min(own[3] + _ROOM[2] * tall, 1.0)]  # fmt: skip
    for other in others:
        _keep_out(box, own, other)
    return box[0], box[1], box[2], box[3]


def _keep_out(box: list[float], own: Box, other: Box) -> None:
    """Moves the border between the two faces, along the axis that parts them more."""
    gaps = [max(other[axis] - own[axis + 2], own[axis] - other[axis + 2]) for axis in (0, 1)]
    axis = int(gaps[1] > gaps[0])
    if other[axis] + other[axis + 2] > own[axis] + own[axis + 2]:
        box[axis + 2] = min(box[axis + 2], max((own[axis + 2] + other[axis]) / 2, own[axis + 2]))
    else:
        box[axis] = max(box[axis], min((own[axis] + other[axis + 2]) / 2, own[axis]))


def _height(box: Box) -> float:
    return box[3] - box[1]
