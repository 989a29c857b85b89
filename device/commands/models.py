"""``imago models list|fetch|verify``: which models there are, bring them here, check their bytes."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from device.errors import BadInput, Broken, Missing
from models_quantized import catalog
from models_quantized.catalog import Catalog
from models_quantized.schema import Model

MB = 1e6
HELP = {
    "list": "show every model of the catalog and whether it is here",
    "fetch": "bring models here (by default all that a frame uses); resumes, and never fetches twice",
    "verify": "read every byte again and compare the SHA-256",
}


def add_parser(subparsers: Any) -> None:
    """Add ``models`` and its three actions to the parsers of the ``imago`` command."""
    parser = subparsers.add_parser("models", help="list, fetch and verify the models")
    actions = parser.add_subparsers(dest="action", required=True, metavar="list|fetch|verify")
    for name, text in HELP.items():
        action = actions.add_parser(name, help=text, description=text)
        action.add_argument("ids", nargs="*", metavar="ID", help="ids or roles of models")
        action.add_argument("--profile", metavar="NAME", help="a named subset of the catalog, such as demo or test")
        action.add_argument("--json", action="store_true", help="report as JSON on standard output")
        if name == "fetch":
            action.add_argument(
                "--from",
                dest="only_from",
                type=Path,
                metavar="DIR",
                help="take the models from this folder and ask no network; it is laid out like the models folder",
            )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Do what was asked; the exit code. Raises an `ImagoError` for what the user has to know."""
    known = catalog.load()
    chosen = choose(known, args.ids, args.profile)
    if args.action == "list":
        return show(chosen or known.models, as_json=args.json)
    if args.action == "verify":
        return check(chosen or known.defaults, as_json=args.json)
    return bring(chosen or known.defaults, args.only_from, as_json=args.json)


def choose(known: Catalog, ids: list[str], profile: str | None) -> tuple[Model, ...]:
    """The models that ids, roles and the profile name together, each once; nothing if nothing is named.

    A role stands for its default models, or for all of them where none is a default.
    """
    found = list(known.profile(profile)) if profile else []
    for name in ids:
        matching = known.matching(name)
        found += [model for model in matching if model.default or model.id == name] or list(matching)
    return tuple(dict.fromkeys(found))


def show(models: tuple[Model, ...], *, as_json: bool) -> int:
    """Print one line per model, without reading any of their bytes."""
    rows = [describe(model, standing(model)) for model in models]
    if as_json:
        print(json.dumps({"folder": str(catalog.models_dir()), "models": rows}, ensure_ascii=False, indent=1))
    else:
        print(table(rows))
    return 0


def check(models: tuple[Model, ...], *, as_json: bool) -> int:
    """Hash every file; prints what was found, and raises the first error after that (with JSON: its exit code)."""
    rows, errors = [], []
    for model in models:
        try:
            for file in model.files:
                catalog.verify(model, file, again=True)
            rows.append(describe(model, "verified"))
        except (Missing, BadInput) as error:
            errors.append(error)
            rows.append(describe(model, "missing" if isinstance(error, Missing) else "damaged"))
    if as_json:
        errors_found = [error.as_dict() for error in errors]
        print(json.dumps({"ok": not errors, "models": rows, "errors": errors_found}, ensure_ascii=False, indent=1))
        return errors[0].exit_code if errors else 0
    print(table(rows))
    if errors:
        raise errors[0]
    return 0


def bring(models: tuple[Model, ...], only_from: Path | None, *, as_json: bool) -> int:
    """Fetch what is missing, with progress on standard error."""
    from models_quantized import fetch, progress

    settings = fetch.Settings(catalog.models_dir(), only_from=only_from)
    try:
        report = fetch.fetch(models, settings, progress.for_terminal())
    except KeyboardInterrupt as error:
        raise Broken("fetch", expected="to go on", got="an interruption", hint="run it again, it resumes") from error
    if as_json:
        print(json.dumps({"folder": str(settings.root), "fetched": report.fetched, "present": report.present}))
    else:
        print(f"{len(report.fetched)} files fetched, {len(report.present)} were here, in {settings.root}")
    return 0


def standing(model: Model) -> str:
    """The worst state of any file of `model`, without reading it."""
    states = {catalog.state(model, file) for file in model.files}
    return next(state for state in ("missing", "damaged", "present", "verified") if state in states)


def describe(model: Model, state: str) -> dict[str, Any]:
    """One model as it is reported; size in bytes."""
    return {
        "id": model.id,
        "role": model.role,
        "languages": list(model.languages),
        "format": model.format,
        "size": model.size,
        "licence": model.licence,
        "default": model.default,
        "state": state,
    }


def table(rows: list[dict[str, Any]]) -> str:
    """The rows as text in columns; a star marks the default models."""
    cells = [("  ID", "ROLE", "LANGUAGES", "MB", "STATE", "LICENCE")]
    for row in rows:
        mark = "* " if row["default"] else "  "
        languages = " ".join(row["languages"]) or "any"
        size = f"{row['size'] / MB:.1f}"
        cells.append((mark + row["id"], row["role"], languages, size, row["state"], row["licence"]))
    widths = [max(len(line[n]) for line in cells) for n in range(len(cells[0]))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in cells)
    return "\n".join(line.rstrip() for line in lines) + "\n* used by default"
