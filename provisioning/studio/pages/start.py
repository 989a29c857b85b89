"""The first page: what is in the shoebox, what is missing, and the steps."""

from __future__ import annotations

from dataclasses import dataclass

from device.errors import ImagoError
from provisioning.report.content import Words
from provisioning.review import agreement, answers, letters, people, photographs
from provisioning.studio.answer import Request, Response, go
from provisioning.studio.desk import MENU, Desk


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do."""

    page: str
    title: Words
    done: int
    of: int
    """0: there is nothing to do"""
    why: Words


def show(desk: Desk, request: Request) -> Response:
    """The page."""
    account = desk.workshop.account()
    file = agreement.persona_of(desk.shoebox)
    brought = {
        "memories": len({m.id for m in desk.memories()}),
        "photographs": len(desk.workshop.photographs()),
        "pages": len(desk.workshop.pages()),
        "files": len(account.files),
    }
    return desk.page("start.html", request, file=file, brought=brought, steps=_steps(desk), account=account)


def language(desk: Desk, request: Request) -> Response:
    """Chooses the language, and goes back."""
    back = request.query.get("back", "start")
    known = back if back in {page for page, _, _ in MENU} else "start"
    chosen = "zh" if request.query.get("to") == "zh" else "en"
    cookie = f"imago_language={chosen}; Path=/{desk.token}; SameSite=Strict; HttpOnly; Max-Age=31536000"
    response = go(desk.url(known))
    return Response(b"", status=303, headers=(*response.headers, ("Set-Cookie", cookie)))


def _steps(desk: Desk) -> tuple[Step, ...]:
    box, shop = desk.shoebox, desk.workshop
    talks, said = shop.talks(), people.all_of(box).speakers
    pages, groups = shop.pages(), shop.faces()
    named = photographs.names(box)
    asked, written = shop.questions(), answers.all_of(box)
    answered = sum(1 for q in asked if q.id in written or answers.spoken(box, q.id))
    return (
        Step(
            "speakers",
            Words("Who is who in the chats", "聊天里谁是谁"),
            sum(t.known_as in said for t in talks),
            len(talks),
            Words("Only their own words teach how they speak.", "只有本人的话，才用来学说话的样子。"),
        ),
        Step(
            "letters",
            Words("Read the scanned letters", "核对手写信"),
            sum(letters.reviewed(box, p) for p in pages),
            len(pages),
            Words("A machine read them; you know better.", "机器读的，您来把关。"),
        ),
        Step(
            "photographs",
            Words("Say who is in the photographs", "认一认照片里的人"),
            sum(g.id in named for g in groups),
            len(groups),
            Words("Strangers are left out.", "陌生人不会采用。"),
        ),
        Step(
            "questions",
            Words("Answer a few questions", "回答几个问题"),
            answered,
            len(asked),
            Words("They fill the largest gaps.", "补上最大的空缺。"),
        ),
        Step(
            "consent",
            Words("Consent", "授权"),
            int(_agreed(desk)),
            1,
            Words("Without it no frame takes the portrait.", "没有授权，相框不会接受。"),
        ),
    )


def _agreed(desk: Desk) -> bool:
    try:
        given = agreement.persona_of(desk.shoebox).consent
    except ImagoError:
        return False
    return bool(given.grants and (given.evidence or given.declaration))
