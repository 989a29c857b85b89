"""Memories that give two years for what happens only once: the family is asked, and nothing is decided for it. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from device.schema import read_toml
from provisioning.memories.memory import Memory, Question
from provisioning.memories.questions import id_for
from provisioning.memories.same_name import spelled

CERTAIN = 0.9
"""Confidence of a year that counts: one that was written, not reckoned."""

_EVENTS = read_toml(Path(__file__).with_name("dissent.toml"))
_WORDS = {name: re.compile(event["words"]) for name, event in _EVENTS.items()}


def dissent(memories: Iterable[Memory]) -> tuple[Question, ...]:
    """A question for each event with several years, the same each time."""
    years: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for memory in memories:
        if memory.when and memory.confidence >= CERTAIN:
            for name, pattern in _WORDS.items():
                for match in pattern.finditer(memory.text):
                    key = _known(years, name, _who(match))
                    years[key][memory.when[:4]].append(memory.id)
                    break
    return tuple(_question(name, who, told) for (name, who), told in sorted(years.items()) if len(told) > 1)


def _who(match: re.Match[str]) -> str:
    found = match.groupdict()
    return found.get("who") or found.get("who_en") or ""


def _known(years: Iterable[tuple[str, str]], name: str, who: str) -> tuple[str, str]:
    """The same event in another spelling: Hangzhou and 杭州."""
    for event, other in years:
        if event == name and who != other and (spelled(who, other) or spelled(other, who)):
            return event, other
    return name, who


def _question(name: str, who: str, told: Mapping[str, list[str]]) -> Question:
    event = _EVENTS[name]
    which = sorted(told)
    where = "; ".join(f"{year}: {told[year][0]}" for year in which)
    return Question(
        id_for(f"when-{name}", who),
        "dates",
        f"In which year was {event['en'].format(who=who)}? It is told as {' and '.join(which)}.",
        f"{event['zh'].format(who=who)}是哪一年？材料里有{'、'.join(which)}几种说法。",
        f"The memories say {where}; correct the one that is wrong.",
        f"出处：{where}；请改正不对的那一条。",
        1.0,
    )
