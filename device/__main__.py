"""The `imago` command: parses the line, runs one subcommand, turns every ImagoError into one line and its exit code."""

from __future__ import annotations

import argparse
import importlib
import json
import logging
import sys

from device.errors import ImagoError
from device.libraries import prepare_libraries

COMMANDS = (
    "demo",
    "run",
    "converse",
    "ask",
    "say",
    "status",
    "models",
    "bench",
    "soak",
    "hologram",
    "mind",
    "stick",
    "report",
)
"""Each is a module in device/commands with `add_parser(subparsers)` and `run(arguments) -> exit code`."""


def parser(named: str = "") -> argparse.ArgumentParser:
    """The whole command line; of its commands the `named` one alone where it is one of them. What another one imports
    would cost the importer of personas four times its memory, and be no part of its sandbox."""
    top = argparse.ArgumentParser(prog="imago", description="A portrait that listens, remembers and answers, offline.")
    top.add_argument("--verbose", action="store_true", help="say on standard error what the frame is doing")
    subparsers = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in [named] if named in COMMANDS else COMMANDS:
        importlib.import_module(f"device.commands.{name}").add_parser(subparsers)
    return top


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line; returns the exit code of the design's contract."""
    words = sys.argv[1:] if arguments is None else arguments
    options = parser(next((word for word in words if not word.startswith("-")), "")).parse_args(words)
    level = logging.INFO if options.verbose else logging.WARNING
    logging.basicConfig(level=level, format="imago: %(name)s: %(message)s", stream=sys.stderr)
    prepare_libraries()
    try:
        code: int = importlib.import_module(f"device.commands.{options.command}").run(options)
        return code
    except ImagoError as error:
        if getattr(options, "json", False):
            print(json.dumps(error.as_dict(), ensure_ascii=False))
        print(error.line(), file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0


if __name__ == "__main__":
    sys.exit(main())
