"""Who is this? Names for faces, captions for photographs, and strangers left out."""

from __future__ import annotations

import re

from device.errors import Missing
from provisioning.photos.review import Reviewed
from provisioning.review import files, photographs
from provisioning.review.agreement import persona_of
from provisioning.studio.answer import Request, Response, go
from provisioning.studio.desk import Desk

AT_ONCE = 24


def show(desk: Desk, request: Request) -> Response:
    """Faces first, then the photographs, some at a time."""
    box, seen = desk.shoebox, desk.workshop.photographs()
    said, named = photographs.all_of(box), photographs.names(box)
    digest, group_digest = (
        files.seen_in(box / photographs.FILE, "photos"),
        files.seen_in(box / photographs.FACES, "groups"),
    )
    at = min(request.number("at"), max(len(seen) - 1, 0) // AT_ONCE * AT_ONCE)
    told = [
        (p, one := said.get(p.path, Reviewed()), photographs.caption(one, request.language) or p.caption,
         digest(p.path))
        for p in seen[at : at + AT_ONCE]
    ]  # fmt: skip
    faces = [(g, named.get(g.id), group_digest(g.id)) for g in desk.workshop.faces()]
    person = persona_of(box).person
    relatives = {r.name for r in desk.workshop.relatives() if r.name} | set(filter(None, named.values()))
    names = list(dict.fromkeys((*person.called, person.name, *sorted(relatives))))
    return desk.page(
        "photographs.html", request, told=told, faces=faces, names=names, at=at, at_once=AT_ONCE, total=len(seen)
    )


def save(desk: Desk, request: Request) -> Response:
    """What is said of one photograph."""
    path = request.one("path")
    if path not in {p.path for p in desk.workshop.photographs()}:
        raise Missing("photograph", expected="one of this shoebox", got=path[:80])
    people, exclude = listed(request.one("people")), request.maybe("exclude") == "yes"
    photographs.tell(desk.shoebox, path, request.one("caption"), request.language, people, exclude, request.one("seen"))
    return go(desk.url("photographs", at=request.maybe("at") or None))


def name(desk: Desk, request: Request) -> Response:
    """Whose face a group is."""
    id = request.one("group")
    group = next((g for g in desk.workshop.faces() if g.id == id), None)
    if group is None:
        raise Missing("face", expected="one of this shoebox", got=id[:80])
    who = "" if request.maybe("stranger") == "yes" else request.one("who").strip() or None
    places = [(face.path, face.number) for face in group.faces]
    seen = {p.path: p for p in desk.workshop.photographs()}
    photographs.name(desk.shoebox, id, places, seen, who, request.one("seen"))
    return go(desk.url("photographs"))


def listed(text: str) -> tuple[str, ...]:
    """Names parted by commas of either language."""
    return tuple(dict.fromkeys(filter(None, (part.strip() for part in re.split(r"[,，、;；\n]", text)))))
