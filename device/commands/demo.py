"""``imago demo``: one whole conversation with the demo persona, from a spoken question to a film of the answer."""

from __future__ import annotations

import argparse
import hashlib
import os
from pathlib import Path
from typing import Any

import numpy as np

from device import config
from device.commands import converse
from device.commands.models import bring
from device.commands.output import progress
from device.commands.persona_choice import DEMO, find
from device.errors import Usage
from device.ports import MIC_RATE, Pcm
from device.rehearsal import Question
from models_quantized import catalog

QUESTIONS = {"en": "Grandpa, how did you meet Grandma?", "zh": "外公，你和外婆是怎么认识的？"}
TAIL_S = 0.3
"""s of room after a synthesised question."""


def add_parser(subparsers: Any) -> None:
    """Adds ``demo`` to the command line."""
    parser = subparsers.add_parser("demo", help="one whole conversation with the demo persona, screen or not")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--wav", type=Path, metavar="Q.wav", help="ask this recording")
    what.add_argument("--say", metavar="TEXT", help="ask this, spoken by another voice")
    parser.add_argument("--lang", choices=("en", "zh"), help="language of the question (English)")
    converse.add_output_options(parser)
    parser.add_argument(
        "--headless", action="store_true", help="neither window nor sound, even where they are to be had"
    )
    for action in parser._actions:
        if action.dest == "out":
            action.required, action.default = False, Path("out")


def run(options: argparse.Namespace) -> int:
    """Fetches what is missing, asks one question, tells how it went."""
    if options.say is not None and not options.say.strip():
        raise Usage("demo", expected="something to say", got="an empty text")
    fetch_missing()
    persona = find(DEMO, progress)
    if options.wav:
        question = converse.recorded(options.wav)
    else:
        text = options.say or QUESTIONS[options.lang or "en"]
        question = Question(f"asked: {text}", spoken(text, options.lang or language_of(text)))
    if not options.headless:
        options.window |= screen_there()
        options.aloud = True
    report = converse.converse(persona, [question], options)
    summary(report, options.out)
    return 0


def screen_there() -> bool:
    """Whether a window can be opened: a demonstration is not the place to take over a whole console."""
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def fetch_missing() -> None:
    """The models of the profile `demo`, once."""
    models = catalog.load().profile("demo")
    if any(catalog.state(model, file) != "verified" for model in models for file in model.files):
        bring(models, None, as_json=False)


def language_of(text: str) -> str:
    """ "zh" where there are Chinese characters."""
    return "zh" if any("\u3400" <= c <= "\u9fff" for c in text) else "en"


def spoken(text: str, language: str, speaker: int = 0) -> Pcm:
    """The question in another voice than the persona's (`voice/questions.py`); kept, so that the second demo starts
    sooner."""
    from device.voice.questions import SPEAKERS, question_voice

    who = f" {SPEAKERS[speaker]}" if speaker else ""
    key = hashlib.sha256(f"{language} {text}{who}".encode()).hexdigest()[:16]
    kept = config.cache() / "questions" / f"{key}.npy"
    if kept.exists():
        return np.asarray(np.load(kept, allow_pickle=False), np.float32)
    pcm = question_voice(language, speaker)(text)
    pcm = np.concatenate([pcm, np.zeros(round(TAIL_S * MIC_RATE), np.float32)])
    kept.parent.mkdir(parents=True, exist_ok=True)
    np.save(kept, pcm)
    return pcm


def summary(report: dict[str, Any], out: Path) -> None:
    """What was said, how long it took, where to look."""
    for turn in report["turns"]:
        print(f"  heard  {turn['heard'] or '(nothing)'}")
        print(f"  said   {turn['said'] or '(nothing)'}")
        if turn["latency_ms"] is not None:
            print(f"  {turn['latency_ms'] / 1000:.2f} s from the end of the question to the first sound of the answer")
    face = report["face"]
    if face.get("frame_ms"):
        print(f"  the face: {face['fps']:.1f} frames a second, p99 {face['frame_ms']['p99']:.1f} ms a frame")
    film = "conversation.mp4, " if (out / "conversation.mp4").is_file() else ""
    print(f"  see in {out}: {film}room.wav, conversation.json, events.jsonl")
