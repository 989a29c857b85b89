"""Asks the demo persona spoken questions through the whole frame and judges what came of it.

`python -m tests.scenarios.spoken OUT [LANGUAGE]`: five questions a language that the memories answer and one that
they do not, in another voice, in real time; writes OUT/conversation.json (with the film) and OUT/spoken.json with the
error rate of what was heard and whether the answer came from the right memory.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from device.bench.word_errors import error_rate
from device.commands import converse
from device.commands.demo import fetch_missing, spoken
from device.commands.output import progress, write_json
from device.commands.persona_choice import find
from device.libraries import prepare_libraries
from device.rehearsal import Question

QUESTIONS: dict[str, list[tuple[str, set[str]]]] = {
    "en": [
        ("Grandpa, how did you meet Grandma?", {"how-we-met"}),
        ("What did your father do for a living?", {"father-ferryman"}),
        ("Did you ever have a dog?", {"never-a-dog"}),
        ("What did you buy with your first wages?", {"first-wages"}),
        ("What does your name mean?", {"my-name"}),
        ("What colour was your first car?", set()),
    ],
    "zh": [
        ("外公，你和外婆是怎么认识的？", {"how-we-met"}),
        ("你爸爸是做什么工作的？", {"father-ferryman"}),
        ("你养过狗吗？", {"never-a-dog"}),
        ("你的名字是什么意思？", {"my-name"}),
        ("你小时候住在哪里？", {"salt-boat-lane"}),
        ("你最喜欢哪个足球队？", set()),
    ],
}


def judge(language: str, turns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One verdict a question."""
    return [
        {
            "asked": asked,
            "heard": turn["heard"],
            "error_rate": round(error_rate(asked, turn["heard"], language), 3),
            "right": turn["abstained"] if not expected else bool(expected & set(turn["evidence"])),
            "abstained": turn["abstained"],
            "said": turn["said"],
            "latency_ms": turn["latency_ms"],
        }
        for (asked, expected), turn in zip(QUESTIONS[language], turns, strict=True)
    ]


def main() -> int:
    """Runs one language, or both."""
    prepare_libraries()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("languages", nargs="*", default=["en", "zh"])
    chosen = parser.parse_args()
    fetch_missing()
    questions = [Question(t, spoken(t, code)) for code in chosen.languages for t, _ in QUESTIONS[code]]
    options = argparse.Namespace(out=chosen.out, size="1280x720", window=False, aloud=False, no_film=False, json=False)
    turns = converse.converse(find("demo", progress), questions, options)["turns"]
    verdicts: dict[str, Any] = {}
    for code in chosen.languages:
        own, turns = turns[: len(QUESTIONS[code])], turns[len(QUESTIONS[code]) :]
        verdicts[code] = judge(code, own)
    write_json(chosen.out / "spoken.json", verdicts)
    print(json.dumps(verdicts, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
