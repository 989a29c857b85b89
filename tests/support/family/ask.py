"""``python -m tests.support.family.ask PERSONA [--five]``: asks what was built of a shoebox, and says what is wrong.

PERSONA is the folder of an unpacked persona, or the id of an installed one. It thinks with the frame's own mind, by
text. `--json FILE` writes what was right and wrong."""

from __future__ import annotations

import argparse
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

from device.app import load_mind
from device.clock import SystemClock
from device.commands.persona_choice import find
from device.conversation import events as ev
from device.persona.unpacked import Persona
from device.ports import Transcript
from tests.support.family import questions
from tests.support.family.questions import Question

Answer = tuple[str, tuple[str, ...], bool]
"""What is said, the ids of the memories it stands on, and whether it says that it does not remember."""


def sources(memory: Path) -> dict[str, tuple[str, ...]]:
    """Memory's id -> files of the shoebox that it comes from, as questions cite them."""
    database = sqlite3.connect(f"file:{memory}?mode=ro", uri=True)
    try:
        rows = database.execute("SELECT id, source FROM memories").fetchall()
    finally:
        database.close()
    found: dict[str, tuple[str, ...]] = {}
    for name, source in rows:
        cited = f"{source}#{name}" if str(source).startswith("stories") else str(source).partition("#")[0]
        found[str(name)] = (*found.get(str(name), ()), cited)
    return found


def mind(persona: Persona) -> Callable[[Question], Answer]:
    """The persona's mind."""
    thinking = load_mind(persona, SystemClock())

    def answer(asked: Question) -> Answer:
        events: list[ev.Event] = []
        thinking.answer(1, Transcript(asked.text, asked.lang, 1.0), events.append, lambda: False)
        began = next(each for each in events if isinstance(each, ev.AnswerBegan))
        said = " ".join(each.text.strip() for each in events if isinstance(each, ev.ClauseReady))
        return said, tuple(began.evidence), began.abstained

    return answer


def main() -> None:
    """Prints each question, its answer and its mistakes; then how many were right."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.family.ask")
    parser.add_argument("persona")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--five", action="store_true", help="the questions of the shoebox of five photographs")
    options = parser.parse_args()
    asked = questions.load("questions_five.toml" if options.five else "questions.toml")
    persona = find(options.persona, print)
    where, answer = sources(persona.memory_path), mind(persona)
    right = 0
    told: dict[str, list[str]] = {}
    for each in asked:
        said, evidence, abstained = answer(each)
        cited = tuple(source for name in evidence for source in where.get(name, (name,)))
        wrong = questions.mistakes(each, said, cited, abstained)
        right += not wrong
        told[each.id] = wrong
        print(f"{'    ' if wrong else 'ok  '}{each.id}: {each.text}\n      {said} {list(cited)}")
        for mistake in wrong:
            print(f"      - {mistake}")
    print(f"{right} of {len(asked)} right")
    if options.json:
        options.json.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
