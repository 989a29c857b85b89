"""``imago-provision preview SHOEBOX``: talk with the persona on this computer, before anything is signed."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from pathlib import Path
from typing import Any

from device.errors import Usage
from provisioning.commands.output import progress
from provisioning.memories.memory import Memory
from provisioning.studio.mind import Mind, Reply

Told = dict[tuple[str, str], Memory]
"""(id, language) -> memory"""


def add_parser(subparsers: Any) -> None:
    """Adds ``preview`` to the command line."""
    parser = subparsers.add_parser("preview", help="talk with it by text before anything is signed")
    parser.add_argument("shoebox", type=Path, metavar="SHOEBOX")
    parser.add_argument(
        "--say", action="append", default=[], metavar="TEXT", help="a question; several follow each other"
    )
    parser.add_argument("--json", action="store_true", help="a line of JSON for each answer")
    parser.add_argument("--no-model", action="store_true", help="memories and ready lines only; begins at once")


def run(options: argparse.Namespace) -> int:
    """Answers what is said, or whatever is typed until an empty line."""
    from provisioning.commands.preview_mind import frames_mind
    from provisioning.commands.workshops import open_workshop
    from provisioning.review import memories

    if any(not text.strip() for text in options.say):
        raise Usage("preview", expected="a question", got="an empty text")
    workshop = open_workshop(options.shoebox)
    known = tuple(memories.corrected(workshop.memories(), memories.all_of(options.shoebox)))
    mind = frames_mind(options.shoebox, progress, model=not options.no_model)
    mind.learn(known)
    told = {(memory.id, memory.language): memory for memory in known}
    if options.say:
        for text in options.say:
            answer(mind, text, told, options.json)
        return 0
    progress("ask; an empty line ends it / 请提问，空行结束")
    with contextlib.suppress(EOFError):
        while text := input("> " if sys.stdin.isatty() else "").strip():
            answer(mind, text, told, options.json)
    return 0


def answer(mind: Mind, text: str, told: Told, as_json: bool) -> None:
    """Asks, and prints the reply and what it rests on."""
    reply = mind.ask(text)
    if as_json:
        print(json.dumps(as_object(text, reply, told), ensure_ascii=False))
        return
    print(reply.text)
    for memory in cited(reply, told):
        print(f"    <- {place(memory)}: {memory.text}")


def cited(reply: Reply, told: Told) -> list[Memory]:
    """What it rests on, in the language that it was quoted in."""
    return [memory for id in reply.evidence if (memory := told.get((id, reply.language))) is not None]


def as_object(text: str, reply: Reply, told: Told) -> dict[str, Any]:
    """For programs, in the words of `imago ask`."""
    return {
        "asked": text,
        "reply": reply.text,
        "route": reply.route,
        "evidence": list(reply.evidence),
        "abstained": reply.abstained,
        "sources": [place(memory) for memory in cited(reply, told)],
    }


def place(memory: Memory) -> str:
    """Where a memory stands in the material."""
    source = memory.source
    return f"{source.path}:{source.line}" if source.line else source.path
