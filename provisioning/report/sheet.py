"""The sheet of questions: to be printed, and filled in with a pen at the kitchen table."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from provisioning.looks.render import both, render, style
from provisioning.memories.memory import Question
from provisioning.report.content import About
from provisioning.report.labels import label
from provisioning.report.page import TEMPLATES


def sheet(person: About, questions: Sequence[Question], language: str = "en") -> str:
    """The page; questions of one topic stand together, the most helpful topic first."""
    best: dict[str, float] = {}
    for question in questions:
        best[question.topic] = max(best.get(question.topic, 0.0), question.weight)
    ordered = sorted(questions, key=lambda q: (-best[q.topic], q.topic, -q.weight, q.id))
    groups = [(label(topic), list(group)) for topic, group in groupby(ordered, key=lambda q: q.topic)]
    first = language if language in ("en", "zh") else "en"
    return render(TEMPLATES, "sheet.html", person=person, groups=groups, t=both, style=style(), first=first)
