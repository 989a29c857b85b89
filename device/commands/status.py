"""``imago status``: is everything here that this frame needs: models, persona, sound, screen."""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Callable
from pathlib import Path
from typing import Any

from device import config
from device.commands.output import progress
from device.commands.persona_choice import find
from device.commands.run import require_display, require_sound
from device.errors import ImagoError, Missing
from models_quantized import catalog


def add_parser(subparsers: Any) -> None:
    """Adds ``status`` to the command line."""
    parser = subparsers.add_parser("status", help="what is ready on this machine and what is lacking")
    parser.add_argument("--json", action="store_true", help="report as JSON")


def run(options: argparse.Namespace) -> int:
    """0 when the frame could run, else the exit code of the first thing that is lacking."""
    checks: list[tuple[str, Callable[[], str]]] = [
        ("settings", _settings),
        ("models", _models),
        ("family", _family),
        ("persona", lambda: find(config.load().persona, progress).file.person.name),
        ("sound", _sound),
        ("display", _display),
    ]
    parts: dict[str, dict[str, Any]] = {}
    code = 0
    for name, check in checks:
        try:
            parts[name] = {"ok": True, "detail": check()}
        except ImagoError as error:
            parts[name] = {"ok": False, "detail": error.line().removeprefix("imago: "), "error": error.as_dict()}
            code = code or error.exit_code
    if options.json:
        report = {"ok": code == 0, "machine": f"{platform.machine()}, {os.cpu_count()} cores", "parts": parts}
        print(json.dumps(report, ensure_ascii=False))
    else:
        for name, part in parts.items():
            print(f"{'ready  ' if part['ok'] else 'lacking'}  {name:9} {part['detail']}")
    return code


def _settings() -> str:
    path = config.home() / "frame.toml"
    config.load(path)
    return str(path) if path.exists() else "defaults"


def _family() -> str:
    from device.persona.store.site import store_here

    store = store_here()
    store.check_not_set_back()
    family, kept = (
        store.family,
        f"secrets in the {store.sealer.kind}" if store.sealer.kind == "tpm" else "secrets in files",
    )
    if family is None:
        return f"none yet (imago pair --export FRAME.pub); {kept}"
    owners = ", ".join(owner.name or "an owner" for owner in family.root.owners)
    return f"{owners}; {len(store.state.personas)} persona(s); {kept}"


def _models() -> str:
    models = catalog.load().profile("demo")
    lacking = [m.id for m in models for f in m.files if catalog.state(m, f) != "verified"]
    if lacking:
        raise Missing("models", expected="all verified", got=f"{', '.join(lacking)} not", hint="./imago models fetch")
    return f"{len(models)} verified in {catalog.models_dir()}"


def _sound() -> str:
    require_sound(config.load().sound)
    return "microphone and loudspeaker found"


def _display() -> str:
    require_display()
    return os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or str(Path("/dev/dri/card0"))
