"""Packs that must be refused for what is inside them, and orders that must be."""

from __future__ import annotations

import bz2
import hashlib
import io
import pickle
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np

from device.persona.pack import signed
from device.persona.pack.archive import BLOCK, header
from device.persona.pack.family import pairing_proof
from device.persona.pack.keys import PRIME, to_base64
from provisioning.keys import first_root
from tests.support.packs import CONSENTED, FAMILY, FRAME, OTHER_FRAME, PAPER, PNG, SERIES, STRANGER, TOML, Recipe, sound
from tests.support.refused import AUNT, OWNER, RENEWED, Bytes, Case, Here, bad, order, public, root, told

PHOTO = "likeness/layers/photo.png"
Parts = list[bytes]


def also(path: str, data: bytes = PNG, kind: str = "likeness") -> dict[str, Any]:
    """The usual files and one more."""
    return {"files": {**Recipe().files, path: (kind, data)}}


def listed(path: str, kind: str = "likeness", **fields: Any) -> Bytes:
    """One more file in the manifest alone."""
    entry = {"path": path, "size": 0, "sha256": "0" * 64, "kind": kind, **fields}
    return told(lambda m: m["files"].append(entry))


def named(name: str, code: str, *paths: str) -> Case:
    """A manifest that lists a file called so."""

    def text(content: bytes) -> bytes:
        for path in paths:
            content = listed(path)(content)
        return content

    return bad(name, f"malformed.path-{code}", manifest_text=text)


def summed(block: bytes) -> bytes:
    """A header with its checksum made right."""
    blank = block[:148] + b" " * 8 + block[156:]
    return blank[:148] + b"%06o\0 " % sum(blank) + blank[156:]


def block(part: int, at: int, data: bytes, right: bool = True) -> Callable[[Parts], Parts]:
    """The archive with some bytes of one of its parts changed (0, 2, 4, ...: headers)."""

    def changed(parts: Parts) -> Parts:
        spoiled = parts[part][:at] + data + parts[part][at + len(data) :]
        return [*parts[:part], summed(spoiled) if right else spoiled, *parts[part + 1 :]]

    return changed


def kind(flag: bytes) -> Callable[[Parts], Parts]:
    """The photograph's header of another type."""
    return block(6, 156, flag)


ARCHIVE = [
    named("..", "dots", "likeness/../x.png"),
    named(".", "dots", "likeness/./x.png"),
    named("a folder without a name", "dots", "likeness//x.png"),
    named("an absolute path", "absolute", "/etc/passwd"),
    named("a name twice", "twice", PHOTO),
    named("names that differ in case", "case", "likeness/layers/Photo.png"),
    named("names that differ in width", "case", "likeness/ｘ.png", "likeness/x.png"),
    named("folders that differ in case", "case", "likeness/A/x.png", "likeness/a/y.png"),
    named("a file where a folder is", "case", f"{PHOTO}/x.png"),
    named("a name not in NFC", "form", "likeness/e\u0301.png"),
    named("NUL in a name", "character", "likeness/a\0.png"),
    named("a line break in a name", "character", "likeness/a\n.png"),
    named("an escape in a name", "character", "likeness/\x1b[2J.png"),
    named("bidi in a name", "character", "likeness/gnp.\u202eexe"),
    named("a backslash in a name", "character", "likeness\\..\\x.png"),
    named("a stream's name", "character", "likeness/x.png:hidden"),
    named("a private character in a name", "character", "likeness/\ue000.png"),
    named("a reserved name", "reserved", "likeness/Con.png"),
    named("a reserved name in other digits", "reserved", "likeness/com¹.png"),
    named("a reserved folder", "reserved", "likeness/aux/x.png"),
    named("a hidden file", "reserved", "likeness/.x.png"),
    named("a name that ends in a full stop", "reserved", "likeness/x."),
    named("a path of 256 bytes", "long", "likeness/" + "a" * 90 + "/" + "b" * 90 + "/" + "c" * 65),
    named("a name that no header holds", "long", "likeness/" + "a" * 101),
    named("an empty path", "long", ""),
    named("a path of nine parts", "deep", "likeness/1/2/3/4/5/6/7/x.png"),
    bad("a symbolic link", "malformed.archive-symlink", archive=kind(b"2")),
    bad("a hard link", "malformed.archive-hardlink", archive=kind(b"1")),
    bad("a character device", "malformed.archive-device", archive=kind(b"3")),
    bad("a block device", "malformed.archive-device", archive=kind(b"4")),
    bad("a folder", "malformed.archive-folder", archive=kind(b"5")),
    bad("a named pipe", "malformed.archive-fifo", archive=kind(b"6")),
    bad("a PAX header", "malformed.archive-extension", archive=kind(b"x")),
    bad("a global PAX header", "malformed.archive-extension", archive=kind(b"g")),
    bad("a GNU long name", "malformed.archive-extension", archive=kind(b"L")),
    bad("a sparse file", "malformed.archive-sparse", archive=kind(b"S")),
    bad("a file of the old kind", "malformed.archive-header", archive=kind(b"\0")),
    bad("a manifest that is a link", "malformed.archive-symlink", archive=block(0, 156, b"2")),
    bad("a header of a negative size", "malformed.archive-size", archive=block(6, 124, b"-0000000001\0")),
    bad("a size in base 256", "malformed.archive-size", archive=block(6, 124, b"\x80" + b"\xff" * 11)),
    bad("another size than the manifest's", "malformed.archive-size", archive=block(6, 124, b"00000000001\0")),
    bad("a manifest of a negative size", "malformed.archive-size", archive=block(0, 124, b"-0000000001\0")),
    bad("a manifest of 8 GiB", "malformed.manifest-length", archive=block(0, 124, b"77777777777\0")),
    bad("a size below 0 in the manifest", "malformed.type", manifest_text=listed("likeness/x.png", size=-1)),
    bad("a size of 2^40 in the manifest", "malformed.archive-size", manifest_text=listed("likeness/x.png", size=2**40)),
    bad("sizes that overflow together", "malformed.archive-size",
        manifest_text=listed("likeness/x.jpg", size=4_000_000_000)),
    bad("a bad checksum", "malformed.archive-checksum", archive=block(6, 148, b"000000\0 ", right=False)),
    bad("setuid", "malformed.archive-mode", archive=block(6, 100, b"0004755\0")),
    bad("an owner's name", "malformed.archive-header", archive=block(6, 265, b"root\0")),
    bad("a time", "malformed.archive-header", archive=block(6, 136, b"00000000001\0")),
    bad("another magic", "malformed.archive-header", archive=block(6, 257, b"ustar  \0")),
    bad("a link's target", "malformed.archive-header", archive=block(6, 157, b"/etc/passwd\0")),
    bad("another name in the header", "malformed.archive-order", archive=block(6, 0, b"likeness/layers/phota.png")),
    bad("files in another order", "malformed.archive-order",
        archive=lambda p: [*p[:4], *p[6:8], *p[4:6], *p[8:]]),
    bad("a file that is not in the manifest", "malformed.file-unlisted",
        archive=lambda p: [*p[:-1], header("likeness/x.png", 0), p[-1]]),
    bad("a file of the manifest that is missing", "malformed.file-missing", archive=lambda p: [*p[:8], p[-1]]),
    bad("a file cut short by the archive's end", "malformed.archive-cut", archive=lambda p: [*p[:-2], p[-2][:100]]),
    bad("no header at all", "malformed.archive-cut", archive=lambda p: []),
    bad("an archive without its end", "malformed.archive-cut", archive=lambda p: p[:-1]),
    bad("one block of zeros at the end", "malformed.archive-cut", archive=lambda p: [*p[:-1], bytes(BLOCK)]),
    bad("something after the archive's end", "malformed.trailing-content", archive=lambda p: [*p, b"\0"]),
    bad("a second archive", "malformed.trailing-content", archive=lambda p: [*p, *p]),
    bad("something in a file's padding", "malformed.archive-padding",
        archive=lambda p: [*p[:7], p[7][:-1] + b"x", *p[8:]]),
    bad("something in the manifest's padding", "malformed.archive-padding",
        archive=lambda p: [p[0], p[1][:-1] + b"x", *p[2:]]),
    bad("something in the consent's padding", "malformed.archive-padding",
        archive=lambda p: [*p[:3], p[3][:-1] + b"x", *p[4:]]),
    bad("other bytes than the manifest's", "malformed.file-digest",
        archive=lambda p: [*p[:7], b"\x89PNX" + p[7][4:], *p[8:]]),
    bad("20 001 files", "malformed.file-count",
        manifest_text=told(lambda m: m["files"].extend([{**m["files"][1], "path": f"likeness/{n}.png"}
                                                        for n in range(20_001)]))),
    bad("a manifest of a million files", "malformed.manifest-length",
        archive=lambda p: [header("manifest.json", 9 << 20), bytes(9 << 20), *p[2:]]),
    bad("a file where none may lie", "malformed.kind", manifest_text=listed("etc/passwd")),
    bad("a program beside persona.toml", "malformed.kind", manifest_text=listed("run.sh")),
    bad("a voice said to be letters", "malformed.kind", manifest_text=listed("voice/x.wav", "letters")),
    bad("a manifest in the manifest", "malformed.kind", manifest_text=listed("manifest.json", "identity")),
    bad("an unknown kind", "malformed.type", manifest_text=listed("voice/x.wav", "secret")),
    bad("no persona.toml", "malformed.file-missing", manifest_text=told(lambda m: m["files"].pop(1))),
    bad("a persona's id that is a path", "malformed.type", manifest={"persona": "../x"}),
    bad("a persona's id that ends in a line break", "malformed.type", manifest={"persona": "grandpa\n"}),
    bad("over budget", "malformed.budget", manifest_text=listed("likeness/x.npz", size=513 << 20)),
]  # fmt: skip


def agreed(name: str, code: str, **changes: Any) -> Case:
    """A consent that differs in these fields."""
    return bad(name, code, consent={**CONSENTED, **changes})


RECORDING = sound()
DECLARED = {
    "nonce": "0" * 32, "sentence": "a b", "heard": "a b", "match": 1.0, "recording": "consent/own.wav",
    "sha256": hashlib.sha256(RECORDING).hexdigest(),
}  # fmt: skip


def declared(name: str, code: str, **changes: Any) -> Case:
    """A living person's consent, with a declaration that differs."""
    consent = {**CONSENTED, "basis": "self", "relation": "", "died": "", "declaration": {**DECLARED, **changes}}
    return bad(name, code, consent=consent, **also("consent/own.wav", RECORDING, "consent"))


POLICY = [
    bad("another kind of frame", "device.kind", envelope={"device": ["orin-nano", "thor"]}),
    bad("a model that is not here", "device.model", manifest={"models": {"ears": "0" * 64}}),
    bad("for newer software", "device.runtime-old", manifest={"api": [2, 3]}),
    bad("for older software", "device.runtime-new", manifest={"api": [0, 0]}),
    bad("no consent", "consent.none", manifest_text=told(lambda m: m["files"].pop(0))),
    bad("consent that comes later", "consent.none", manifest_text=told(lambda m: m["files"].append(m["files"].pop(0)))),
    bad("no files", "consent.none", manifest={"files": []}),
    bad("a voice without a grant", "consent.grant-voice", consent={**CONSENTED, "grants": ["likeness"]}),
    bad("a likeness without a grant", "consent.grant-likeness", consent={**CONSENTED, "grants": ["voice"]}),
    bad("letters without a grant", "consent.grant-letters", **also("letters/1.txt", b"Dear", "letters")),
    bad("chats without a grant", "consent.grant-chats", **also("chats/1.txt", b"hi", "chats")),
    bad("photographs without a grant", "consent.grant-photographs",
        consent={**CONSENTED, "grants": ["likeness", "voice"]}, **also("album/x.png", PNG, "photographs")),
    bad("a memory made of letters", "consent.grant-letters",
        manifest_text=listed("memory.sqlite", "memory", needs=["letters"])),
    bad("a wrong consent digest", "consent.digest", manifest={"consent_sha256": "0" * 64}),
    bad("another consent under the same name", "consent.digest",
        archive=lambda p: [*p[:3], p[3].replace(b"Lin Mei", b"Lin Mai"), *p[4:]]),
    bad("a consent of 300 KB", "malformed.length", consent_text=lambda t: t + b" " * 300_000),
    bad("a consent that is not JSON", "malformed.json", consent_text=lambda t: t[:-1]),
    agreed("an unknown field of consent", "malformed.type", forever=True),
    agreed("an unknown grant", "malformed.type", grants=["everything"]),
    agreed("consent by nobody", "malformed.type", by=""),
    agreed("consent until some day", "malformed.type", until="some day"),
    agreed("a death on no day", "malformed.type", died="no"),
    agreed("consent for another persona", "consent.other-person", persona="grandma"),
    agreed("consent of another number", "consent.serial", serial=2),
    agreed("a relative's word for the living", "consent.living", died=""),
    agreed("a neighbour's word", "consent.relation", relation="neighbour"),
    agreed("no evidence", "consent.evidence", evidence=[]),
    agreed("their own word without a declaration", "consent.declaration", basis="self"),
    declared("a recording that is not there", "consent.recording", recording="consent/other.wav"),
    declared("another recording", "consent.recording", sha256="0" * 64),
    declared("a recording from elsewhere", "consent.recording", recording="voice/originals/river.wav"),
    declared("another sentence", "consent.match", match=0.79),
    declared("a match above 1", "malformed.type", match=1.01),
    declared("a nonce that is none", "malformed.type", nonce="x"),
]  # fmt: skip


def zipped(members: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    """A zip archive."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as bundle:
        for name, data in members.items():
            bundle.writestr(zipfile.ZipInfo(name), data, compression)
    return made.getvalue()


def arrays(**named: Any) -> bytes:
    """An npz."""
    made = io.BytesIO()
    np.savez(made, **named)
    return made.getvalue()


NUMBERS = arrays(a=np.zeros(3, np.float32))
NPY = zipfile.ZipFile(io.BytesIO(NUMBERS)).read("a.npy")
SEGMENT = b"\xff\xe2\xff\xfd" + bytes(65531)
CIRCLE = b"\xff\xd8" + SEGMENT + SEGMENT + b"\xff\xe2\xff\xff" + bytes(65533)


def holds(name: str, path: str, data: bytes, kind: str = "likeness", code: str = "malformed.content") -> Case:
    """A pack with a file that is not what it should be."""
    return bad(name, code, **also(path, data, kind))


def identity(name: str, data: bytes, code: str = "malformed.content") -> Case:
    """Another persona.toml."""
    return bad(name, code, files={**Recipe().files, "persona.toml": ("identity", data)})


MEDIA = [
    holds("a WAV that is none", "voice/x.wav", b"RIFX" + sound()[4:], "voice"),
    holds("a WAV cut short", "voice/x.wav", sound()[:30], "voice"),
    holds("a WAV without channels", "voice/x.wav", sound()[:22] + b"\0\0" + sound()[24:], "voice"),
    holds("a WAV of a million tiny parts", "voice/x.wav", sound()[:12] + b"junk\0\0\0\0" * 100_000, "voice"),
    holds("a JPEG that is a PNG", "likeness/x.jpg", PNG),
    holds("a JPEG without a size", "likeness/x.jpg", b"\xff\xd8\xff\xd9" + bytes(20)),
    holds("a JPEG cut in a segment", "likeness/x.jpg", b"\xff\xd8\xff\xe0\x10\x00" + bytes(20)),
    holds("a JPEG of 0 pixels", "likeness/x.jpg", b"\xff\xd8\xff\xc0\0\x11\x08" + bytes(20)),
    holds("a JPEG that leads in a circle", "likeness/x.jpg", CIRCLE),
    holds("a JPEG of a million tiny segments", "likeness/x.jpg", b"\xff\xd8" + b"\xff\xe0\0\2" * 100_000),
    holds("a PNG of 2^31 pixels", "likeness/x.png", PNG[:16] + b"\x7f" + PNG[17:]),
    holds("an empty PNG", "likeness/x.png", b""),
    holds("a WebP that is a WAV", "likeness/x.webp", sound()),
    holds("a pickled model", "voice/x.pkl", pickle.dumps({}), "voice", "malformed.content-kind"),
    holds("a PyTorch model", "voice/x.pt", zipped({"data.pkl": pickle.dumps({})}), "voice", "malformed.content-kind"),
    holds("a program", "likeness/x.py", b"print()", code="malformed.content-kind"),
    holds("a file without a suffix", "likeness/x", b"", code="malformed.content-kind"),
    holds("a pickle called npz", "likeness/x.npz", pickle.dumps([1])),
    holds("objects in an npz", "likeness/x.npz", arrays(a=np.array([{}], dtype=object))),
    holds("objects in an npz, described otherwise", "likeness/x.npz",
          zipped({"a.npy": NPY.replace(b"{'descr': '<f4'", b"{'descr':   '|O'")})),
    holds("records in an npz", "likeness/x.npz", arrays(a=np.zeros(2, [("a", "f4"), ("b", object)]))),
    holds("a pickle in an npz", "likeness/x.npz", zipped({"a.npy": NPY, "data.pkl": pickle.dumps({})})),
    holds("an npz with something before it", "likeness/x.npz", PNG + NUMBERS),
    holds("an npz with something after it", "likeness/x.npz", NUMBERS + b"#!"),
    holds("an npz compressed in a rare way", "likeness/x.npz", zipped({"a.npy": NPY}, zipfile.ZIP_BZIP2)),
    holds("an npz with a name twice", "likeness/x.npz", NUMBERS.replace(b"a.npy", b"a.npx")),
    holds("a decompression bomb", "likeness/x.npz",
          zipped({"a.npy": NPY}).replace(len(NPY).to_bytes(4, "little"), b"\xff\xff\xff\x7f")),
    holds("a damaged npz", "likeness/x.npz",
          (lambda z: z[:60] + b"\xff" * 8 + z[68:])(zipped({"a.npy": NPY}, zipfile.ZIP_DEFLATED))),
    holds("a memory that is none", "memory.sqlite", bz2.compress(b"x"), "memory"),
    holds("text that is none", "likeness/x.txt", b"\xff\xfe"),
    holds("an album of nothing", "album/album.json", b'{"version":1,"photos":[{}]}', "photographs"),
    identity("another persona in persona.toml", TOML.replace(b"grandpa", b"grandma"), "malformed.identity"),
    identity("another name in persona.toml", TOML.replace("川".encode(), "江".encode()), "malformed.identity"),
    identity("TOML that is none", b"id = "),
    identity("an unknown field in persona.toml", TOML + b'shell = "sh"\n'),
    identity("TOML nested without end", TOML + b"about = " + b"[" * 5000),
    identity("a number of 4301 digits in TOML", TOML + b"born = " + b"1" * 4301),
    identity("a key of 20 000 parts in TOML", TOML + b".".join([b"a"] * 20_000) + b" = 1"),
    identity("a quoted key of 20 000 parts in TOML", TOML + b".".join([b'"a b"'] * 20_000) + b" = 1"),
    identity("a persona.toml of 2 MB", TOML + b"#" * (2 << 20)),
]  # fmt: skip

REVOKED = {"family": FAMILY.id, "series": SERIES, "serial": 3}
OTHERS = first_root(STRANGER)
NOBODYS = Here(family=None)
SECRET = bytes(range(32))
ASKED = Here(family=None, pairing=SECRET)


def given(name: str, code: str, data: Callable[[], bytes], here: Here | None = None) -> Case:
    """An order."""
    return Case(name, code, data, here or Here())


def introduced(
    code: str, name: str, here: Here, frame: str = FRAME.id, secret: bytes = SECRET, by: Any = OWNER
) -> Case:
    """An introduction to a frame that knows nobody."""
    proof = pairing_proof(secret, FAMILY.statement.payload, frame)
    told = {"root": to_base64(FAMILY.statement.encode()), "frame": frame, "proof": proof}
    return given(name, code, lambda: order(signed.INTRODUCTION, told, by), here)


def weak(key: bytes) -> list[dict[str, str]]:
    """Owners of a root, with one key that must not be."""
    return [{"key": to_base64(public(OWNER))}, {"key": to_base64(key)}]


RECOVERY = PAPER.recovery
ORDERS = [
    given("a stranger's revocation", "signature.stranger",
          lambda: order(signed.REVOCATION, REVOKED, STRANGER.signing(1))),
    given("another family's revocation", "signature.family",
          lambda: order(signed.REVOCATION, {**REVOKED, "family": "0" * 64}, OWNER)),
    given("a revoked key's revocation", "signature.revoked-key",
          lambda: order(signed.REVOCATION, REVOKED, OWNER), Here(RENEWED, (PAPER.signing(2),))),
    given("the family's key on a firmware order", "signature.payload-type", lambda: order(signed.FIRMWARE, {}, OWNER)),
    given("a report as an order", "signature.payload-type", lambda: order(signed.REPORT, REVOKED, OWNER)),
    given("an order of 70 KB", "malformed.length", lambda: b"{" + b" " * 70_000),
    given("an order that is not JSON", "malformed.json", lambda: b"{"),
    given("an order with an unknown field", "malformed.type",
          lambda: order(signed.REVOCATION, {**REVOKED, "all": True}, OWNER)),
    given("a root that skips a version", "rollback.root-skipped", lambda: root({"version": 3}, OWNER)),
    given("the same root again", "rollback.root", lambda: order(signed.ROOT, FAMILY.statement.payload, OWNER)),
    given("another family's root", "signature.stranger",
          lambda: order(signed.ROOT, OTHERS.statement.payload, STRANGER.signing(1))),
    given("a root signed by the new owners alone", "signature.stranger",
          lambda: root({"owners": [{"key": to_base64(public(AUNT))}]}, AUNT)),
    given("a root signed by the old owners alone", "signature.stranger",
          lambda: root({"owners": [{"key": to_base64(public(AUNT))}]}, OWNER)),
    given("a root that revives a key", "rollback.key-revived",
          lambda: root({"revoked": []}, PAPER.signing(2), now=RENEWED), Here(RENEWED, (PAPER.signing(2),))),
    given("a root with a revoked owner", "signature.revoked-key",
          lambda: root({"owners": weak(public(AUNT))}, PAPER.signing(2), now=RENEWED),
          Here(RENEWED, (PAPER.signing(2),))),
    given("a root with another recovery key", "signature.recovery",
          lambda: root({"recovery": to_base64(public(AUNT))}, OWNER)),
    given("a root with a key of small order", "signature.key", lambda: root({"owners": weak(bytes(32))}, OWNER)),
    given("a root with a key of small order, its sign set", "signature.key",
          lambda: root({"owners": weak(b"\1" + bytes(30) + b"\x80")}, OWNER)),
    given("a root with a key in another form", "signature.key",
          lambda: root({"owners": weak((PRIME + 3).to_bytes(32, "little"))}, OWNER)),
    given("a root with a recovery key of small order", "signature.key",
          lambda: root({"recovery": to_base64(bytes(32))}, RECOVERY, OWNER)),
    given("a root with a short key", "malformed.key", lambda: root({"owners": weak(bytes(31))}, OWNER)),
    given("a root with an owner twice", "signature.twice", lambda: root({"owners": weak(public(OWNER))}, OWNER)),
    given("a root that asks for more than there are", "malformed.threshold", lambda: root({"threshold": 2}, OWNER)),
    given("a later root without a family", "malformed.family", lambda: root({"family": None}, OWNER)),
    introduced("signature.stranger", "an introduction to a frame that has a family", Here()),
    introduced("pairing.closed", "an introduction that nobody asked for", NOBODYS),
    introduced("pairing.other-frame", "an introduction to another frame", ASKED, OTHER_FRAME.id),
    introduced("pairing.proof", "an introduction with an older file's proof", ASKED, secret=bytes(32)),
    introduced("signature.stranger", "an introduction that another signed", ASKED, by=AUNT),
    bad("a pack to a frame that knows nobody", "pairing.none", NOBODYS),
    given("a revocation to a frame that knows nobody", "pairing.none",
          lambda: order(signed.REVOCATION, REVOKED, OWNER), NOBODYS),
    bad("a pack that introduces another family", "pairing.proof", ASKED, envelope={"introduction": {
        "root": to_base64(FAMILY.statement.encode()), "frame": FRAME.id, "proof": "0" * 64}}),
]  # fmt: skip

INSIDE = [*ARCHIVE, *POLICY]
