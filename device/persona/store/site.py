"""This very frame: its store, its keys, what kind of device it is and which models it has."""

from __future__ import annotations

import platform
from pathlib import Path

from device.config import home
from device.persona.store import frame_identity
from device.persona.store.importer import Site
from device.persona.store.store import Store
from device.persona.vault import sealing
from models_quantized import catalog

TREE = Path("/proc/device-tree/model")
"""What the board calls itself, where there is a device tree."""
BOARDS = {"orin": "jetson-orin", "thor": "jetson-thor"}


def kinds(model: str, machine: str) -> frozenset[str]:
    """Of device, for a board's name and the kernel's name of the processor: "generic-x86_64", "jetson-orin"."""
    found = {kind for word, kind in BOARDS.items() if word in model.lower()}
    return frozenset({f"generic-{machine}", *found})


def own_kinds() -> frozenset[str]:
    """Of the machine that this runs on."""
    try:
        model = TREE.read_bytes().rstrip(b"\0").decode("utf-8", "replace")
    except OSError:
        model = ""
    return kinds(model, platform.machine())


def own_models() -> dict[str, frozenset[str]]:
    """Role -> SHA-256 of the files of its models that are here; their bytes are not read."""
    found: dict[str, frozenset[str]] = {}
    for model in catalog.load().models:
        here = {file.sha256 for file in model.files if catalog.state(model, file) in ("verified", "present")}
        found[model.role] = found.get(model.role, frozenset()) | here
    return found


def store_here() -> Store:
    """The frame's store; its keys are not asked for."""
    sealer, counter = sealing.choose(home() / "secrets")
    return Store(home(), sealer, counter)


def site_here() -> Site:
    """The frame as an importer knows it; its keys are made at the first time."""
    store = store_here()
    return Site(store, frame_identity.load_or_make(store.sealer), own_kinds(), own_models())
