"""Packs that must be refused: their outside, signatures, encryption and numbers. `refused_content` has the inside."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from device.persona.pack import signed
from device.persona.pack.envelope import HEAD, MAGIC
from device.persona.pack.family import Family, Owner
from device.persona.pack.keys import from_base64, key_id, to_base64
from device.persona.store.state import Mark
from provisioning.keys import changed, replaced, signed_root
from tests.support.age_file import GREASE, PIECE, SCRYPT, Age, sealed, stanza, text, with_empty_last
from tests.support.packs import CHUNK, FAMILY, FRAME, OTHER_FRAME, PAPER, STRANGER, Recipe, content_of, make, sound

AUNT = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"aunt").digest())
VENDOR = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"maker").digest())
ORDER = 2**252 + 27742317777372353535851937790883648493
"""Of the group of Ed25519 (RFC 8032, section 5.1)."""
OWNER = PAPER.signing(1)
Bytes = Callable[[bytes], bytes]


def public(key: Ed25519PrivateKey) -> bytes:
    """32 bytes."""
    return key.public_key().public_bytes_raw()


def owners(threshold: int) -> Family:
    """The family with an aunt among its owners, in its second root."""
    root = changed(FAMILY, [Owner(to_base64(public(AUNT)), "aunt")], [], threshold)
    return signed_root(root, [OWNER, AUNT])


RENEWED = replaced(FAMILY, PAPER, "Mei")[0]
"""The family whose first key was revoked."""
TWO, EITHER = owners(2), owners(1)


@dataclass(frozen=True)
class Here:
    """The frame that a bad pack comes to."""

    family: Family | None = FAMILY
    signers: tuple[Ed25519PrivateKey, ...] = (OWNER,)
    """Of packs that it takes"""
    mark: Mark | None = None
    """What it remembers, when that is more than the pack that it has"""
    vendor: frozenset[str] = frozenset()
    pairing: bytes | None = None


@dataclass(frozen=True)
class Case:
    """One input and the code that it is refused with."""

    name: str
    code: str
    data: Callable[[], bytes]
    here: Here = field(default_factory=Here)


def bad(name: str, code: str, here: Here | None = None, **changes: Any) -> Case:
    """A pack of a recipe that differs in these parts."""
    return Case(name, code, lambda: make(Recipe(**changes)), here or Here())


def told(change: Callable[[dict[str, Any]], object]) -> Bytes:
    """A JSON object, changed in place."""

    def changed_text(content: bytes) -> bytes:
        data = json.loads(content)
        change(data)
        return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()

    return changed_text


def swap(old: bytes, new: bytes) -> Bytes:
    """The first `old` replaced, which must be there."""

    def swapped(content: bytes) -> bytes:
        assert old in content, (old, content[:300])
        return content.replace(old, new, 1)

    return swapped


def flip(at: Callable[[bytes], int]) -> Bytes:
    """One bit changed at a place of the whole."""

    def flipped(data: bytes) -> bytes:
        place = at(data)
        return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]

    return flipped


def other_letter(at: Callable[[bytes], int]) -> Bytes:
    """Another letter of base64 at a place; a flipped bit may give one that is none."""

    def changed(data: bytes) -> bytes:
        place = at(data)
        return data[:place] + (b"B" if data[place : place + 1] == b"A" else b"A") + data[place + 1 :]

    return changed


def ciphertext_at(data: bytes) -> int:
    """Where a pack's ciphertext begins."""
    return HEAD + int.from_bytes(data[len(MAGIC) : HEAD], "big")


def chunked(change: Callable[[list[bytes]], list[bytes]]) -> Bytes:
    """The ciphertext's chunks, changed after they were signed."""
    return lambda data: b"".join(change([data[at : at + CHUNK] for at in range(0, len(data), CHUNK)]))


def signature(change: Callable[[dict[str, str]], object]) -> Bytes:
    """The first signature of a statement."""
    return told(lambda s: change(s["signatures"][0]))


def unreduced(of: dict[str, str]) -> None:
    """S + L in place of S: the same point, and another signature."""
    raw = from_base64(of["sig"], "a signature", "test")
    of["sig"] = to_base64(raw[:32] + (int.from_bytes(raw[32:], "little") + ORDER).to_bytes(32, "little"))


def loose(base64_text: str) -> str:
    """Another base64 of the same bytes."""
    at = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".index(base64_text[-3])
    other = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[at + 1]
    return base64_text[:-3] + other + base64_text[-2:]


LARGE = {**Recipe().files, "voice/originals/river.wav": ("voice", sound(100_000))}
"""Several chunks."""
DEEP = b'"epoch":0,"x":' + b"[" * 33 + b"]" * 33
BOMB = b'"epoch":0,"x":' + b"[" * 9000
OUR = FRAME.opening.public_key()


def age(**changes: Any) -> Age:
    """An age file to this frame with something changed."""
    return Age(OUR, **changes)


def exact(**changes: Any) -> Recipe:
    """A pack whose content is a whole number of age's pieces."""
    for blocks in range(PIECE // 512):
        recipe = Recipe(files={**Recipe().files, "likeness/x.txt": ("likeness", b" " * 512 * blocks)}, **changes)
        if len(b"".join(content_of(recipe))) % PIECE == 0:
            return recipe
    raise AssertionError("no such size")


FRAMING = [
    Case("empty", "malformed.empty", lambda: b""),
    bad("bad magic", "malformed.magic", whole=lambda d: b"\x89IMAGE\r\n" + d[8:]),
    Case("a zip archive", "malformed.magic", lambda: b"PK\x03\x04" + bytes(100)),
    bad("a polyglot that begins as another file", "malformed.magic", whole=lambda d: b"GIF89a" + d),
    bad("a polyglot that ends as another file", "malformed.trailing", whole=lambda d: d + b"PK\x05\x06" + bytes(18)),
    bad("line ends changed on the way", "damaged.transfer", whole=lambda d: d.replace(b"\r\n", b"\n")),
    bad("unknown version", "device.version", payload_type="application/vnd.imago.pack.v2+json"),
    bad("cut within the head", "damaged.cut", whole=lambda d: d[:10]),
    bad("cut within the envelope", "damaged.cut", whole=lambda d: d[:500]),
    bad("length overflow", "malformed.envelope-length", whole=lambda d: d[:8] + b"\xff" * 4 + d[12:]),
    bad("no length", "malformed.envelope-length", whole=lambda d: d[:8] + bytes(4) + d[12:]),
    bad("an envelope of 64 KiB and more", "malformed.envelope-length", statement=lambda s: s + b" " * (64 << 10)),
    bad("cut mid-chunk", "damaged.cut", whole=lambda d: d[:-100]),
    bad("cut at a chunk's edge", "damaged.cut", files=LARGE, ciphertext=lambda d: d[:CHUNK]),
    bad("no ciphertext", "damaged.cut", ciphertext=lambda d: b""),
    bad("trailing bytes", "malformed.trailing", whole=lambda d: d + b"\0"),
    bad("two packs joined", "malformed.trailing", whole=lambda d: d + d),
    bad("chunk swapped", "damaged.chunk", files=LARGE, ciphertext=chunked(lambda c: [c[1], c[0], *c[2:]])),
    bad("chunk repeated", "damaged.chunk", files=LARGE, ciphertext=chunked(lambda c: [c[0], c[0], *c[1:]])),
    bad("a bit of the magic", "malformed.magic", whole=flip(lambda d: 0)),
    bad("a bit of the length", "malformed.json", whole=flip(lambda d: 11)),
    bad("a bit of the payload", "signature.wrong", whole=flip(lambda d: d.index(b'"payload":"') + 100)),
    bad("a bit of the signature", "signature.wrong", whole=other_letter(lambda d: d.index(b'"sig":"') + 20)),
    bad("a bit of the age header", "damaged.chunk", whole=flip(lambda d: ciphertext_at(d) + 40)),
    bad("the last bit", "damaged.chunk", whole=flip(lambda d: len(d) - 1)),
    bad("a hash too many", "malformed.chunk-count",
        envelope_text=told(lambda e: e.update(chunks=to_base64(bytes(64))))),
    bad("no hashes", "malformed.chunk-count", envelope_text=told(lambda e: e.update(chunks=""))),
    bad("part of a hash", "malformed.chunk-count", envelope_text=told(lambda e: e.update(chunks=to_base64(bytes(31))))),
    bad("an odd chunk size", "malformed.chunk-size", envelope_text=swap(b'"chunk_size":65536', b'"chunk_size":65537')),
    bad("a chunk size of 0", "malformed.chunk-size", envelope_text=swap(b'"chunk_size":65536', b'"chunk_size":0')),
    bad("loose base64", "malformed.base64",
        envelope_text=told(lambda e: e.update(chunks=to_base64(bytes(32))[:-2] + "B="))),
    bad("URL-safe base64", "malformed.base64", envelope_text=told(lambda e: e.update(chunks="-" * 43 + "="))),
    bad("base64 with a line break", "malformed.base64",
        envelope_text=told(lambda e: e.update(chunks=e["chunks"] + "\n"))),
]  # fmt: skip

JSON = [
    bad("a key twice", "malformed.duplicate-key", envelope_text=swap(b'"epoch":0', b'"epoch":0,"epoch":0')),
    bad("a key twice around the payload", "malformed.duplicate-key", statement=swap(b"{", b'{"payload":"",')),
    bad("a key twice, once escaped", "malformed.duplicate-key",
        envelope_text=swap(b'"epoch":0', b'"epoch":0,"\\u0065poch":9')),
    bad("a key twice, deep in the manifest", "malformed.duplicate-key",
        manifest_text=swap(b'"kind":"voice"', b'"kind":"letters","kind":"voice"')),
    bad("NaN", "malformed.number", envelope_text=swap(b'"epoch":0', b'"epoch":NaN')),
    bad("-Infinity", "malformed.number", envelope_text=swap(b'"epoch":0', b'"epoch":-Infinity')),
    bad("1e400", "malformed.number", envelope_text=swap(b'"epoch":0', b'"epoch":0,"x":1e400')),
    bad("an integer beyond 2^53", "malformed.number", envelope_text=swap(b'"epoch":0', b'"epoch":9007199254740993')),
    bad("an integer of 4301 digits", "malformed.number", envelope_text=swap(b'"epoch":0', b'"epoch":' + b"9" * 4301)),
    bad("counter 2^63", "malformed.number", envelope_text=swap(b'"counter":10', b'"counter":9223372036854775808')),
    bad("a counter below 0", "malformed.type", envelope_text=swap(b'"counter":10', b'"counter":-1')),
    bad("a counter of 1.0", "malformed.type", envelope_text=swap(b'"counter":10', b'"counter":10.0')),
    bad("a counter of true", "malformed.type", envelope_text=swap(b'"counter":10', b'"counter":true')),
    bad("a counter in quotes", "malformed.type", envelope_text=swap(b'"counter":10', b'"counter":"10"')),
    bad("a depth bomb", "malformed.depth", envelope_text=swap(b'"epoch":0', BOMB)),
    bad("33 levels", "malformed.depth", envelope_text=swap(b'"epoch":0', DEEP)),
    bad("invalid UTF-8", "malformed.utf8", envelope_text=swap(b'"any"', b'"any\xff"')),
    bad("an overlong UTF-8 form", "malformed.utf8", envelope_text=swap(b'"any"', b'"any","\xc0\xaf"')),
    bad("half a surrogate pair", "malformed.utf8", envelope_text=swap(b'"any"', b'"any","\\ud800"')),
    bad("half a surrogate pair as a key", "malformed.utf8", envelope_text=swap(b'"epoch":0', b'"epoch":0,"\\udc00":0')),
    bad("a byte order mark", "malformed.json", envelope_text=lambda t: b"\xef\xbb\xbf" + t),
    bad("UTF-16", "malformed.utf8", envelope_text=lambda t: t.decode().encode("utf-16")),
    bad("a comma too many", "malformed.json", envelope_text=lambda t: t[:-1] + b",}"),
    bad("two values", "malformed.json", envelope_text=lambda t: t + b"{}"),
    bad("a list in place of an object", "malformed.type", envelope_text=lambda t: b"[" + t + b"]"),
    bad("an unknown critical field", "device.critical", envelope_text=told(lambda e: e.update(critical=["lease"]))),
    bad("an unknown critical field inside", "device.critical", manifest={"critical": ["lease"]}),
    bad("a field that is missing", "malformed.missing-field", envelope_text=told(lambda e: e.pop("counter"))),
    bad("a wrong type", "malformed.type", envelope_text=told(lambda e: e.update(device="any"))),
    bad("an id that ends in a line break", "malformed.type",
        envelope_text=told(lambda e: e.update(series="ab" * 16 + "\n"))),
    bad("an unknown field around the payload", "malformed.type", statement=told(lambda s: s.update(version=2))),
]  # fmt: skip

SIGNATURES = [
    bad("no signature", "signature.none", signers=()),
    bad("a stranger's key", "signature.stranger", signers=(STRANGER.signing(1),)),
    bad("a stranger's signature under the family's name", "signature.wrong",
        statement=signature(lambda s: s.update(sig=to_base64(STRANGER.signing(1).sign(b"x"))))),
    bad("a revoked key", "signature.revoked-key", Here(RENEWED, (PAPER.signing(2),)), family=RENEWED),
    bad("the maker's key on a persona", "signature.vendor-key", Here(vendor=frozenset({key_id(public(VENDOR))})),
        signers=(VENDOR,)),
    bad("the family's key on firmware", "signature.payload-type", payload_type=signed.FIRMWARE),
    bad("a manifest as an envelope", "signature.payload-type", payload_type=signed.MANIFEST),
    bad("one key twice toward a threshold", "signature.twice", Here(TWO, (OWNER, AUNT)), family=TWO,
        statement=told(lambda s: s["signatures"].append(s["signatures"][0]))),
    bad("one of two relatives", "signature.threshold", Here(TWO, (OWNER, AUNT)), family=TWO),
    bad("one of two, and a stranger", "signature.threshold", Here(TWO, (OWNER, AUNT)), family=TWO,
        signers=(OWNER, STRANGER.signing(1))),
    bad("nine signatures", "malformed.signatures",
        statement=told(lambda s: s.update(signatures=[{"keyid": f"{n:064x}", "sig": ""} for n in range(9)]))),
    bad("S that is not reduced", "signature.wrong", statement=signature(unreduced)),
    bad("a signature of 0 bytes", "signature.wrong", statement=signature(lambda s: s.update(sig=""))),
    bad("a signature of zeros", "signature.wrong", statement=signature(lambda s: s.update(sig=to_base64(bytes(64))))),
    bad("a signature in loose base64", "malformed.base64",
        statement=signature(lambda s: s.update(sig=loose(s["sig"])))),
    bad("a label of an algorithm", "malformed.type", statement=signature(lambda s: s.update(alg="none"))),
    bad("a key's name in capitals", "malformed.type",
        statement=signature(lambda s: s.update(keyid=s["keyid"].upper()))),
    bad("signed without its type", "signature.wrong",
        statement=signature(lambda s: s.update(sig=to_base64(OWNER.sign(b"{}"))))),
    bad("another family's pack", "signature.family", envelope={"family": "0" * 64}),
    bad("a root that the frame has not seen", "rollback.root-skipped", envelope={"root_version": 2}),
    bad("another pack inside", "signature.inner-pack", manifest={"pack": "cd" * 16}),
    bad("another series inside", "signature.inner-pack", manifest={"series": "cd" * 16}),
    bad("another relative inside", "signature.inner", Here(EITHER), family=EITHER, inner_signers=(AUNT,)),
    bad("a stranger inside", "signature.stranger", inner_signers=(STRANGER.signing(1),)),
    bad("nobody inside", "signature.none", inner_signers=()),
]  # fmt: skip

ENCRYPTION = [
    bad("another frame's", "recipient.other", recipients=(OTHER_FRAME,)),
    bad("another frame's, said to be ours", "recipient.none", encrypt=Age(OTHER_FRAME.opening.public_key())),
    bad("nobody's but a passer-by's", "recipient.none", encrypt=age(stanzas=lambda s: GREASE)),
    bad("not encrypted", "malformed.plaintext", encrypt=lambda data: data),
    bad("a hundred thousand recipients", "malformed.age-stanzas", encrypt=age(stanzas=lambda s: GREASE * 100_000)),
    bad("a recipient's endless line", "malformed.age-header", encrypt=age(stanzas=lambda s: b"-> X " + b"a" * 70_000)),
    bad("a passphrase that costs 2^40", "malformed.age-scrypt", encrypt=age(stanzas=lambda s: SCRYPT)),
    bad("a passphrase beside the key", "malformed.age-scrypt", encrypt=age(stanzas=lambda s: s + SCRYPT)),
    bad("a stanza with another argument", "malformed.age-header",
        encrypt=age(stanzas=lambda s: s.replace(b"\n", b" more\n", 1))),
    bad("a stanza without a body", "malformed.age-header", encrypt=age(stanzas=lambda s: s.split(b"\n")[0] + b"\n\n")),
    bad("a share that any key opens", "malformed.age-share",
        encrypt=age(stanzas=lambda s: b"-> X25519 " + text(bytes(32)) + b"\n" + s.split(b"\n")[1] + b"\n")),
    bad("a share in loose base64", "malformed.age-header",
        encrypt=age(stanzas=lambda s: b"-> X25519 " + b"A" * 42 + b"B\n" + s.split(b"\n")[1] + b"\n")),
    bad("an age header in CRLF", "malformed.plaintext", encrypt=age(header=lambda h: h.replace(b"\n", b"\r\n"))),
    bad("age version 2", "malformed.plaintext", encrypt=age(header=lambda h: h.replace(b"v1", b"v2", 1))),
    bad("no MAC", "malformed.age-header", encrypt=age(header=lambda h: h[: h.index(b"---") + 3] + b"\n")),
    bad("a wrong MAC", "malformed.age-mac", encrypt=age(header=lambda h: h[:-45] + b" " + text(bytes(32)) + b"\n")),
    bad("a stanza after the MAC was made", "malformed.age-mac",
        encrypt=age(header=lambda h: h.replace(b"---", GREASE + b"---"))),
    bad("no payload", "damaged.age-cut",
        encrypt=lambda data: age()(data)[: -len(sealed(data)[0]) - 9]),
    bad("the missing final piece", "damaged.age-cut", files=LARGE, encrypt=age(pieces=lambda p: p[:-1])),
    Case("an empty final piece", "malformed.age-empty", lambda: make(exact(encrypt=age(make=with_empty_last)))),
    bad("pieces swapped", "damaged.age-piece", files=LARGE, encrypt=age(pieces=lambda p: [p[1], p[0], *p[2:]])),
    bad("a piece repeated", "damaged.age-piece", files=LARGE, encrypt=age(pieces=lambda p: [p[0], *p])),
    bad("a changed piece", "damaged.age-piece", encrypt=age(pieces=lambda p: [flip(lambda d: 50)(p[0])])),
    bad("two payloads", "damaged.age-piece", encrypt=age(pieces=lambda p: [*p, *p])),
    bad("another key in our stanza", "malformed.age-mac", encrypt=age(stanzas=lambda s: stanza(OUR, bytes(16)))),
]  # fmt: skip


def remembers(**mark: Any) -> Here:
    """A frame with a memory."""
    return Here(mark=Mark(**mark))


ROLLBACK = [
    bad("a lower counter", "rollback.counter", envelope={"counter": 4}),
    bad("an equal counter, another pack", "rollback.twin", envelope={"counter": 5}),
    bad("an older epoch", "rollback.epoch", remembers(epoch=2, counter=1), envelope={"epoch": 1, "counter": 99}),
    bad("a replay after consent was withdrawn", "revoked.consent", remembers(counter=5, revoked=1)),
    bad("a newer pack of a withdrawn consent", "revoked.consent", remembers(counter=5, revoked=7),
        envelope={"epoch": 9, "counter": 99}),
]  # fmt: skip

OUTSIDE = [*FRAMING, *JSON, *SIGNATURES, *ENCRYPTION, *ROLLBACK]


def order(payload_type: str, payload: Any, *keys: Ed25519PrivateKey) -> bytes:
    """A signed statement."""
    content = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return signed.sign(payload_type, content, {public(key): key.sign for key in keys}).encode()


def root(change: dict[str, Any], *keys: Ed25519PrivateKey, now: Family = FAMILY) -> bytes:
    """The root that follows, with fields changed."""
    data = {**msgspec.to_builtins(changed(now, [], [], None)), **change}
    return order(signed.ROOT, data, *keys)
