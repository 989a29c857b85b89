"""The outside of a pack: `magic | u32 length | signed envelope | ciphertext`, and what the envelope says.

It is public and names nobody. It is verified whole before anything of the rest is read, let alone written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Annotated

import msgspec

from device.persona.pack import signed
from device.persona.pack.family import Hex32, Hex64, Introduction
from device.persona.pack.keys import from_base64
from device.persona.pack.refusal import refusal
from device.persona.pack.signed import Statement
from device.persona.pack.strict_json import LARGEST, read

MAGIC = b"\x89IMAGO\r\n"
"""As PNG's: a byte beyond ASCII and a line's end, so that transfers "as text" are noticed at once."""
HEAD = len(MAGIC) + 4
LONGEST = 3_900_000_000
"""Bytes of ciphertext: with the head, less than the 4 GiB of a file on FAT32."""
CHUNK_SIZES = tuple(1 << n for n in range(16, 23))
"""64 KiB to 4 MiB."""
MOST_CHUNKS = 1024
"""32 bytes each: with the largest chunks more than LONGEST, and in base64 twice less than an envelope holds."""
EXTENSIONS: frozenset[str] = frozenset()
"""Names of fields beyond these that this reader understands."""

Read = Callable[[int], bytes]
"""At most so many bytes, b"" at the end, as a file's `read`."""
Serial = Annotated[int, msgspec.Meta(ge=0, le=LARGEST)]


class Envelope(msgspec.Struct, frozen=True):
    """What anybody may read of a pack. Fields that are not known are passed over unless `critical` names them."""

    pack: Hex32
    """Random, another one for each pack"""
    family: Hex64
    root_version: Annotated[int, msgspec.Meta(ge=1, le=2**31)]
    """Of the family's root that its signers go by"""
    series: Hex32
    """The same for all packs of one persona"""
    device: Annotated[
        tuple[Annotated[str, msgspec.Meta(max_length=40)], ...], msgspec.Meta(min_length=1, max_length=16)
    ]
    """Kinds of frame that it is for; "any" """
    recipients: Annotated[tuple[Hex64, ...], msgspec.Meta(min_length=1, max_length=64)]
    """Ids of frames that can open it"""
    epoch: Serial
    counter: Serial
    """Rises from pack to pack of one series within an epoch; the epoch rises when an older one shall come back"""
    consent_serial: Serial
    """Higher than that of any revocation before"""
    length: Annotated[int, msgspec.Meta(ge=1, le=LONGEST)]
    """Bytes of ciphertext"""
    chunk_size: int
    chunks: Annotated[str, msgspec.Meta(max_length=44 * MOST_CHUNKS)]
    """SHA-256 of each chunk of the ciphertext one after the other, base64"""
    critical: Annotated[tuple[str, ...], msgspec.Meta(max_length=16)] = ()
    introduction: Introduction | None = None

    @property
    def hashes(self) -> tuple[bytes, ...]:
        """32 bytes for each chunk."""
        raw = from_base64(self.chunks, "hashes", "pack")
        return tuple(raw[at : at + 32] for at in range(0, len(raw), 32))


def digest_of(statement: Statement) -> str:
    """What a pack is called in the store: SHA-256 of its signed payload, which holds the hashes of all the rest."""
    return hashlib.sha256(statement.payload).hexdigest()


def read_exactly(read_some: Read, size: int) -> bytes:
    """`size` bytes, fewer only at the end."""
    parts, missing = [], size
    while missing and (part := read_some(missing)):
        parts.append(part)
        missing -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def read_head(read_some: Read) -> Statement:
    """The statement at the beginning of a pack, its signatures not looked at. Raises BadInput."""
    head = read_exactly(read_some, HEAD)
    if not head:
        raise refusal("malformed.empty", "a persona pack", "an empty file")
    if MAGIC.startswith(head):
        raise refusal("damaged.cut", f"{HEAD} bytes of head", f"{len(head)}")
    if not head.startswith(MAGIC):
        if head.startswith(MAGIC[:6]) or head.replace(b"\r\n", b"\n").startswith(MAGIC.replace(b"\r\n", b"\n")):
            raise refusal("damaged.transfer", "the pack's bytes as they were", "line ends changed", "copy it as binary")
        raise refusal("malformed.magic", "a persona pack", "another kind of file")
    if len(head) < HEAD:
        raise refusal("damaged.cut", f"{HEAD} bytes of head", f"{len(head)}")
    length = int.from_bytes(head[len(MAGIC) :], "big")
    if not 0 < length <= signed.MAX_BYTES:
        raise refusal("malformed.envelope-length", f"an envelope of 1 to {signed.MAX_BYTES} bytes", f"{length}")
    content = read_exactly(read_some, length)
    if len(content) < length:
        raise refusal("damaged.cut", f"an envelope of {length} bytes", f"{len(content)}")
    return signed.parse(content, signed.PACK, "pack")


def read_envelope(statement: Statement) -> Envelope:
    """What a statement says whose signatures were found right. Raises BadInput."""
    envelope = read(statement.payload, Envelope, "pack")
    unknown = set(envelope.critical) - EXTENSIONS
    if unknown:
        raise refusal("device.critical", "extensions that this frame knows", ", ".join(sorted(unknown))[:80])
    if envelope.chunk_size not in CHUNK_SIZES:
        raise refusal("malformed.chunk-size", "a power of two from 64 KiB to 4 MiB", f"{envelope.chunk_size}")
    raw = from_base64(envelope.chunks, "hashes", "pack")
    asked = -(-envelope.length // envelope.chunk_size)
    if len(raw) != 32 * asked or asked > MOST_CHUNKS:
        got = f"{len(raw) / 32:g}"
        raise refusal("malformed.chunk-count", f"{min(asked, MOST_CHUNKS)} hashes for {envelope.length} bytes", got)
    return envelope


def packed(statement: Statement) -> bytes:
    """The head of a pack: what goes before the ciphertext. Raises BadInput where the envelope is too long."""
    content = statement.encode()
    if len(content) > signed.MAX_BYTES:
        raise refusal("malformed.envelope-length", f"at most {signed.MAX_BYTES} bytes", f"{len(content)}")
    return MAGIC + len(content).to_bytes(4, "big") + content
