"""`python -m device.face`: the face's process."""

from __future__ import annotations

import argparse
import logging
import re
import sys
from pathlib import Path

import msgspec

from device.config import Hologram, Night
from device.errors import ImagoError
from device.face.process import run
from device.face.settings import Panel, Settings
from device.face.sizing import AUTO
from device.process_ties import end_with_parent


def size(text: str) -> tuple[int, int]:
    """ "1280x720" as numbers, "auto" as AUTO; anything else, or outside 64..8192, is an error of usage."""
    if text == "auto":
        return AUTO
    match = re.fullmatch(r"(\d{2,4})[x×](\d{2,4})", text)
    if not match or not all(64 <= int(side) <= 8192 for side in match.groups()):
        raise argparse.ArgumentTypeError(f"expected WIDTHxHEIGHT of 64 to 8192 pixels, or auto, got {text}")
    return int(match[1]), int(match[2])


def hologram(text: str) -> Hologram:
    """The [hologram] settings as JSON; anything else is an error of usage."""
    try:
        return msgspec.json.decode(text, type=Hologram)
    except msgspec.DecodeError as error:
        raise argparse.ArgumentTypeError(f"expected the hologram's settings as JSON: {error}") from None


def night(text: str) -> Night:
    """The [night] settings as JSON; anything else is an error of usage."""
    try:
        return msgspec.json.decode(text, type=Night)
    except msgspec.DecodeError as error:
        raise argparse.ArgumentTypeError(f"expected the night's settings as JSON: {error}") from None


def settings(arguments: list[str]) -> Settings:
    """The command line as Settings; leaves with status 2 for what cannot be understood."""
    parser = argparse.ArgumentParser(prog="python -m device.face", description="The portrait on the screen.")
    parser.add_argument("--socket", type=Path, required=True, help="where the mind will connect")
    parser.add_argument("--persona", type=Path, help="an unpacked persona")
    parser.add_argument("--name", default="", help="shown where there is no likeness")
    parser.add_argument("--size", type=size, default=(1280, 720), help="WIDTHxHEIGHT of a frame, or auto")
    parser.add_argument("--display", choices=("window", "fullscreen", "offscreen"), default="window")
    parser.add_argument("--rotate", type=int, choices=(0, 90, 180, 270), default=0, help="degrees clockwise")
    parser.add_argument("--driver", choices=("auto", "x11", "wayland", "kmsdrm"), default="auto", help="SDL's")
    parser.add_argument("--night", type=night, default=Night(), metavar="JSON", help="when the screen is dimmed")
    parser.add_argument("--renderer", choices=("auto", "cpu", "gl"), default="auto", help="what draws the portrait")
    parser.add_argument("--record", type=Path, help="where to write the frame log at the end")
    parser.add_argument("--fps", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--album-after", type=float, default=0.0, help="s of quiet until the album opens; 0: never")
    parser.add_argument("--scene", choices=("portrait", "hologram"), default="portrait")
    parser.add_argument("--hologram", type=hologram, default=Hologram(), metavar="JSON", help="its settings")
    parser.add_argument("--calibration", type=Path, help="where a booth's calibration is kept")
    parser.add_argument("--parent", type=int, help="end when this process is gone")
    options = parser.parse_args(arguments)
    if options.parent:
        end_with_parent(options.parent)
    if not 1.0 <= options.fps <= 120.0:
        parser.error("--fps: expected 1 to 120")
    panel = Panel(options.display, options.rotate, options.driver, options.night)
    return Settings(
        options.socket, options.persona, options.name, options.size, panel,
        options.renderer, options.record, options.fps, options.seed, options.album_after, options.scene,
        options.hologram, options.calibration,
    )  # fmt: skip


def main(arguments: list[str]) -> int:
    """Runs the face; a failure is one line on stderr and the error's exit code."""
    logging.basicConfig(level=logging.INFO, format="face: %(message)s")
    try:
        return run(settings(arguments))
    except ImagoError as error:
        print(error.line(), file=sys.stderr)
        return error.exit_code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
