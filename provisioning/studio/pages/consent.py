"""Consent, step by step: by whom, with what evidence, for what, and what they wished."""

from __future__ import annotations

from functools import partial
from itertools import count

from device.errors import BadInput, Missing
from device.persona.pack.consent import NEAR, NEAREST
from device.persona.pack.manifest import Grant
from provisioning import consent
from provisioning.looks.files import browser_sound
from provisioning.report.content import Words
from provisioning.report.labels import label
from provisioning.review import agreement, answers, files
from provisioning.studio.answer import Request, Response, go, json
from provisioning.studio.desk import Desk
from provisioning.studio.pages.photographs import listed

MEANING: dict[str, Words] = {
    "likeness": Words("Their face may move and look at you.", "他们的脸可以动，可以看着您。"),
    "voice": Words(
        "Recordings may be played, and a voice like theirs may say new sentences. It is marked as generated.",
        "可以播放原声，也可以用相近的声音说新的句子，并标明是生成的。",
    ),
    "letters": Words("What they wrote may be remembered and quoted.", "写过的信可以被记住、被引用。"),
    "chats": Words(
        "Their own messages may be remembered; other people's words are left out.",
        "本人的聊天内容可以被记住；别人的话不采用。",
    ),
    "photographs": Words("Photographs may be shown in the album.", "照片可以放进相册展示。"),
}

LACKS: dict[str, Words] = {
    "consent.living": Words("A living person must agree themselves.", "在世的人要本人同意。"),
    "consent.relation": Words(
        "Who agrees must be a spouse, child, parent or other near relative.",
        "同意的人要是配偶、子女、父母或其他近亲属。",
    ),
    "consent.evidence": Words("Evidence of the relation and the death is lacking.", "还缺亲属关系和去世的证明。"),
    "consent.declaration": Words("The person has not read the sentence aloud yet.", "本人还没有朗读那句话。"),
    "consent.match": Words("Too little of the sentence was heard.", "朗读的内容没有听清。"),
    **{
        f"consent.grant-{grant}": Words(f"Not granted yet: {label(grant).en.lower()}", f"还没有同意：{label(grant).zh}")
        for grant in agreement.GRANTS
    },
}


def show(desk: Desk, request: Request) -> Response:
    """All steps, and what a frame would say now."""
    file = agreement.persona_of(desk.shoebox)
    lying = agreement.evidence(desk.shoebox)
    given = file.consent
    result = agreement.outcome(desk.shoebox, desk.hear, needed(desk)) if "judge" in request.query else None
    return desk.page(
        "agreement.html",
        request,
        file=file,
        given=given,
        seen=agreement.shown(desk.shoebox),
        lying=tuple(dict.fromkeys((*lying, *given.evidence))),
        missing=[name for name in given.evidence if not (desk.shoebox / name).is_file()],
        grants=agreement.GRANTS,
        meaning=MEANING,
        relations=sorted(NEAREST | NEAR, key=lambda r: (r not in NEAREST, r)),
        sentence=_asked(desk),
        result=result,
        lacks=_lacks(result, given.basis),
        numbers=lambda: partial(next, count(1)),
    )


def _lacks(result: agreement.Outcome | None, basis: str) -> Words | None:
    """What is lacking, in the family's words; None where the rule's own must do."""
    if result is None or result.good:
        return None
    if not result.code and basis == "self" and result.got == "none":
        return LACKS["consent.declaration"]
    return LACKS.get(result.code)


def needed(desk: Desk) -> tuple[Grant, ...]:
    """What this shoebox's material needs to be granted."""
    return ("likeness", "photographs") if desk.workshop.photographs() else ("likeness",)


def save(desk: Desk, request: Request) -> Response:
    """One step's form."""
    step, seen = request.one("step"), request.one("seen")
    if step == "who":
        values: dict[str, object] = {"basis": request.one("basis"), "by": request.one("by").strip()}
        values["relation"] = request.one("relation").strip()
    elif step == "evidence":
        chosen, lying = request.form.get("file", []), agreement.evidence(desk.shoebox)
        values = {"evidence": [name for name in chosen if name in lying]}
    elif step == "grants":
        values = {"grants": [g for g in agreement.GRANTS if g in request.form.get("grant", [])]}
    elif step == "wishes":
        values = {"wishes": request.one("wishes").strip(), "who": request.one("for")}
        values["names"] = list(listed(request.one("names")))
    else:
        raise BadInput("step", expected="who, evidence, grants or wishes", got=step[:40])
    agreement.change(desk.shoebox, values, seen)
    return go(desk.url("consent") + f"#{step}")


def sentence(desk: Desk, request: Request) -> Response:
    """A new sentence to read aloud; a recording of the one before counts no more."""
    consent.ask(desk.shoebox, agreement.persona_of(desk.shoebox))
    return go(desk.url("consent") + "#declaration")


def evidence(desk: Desk, request: Request) -> Response:
    """A copy of a document, put into the shoebox."""
    return json({"kept": agreement.keep_evidence(desk.shoebox, request.query.get("name", ""), request.body)})


def declaration(desk: Desk, request: Request) -> Response:
    """The living person's own voice; what is said in it is heard at once."""
    kind = browser_sound(request.body)
    if kind not in answers.SUFFIXES:
        raise BadInput("recording", expected="sound", got=request.kind[:40] or "something else")
    if not _asked(desk):
        raise Missing("sentence", expected="one to read aloud", got="none yet")
    name = agreement.keep_declaration(desk.shoebox, request.body, answers.SUFFIXES[kind])
    agreement.change(desk.shoebox, {"basis": "self", "declaration": name}, request.query.get("seen", ""))
    result = agreement.outcome(desk.shoebox, desk.hear, needed(desk))
    again = desk.url("declaration", seen=agreement.shown(desk.shoebox))
    return json({"good": result.good, "expected": result.expected, "heard": result.got, "again": again})


def _asked(desk: Desk) -> str:
    """The sentence that waits to be read; "" none."""
    content = files.read(desk.shoebox / consent.SENTENCE)
    if content is None:
        return ""
    import json as decoder

    try:
        noted = decoder.loads(content)
        return consent.sentence(
            str(noted["nonce"]), agreement.persona_of(desk.shoebox).person.name, str(noted["language"])
        )
    except (ValueError, KeyError, TypeError):
        return ""
