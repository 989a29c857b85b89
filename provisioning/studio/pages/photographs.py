"""Who is this? Names for faces, captions for photographs, and strangers left out."""

from __future__ import annotations

import re

from device.errors import Missing
from provisioning.review import photographs
from provisioning.review.photographs import Told
from provisioning.studio.answer import Request, Response, go
from provisioning.studio.desk import Desk

AT_ONCE = 24


def show(desk: Desk, request: Request) -> Response:
    """Faces first, then the photographs, some at a time."""
    said, seen = photographs.all_of(desk.shoebox), desk.workshop.photographs()
    at = min(request.number("at"), max(len(seen) - 1, 0) // AT_ONCE * AT_ONCE)
    told = [
        (p, said.photos.get(p.path, Told()), photographs.shown(desk.shoebox, p.path)) for p in seen[at : at + AT_ONCE]
    ]
    faces = [
        (group, said.faces.get(group.id), photographs.shown(desk.shoebox, photographs.FACES, group.id))
        for group in desk.workshop.faces()
    ]
    names = sorted({r.name for r in desk.workshop.relatives() if r.name} | set(filter(None, said.faces.values())))
    return desk.page(
        "photographs.html", request, told=told, faces=faces, names=names, at=at, at_once=AT_ONCE, total=len(seen)
    )


def save(desk: Desk, request: Request) -> Response:
    """What is said of one photograph."""
    path = request.one("path")
    if path not in {p.path for p in desk.workshop.photographs()}:
        raise Missing("photograph", expected="one of this shoebox", got=path[:80])
    told = Told(request.one("caption"), listed(request.one("people")), request.maybe("exclude") == "yes")
    photographs.tell(desk.shoebox, path, told, request.one("seen"))
    return go(desk.url("photographs", at=request.maybe("at") or None))


def name(desk: Desk, request: Request) -> Response:
    """Whose face a group is."""
    group = request.one("group")
    if group not in {g.id for g in desk.workshop.faces()}:
        raise Missing("face", expected="one of this shoebox", got=group[:80])
    who = "" if request.maybe("stranger") == "yes" else request.one("who").strip() or None
    photographs.name(desk.shoebox, group, who, request.one("seen"))
    return go(desk.url("photographs"))


def listed(text: str) -> tuple[str, ...]:
    """Names parted by commas of either language."""
    return tuple(dict.fromkeys(filter(None, (part.strip() for part in re.split(r"[,，、;；\n]", text)))))
