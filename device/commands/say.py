"""``imago say --video``: a greeting in the persona's voice, the face speaking it, as a film that can be sent."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from device import config, greeting
from device.app import load_voice
from device.commands.output import progress
from device.commands.persona_choice import find
from device.errors import BadInput, Usage
from device.face import video
from device.face.figure import best_figure
from device.face.likeness import best_portrait
from device.face.manner import manner_of
from device.face.scenes.scene import Scene
from device.face.stage import Stage
from device.face.wardrobe import hologram
from device.persona.unpacked import Persona

SCENES = ("portrait", "hologram")


def add_parser(subparsers: Any) -> None:
    """Adds ``say`` to the command line."""
    parser = subparsers.add_parser("say", help="a greeting as a film: the face says it, with sound and captions")
    parser.add_argument("--persona", default="demo", metavar="P", help="a persona's folder, its id, or demo")
    parser.add_argument("--video", type=Path, metavar="OUT.mp4", help="where to write the film")
    parser.add_argument("--lang", choices=("en", "zh"), help="language of the text (as its letters say)")
    parser.add_argument("--size", default="1920x1080", metavar="WxH", help="of the film, even pixels (1920x1080)")
    parser.add_argument("--scene", choices=SCENES, default="portrait", help="what is seen (portrait)")
    parser.add_argument("--json", action="store_true", help="report as JSON")
    parser.add_argument("text", nargs="+", metavar="TEXT")


def run(options: argparse.Namespace) -> int:
    """Writes the film. All that can be wrong with the words and the place is said before anything is loaded."""
    if options.video is None:
        hint = "a frame that is running cannot be reached from here yet"
        raise Usage("say", expected="--video OUT.mp4", got="no film to write", hint=hint)
    text = " ".join(options.text)
    out, size = writable(options.video), film_size(options.size)
    persona = find(options.persona, progress)
    language = greeting.language_for(text, persona.file.person.languages, options.lang)
    started = time.monotonic()
    for warning in persona.warnings():
        progress(warning)
    progress("speaking")
    words = greeting.compose(greeting.spoken(text, load_voice(persona, language), language))
    stage = Stage(size, scene_of(persona, options.scene, size), greeting.seed_of(text))
    stage.motion.adopt(manner_of(persona.folder), 0.0)
    draw(words, stage, size, out)
    report = {
        "video": str(out),
        "language": language,
        "size": list(size),
        "seconds": round(words.seconds, 2),
        "took_s": round(time.monotonic() - started, 2),
    }
    if options.json:
        print(json.dumps(report, ensure_ascii=False))
    else:
        print(f"{out}: {report['seconds']:.1f} s, made in {report['took_s']:.1f} s")
    return 0


def draw(words: greeting.Greeting, stage: Stage, size: tuple[int, int], out: Path) -> None:
    """The film of what is said. Raises Broken where it cannot be written."""
    quality = video.Quality()
    wave = video.Wave(words.pcm[None], words.rate)
    with bar("drawing") as moved:
        video.film(
            out, size, greeting.pictures(stage, greeting.messages(words.speaks), quality.fps), wave, moved, quality
        )


def scene_of(persona: Persona, scene: str, size: tuple[int, int]) -> Scene:
    """What is seen: the living portrait as a frame shows it, or the person in the dark as one sees them in the air."""
    name = persona.file.person.name
    if scene == "hologram":
        return hologram(best_figure(persona.folder, name), size, config.Hologram())
    return best_portrait(persona.folder, name, size)


def film_size(text: str) -> tuple[int, int]:
    """ "1280x720" -> (1280, 720). Raises Usage; H.264 halves its colours both ways, so that both must be even."""
    width, height = config.parse_size(text)
    if width % 2 or height % 2:
        raise Usage("size", expected="an even width and height", got=text, hint="such as 1280x720 or 1920x1080")
    return width, height


def writable(path: Path) -> Path:
    """The film's own path, its folder made. Raises BadInput where no film can be written there."""
    if path.suffix.lower() != ".mp4":
        raise BadInput(str(path), expected="a film's name that ends in .mp4", got=path.suffix or "no ending")
    if path.is_dir():
        raise BadInput(str(path), expected="a film to write", got="a folder")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(str(path), expected="a folder to write to", got=error.strerror or "an error") from None
    if not os.access(path.parent, os.W_OK):
        raise BadInput(str(path), expected="a folder to write to", got="one that is not ours to write")
    return path


@contextlib.contextmanager
def bar(what: str) -> Iterator[video.Progress]:
    """A moving bar on standard error while a film is drawn; where that is no terminal, nothing moves there."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("imago: {task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as shown:
        task = shown.add_task(what, total=None)
        yield lambda done, of: shown.update(task, completed=done, total=of)
