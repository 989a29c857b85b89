"""Drafts of conversations, and the person's every message for their style."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from provisioning.importers.item import Item
from provisioning.memories import chaff
from provisioning.memories.draft import Draft, language
from provisioning.memories.episodes import PAUSE, Telling, seconds, tellings
from provisioning.memories.kin_evidence import PRONOUNS, Evidence, addressing
from provisioning.memories.kin_path import Path
from provisioning.memories.kinship import turned, ways
from provisioning.memories.memory import Cited
from provisioning.memories.pieces import MAX_CHARACTERS, cut
from provisioning.style.utterance import Utterance

LAUGHED_WITHIN = 180
"""s after which a laugh is about something else."""
MOST_TELLINGS = 6000
"""Of all chats together. Each is embedded with all its sentences (some 30 ms a text on one core), and what a talk of
years says every day hides what it says once."""
ASKED_FOR = 0.5
"""What a question adds to a telling's substance."""
Chats = Mapping[tuple[str, str], Sequence[Item]]
Wrote = Callable[[Item], bool]


def conversations(items: Iterable[Item]) -> Chats:
    """Messages by file and conversation, in their order."""
    found: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in items:
        if item.kind == "message":
            found[item.where.path, item.chat].append(item)
    return found


def partner(chat: Sequence[Item], wrote: Wrote) -> str:
    """Name of the one other who takes part; "" where there are several or none."""
    others = {item.speaker or item.name: item.name or item.speaker for item in chat if not wrote(item)}
    name = next(iter(others.values())) if len(others) == 1 else ""
    return "" if name.lower() in PRONOUNS else name


def kin_evidence(chat: Sequence[Item], wrote: Wrote) -> Iterator[Evidence]:
    """Who calls the person by a kinship word in a talk of two; or whose phone lists them under one."""
    other = partner(chat, wrote)
    if not other:
        return
    for item in chat:
        cited = Cited(item.where.path, item.where.line)
        if wrote(item):
            listed = turned(ways(item.name)) if item.own is False else ()
            if listed:
                yield Evidence(other, listed, cited)
                return
        elif item.text and (found := addressing(item.text)):
            yield Evidence(other, found, cited)


def told_in(chats: Chats, wrote: Wrote, copied: frozenset[str], left_out: Counter[str]) -> list[tuple[Telling, str]]:
    """All tellings, each with the name of whom it is said to; "" where that is not certain. A chat in which the person
    does not take part is counted as a whole."""
    found = []
    for chat in chats.values():
        if not any(wrote(item) for item in chat):
            left_out["a chat of which nobody said who the person is"] += len(chat)
            continue
        other = partner(chat, wrote)
        found += [(t, t.asked_by or other) for t in tellings(chat, wrote, copied, left_out)]
    return found


def heaviest(
    told: Sequence[tuple[Telling, str]], left_out: Counter[str], most: int = MOST_TELLINGS
) -> list[tuple[Telling, str]]:
    """The `most` that tell most, in their order: an answer to a question weighs more."""
    if len(told) <= most:
        return list(told)
    weights = [chaff.substance(t.text) + (ASKED_FOR if t.question else 0.0) for t, _ in told]
    kept = set(sorted(range(len(told)), key=lambda at: (-weights[at], at))[:most])
    left_out["lighter than the heaviest tellings"] += sum(
        len(told[i][0].items) for i in range(len(told)) if i not in kept
    )
    return [one for at, one in enumerate(told) if at in kept]


def from_telling(telling: Telling, to: tuple[Path, ...]) -> Iterator[Draft]:
    """A telling in pieces; the question goes with the first."""
    first = telling.items[0]
    cited = Cited(first.where.path, first.where.line, told=first.when.start)
    whole = len(telling.text) <= MAX_CHARACTERS
    for number, text in enumerate([telling.text] if whole else cut(telling.text)):
        question = "" if number else telling.question
        yield Draft(text, cited, "message", language=language(text), question=question, to=to)


def utterances(
    chat: Sequence[Item], wrote: Wrote, to: Callable[[str], str], copied: frozenset[str]
) -> Iterator[Utterance]:
    """Everything that the person wrote in a conversation, but for what they only passed on."""
    other = to(partner(chat, wrote))
    own = [i for i, item in enumerate(chat) if wrote(item) and item.text.strip() and item.text not in copied]
    own = [i for i in own if chaff.reason_of(chat[i].text) not in chaff.PASSED_ON]
    times = [seconds(item) for item in chat]
    for at, index in enumerate(own):
        item = chat[index]
        before = own[at - 1] if at else None
        after = own[at + 1] if at + 1 < len(own) else None
        yield Utterance(
            item.text,
            language(item.text),
            "message",
            item.when.start[:10],
            other,
            opens=before is None or _apart(times, before, index),
            closes=after is None or _apart(times, index, after),
            laughed=_laughed(chat, times, index, wrote),
        )


def _apart(times: Sequence[float | None], one: int, other: int) -> bool:
    """Whether nobody wrote for a while somewhere between two messages."""
    for at in range(one, other):
        before, after = times[at], times[at + 1]
        if before is not None and after is not None and abs(after - before) > PAUSE:
            return True
    return False


def _laughed(chat: Sequence[Item], times: Sequence[float | None], index: int, wrote: Wrote) -> bool:
    """Whether the next message is somebody else's laugh, soon after."""
    if index + 1 >= len(chat) or wrote(chat[index + 1]):
        return False
    then, now = times[index + 1], times[index]
    soon = then is None or now is None or then - now <= LAUGHED_WITHIN
    return soon and chaff.laughs(chat[index + 1].text)
