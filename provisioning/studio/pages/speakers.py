"""Which of these is Grandpa? And who are the others?"""

from __future__ import annotations

from device.errors import Missing
from provisioning.review import files, people
from provisioning.studio.answer import Request, Response, go
from provisioning.studio.desk import Desk

NOBODY = ""
KINDS = (
    "wife",
    "husband",
    "son",
    "daughter",
    "father",
    "mother",
    "elder-brother",
    "younger-brother",
    "elder-sister",
    "younger-sister",
    "sons-son",
    "sons-daughter",
    "daughters-son",
    "daughters-daughter",
    "mothers-father",
    "mothers-mother",
    "fathers-father",
    "fathers-mother",
    "daughters-husband",
    "sons-wife",
    "fathers-elder-brother",
    "fathers-younger-brother",
    "fathers-sister",
    "mothers-brother",
    "mothers-sister",
    "brothers-son",
    "brothers-daughter",
    "sisters-son",
    "sisters-daughter",
    "wifes-father",
    "wifes-mother",
    "husbands-father",
    "husbands-mother",
)
"""As `memories.kin_path.word` writes them"""
NONE = "none"


def show(desk: Desk, request: Request) -> Response:
    """The page."""
    from provisioning.report import kinship
    from provisioning.review.agreement import persona_of

    said = people.all_of(desk.shoebox)
    tables = ("speakers", "kinship", "merge")
    seen = {table: files.seen_in(desk.shoebox / people.FILE, table) for table in tables}
    talks = [(talk, seen["speakers"](talk.known_as)) for talk in desk.workshop.talks()]
    named = [r for r in desk.workshop.relatives() if r.name]
    relatives = [(r, seen["kinship"](r.name), seen["merge"](r.name)) for r in named]
    kinds = [(kind, kinship.english(kind), kinship.chinese(kind)) for kind in KINDS]
    kin = {r.kinship: (kinship.english(r.kinship), kinship.chinese(r.kinship)) for r in named}
    person = persona_of(desk.shoebox).person
    called = next((c for c in person.called if c.isascii() == (request.language == "en")), person.name)
    return desk.page(
        "speakers.html", request, said=said, talks=talks, relatives=relatives, kinds=kinds, called=called, kin=kin
    )


def save(desk: Desk, request: Request) -> Response:
    """Who is the person in one chat."""
    key, speaker = request.one("talk"), request.one("speaker")
    talk = next((talk for talk in desk.workshop.talks() if talk.known_as == key), None)
    if talk is None or speaker not in (NOBODY, *(candidate.speaker for candidate in talk.candidates)):
        raise Missing("speaker", expected="one of this chat", got=speaker[:80])
    people.say(desk.shoebox, "speakers", key, speaker, request.one("seen"))
    return go(desk.url("speakers"))


def person(desk: Desk, request: Request) -> Response:
    """Kinship of somebody, or that they are somebody else under another name."""
    name, kind, other = request.one("name"), request.one("kinship"), request.one("same").strip()
    known = {r.name: r for r in desk.workshop.relatives() if r.name}
    if name not in known or kind not in ("", NONE, *KINDS):
        raise Missing("name", expected="one of the family", got=name[:80])
    box, said = desk.shoebox, people.all_of(desk.shoebox)
    wanted = None if not kind else "" if kind == NONE else kind
    if wanted != said.kinship.get(name):
        people.say(box, "kinship", name, wanted, request.one("seen-kinship"))
    if other != said.merge.get(name, "") and other != name:
        people.say(box, "merge", name, other or None, request.one("seen-merge"))
    return go(desk.url("speakers"))
