"""From an unpacked persona to a pack: archived, encrypted to its frames and to the family, signed inside and out.

`plan` says what will be in it, and is a pure function of the folder's files; `write` makes the bytes, as a stream.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pyrage

from device.errors import BadInput, ImagoError
from device.persona.pack import archive, envelope, signed
from device.persona.pack.consent import Consent
from device.persona.pack.envelope import CHUNK_SIZES, LONGEST, Envelope
from device.persona.pack.family import Family, Introduction, pairing_proof
from device.persona.pack.keys import to_base64
from device.persona.pack.manifest import CONSENT, FILE, Entry, Grant, Manifest, kind_of, read_manifest
from device.persona.pack.signed import Sign
from device.persona.store.frame_identity import FramePublic
from models_quantized import catalog
from provisioning.consent import encode
from provisioning.keys import series_of

BLOCK = 1 << 20
LEFT_AT_HOME = frozenset({"manifest.json", "likeness/report.html", "likeness/report.json"})
"""What a build leaves for the family to look at."""

Progress = Callable[[int, int], None]
"""Bytes done, bytes in all."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What goes into a pack."""

    sources: dict[str, Path]
    """Where the bytes of each file are, except those of the consent"""
    manifest: Manifest
    consent: bytes


@dataclass(frozen=True, slots=True)
class Order:
    """How a pack is to be numbered and for whom it is."""

    frames: tuple[FramePublic, ...]
    epoch: int
    counter: int
    kinds: tuple[str, ...] = ("any",)
    chunk_size: int = CHUNK_SIZES[-1]


def plan(
    folder: Path,
    family: Family,
    name: str,
    consent: Consent,
    models: dict[str, str],
    needs: dict[str, tuple[Grant, ...]],
    declaration: Path | None = None,
) -> Plan:
    """The manifest of an unpacked persona. `models`: role -> SHA-256 of what it was made with. `needs`: grants that a
    file needs beyond its kind's. Of the documents on which consent rests only the recorded `declaration` travels; of
    the others the hash is enough. Raises BadInput for a file that cannot travel."""
    content = encode(consent)
    digest = hashlib.sha256(content).hexdigest()
    entries = [Entry(CONSENT, len(content), digest, "consent")]
    sources = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    sources = {told: path for told, path in sources.items() if told not in LEFT_AT_HOME and kind_of(told) != "consent"}
    if declaration is not None and consent.declaration is not None:
        sources[consent.declaration.recording] = declaration
    for told, path in sources.items():
        kind = kind_of(told)
        if kind is None:
            raise BadInput(str(path), expected="a file that personas have", got=told)
        entries.append(Entry(told, path.stat().st_size, catalog.sha256_of(path), kind, needs.get(told, ())))
    series = series_of(family, consent.persona)
    manifest = Manifest(secrets.token_hex(16), series, consent.persona, name, digest, tuple(entries), models=models)
    return Plan(sources, read_manifest(msgspec.json.encode(manifest)), content)


def archived(plan: Plan, signing: dict[bytes, Sign]) -> Iterator[bytes]:
    """The archive's bytes, piece by piece; its first file is the signed manifest. Raises BadInput for a file that has
    changed since it was planned."""
    told = signed.sign(signed.MANIFEST, msgspec.json.encode(plan.manifest), signing).encode()
    yield from _member(FILE, len(told), iter([told]))
    for entry in plan.manifest.files:
        source = iter([plan.consent]) if entry.path == CONSENT else _read(plan.sources[entry.path])
        total, size = hashlib.sha256(), 0
        for part in _member(entry.path, entry.size, _watched(source, total.update)):
            size += len(part)
            yield part
        if total.hexdigest() != entry.sha256 or size != archive.span(entry.size):
            raise BadInput(entry.path, expected="the file as it was", got="one that has changed", hint="build it again")
    yield archive.END


def _watched(parts: Iterator[bytes], see: Callable[[bytes], None]) -> Iterator[bytes]:
    for part in parts:
        see(part)
        yield part


def _member(path: str, size: int, parts: Iterator[bytes]) -> Iterator[bytes]:
    yield archive.header(path, size)
    yield from parts
    yield bytes(archive.padding(size))


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while part := file.read(BLOCK):
            yield part


class _Reader:
    """The archive as what pyrage reads from."""

    def __init__(self, parts: Iterator[bytes], progress: Callable[[int], None]) -> None:
        self._parts, self._rest, self._done = parts, b"", 0
        self._progress = progress
        self.failure: Exception | None = None
        """Why it ended early; pyrage makes another error of it."""

    def read(self, size: int = -1) -> bytes:
        try:
            while not self._rest and (part := next(self._parts, None)) is not None:
                self._rest = part
        except (ImagoError, OSError) as error:
            self.failure = error
            raise
        given, self._rest = (self._rest, b"") if size < 0 else (self._rest[:size], self._rest[size:])
        self._done += len(given)
        self._progress(self._done)
        return given


class _Writer:
    """Takes ciphertext from pyrage: to a file, and hashed chunk by chunk."""

    def __init__(self, write: Callable[[bytes], object], chunk_size: int) -> None:
        self._write, self._size = write, chunk_size
        self._chunk, self._left = hashlib.sha256(), chunk_size
        self._done: list[bytes] = []
        self.length = 0

    def write(self, data: bytes) -> int:
        self._write(data)
        view = memoryview(data)
        self.length += len(view)
        while view:
            part, view = view[: self._left], view[self._left :]
            self._chunk.update(part)
            self._left -= len(part)
            if not self._left:
                self._next()
        return len(data)

    def flush(self) -> None:
        """For pyrage, which asks for it."""

    def _next(self) -> None:
        self._done.append(self._chunk.digest())
        self._chunk, self._left = hashlib.sha256(), self._size

    def hashes(self) -> bytes:
        """Of all chunks, the last one perhaps shorter."""
        if self._left < self._size:
            self._next()
        return b"".join(self._done)


def encrypted(
    parts: Iterator[bytes], recipients: Sequence[str], out: Path, chunk_size: int, progress: Callable[[int], None]
) -> tuple[int, bytes]:
    """Writes the ciphertext of `parts` to `out` -> its length and its chunks' hashes."""
    keys = [pyrage.x25519.Recipient.from_str(text) for text in recipients]
    with out.open("wb") as file:
        writer = _Writer(file.write, chunk_size)
        reader = _Reader(parts, progress)
        try:
            pyrage.encrypt_io(reader, writer, keys)
        except pyrage.EncryptError as error:
            raise (reader.failure or OSError(str(error))) from None
    return writer.length, writer.hashes()


def write(
    plan: Plan, order: Order, family: Family, serial: int, signing: dict[bytes, Sign], out: Path, progress: Progress
) -> Envelope:
    """Writes the pack to `out`, whole or not at all. `serial`: the consent's. Raises BadInput."""
    total = sum(archive.span(entry.size) for entry in plan.manifest.files)
    if total > LONGEST - (16 << 20):
        raise BadInput("persona", expected=f"at most {LONGEST / 1e9:.1f} GB", got=f"{total / 1e9:.1f} GB")
    draft = out.with_name(f".{out.name}.{secrets.token_hex(4)}")
    content = draft.with_name(f"{draft.name}.content")
    recipients = [*(frame.age_recipient for frame in order.frames), *filter(None, [family.root.recipient])]
    try:
        parts = archived(plan, signing)
        length, hashes = encrypted(parts, recipients, content, order.chunk_size, lambda n: progress(n, total))
        told = _envelope(plan, order, family, serial, length, hashes)
        statement = signed.sign(signed.PACK, msgspec.json.encode(told), signing)
        with draft.open("wb") as file, content.open("rb") as body:
            file.write(envelope.packed(statement))
            while part := body.read(BLOCK):
                file.write(part)
        draft.replace(out)
    except OSError as error:
        raise BadInput(str(out), expected="a place to write to", got=error.strerror or str(error)) from None
    finally:
        draft.unlink(missing_ok=True)
        content.unlink(missing_ok=True)
    return told


def _envelope(plan: Plan, order: Order, family: Family, serial: int, length: int, hashes: bytes) -> Envelope:
    return Envelope(
        pack=plan.manifest.pack,
        family=family.id,
        root_version=family.root.version,
        series=plan.manifest.series,
        device=order.kinds,
        recipients=tuple(frame.id for frame in order.frames),
        epoch=order.epoch,
        counter=order.counter,
        consent_serial=serial,
        length=length,
        chunk_size=order.chunk_size,
        chunks=to_base64(hashes),
        introduction=introduction(order.frames, family),
    )


def introduction(frames: Sequence[FramePublic], family: Family) -> Introduction | None:
    """What makes the family known to a frame that has none."""
    if len(frames) != 1 or frames[0].pairing is None:
        return None
    secret, frame = bytes.fromhex(frames[0].pairing), frames[0].id
    proof = pairing_proof(secret, family.statement.payload, frame)
    return Introduction(to_base64(family.statement.encode()), frame, proof)
