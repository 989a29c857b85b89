"""What only the family knows and would help most: questions for the topics of which the material tells least. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from device.schema import read_toml
from provisioning.memories.memory import Question

_TOPICS = read_toml(Path(__file__).with_name("questions.toml"))["topic"]
_WORDS = {topic: re.compile(table["words"], re.IGNORECASE) for topic, table in _TOPICS.items()}
_LATER = 0.15
"""What each further question of one topic loses: first one of each."""

TOPICS = tuple(_TOPICS)
ASKED = {ask["id"]: ask for table in _TOPICS.values() for ask in table["ask"]}
"""Question id -> its words in `en` and `zh`."""


def id_for(kind: str, name: str) -> str:
    """Of a question about somebody or some place, in letters that may name a file."""
    plain = name if name.isascii() and name.isalnum() else hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{kind}-{plain}" if name else kind


def is_about_facts(id: str) -> bool:
    """Whether an answer settles who somebody is or when something was, and is no memory."""
    return id.startswith(("kin-", "when-"))


def coverage(texts: Iterable[str]) -> dict[str, int]:
    """Topic -> how many texts speak of it."""
    found = dict.fromkeys(TOPICS, 0)
    for text in texts:
        for topic, pattern in _WORDS.items():
            if pattern.search(text):
                found[topic] += 1
    return found


def gaps(covered: Mapping[str, int], answered: Collection[str] = ()) -> tuple[Question, ...]:
    """Unanswered questions, of the emptiest topics first; topics that have enough are not asked about."""
    asked = []
    for topic, table in _TOPICS.items():
        missing = 1 - covered.get(topic, 0) / table["enough"]
        left = [ask for ask in table["ask"] if ask["id"] not in answered]
        for later, ask in enumerate(left):
            weight = round(missing - _LATER * later, 3)
            if weight > 0:
                whys = table["why_en"], table["why_zh"]
                asked.append(Question(ask["id"], topic, ask["en"], ask["zh"], *whys, weight))
    order = list(_TOPICS)
    return tuple(sorted(asked, key=lambda q: (-q.weight, order.index(q.topic), q.id)))
