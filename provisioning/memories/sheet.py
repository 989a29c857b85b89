"""The questions as a sheet to print and write on, and as a text file to type the answers into. Pure."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path

from device.schema import read_toml
from provisioning.memories.memory import Question
from provisioning.memories.questions import ASKED

_TEXTS = read_toml(Path(__file__).with_name("sheet.toml"))


def sheet(questions: Sequence[Question], name: str, most: int = 16) -> str:
    """A page to print on A4 and write on, in both languages; stands by itself, with nothing to load."""
    shown = questions[:most]
    example = next((q.id for q in shown if q.id in ASKED), "childhood-home")
    sections = "".join(_section(number, q) for number, q in enumerate(shown, 1))
    title = html.escape(name)
    how = "".join(f"<p>{html.escape(_TEXTS[code].format(example=example))}</p>" for code in ("zh", "en"))
    return (
        f'<!doctype html><html lang="zh"><meta charset="utf-8"><title>{title}</title><style>{_TEXTS["style"]}</style>'
        "<body>"
        f"<header><h1>关于{title}，只有你们知道的事<br>What only you know about {title}</h1>"
        f"{how}</header>"
        f"{sections}<footer>照片和字都留在家里这台电脑上。 Everything stays on this computer at home.</footer>"
        "</body></html>\n"
    )


def _section(number: int, question: Question) -> str:
    e = html.escape
    return (
        f'<section><div class="id">{e(question.id)}</div>'
        f"<h2><b>{number}</b>{e(question.zh)}<span>{e(question.en)}</span></h2>"
        f'<p class="why">{e(question.why_zh)} {e(question.why_en)}</p><div class="lines"></div></section>'
    )


def answers_template(questions: Sequence[Question], most: int = 16) -> str:
    """`review/answers.txt` to begin with: every question as a note, an empty line where the answer goes."""
    head = "# Write each answer below its question, in their words. 在每个问题下面写回答，用他们自己的话。\n"
    return head + "".join(f"\n# {q.zh} {q.en}\n# question: {q.id}\n\n" for q in questions[:most])
