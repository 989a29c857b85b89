"""The `imago-provision` command: the family's side. Builds a persona from a shoebox."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from device.errors import ImagoError
from device.libraries import prepare_libraries


def progress(text: str) -> None:
    """One line for the family."""
    print(f"imago-provision: {text}", file=sys.stderr, flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line; errors are one line and an exit code, as with `imago`."""
    top = argparse.ArgumentParser(prog="imago-provision", description="From a shoebox to a persona.")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    build = commands.add_parser("build", help="build a persona from a shoebox")
    build.add_argument("shoebox", type=Path, metavar="SHOEBOX")
    build.add_argument("--unpacked", type=Path, required=True, metavar="DIR", help="leave the persona unpacked here")
    build.add_argument("--face", default="", metavar="WHO", help="of several faces: left, middle, right or a number")
    build.add_argument(
        "--network", type=Path, metavar="FOLDER", help="ONNX files of a portrait network for the likeness"
    )
    build.add_argument("--video", type=Path, action="append", default=[], metavar="FILM",
                       help="a further film of the person, beside those in SHOEBOX/video")  # fmt: skip
    options = top.parse_args(arguments)
    prepare_libraries()
    try:
        from provisioning.build import build_unpacked

        build_unpacked(
            options.shoebox,
            options.unpacked,
            progress,
            face=options.face,
            network=options.network,
            films=options.video,
        )
    except ImagoError as error:
        print(error.line().replace("imago:", "imago-provision:", 1), file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
