"""Proof that nothing is left of a persona: every place where the frame keeps anything of one is looked at."""

from __future__ import annotations

from pathlib import Path

from device.errors import BadInput, Missing
from device.persona.store import opening
from device.persona.store.state import Record
from device.persona.store.store import Store


def remains(store: Store, series: str, record: Record) -> tuple[str, ...]:
    """What is still there of a persona that was erased, as paths and names of secrets; () for nothing."""
    found = [str(store.packs / digest) for digest in record.digests if (store.packs / digest).exists()]
    found += [str(path) for path in store.staging.iterdir()]
    found += [name for name in store.sealer.names() if series in name]
    if series in store.state.personas:
        found.append("state.json")
    return tuple(sorted(found + [str(path) for path in _opened(record)]))


def _opened(record: Record) -> list[Path]:
    try:
        folder = opening.in_ram()
    except (Missing, BadInput):
        return []
    return [folder / digest for digest in record.digests if (folder / digest).exists()]
