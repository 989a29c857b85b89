"""Cuts a conversation into what the person told in it: their messages that follow one another, with the question that
was put to them just before. Pure.

A pause, or something of weight from somebody else, ends a telling; an "mhm" between does not. What others wrote is
never part of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from device.mind import sentences
from provisioning.importers.item import Item
from provisioning.memories import chaff
from provisioning.memories.pieces import joined, spoken

PAUSE = 30 * 60
"""s without a message after which something else is talked of."""
WEIGHTY = 0.4
"""Substance (`chaff.substance`) of what becomes a memory by itself."""
ANSWER = 0.12
"""Substance of an answer to a question about former times or likings."""
LONGEST = 60
"""Messages of one telling: a talk that goes on for days is several."""
LONGEST_QUESTION = 120
"""Characters."""

_ASKS = re.compile(
    r"[?？]\s*$|[吗呢么]\s*[~～。！!]*$|^(?:what|where|who|when|why|how|did|do|does|were|was|are|is|can|have|tell me)\b"
    r"|什么|怎么|哪[里儿个年]|为什么|几[岁时个]|谁|讲讲|说说",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Telling:
    """Consecutive messages of the person."""

    items: tuple[Item, ...]
    text: str
    question: str = ""
    asked_by: str = ""


@dataclass
class _Run:
    items: list[Item] = field(default_factory=list)
    question: Item | None = None


def tellings(
    items: Iterable[Item], wrote: Callable[[Item], bool], copied: frozenset[str], left_out: Counter[str]
) -> Iterator[Telling]:
    """Those of one conversation, in its order; what tells nothing is counted in `left_out` by its reason."""
    run, asked, last = _Run(), None, None
    for item in items:
        if _paused(last, item):
            yield from _told(run, left_out)
            run, asked = _Run(), None
        last = item
        reason = "a copied text" if item.text in copied else chaff.reason_against(item)
        if not wrote(item):
            left_out["another's message"] += 1
            if not reason:
                yield from _told(run, left_out)
                run, asked = _Run(), item
        elif reason:
            left_out[reason] += 1
        else:
            if len(run.items) >= LONGEST:
                yield from _told(run, left_out)
                run = _Run()
            run.question = run.question or asked
            run.items.append(item)
    yield from _told(run, left_out)


def question_of(text: str) -> str:
    """The question that a message ends with; "" for none."""
    parts = sentences.split(spoken(text))
    last = parts[-1] if parts else ""
    return last if len(last) <= LONGEST_QUESTION and _ASKS.search(last) and not chaff.reason_of(last) else ""


def seconds(item: Item) -> float | None:
    """Since some fixed moment; None where the time of day is not known."""
    try:
        return datetime.fromisoformat(item.when.start).timestamp() if len(item.when.start) > 10 else None
    except (ValueError, OverflowError, OSError):
        return None


def _paused(last: Item | None, item: Item) -> bool:
    if last is None or last.when.start == item.when.start:
        return False
    before, now = seconds(last), seconds(item)
    return before is not None and now is not None and abs(now - before) > PAUSE


def _told(run: _Run, left_out: Counter[str]) -> Iterator[Telling]:
    if not run.items:
        return
    text = joined([spoken(item.text) for item in run.items])
    question = question_of(run.question.text) if run.question else ""
    weight = chaff.substance(text)
    if weight >= WEIGHTY or (question and weight >= ANSWER and chaff.tells(question)):
        yield Telling(tuple(run.items), text, question, _name(run.question) if question else "")
    else:
        left_out["too little to be a memory"] += len(run.items)


def _name(item: Item | None) -> str:
    return (item.name or item.speaker) if item else ""
