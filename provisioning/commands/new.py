"""``imago-provision new SHOEBOX``: an empty shoebox with a persona.toml to fill in."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from device.errors import Usage
from provisioning.commands.output import progress


def add_parser(subparsers: Any) -> None:
    """Adds ``new`` to the command line."""
    parser = subparsers.add_parser("new", help="make a shoebox: a folder for what the family brings")
    parser.add_argument("shoebox", type=Path, metavar="SHOEBOX")
    parser.add_argument("--name", default="", help="the person's; what is left out is asked for on a terminal")
    parser.add_argument("--called", default="", metavar="A,B", help="what the family calls them")
    parser.add_argument("--languages", default="", metavar="zh,en")
    parser.add_argument("--born", default="", metavar="DATE")
    parser.add_argument("--died", default="", metavar="DATE", help="left out for the living")
    parser.add_argument("--by", default="", metavar="NAME", help="who brings the material")
    parser.add_argument("--relation", default="", help="of who brings it to the person")


def run(options: argparse.Namespace) -> int:
    """Makes it."""
    from provisioning.shoebox import FOLDERS, Who, make

    def told(value: str, question: str) -> str:
        return value or (input(f"{question}: ").strip() if sys.stdin.isatty() else "")

    name = told(options.name, "their name / 姓名")
    if not name:
        raise Usage("new", expected="--name NAME", got="none")
    languages = listed(told(options.languages, "languages they speak, zh,en / 会说的语言")) or ("zh", "en")
    if set(languages) - {"zh", "en"}:
        raise Usage("new", expected="languages zh, en or both", got=",".join(languages))
    who = Who(
        name,
        listed(told(options.called, "what the family calls them, with commas / 家里怎么称呼，用逗号分开")),
        languages,
        told(options.born, "born, 1938 or 1938-04-02 / 出生"),
        told(options.died, "died; empty for the living / 去世，在世就空着"),
        told(options.by, "your name / 您的姓名"),
        told(options.relation, "what you are to them / 您是他们的什么人"),
    )
    path = make(options.shoebox, who)
    progress(f"{path} is written. Put what you have into {', '.join(FOLDERS)},")
    progress(f"or: imago-provision add {options.shoebox} FILE...")
    progress("请把材料放进这些文件夹。")
    return 0


def listed(text: str) -> tuple[str, ...]:
    """Words parted by commas of either language."""
    return tuple(filter(None, (part.strip() for part in text.replace("，", ",").replace("、", ",").split(","))))
