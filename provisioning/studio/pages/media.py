"""Pictures and sounds. Nothing is found by a path from outside: what is asked for must be in the workshop's lists."""

from __future__ import annotations

import io
import re
from pathlib import Path

from PIL import Image

from device.errors import BadInput, Missing
from provisioning.looks.files import browser_sound
from provisioning.looks.render import HERE as LOOKS
from provisioning.photos.picture import open_picture
from provisioning.review import agreement, answers
from provisioning.studio.answer import Request, Response
from provisioning.studio.desk import Desk
from provisioning.studio.pages.listen import trial_of, voice_of

STATIC = Path(__file__).resolve().parent.parent / "static"
KINDS = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}
LARGE, SMALL, FACE = 2000, 480, 240
"""Pixels of the longer side"""
MAX_SOUND = 256 << 20
Box = tuple[float, float, float, float]
_RANGE = re.compile(r"bytes=(\d{1,15})-(\d{0,15})")


def file(desk: Desk, request: Request) -> Response:
    """The pages' own styles and scripts; the route says which there are."""
    content = (STATIC / request.page).read_bytes()
    if request.page == "studio.css":
        content = (LOOKS / "looks.css").read_bytes() + content
    return Response(content, KINDS[request.page.rsplit(".", 1)[1]])


def picture(desk: Desk, request: Request) -> Response:
    """A photograph or a scanned page as it was read, upright, as JPEG without its metadata."""
    path = request.query.get("path", "")
    turned = {p.path: 0 for p in desk.workshop.photographs()} | {p.path: p.turned for p in desk.workshop.pages()}
    if path not in turned:
        raise Missing("picture", expected="one of this shoebox", got=path[:80])
    side = LARGE if request.query.get("large") == "yes" else SMALL
    return Response(_jpeg(desk.workshop.picture(path), side, turned=turned[path]), "image/jpeg")


def one_face(desk: Desk, request: Request) -> Response:
    """One face of a group, cut out with some room around it."""
    group = next((g for g in desk.workshop.faces() if g.id == request.query.get("group", "")), None)
    number = request.number("number", 100)
    if group is None or number >= len(group.faces):
        raise Missing("face", expected="one of this shoebox", got=request.query.get("group", "")[:80])
    face = group.faces[number]
    return Response(_jpeg(desk.workshop.picture(face.path), FACE, face.box), "image/jpeg")


def sound(desk: Desk, request: Request) -> Response:
    """A recording that a memory cites."""
    path = request.query.get("path", "")
    if path not in {m.recording for m in desk.workshop.memories() if m.recording}:
        raise Missing("sound", expected="one of this shoebox", got=path[:80])
    return _sound(desk.workshop.sound(path), request)


def trial(desk: Desk, request: Request) -> Response:
    """A or B of a pair."""
    side = request.query.get("side", "")
    if side not in ("a", "b"):
        raise BadInput("side", expected="a or b", got=side[:10])
    found = trial_of(desk, request.query.get("id", ""))
    return _sound(desk.workshop.sound(voice_of(desk, found, request.number("turn"), side)[1]), request)


def spoken(desk: Desk, request: Request) -> Response:
    """An answer that was said aloud."""
    id = request.query.get("id", "")
    path = answers.spoken(desk.shoebox, id)
    if path is None:
        raise Missing("answer", expected="one that was recorded", got=id[:80])
    return _sound(path, request)


def declared(desk: Desk, request: Request) -> Response:
    """The living person's declaration."""
    name = agreement.persona_of(desk.shoebox).consent.declaration or "consent/declaration.wav"
    path = (desk.shoebox / name).resolve()
    if not path.is_relative_to((desk.shoebox / agreement.FOLDER).resolve()) or not path.is_file():
        raise Missing("declaration", expected="a recording in the folder consent", got=name[:80])
    return _sound(path, request)


def _jpeg(path: Path, side: int, box: Box | None = None, turned: int = 0) -> bytes:
    """Upright, turned to the right by so many degrees, cut to a box; without what else the file carries."""
    picture = open_picture(path, path.name, 0 if box else side).image
    if turned:
        picture = picture.rotate(-turned, expand=True)
    if box is not None:
        picture = picture.crop(_around(box, picture.size))
    picture.thumbnail((side, side))
    bare = Image.new("RGB", picture.size)
    bare.paste(picture)
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=86)
    return out.getvalue()


def _around(box: Box, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """A square around a face, in pixels, with hair and chin, within the picture."""
    left, top, right, bottom = (share * size[n % 2] for n, share in enumerate(box))
    half = max(right - left, bottom - top, 2) * 0.8
    x, y = (left + right) / 2, (top + bottom) / 2
    left, top = max(0, round(x - half)), max(0, round(y - half))
    return left, top, max(left + 1, min(size[0], round(x + half))), max(top + 1, min(size[1], round(y + half)))


def _sound(path: Path, request: Request) -> Response:
    """A sound or the part of it that the browser asks for."""
    try:
        size = path.stat().st_size
        with path.open("rb") as opened:
            kind = browser_sound(opened.read(64))
            if not kind or size > MAX_SOUND:
                raise BadInput(path.name, expected="a sound that browsers play", got="something else")
            wanted = _RANGE.fullmatch(request.range)
            first = int(wanted[1]) if wanted else 0
            last = min(int(wanted[2]) if wanted and wanted[2] else size - 1, size - 1)
            if first > last:
                return Response(b"", kind, 416, (("Content-Range", f"bytes */{size}"),))
            opened.seek(first)
            content = opened.read(last - first + 1)
    except OSError as error:
        raise Missing(path.name, expected="a sound", got=error.strerror or str(error)) from None
    if not wanted:
        return Response(content, kind, headers=(("Accept-Ranges", "bytes"),))
    return Response(content, kind, 206, (("Content-Range", f"bytes {first}-{last}/{size}"), ("Accept-Ranges", "bytes")))
