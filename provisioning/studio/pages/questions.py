"""Questions that only the family can answer, in writing or aloud."""

from __future__ import annotations

from device.errors import BadInput, Missing
from provisioning.looks.files import browser_sound
from provisioning.memories.memory import Question
from provisioning.review import answers, files
from provisioning.studio.answer import Request, Response, go, json
from provisioning.studio.desk import Desk


def show(desk: Desk, request: Request) -> Response:
    """All of them, those without an answer first."""
    written = answers.all_of(desk.shoebox)
    told = [
        (q, written.get(q.id, ""), files.digest(written.get(q.id)), answers.spoken(desk.shoebox, q.id) is not None)
        for q in desk.workshop.questions()
    ]
    told.sort(key=lambda entry: bool(entry[1]) or entry[3])
    return desk.page("questions.html", request, told=told, done=sum(bool(t[1]) or t[3] for t in told))


def save(desk: Desk, request: Request) -> Response:
    """Keeps a written answer."""
    question = _question(desk, request.one("id"))
    answers.keep(desk.shoebox, question, request.one("answer"), request.language, request.one("seen"))
    return go(desk.url("questions"))


def spoken(desk: Desk, request: Request) -> Response:
    """Keeps an answer that was said aloud."""
    question = _question(desk, request.query.get("id", ""))
    kind = browser_sound(request.body)
    if not request.kind.startswith(("audio/", "video/")) or not kind:
        raise BadInput("recording", expected="sound", got=request.kind[:40] or "something else")
    path = answers.keep_spoken(desk.shoebox, question.id, kind, request.body)
    return json({"kept": path.name})


def _question(desk: Desk, id: str) -> Question:
    found = next((q for q in desk.workshop.questions() if q.id == id), None)
    if found is None:
        raise Missing("question", expected="one of this shoebox", got=id[:80])
    return found
