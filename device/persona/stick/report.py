"""The frame's report for its operator: a statement signed by the frame's own key, without a word of any conversation.

Whoever holds the frame's FRAME.pub can check it; whoever does not can read it all the same. It names personas by their
ids, packs by their digests, and what came by what became of it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Annotated

import msgspec

from device.errors import Busy
from device.persona.pack import signed
from device.persona.pack.family import Hex32, Hex64
from device.persona.pack.keys import from_base64, to_base64
from device.persona.pack.refusal import refusal
from device.persona.pack.strict_json import read
from device.persona.stick import arrivals
from device.persona.stick.stick import REPORT_REQUEST
from device.persona.store import durable
from device.persona.store.frame_identity import FrameIdentity, frame_id
from device.persona.store.state import Mark, State

MOST_ARRIVALS = 50
Key = Annotated[str, msgspec.Meta(max_length=44)]


class Persona(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One persona's packs, by digest."""

    persona: str
    series: Hex32
    good: str = ""
    previous: str = ""
    trial: str = ""
    tries: int = 0
    active: bool = False


class Report(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that it says."""

    frame: Hex64
    recipient: Key
    """The frame's X25519 public key, base64"""
    verify: Key
    """The frame's Ed25519 public key, which signs this"""
    software: str
    kinds: tuple[str, ...]
    at: int
    """s since 1970 by the frame's clock, which may be wrong"""
    free: int
    """Bytes free where personas are kept"""
    family: str = ""
    """Id of the family that the frame belongs to"""
    personas: tuple[Persona, ...] = ()
    marks: dict[Hex32, Mark] = {}
    arrivals: tuple[arrivals.Entry, ...] = ()


def software() -> str:
    """The version that runs."""
    try:
        return metadata.version("imago-frame")
    except metadata.PackageNotFoundError:
        return "unknown"


def make(
    identity: FrameIdentity,
    state: State,
    came: Sequence[arrivals.Entry],
    *,
    kinds: Sequence[str],
    at: int,
    free: int,
    family: str = "",
) -> bytes:
    """The signed report of a frame in that state. Raises Busy where there is more to say than fits into a statement."""
    personas = tuple(
        Persona(r.persona, series, r.good, r.previous, r.trial, r.tries, series == state.active)
        for series, r in sorted(state.personas.items())
    )
    told = Report(
        identity.id,
        to_base64(identity.recipient),
        to_base64(identity.verifying),
        software(),
        tuple(sorted(kinds)),
        at,
        free,
        family,
        personas,
        state.marks,
        tuple(came[-MOST_ARRIVALS:]),
    )
    content = signed.sign(
        signed.REPORT, msgspec.json.encode(told), {identity.verifying: identity.signing.sign}
    ).encode()
    if len(content) > signed.MAX_BYTES:
        raise Busy("report", expected=f"at most {signed.MAX_BYTES} bytes", got=f"{len(content)}")
    return content


def read_report(content: bytes) -> Report:
    """A report that was signed by the key that it names, which its frame's id is made of. Raises BadInput or Refused;
    whether it is the frame that one knows is for its id to tell."""
    statement = signed.parse(content, signed.REPORT, "report")
    told = read(statement.payload, Report, "report")
    recipient, verifying = (from_base64(key, "a key", "report") for key in (told.recipient, told.verify))
    signed.require(statement, {hashlib.sha256(verifying).hexdigest(): verifying}, 1)
    if frame_id(recipient, verifying) != told.frame:
        raise refusal("signature.frame", "the id of the keys in it", "another", subject="report")
    return told


def write(folder: Path, frame: str, content: bytes) -> Path:
    """Writes a report to a stick's first folder, and takes the request for it away. Raises OSError."""
    path = folder / f"imago-report-{frame[:8]}.json"
    durable.write(path, content, mode=0o644)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(folder / REPORT_REQUEST)
    durable.sync_folder(folder)
    return path
