"""The `imago` command: parses the line, runs one subcommand, turns every ImagoError into one line and its exit code."""

from __future__ import annotations

import argparse
import importlib
import json
import keyword
import logging
import sys
from types import ModuleType

from device.errors import ImagoError
from device.libraries import prepare_libraries

COMMANDS = ("demo", "run", "converse", "ask", "say", "status", "import", "personas", "activate", "rollback", "forget",
            "pair", "pack", "stick", "report", "models", "bench", "soak", "hologram", "mind")  # fmt: skip
"""Each is a module in device/commands with `add_parser(subparsers)` and `run(arguments) -> exit code`."""


def module_of(command: str) -> ModuleType:
    """Where a command is written; `import` is a word of Python's own."""
    name = f"{command}_" if keyword.iskeyword(command) else command
    return importlib.import_module(f"device.commands.{name}")


def parser(arguments: list[str]) -> argparse.ArgumentParser:
    """The command line, with all its commands; with only the one that is asked for where that can be told at once, so
    that none waits for what the others import."""
    top = argparse.ArgumentParser(prog="imago", description="A portrait that listens, remembers and answers, offline.")
    top.add_argument("--verbose", action="store_true", help="say on standard error what the frame is doing")
    subparsers = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    asked = next((word for word in arguments if not word.startswith("-")), "")
    for name in (asked,) if asked in COMMANDS else COMMANDS:
        module_of(name).add_parser(subparsers)
    return top


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line; returns the exit code of the design's contract."""
    given = sys.argv[1:] if arguments is None else arguments
    options = parser(given).parse_args(given)
    level = logging.INFO if options.verbose else logging.WARNING
    logging.basicConfig(level=level, format="imago: %(name)s: %(message)s", stream=sys.stderr)
    prepare_libraries()
    try:
        code: int = module_of(options.command).run(options)
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
