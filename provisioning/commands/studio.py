"""``imago-provision studio SHOEBOX``: the pages on which a family looks through, corrects and tries its persona."""

from __future__ import annotations

import argparse
import contextlib
import secrets
from pathlib import Path
from typing import Any

from provisioning.commands.output import progress


def add_parser(subparsers: Any) -> None:
    """Adds ``studio`` to the command line."""
    parser = subparsers.add_parser("studio", help="look through, correct and try it in a browser on this computer")
    add_options(parser)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Those of the studio, and of `review`, which opens it at the letters."""
    parser.add_argument("shoebox", type=Path, metavar="SHOEBOX")
    parser.add_argument("--port", type=int, default=0, metavar="N", help="left out, any that is free")
    parser.add_argument("--no-browser", action="store_true", help="only say the address")


def run(options: argparse.Namespace, page: str = "") -> int:
    """Serves until Ctrl-C."""
    from provisioning.commands.build import hear
    from provisioning.commands.preview_mind import frames_mind
    from provisioning.commands.workshops import open_workshop
    from provisioning.studio.desk import Desk
    from provisioning.studio.server import Studio

    workshop = open_workshop(options.shoebox)
    desk = Desk(workshop, secrets.token_urlsafe(24), hear, lambda: frames_mind(options.shoebox, progress))
    with Studio(desk, options.port) as studio:
        address = studio.address + page
        progress(f"open this in a browser on this computer / 在这台电脑的浏览器里打开: {address}")
        progress("Ctrl-C ends it / 按 Ctrl-C 结束")
        if not options.no_browser:
            open_browser(address)
        with contextlib.suppress(KeyboardInterrupt):
            studio.serve_forever()
    return 0


def open_browser(address: str) -> None:
    """Where there is one; the address was said anyway."""
    import webbrowser

    with contextlib.suppress(webbrowser.Error):
        webbrowser.open(address)
