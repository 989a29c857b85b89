"""``imago converse``: recorded speech through the whole frame in real time, written down as sound, film and figures."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from device import config
from device.commands.lip_sync import lip_sync
from device.commands.output import progress, results_folder, write_json
from device.commands.persona_choice import find
from device.ears.recording import load_recording, speech_bounds
from device.errors import BadInput, ImagoError
from device.film import make_film
from device.persona.unpacked import Persona
from device.rehearsal import Question, Rehearsal, write_events, write_room
from models_quantized import catalog

ROLES = (("language-model", None), ("transcriber", None), ("turn-end", None), ("voice", "en"), ("voice", "zh"))


def add_parser(subparsers: Any) -> None:
    """Adds ``converse`` to the command line."""
    parser = subparsers.add_parser("converse", help="recorded questions through the whole frame, in real time")
    parser.add_argument("--persona", default="demo", metavar="P", help="a persona's folder, its id, or demo")
    parser.add_argument("--wav", type=Path, nargs="+", required=True, metavar="WAV", help="recordings, one a turn")
    add_output_options(parser)


def add_output_options(parser: argparse.ArgumentParser) -> None:
    """What `demo` shares: where results go and how the face is shown meanwhile."""
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the results")
    parser.add_argument("--json", action="store_true", help="print conversation.json as well")
    parser.add_argument("--size", default="1280x720", metavar="WxH", help="of the picture, pixels (1280x720)")
    parser.add_argument("--no-film", action="store_true", help="leave conversation.mp4 out")
    parser.add_argument("--window", action="store_true", help="show the face in a window meanwhile")
    parser.add_argument("--aloud", action="store_true", help="let question and answer be heard from the loudspeaker")


def run(options: argparse.Namespace) -> int:
    """Every readable recording is asked; the first unreadable one decides the exit code."""
    persona = find(options.persona, progress)
    questions, problems = readable(options.wav)
    for problem in problems:
        progress(problem.line().removeprefix("imago: "))
    if not questions:
        raise problems[0]
    converse(persona, questions, options)
    return problems[0].exit_code if problems else 0


def readable(paths: Sequence[Path]) -> tuple[list[Question], list[ImagoError]]:
    """The recordings that can be used, and what is wrong with the others."""
    questions, problems = [], []
    for path in paths:
        try:
            questions.append(recorded(path))
        except ImagoError as error:
            problems.append(error)
    return questions, problems


def recorded(path: Path) -> Question:
    """A recording in which there is something to hear. Raises BadInput."""
    pcm = load_recording(path)
    if speech_bounds(pcm) is None:
        raise BadInput(path.name, expected="a recording of speech", got="silence", hint="was the microphone on?")
    return Question(path.name, pcm)


def converse(persona: Persona, questions: Sequence[Question], options: argparse.Namespace) -> dict[str, Any]:
    """Holds the conversation and writes its files -> what stands in conversation.json."""
    out = results_folder(options.out)
    settings = frame_settings(options)
    with Rehearsal(persona, settings, progress, aloud=options.aloud) as rehearsal:
        rehearsal.converse(questions)
        log = rehearsal.end()
        write_events(out / "events.jsonl", rehearsal.recorder)
        write_room(out / "room.wav", rehearsal.recorder, log.seconds, rehearsal.played(log.seconds))
        face = log.face_report()
        if log.frames is not None:
            if not options.no_film:
                make_film(persona, log.frames, log.origin, out / "room.wav", out / "conversation.mp4", progress)
            measured = lip_sync(persona, log.frames)
            face |= {"sync_ms": measured and measured["offset_ms"], "sync_r": measured and measured["r"]}
    report = {
        "persona": persona.id,
        "models": models_used(persona.languages),
        "turns": rehearsal.recorder.turns,
        "face": face,
        "start_s": rehearsal.start_s,
    }
    write_json(out / "conversation.json", report)
    if options.json:
        print((out / "conversation.json").read_text(encoding="utf-8"), end="")
    return report


def frame_settings(options: argparse.Namespace) -> config.FrameSettings:
    """The frame's own settings, with what the command line says of the screen."""
    settings = config.load()
    width, height = config.parse_size(options.size)
    screen = config.Screen(
        display="window" if options.window else "offscreen", width=width, height=height, fps=settings.screen.fps
    )
    # The questions are asked without calling anybody.
    always = config.Listening(attention="always")
    return config.FrameSettings(settings.persona, settings.sound, screen, settings.patience, always)


def models_used(languages: Sequence[str]) -> dict[str, Any]:
    """Role -> name and SHA-256 of the models that take part."""
    used = {}
    for role, language in ROLES:
        if language is None or language in languages:
            model = catalog.load().find(role, language)
            key = role.replace("-", "_") + (f"_{language}" if language else "")
            used[key] = {"name": model.id, "sha256": model.files[0].sha256}
    return used
