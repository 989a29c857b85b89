"""Runs in the guest, as the frame's user: reads the active persona to its last byte, says what it is as JSON."""

from __future__ import annotations

import hashlib
import json

from device.errors import Missing
from device.persona.pack.manifest import FILE
from device.persona.store import importer, opening
from device.persona.store.opening import manifest_of
from device.persona.store.sealed import SealedPayload
from device.persona.store.site import store_here


def look() -> dict[str, object]:
    """Which pack runs, how many files and bytes of it are as they were signed, what else lies in the store."""
    store = store_here()
    left = {
        "staging": sorted(path.name for path in store.staging.iterdir()) if store.staging.is_dir() else [],
        "packs": sorted(path.name for path in store.packs.iterdir()) if store.packs.is_dir() else [],
    }
    try:
        series, digest = importer.running(store)
    except Missing:
        return {"running": "", "files": 0, "bytes": 0, **left}
    folder = opening.open_pack(store, series, digest)
    with SealedPayload(store.packs / digest / "payload", store.file_key(series, digest)) as payload:
        entries = manifest_of(payload)[0].files
    for entry in entries:
        content = opening.read_file(folder / entry.path)
        assert entry.path == FILE or hashlib.sha256(content).hexdigest() == entry.sha256, entry.path
    opening.close_all()
    return {"running": digest, "files": len(entries), "bytes": sum(entry.size for entry in entries), **left}


if __name__ == "__main__":
    print(json.dumps(look()))
