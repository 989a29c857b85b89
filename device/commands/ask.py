"""``imago ask``: one turn by text through the mind alone: no ears, no voice, no face."""

from __future__ import annotations

import argparse
import json
import re
from typing import Any

from device.app import load_mind
from device.clock import SystemClock
from device.commands.output import progress
from device.commands.persona_choice import find
from device.conversation import events as ev
from device.errors import Usage
from device.ports import Transcript

_HAN = re.compile(r"[\u3400-\u9fff]")


def add_parser(subparsers: Any) -> None:
    """Adds ``ask`` to the command line."""
    parser = subparsers.add_parser("ask", help="one question by text: the reply, its route and its evidence")
    parser.add_argument("--persona", default="demo", metavar="P", help="a persona's folder, its id, or demo")
    parser.add_argument("--json", action="store_true", help="report as JSON")
    parser.add_argument("text", metavar="TEXT")


def run(options: argparse.Namespace) -> int:
    """Prints the reply."""
    if not options.text.strip():
        raise Usage("ask", expected="a question", got="an empty text")
    persona = find(options.persona, progress)
    clock = SystemClock()
    mind = load_mind(persona, clock)
    language = "zh" if _HAN.search(options.text) else "en"
    events: list[ev.Event] = []
    start = clock.now()
    mind.answer(1, Transcript(options.text, language, 1.0), events.append, lambda: False)
    report = {"persona": persona.id, "asked": options.text, **_reply(events, language, start)}
    print(json.dumps(report, ensure_ascii=False) if options.json else report["reply"])
    return 0


def _reply(events: list[ev.Event], language: str, start: float) -> dict[str, Any]:
    began = next(e for e in events if isinstance(e, ev.AnswerBegan))
    clauses = [e for e in events if isinstance(e, ev.ClauseReady)]
    return {
        "reply": ("" if language == "zh" else " ").join(c.text.strip() for c in clauses),
        "route": began.route,
        "evidence": list(began.evidence),
        "abstained": began.abstained,
        "photos": list(began.pictures.files),
        "first_clause_ms": round((clauses[0].t - start) * 1000, 1) if clauses else None,
    }
