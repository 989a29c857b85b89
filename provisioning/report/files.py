"""Pictures and sounds for inside a page: small, and without whatever else their files carry (places, names, dates)."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from PIL import Image

from device.errors import BadInput
from provisioning.looks.files import browser_sound
from provisioning.photos.picture import open_picture

Shown = Callable[[str], str]
"""Path within the shoebox -> a data URI; "" where there is no such file, or it is none."""

SIDE, LARGE = 560, 1600
"""Pixels of the longer side, and of pictures with writing in them"""
LONGEST_SOUND = 2 << 20
"""Bytes; a longer sound is not put into a page"""


def pictures_of(files: Mapping[str, Path], large: Collection[str] = ()) -> Shown:
    """Of these files, made small, but for those that are to be read."""

    def shown(path: str) -> str:
        return _picture(files[path], LARGE if path in large else SIDE) if path in files else ""

    return shown


def sounds_of(files: Mapping[str, Path]) -> Shown:
    """Of these files, as they are."""

    def shown(path: str) -> str:
        if path not in files:
            return ""
        content = files[path].read_bytes()
        kind = browser_sound(content)
        if not kind or len(content) > LONGEST_SOUND:
            return ""
        return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"

    return shown


def _picture(path: Path, side: int) -> str:
    content = jpeg(path, side)
    return f"data:image/jpeg;base64,{base64.b64encode(content).decode('ascii')}" if content else ""


def jpeg(path: Path, side: int) -> bytes:
    """A picture of any kind, upright and at most `side` pixels long, as JPEG without what else its file carries; b""
    for what is none."""
    try:
        picture = open_picture(path, path.name, side).image
    except BadInput:
        return b""
    picture.thumbnail((side, side))
    out = io.BytesIO()
    bare = Image.new("RGB", picture.size)
    bare.paste(picture)
    bare.save(out, "JPEG", quality=84, optimize=True)
    return out.getvalue()
