"""What all pages share: the shoebox's workshop, the mind to talk with, and how a page is made."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from device.errors import ImagoError, Missing
from provisioning.looks.render import only, render
from provisioning.memories.memory import Memory
from provisioning.report.content import Words
from provisioning.report.labels import label
from provisioning.report.page import count
from provisioning.report.reasons import reason
from provisioning.review import memories as corrections
from provisioning.studio.answer import Request, Response, html
from provisioning.studio.mind import Mind, Reply
from provisioning.studio.workshop import Workshop

TEMPLATES = Path(__file__).resolve().parent / "templates"
MENU = (
    ("start", "Start", "开始"),
    ("speakers", "Who is who", "谁是谁"),
    ("letters", "Letters", "信件"),
    ("photographs", "Photographs", "照片"),
    ("memories", "Memories", "记忆"),
    ("questions", "Questions", "问题"),
    ("listen", "Listen", "试听"),
    ("consent", "Consent", "授权"),
    ("preview", "Talk", "对话"),
    ("report", "Report", "报告"),
)
Hear = Callable[[Path, str], str]
"""A recording and its language -> what is said in it."""


@dataclass(slots=True)
class Said:
    """One turn of the preview."""

    question: str
    reply: Reply
    before: str = ""
    """What the answer was until a memory was corrected"""


@dataclass(slots=True)
class Desk:
    """The studio's memory between two requests; one request at a time."""

    workshop: Workshop
    token: str
    hear: Hear
    make_mind: Callable[[], Mind]
    """Called when somebody first talks. Raises Missing for what it needs"""
    talk: list[Said] = field(default_factory=list)
    _mind: list[Mind] = field(default_factory=list)

    @property
    def shoebox(self) -> Path:
        return self.workshop.shoebox

    def mind(self) -> Mind:
        """The mind, knowing what the family has corrected so far."""
        if not self._mind:
            self._mind.append(self.make_mind())
            self._mind[0].learn(self.memories())
        return self._mind[0]

    def learn(self) -> int:
        """Tells the mind of corrections, where there is one -> texts that were embedded anew."""
        return self._mind[0].learn(self.memories()) if self._mind else 0

    def memories(self) -> tuple[Memory, ...]:
        """As the family wants them, without those that are hidden."""
        return tuple(corrections.corrected(self.workshop.memories(), corrections.all_of(self.shoebox)))

    def memory(self, id: str, language: str = "") -> Memory:
        """One memory as the material says it. Raises Missing."""
        found = [m for m in self.workshop.memories() if m.id == id]
        if not found:
            raise Missing("memory", expected="one of this shoebox", got=id[:80])
        return next((m for m in found if m.language == language), found[0])

    def secret_order(self, what: str) -> bool:
        """A coin that always falls the same for the same words, and that nobody outside can foresee."""
        return bool(hmac.new(self.token.encode(), what.encode(), hashlib.sha256).digest()[0] & 1)

    def url(self, page: str, **query: Any) -> str:
        """Address of a page."""
        told = {key: value for key, value in query.items() if value not in ("", None)}
        return f"/{self.token}/{page}" + (f"?{urlencode(told)}" if told else "")

    def page(self, template: str, request: Request, status: int = 200, **values: Any) -> Response:
        """A page in the reader's language."""
        tell = only(request.language)
        return html(
            render(
                TEMPLATES,
                template,
                t=tell,
                w=lambda words: tell(words.en, words.zh),
                label=lambda code: _told(tell, label(code)),
                why=lambda text: _told(tell, reason(text)),
                url=self.url,
                n=count,
                language=request.language,
                menu=MENU,
                here=request.page,
                query=request.query,
                **values,
            ),
            status,
        )

    def error(self, error: ImagoError, request: Request) -> Response:
        """An error in plain words, with a way back."""
        stale = error.code == "stale"
        status = 409 if stale else 404 if isinstance(error, Missing) else 400
        yours = {name: values for name, values in request.form.items() if name in ("text", "answer", "caption")}
        return self.page("error.html", request, status, error=error, stale=stale, yours=yours)


def _told(tell: Callable[..., str], words: Words) -> str:
    return tell(words.en, words.zh)
