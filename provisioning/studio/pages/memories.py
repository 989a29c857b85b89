"""All memories: search, correct, date, hide."""

from __future__ import annotations

from provisioning.memories.memory import Memory
from provisioning.review import files, memories
from provisioning.review.memories import Correction, Form
from provisioning.studio.answer import Request, Response, go
from provisioning.studio.desk import Desk
from provisioning.studio.pages.photographs import listed

AT_ONCE = 20


def show(desk: Desk, request: Request) -> Response:
    """Those that hold the words, some at a time; with `id` a single one."""
    words, at = request.query.get("q", "").strip(), request.number("at")
    said = memories.all_of(desk.shoebox)
    found = [
        (m, after, said.get(m.id, Correction()))
        for m in desk.workshop.memories()
        if _matches(after := as_shown(m, said.get(m.id)), words) and request.query.get("id", m.id) == m.id
    ]
    seen = files.seen_in(desk.shoebox / memories.FILE)
    part = [(m, after, c, seen(m.id)) for m, after, c in found[at : at + AT_ONCE]]
    return desk.page(
        "memories.html", request, part=part, total=len(found), at=at, at_once=AT_ONCE, words=words,
        one=request.query.get("id", ""),
    )  # fmt: skip


def save(desk: Desk, request: Request) -> Response:
    """Keeps what is said of one memory."""
    correct(desk, request)
    back = {key: request.maybe(key) for key in ("q", "at", "one")}
    return go(desk.url("memories", q=back["q"], at=back["at"] if back["at"].isdecimal() else "", id=back["one"]))


def correct(desk: Desk, request: Request) -> int:
    """Takes a form's correction -> texts that the mind embedded anew."""
    memory = desk.memory(request.one("id"), request.maybe("language"))
    form = Form(
        request.one("text").replace("\r\n", "\n"),
        request.one("when").strip(),
        listed(request.one("people")),
        request.one("place").strip(),
        request.maybe("hidden") == "yes",
    )
    before = memories.all_of(desk.shoebox).get(memory.id, Correction())
    tellings = len({m.language for m in desk.workshop.memories() if m.id == memory.id})
    correction = memories.change(memory, form, before, tellings)
    memories.correct(desk.shoebox, memory.id, correction, request.one("seen"))
    return desk.learn()


def as_shown(memory: Memory, correction: Correction | None) -> Memory:
    """As corrected; a hidden one, too, for here it can be brought back."""
    if correction is None:
        return memory
    from msgspec.structs import replace

    return next(memories.corrected([memory], {memory.id: replace(correction, hidden=False)}))


def _matches(memory: Memory, words: str) -> bool:
    told = (
        f"{memory.text} {memory.question} {memory.when} {memory.place} {' '.join(memory.people)} {memory.source.path}"
    )
    return all(word in told.lower() for word in words.lower().split())
