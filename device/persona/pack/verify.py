"""Verification of a pack: bytes in, a verified persona or one error out. Pure: no file, clock or thread.

The order is the point of it. Signature of the envelope, then what the envelope says against what this frame knows; then
each chunk's SHA-256 before a byte of it is decrypted; then the inner manifest's signature, the consent, and each file
as it comes by. `Contents.chunks` gives the caller each chunk for keeping only after what it holds was found right as
far as that can be told, and always as the very bytes that were checked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from device.persona.pack import age, archive, consent, manifest, signed
from device.persona.pack.consent import Consent
from device.persona.pack.envelope import Envelope, Read, digest_of, read_envelope, read_exactly, read_head
from device.persona.pack.family import Family
from device.persona.pack.manifest import Entry, Manifest
from device.persona.pack.refusal import refusal
from device.persona.pack.signed import Statement


@dataclass(frozen=True, slots=True)
class Floor:
    """What a frame remembers of a series, so that nothing old comes back."""

    epoch: int = 0
    counter: int = 0
    digest: str = ""
    """Of the pack with this counter"""
    revoked: int = -1
    """Consent serials up to this were withdrawn"""


@dataclass(frozen=True, slots=True)
class Frame:
    """What verification must know of the frame that it is for."""

    family: Family | None
    id: str
    kinds: frozenset[str]
    """Of device; "any" is always among a pack's choices"""
    identity: X25519PrivateKey
    floors: Mapping[str, Floor] = field(default_factory=dict)
    """By series"""
    vendor_keys: frozenset[str] = frozenset()
    """Ids of the maker's keys, only to say so"""
    models: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Role -> SHA-256 of those that are here"""


@dataclass(frozen=True, slots=True)
class Outside:
    """A pack whose envelope was found right."""

    statement: Statement
    envelope: Envelope
    signers: frozenset[str]

    @property
    def digest(self) -> str:
        """What it is called in the store."""
        return digest_of(self.statement)


@dataclass(frozen=True, slots=True)
class Verified:
    """A pack that was found right to its last byte."""

    outside: Outside
    manifest: Manifest
    consent: Consent
    opened: age.Opened


def outside(read_some: Read, family: Family, vendor_keys: frozenset[str] = frozenset()) -> Outside:
    """Reads a pack's head and says who signed it. Raises BadInput or Refused."""
    return signed_outside(read_head(read_some), family, vendor_keys)


def signed_outside(statement: Statement, family: Family, vendor_keys: frozenset[str] = frozenset()) -> Outside:
    """The same for a statement that was read already."""
    root = family.root
    signers = signed.require(statement, family.keys, root.threshold, revoked=root.revoked, vendor=vendor_keys)
    envelope = read_envelope(statement)
    if envelope.family != family.id:
        raise refusal("signature.family", "a pack of this family", "another family's")
    if envelope.root_version > root.version:
        hint = "put the family's newest root on the stick, too"
        raise refusal("rollback.root-skipped", f"root {root.version}", f"{envelope.root_version}", hint)
    return Outside(statement, envelope, signers)


def admitted(found: Outside, frame: Frame) -> None:
    """Raises Refused or Missing where this frame must not take the pack, as far as its outside tells."""
    envelope = found.envelope
    if "any" not in envelope.device and not frame.kinds & set(envelope.device):
        asked = ", ".join(envelope.device)[:80]
        raise refusal("device.kind", f"a frame of kind {asked}", ", ".join(sorted(frame.kinds))[:80])
    if frame.id not in envelope.recipients:
        raise refusal("recipient.other", f"a pack for frame {frame.id[:12]}", f"for {envelope.recipients[0][:12]}")
    floor = frame.floors.get(envelope.series, Floor())
    if envelope.consent_serial <= floor.revoked:
        raise refusal("revoked.consent", f"a consent newer than {floor.revoked}", f"serial {envelope.consent_serial}")
    if envelope.epoch < floor.epoch:
        raise refusal("rollback.epoch", f"epoch {floor.epoch} or later", f"epoch {envelope.epoch}")
    if envelope.epoch == floor.epoch and envelope.counter < floor.counter:
        asked, hint = f"number {floor.counter} or later", "build it again, or restore it with --epoch"
        raise refusal("rollback.counter", asked, f"number {envelope.counter}", hint)
    same_number = (envelope.epoch, envelope.counter) == (floor.epoch, floor.counter)
    if same_number and floor.digest and floor.digest != found.digest:
        raise refusal("rollback.twin", f"pack {floor.digest[:12]} with this number", f"pack {found.digest[:12]}")


Keep = Callable[[bytes], None]
"""Takes a chunk of ciphertext that was checked, in order, without the age header's bytes."""


class Chunks:
    """The ciphertext, chunk by chunk: hashed before it is read from, and given to `keep` after."""

    def __init__(self, read_some: Read, envelope: Envelope, keep: Keep, progress: Callable[[int], None]) -> None:
        self._source = read_some
        self._hashes = iter(envelope.hashes)
        self._size = envelope.chunk_size
        self._missing = envelope.length
        self._keep = keep
        self._progress = progress
        self._chunk = b""
        self._at = 0
        self._header = 0
        self.done = 0
        """Bytes that were checked."""

    def read(self, size: int) -> bytes:
        """At most `size` bytes, b"" at the end."""
        if self._at == len(self._chunk) and not self._following():
            return b""
        part = self._chunk[self._at : self._at + size]
        self._at += len(part)
        return part

    def skip_header(self, size: int) -> None:
        """The first `size` bytes, all in the first chunk, are not kept: they would open the rest for ever."""
        self._header = size

    def finish(self) -> None:
        """All must have been read, and nothing may follow. Raises BadInput."""
        if self._missing or self._at < len(self._chunk):
            raise refusal("malformed.trailing-content", "the content's end", "more of it")
        self._give()
        if self._source(1):
            raise refusal("malformed.trailing", "the end of the file", "more bytes after the pack")

    def _give(self) -> None:
        if self._chunk:
            self._keep(self._chunk[self._header :] if self._header else self._chunk)
            self._progress(self.done)
            self._header = 0
        self._chunk = b""
        self._at = 0

    def _following(self) -> bool:
        self._give()
        if not self._missing:
            return False
        size = min(self._size, self._missing)
        chunk = read_exactly(self._source, size)
        if len(chunk) < size:
            raise refusal("damaged.cut", f"{self._missing} bytes more", f"{len(chunk)}")
        if hashlib.sha256(chunk).digest() != next(self._hashes):
            raise refusal("damaged.chunk", "the bytes that were signed", f"others at {self.done}")
        self._missing -= size
        self.done += size
        self._chunk = chunk
        return True


class _Plain:
    """The decrypted archive as a stream."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")

    def some(self, most: int) -> memoryview:
        """At least one byte, at most `most`; none at the end."""
        while not self._rest and (piece := next(self._pieces, None)) is not None:
            self._rest = memoryview(piece)
        part, self._rest = self._rest[:most], self._rest[most:]
        return part

    def exactly(self, size: int) -> bytes:
        """So many bytes, fewer only at the end."""
        return read_exactly(lambda most: bytes(self.some(most)), size)


def contents(
    found: Outside, read_some: Read, family: Family, frame: Frame, keep: Keep, progress: Callable[[int], None]
) -> Verified:
    """Reads the rest of a pack whose outside was admitted; `keep` gets what may be kept, `progress` the bytes of
    ciphertext that were checked. Raises BadInput, Refused or Missing; then what was kept is worth nothing."""
    chunks = Chunks(read_some, found.envelope, keep, progress)
    opened = age.open_header(chunks.read, frame.identity)
    chunks.skip_header(opened.header_size)
    plain = _Plain(age.pieces(chunks.read, opened.file_key))
    told, agreed = _beginning(plain, found, family, frame)
    for entry in told.files[1:]:
        _check_file(plain, entry)
    _check_end(plain)
    chunks.finish()
    return Verified(found, told, agreed, opened)


def _beginning(plain: _Plain, found: Outside, family: Family, frame: Frame) -> tuple[Manifest, Consent]:
    """Manifest and consent, which judge all the rest."""
    told = read_signed_manifest(plain.exactly, found, family)
    manifest.check_runnable(told, dict(frame.models))
    first = told.files[0]
    archive.expect(plain.exactly(archive.BLOCK), first.path, first.size)
    if first.size > consent.MAX_BYTES:
        raise refusal("malformed.length", f"a consent of up to {consent.MAX_BYTES} bytes", f"{first.size}")
    content = plain.exactly(first.size)
    if hashlib.sha256(content).hexdigest() != told.consent_sha256:
        raise refusal("consent.digest", "the consent that was signed", "another")
    _check_padding(plain, first.size)
    return told, consent.read_consent(content, told, found.envelope.consent_serial)


def read_signed_manifest(exactly: Read, found: Outside, family: Family) -> Manifest:
    """The manifest at the beginning of an archive. Raises BadInput or Refused."""
    size = archive.size_of_first(exactly(archive.BLOCK), manifest.FILE, manifest.MAX_BYTES)
    content = exactly(size)
    if any(exactly(archive.padding(size))):
        raise refusal("malformed.archive-padding", "zeros after the manifest", "something")
    statement = signed.parse(content, signed.MANIFEST, "manifest", manifest.MAX_BYTES)
    inner = signed.require(statement, family.keys, 1, revoked=family.root.revoked)
    if not inner <= found.signers:
        raise refusal("signature.inner", "the same signer inside and outside", "another inside")
    told = manifest.read_manifest(statement.payload)
    if (told.pack, told.series) != (found.envelope.pack, found.envelope.series):
        raise refusal("signature.inner-pack", f"the content of pack {found.envelope.pack[:8]}", f"of {told.pack[:8]}")
    return told


def _check_file(plain: _Plain, entry: Entry) -> None:
    archive.expect(plain.exactly(archive.BLOCK), entry.path, entry.size)
    total, missing = hashlib.sha256(), entry.size
    while missing and (part := plain.some(missing)):
        total.update(part)
        missing -= len(part)
    if missing:
        raise refusal("malformed.archive-cut", f"{missing} bytes more of {entry.path}", "the end of the archive")
    if total.hexdigest() != entry.sha256:
        raise refusal("malformed.file-digest", f"{entry.path} as in the manifest", "other bytes")
    _check_padding(plain, entry.size)


def _check_padding(plain: _Plain, size: int) -> None:
    if any(plain.exactly(archive.padding(size))):
        raise refusal("malformed.archive-padding", "zeros after a file", "something")


def _check_end(plain: _Plain) -> None:
    end = plain.exactly(len(archive.END))
    if end != archive.END:
        if any(end) and len(end) == len(archive.END):
            raise refusal("malformed.file-unlisted", "the end of the archive", "a file that is not in the manifest")
        raise refusal("malformed.archive-cut", "two blocks of zeros at the end", f"{len(end)} bytes")
    if plain.some(1):
        raise refusal("malformed.trailing-content", "the end of the archive", "more bytes")
