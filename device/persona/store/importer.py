"""Takes a pack or an order from a stream into the store: the whole way from a stick to the new persona on trial.

Nothing is written before the envelope was verified; what is written are the bytes that were checked, read once. Until
the last step, which renames one file, the frame is what it was.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from device.errors import Missing
from device.persona.pack import content, verify
from device.persona.pack.envelope import HEAD, Read, read_envelope, read_head
from device.persona.pack.family import Family, introduced
from device.persona.pack.manifest import Manifest
from device.persona.pack.refusal import refusal
from device.persona.pack.signed import Statement
from device.persona.pack.verify import Frame, Outside, Verified
from device.persona.store import opening, orders, state
from device.persona.store.frame_identity import FrameIdentity, pairing_secret
from device.persona.store.outcome import Outcome, Progress
from device.persona.store.sealed import SealedFile, SealedPayload
from device.persona.store.store import Store


@dataclass(frozen=True, slots=True)
class Site:
    """The frame as an importer knows it."""

    store: Store
    identity: FrameIdentity
    kinds: frozenset[str]
    models: dict[str, frozenset[str]]
    vendor_keys: frozenset[str] = frozenset()

    def frame(self, family: Family | None) -> Frame:
        """For verification, as of now."""
        return Frame(
            family,
            self.identity.id,
            self.kinds,
            self.identity.opening,
            self.store.state.floors,
            self.vendor_keys,
            self.models,
        )


def take(read_some: Read, site: Site, progress: Progress) -> Outcome:
    """A file from outside, pack or order, by its first bytes. Raises an ImagoError; then nothing has changed."""
    read_on = _steady(read_some)
    first = read_on(1)
    if first == b"{":
        return orders.take(_before(first, read_on), site.store, site.identity)
    return import_pack(_before(first, read_on), site, progress)


def _steady(read_some: Read) -> Read:
    """The stream, which ends in one clear error where the stick was pulled out or is worn."""

    def read_or_refuse(size: int) -> bytes:
        try:
            return read_some(size)
        except OSError as error:
            hint = "put the stick in again, or copy the file anew"
            got = error.strerror or str(error) or "an error"
            raise refusal("damaged.read", "a stick that can be read to its end", got, hint) from None

    return read_or_refuse


def _before(first: bytes, read_some: Read) -> Read:
    """The stream with what was taken from it put back."""
    held = [first]

    def read_again(size: int) -> bytes:
        return held.pop() if held and size else read_some(size)

    return read_again


def import_pack(read_some: Read, site: Site, progress: Progress) -> Outcome:
    """One pack from a stream to the store, on trial and active. Raises an ImagoError; then nothing has changed."""
    store = site.store
    statement = read_head(read_some)
    store.check_not_set_back()
    found, _, _ = admitted(statement, site)
    record = store.state.personas.get(found.envelope.series)
    if record is not None and found.digest in (record.good, record.trial) and store.has(found.digest):
        with store.writing():
            store.change(lambda now: state.activated(now, found.envelope.series))
        return Outcome("already here", record.persona, record.name, found.digest)
    with store.writing():
        known = store.family
        found, family, frame = admitted(statement, site)  # once more: another import or order may have been quicker
        pack = _stage(found, read_some, site, family, frame, progress)
        code = ""
        if known is None:
            store.belong_to(family)
            store.sealer.erase("pairing")
            code = family.code(site.identity.id)
        store.take(pack[1], pack[0])
    told = pack[0].manifest
    return Outcome("installed", told.persona, told.name, found.digest, family_code=code)


def admitted(statement: Statement, site: Site) -> tuple[Outside, Family, Frame]:
    """The outside of a pack that this frame may take, as far as it tells, and what it was judged by. Raises Refused or
    Missing."""
    family = site.store.family or introduction(statement, site)
    found = verify.signed_outside(statement, family, site.vendor_keys)
    frame = site.frame(family)
    verify.admitted(found, frame)
    return found, family, frame


def look_into(
    read_some: Read, site: Site, progress: Progress = lambda stage, done, total: None
) -> tuple[Verified, int]:
    """The whole verification of a pack, as an import would do it, with nothing written -> the pack, and where in it its
    payload begins. Raises an ImagoError."""
    statement = read_head(read_some)
    found, family, frame = admitted(statement, site)
    total = found.envelope.length
    pack = verify.contents(found, read_some, family, frame, _nowhere, lambda done: progress("checking", done, total))
    return pack, HEAD + len(statement.content) + pack.opened.header_size


def _nowhere(chunk: bytes) -> None:
    """Keeps nothing."""


def introduction(statement: Statement, site: Site) -> Family:
    """The family that a pack brings to a frame that has none. Raises Refused."""
    told = read_envelope(statement).introduction
    if told is None:
        raise refusal(
            "pairing.none", "a frame that knows this family", "one that knows nobody", "imago pair --export FILE"
        )
    return introduced(told, site.identity.id, pairing_secret(site.store.sealer))


def _stage(
    found: Outside, read_some: Read, site: Site, family: Family, frame: Frame, progress: Progress
) -> tuple[Verified, Path]:
    """The pack's payload, synced in a staging folder, and looked through."""
    total = found.envelope.length
    site.store.make_room(found.envelope.series, total)
    staged = site.store.new_staging()
    path = staged / "payload"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as file:
        pack = verify.contents(
            found,
            read_some,
            family,
            frame,
            lambda chunk: _put(file.fileno(), chunk),
            lambda n: progress("checking", n, total),
        )
        os.fsync(file.fileno())
    progress("looking", 0, total)
    look_through(path, pack.opened.file_key, pack.manifest)
    progress("keeping", total, total)
    return pack, staged


def _put(descriptor: int, chunk: bytes) -> None:
    view = memoryview(chunk)
    while view:
        view = view[os.write(descriptor, view) :]


def look_through(path: Path, file_key: bytes, manifest: Manifest) -> None:
    """Raises BadInput for a file in a payload that is not what its name says."""
    with SealedPayload(path, file_key) as payload:
        places = opening.places_of(payload, manifest)
        for entry in manifest.files:
            file = SealedFile(payload, places[entry.path], entry.size)
            content.check(entry, file)  # type: ignore[arg-type]
            if entry.path == "persona.toml":
                file.seek(0)
                content.check_identity(manifest, file.read())


def running(store: Store) -> tuple[str, str]:
    """(series, digest) of the pack that the frame is. Raises Missing for none."""
    now = store.state
    record = now.personas.get(now.active)
    if record is None or not record.running:
        hint = "imago import FILE brings one"
        raise Missing("persona", expected="an installed persona", got="none", hint=hint)
    return now.active, record.running
