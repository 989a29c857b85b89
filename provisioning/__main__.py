"""The `imago-provision` command: the family's side. From a shoebox to a persona, and the keys that vouch for it."""

from __future__ import annotations

import argparse
import importlib
import sys

from device.errors import ImagoError
from device.libraries import prepare_libraries

COMMANDS = (
    "new",
    "add",
    "review",
    "studio",
    "preview",
    "report",
    "questions",
    "build",
    "batch",
    "key",
    "consent",
    "sign",
    "revoke",
)
"""Each is a module in provisioning/commands with `add_parser(subparsers)` and `run(arguments) -> exit code`."""


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line; errors are one line and an exit code, as with `imago`."""
    top = argparse.ArgumentParser(prog="imago-provision", description="From a shoebox to a persona.")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in COMMANDS:
        importlib.import_module(f"provisioning.commands.{name}").add_parser(commands)
    options = top.parse_args(arguments)
    prepare_libraries()
    try:
        code: int = importlib.import_module(f"provisioning.commands.{options.command}").run(options)
        return code
    except ImagoError as error:
        print(error.line().replace("imago:", "imago-provision:", 1), file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
