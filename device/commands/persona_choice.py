"""Finds the persona that a command names: a folder, an installed id, or demo, which is built when first asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from device.config import home
from device.errors import Missing
from device.persona.unpacked import Persona
from device.persona.unpacked import load as load_persona

DEMO = "demo"
CHECKOUT = Path(__file__).resolve().parent.parent.parent


def find(name: str, progress: Callable[[str], None]) -> Persona:
    """The persona called `name`. Raises Missing for one that is not there, BadInput for one that is not whole."""
    if name == DEMO:
        return load_persona(demo_directory(progress))
    path = Path(name)
    if path.is_dir():
        return load_persona(path)
    if path.is_file():
        return from_pack(path)
    if "/" not in name and (home() / "store").is_dir():
        return installed(name)
    raise Missing(f"persona {name}", expected="a folder, an installed id, or demo", got="none of them")


def installed(name: str) -> Persona:
    """A persona of the store, opened. Raises Missing for none of that name, BadInput for a damaged one."""
    from device.persona.store.opening import open_pack
    from device.persona.store.site import store_here

    store = store_here()
    series = store.state.series_of(name)
    return load_persona(open_pack(store, series, store.state.personas[series].running))


def from_pack(path: Path) -> Persona:
    """The persona of a pack that this frame can open, without taking it in. Raises what an import would."""
    from device.persona.store import importer
    from device.persona.store.opening import open_payload
    from device.persona.store.site import site_here

    with path.open("rb") as file:
        pack, start = importer.look_into(file.read, site_here())
    return load_persona(open_payload(path, pack.opened.file_key, pack.outside.digest, start))


def demo_directory(progress: Callable[[str], None]) -> Path:
    """The demo persona, unpacked; built from `demo/shoebox` when its sources have changed or it is not there yet."""
    shoebox = CHECKOUT / "demo" / "shoebox"
    if not shoebox.is_dir():
        raise Missing("persona demo", expected="demo/shoebox in the checkout", got="none", hint="clone the repository")
    # The family's tool builds it like any other; a frame in the field has no shoebox and never comes here.
    from provisioning.build import build_unpacked

    return build_unpacked(shoebox, home() / "personas" / DEMO, progress, persona_id=DEMO)
