"""Signed statements: DSSE envelopes (Dead Simple Signing Envelope, protocol v1), verified before they are read.

A statement is JSON of at most 64 KiB: ``{"payload": base64, "payloadType": text, "signatures": [{"keyid", "sig"}]}``.
What is signed is not the payload alone but its type with it, so that no statement can pass for another kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

import msgspec

from device.persona.pack.keys import from_base64, key_id, signed_by, to_base64
from device.persona.pack.refusal import refusal
from device.persona.pack.strict_json import read

MAX_BYTES = 64 << 10
MOST_SIGNATURES = 8

PACK = "application/vnd.imago.pack.v1+json"
MANIFEST = "application/vnd.imago.manifest.v1+json"
ROOT = "application/vnd.imago.root.v1+json"
INTRODUCTION = "application/vnd.imago.introduction.v1+json"
REVOCATION = "application/vnd.imago.revocation.v1+json"
REPORT = "application/vnd.imago.report.v1+json"
FIRMWARE = "application/vnd.imago.firmware.v1+json"
MODELS = "application/vnd.imago.models.v1+json"

FAMILY_SIGNS = frozenset({PACK, MANIFEST, ROOT, INTRODUCTION, REVOCATION})
VENDOR_SIGNS = frozenset({FIRMWARE, MODELS})
"""The maker of the frame vouches for software, and never for a person."""


class Signature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One key's."""

    keyid: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
    sig: Annotated[str, msgspec.Meta(max_length=128)]


class _Wire(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    payload: str
    payload_type: str = msgspec.field(name="payloadType")
    signatures: tuple[Signature, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement whose signatures have not been looked at yet."""

    payload: bytes
    payload_type: str
    signatures: tuple[Signature, ...]
    subject: str
    content: bytes = b""
    """As it came"""

    @property
    def message(self) -> bytes:
        """The bytes that are signed."""
        return encoded(self.payload_type, self.payload)

    def encode(self) -> bytes:
        """What `parse` reads."""
        return msgspec.json.encode(_Wire(to_base64(self.payload), self.payload_type, self.signatures))


def encoded(payload_type: str, payload: bytes) -> bytes:
    """DSSE's pre-authentication encoding: "DSSEv1" LEN(type) type LEN(payload) payload."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def parse(content: bytes, payload_type: str, subject: str, most: int = MAX_BYTES) -> Statement:
    """The bytes of a statement of one type. Raises BadInput or Refused; says nothing yet about who signed it."""
    if len(content) > most:
        raise refusal("malformed.length", f"at most {most} bytes", f"{len(content)}", subject=subject)
    wire = read(content, _Wire, subject)
    if wire.payload_type != payload_type:
        got = wire.payload_type[:80]
        if same_name_other_version(got, payload_type):
            raise refusal("device.version", payload_type, got, "update the frame's software", subject=subject)
        raise refusal("signature.payload-type", payload_type, got, subject=subject)
    if len(wire.signatures) > MOST_SIGNATURES:
        found = f"{len(wire.signatures)}"
        raise refusal("malformed.signatures", f"at most {MOST_SIGNATURES} signatures", found, subject=subject)
    payload = from_base64(wire.payload, "a payload", subject)
    return Statement(payload, wire.payload_type, wire.signatures, subject, content)


def type_of(content: bytes) -> str:
    """The type that a statement says it is of. Raises BadInput."""
    if len(content) > MAX_BYTES:
        raise refusal("malformed.length", f"at most {MAX_BYTES} bytes", "more", subject="order")
    return read(content, _Wire, "order").payload_type


def same_name_other_version(got: str, want: str) -> bool:
    """Whether two payload types differ in nothing but their version."""
    return got.partition(".v")[0] == want.partition(".v")[0] and got.partition(".v")[0] != got


def signers(statement: Statement, keys: Mapping[str, bytes]) -> frozenset[str]:
    """Ids of those of `keys` (id -> 32 bytes) that signed it. Raises Refused where a signature that is said to be one
    of theirs is not, or where one key stands there twice."""
    named = [s.keyid for s in statement.signatures]
    if not named:
        raise refusal("signature.none", "a signature", "none", subject=statement.subject)
    if len(set(named)) < len(named):
        raise refusal("signature.twice", "each key once", "one key twice", subject=statement.subject)
    found = set()
    for signature in statement.signatures:
        key = keys.get(signature.keyid)
        if key is None:
            continue  # a relative whom this frame does not know counts for nothing
        raw = from_base64(signature.sig, "a signature", statement.subject)
        if not signed_by(key, raw, statement.message):
            raise refusal("signature.wrong", "a true signature", "a false one", subject=statement.subject)
        found.add(signature.keyid)
    return frozenset(found)


def require(
    statement: Statement,
    keys: Mapping[str, bytes],
    threshold: int,
    *,
    revoked: Iterable[str] = (),
    vendor: Iterable[str] = (),
) -> frozenset[str]:
    """Ids of the signers, at least `threshold` of `keys`. Raises Refused, saying which kind of stranger signed it."""
    named = {s.keyid for s in statement.signatures}
    found = signers(statement, keys)
    if len(found) >= threshold:
        return found
    if named & set(revoked):
        raise refusal("signature.revoked-key", "a key in force", "a revoked one", subject=statement.subject)
    if named & set(vendor):
        raise refusal("signature.vendor-key", "the family's key", "the maker's", subject=statement.subject)
    if found:
        got = f"{len(found)}"
        raise refusal("signature.threshold", f"{threshold} relatives' signatures", got, subject=statement.subject)
    raise refusal("signature.stranger", "the family's key", "a stranger's", subject=statement.subject)


Sign = Callable[[bytes], bytes]
"""Message -> 64 bytes of an Ed25519 signature."""


def sign(payload_type: str, payload: bytes, signing: Mapping[bytes, Sign]) -> Statement:
    """A statement signed by each of `signing` (public key -> how it signs)."""
    message = encoded(payload_type, payload)
    made = tuple(Signature(key_id(public), to_base64(make(message))) for public, make in signing.items())
    return Statement(payload, payload_type, made, "statement")
