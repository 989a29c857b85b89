"""KV states on disk: one file each, checked before it is given to the engine, written whole or not at all."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path

from device.whole_file import write_whole

log = logging.getLogger(__name__)

MAGIC = b"imago-kv1\n"
DIGEST = 32
"""Bytes of the SHA-256 that follows the magic."""


def load(path: Path) -> bytes | None:
    """The state in `path`; None where there is none, or a damaged one (the engine must never see that)."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        log.warning("prefix state %s not readable (%s); it is evaluated anew", path.name, error.strerror)
        return None
    head = len(MAGIC) + DIGEST
    if raw[: len(MAGIC)] != MAGIC or raw[len(MAGIC) : head] != hashlib.sha256(raw[head:]).digest():
        log.warning("prefix state %s is damaged; it is evaluated anew", path.name)
        return None
    return raw[head:]


def save(path: Path, state: bytes) -> None:
    """Writes the state under its final name at once. A disk that cannot take it costs only time at the next start."""
    try:
        write_whole(path, MAGIC + hashlib.sha256(state).digest() + state)
    except OSError as error:
        log.warning("prefix state not saved (%s); the next start evaluates it again", error.strerror)
