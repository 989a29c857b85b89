"""Talk with the persona before anything is signed; correct a memory, and hear the changed answer at once."""

from __future__ import annotations

import contextlib

from device.errors import BadInput, Missing
from provisioning.memories.memory import Memory
from provisioning.review import memories as corrections
from provisioning.review.memories import Correction
from provisioning.studio.answer import Request, Response, go
from provisioning.studio.desk import Desk, Said
from provisioning.studio.pages.memories import as_shown, correct

LONGEST = 500
KEPT = 30


def show(desk: Desk, request: Request) -> Response:
    """The talk so far, the newest at the end; each answer with what it rests on."""
    said = corrections.all_of(desk.shoebox)
    turns = [(number, turn, _cited(desk, turn, said)) for number, turn in enumerate(desk.talk)]
    try_these = [q for q in _tried(desk) if q]
    return desk.page("preview.html", request, turns=turns, tried=try_these, renewed=request.query.get("renewed", ""))


def _cited(desk: Desk, turn: Said, said: dict[str, Correction]) -> list[tuple[Memory, Memory, str]]:
    """(as the material says, as corrected, digest of the correction) for what an answer rests on, as it was quoted."""
    found = []
    for id in turn.reply.evidence:
        with contextlib.suppress(Missing):
            memory = desk.memory(id, turn.reply.language)
            found.append((memory, as_shown(memory, said.get(id)), corrections.shown(desk.shoebox, id)))
    return found


def ask(desk: Desk, request: Request) -> Response:
    """One question."""
    question = request.one("question").strip()
    if not 0 < len(question) <= LONGEST:
        raise BadInput("question", expected=f"1 to {LONGEST} characters", got=f"{len(question)}")
    desk.talk.append(Said(question, desk.mind().ask(question)))
    del desk.talk[:-KEPT]
    return go(desk.url("preview") + "#end")


def wrong(desk: Desk, request: Request) -> Response:
    """Corrects a memory that an answer rests on, and asks the same again."""
    number = request.one("turn")
    if not number.isdecimal() or int(number) >= len(desk.talk):
        raise BadInput("turn", expected="one of this talk", got=number[:20])
    turn = desk.talk[int(number)]
    renewed = correct(desk, request)
    before = turn.reply.text
    desk.talk[int(number)] = Said(turn.question, desk.mind().ask(turn.question), before)
    return go(desk.url("preview", renewed=renewed) + f"#turn{number}")


def _tried(desk: Desk) -> list[str]:
    """Three questions to begin with: such as memories answer."""
    with_question: list[Memory] = [m for m in desk.memories() if m.question]
    return [m.question for m in with_question[:3]]
