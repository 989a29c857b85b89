"""A second reader of persona packs, written from docs/persona-pack.md alone: nothing of the frame's code is in it.

Its signatures are securesystemslib's, its age is pyrage, its archive is tarfile with the headers compared. It knows
less than the frame: no store, no orders, no bounds of lengths.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tarfile
import unicodedata
from dataclasses import dataclass, field
from typing import Any

import pyrage
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey

PACK, MANIFEST, ROOT = (f"application/vnd.imago.{name}.v1+json" for name in ("pack", "manifest", "root"))
FOLDERS = {"consent": "consent", "likeness": "likeness", "voice": "voice", "album": "photographs"} | {
    name: name for name in ("letters", "chats", "wake")
}
WORDS = """
    spouse husband wife partner child son daughter parent father mother sibling brother sister grandparent grandfather
    grandmother grandchild grandson granddaughter 配偶 丈夫 妻子 老公 老婆 爱人 子女 儿子 女儿 父母 父亲 母亲 爸爸 妈妈
    兄弟 姐妹 哥哥 弟弟 姐姐 妹妹 祖父 祖母 外祖父 外祖母 爷爷 奶奶 外公 外婆 孙子 孙女 外孙 外孙女
"""
RELATIONS = frozenset(WORDS.split())
STAYS = (".jpg", ".jpeg", ".webp", ".wav", ".flac", ".ogg", ".opus", ".webm")
GRANTS = {"likeness", "voice", "letters", "chats", "photographs"}


class Refusal(ValueError):
    """`args[0]` is the code."""


def need(condition: object, code: str) -> None:
    """Raises Refusal unless the condition holds."""
    if not condition:
        raise Refusal(code)


@dataclass(frozen=True)
class Frame:
    """Whom a pack is read for."""

    id: str
    identity: str
    """AGE-SECRET-KEY-1..."""
    kinds: frozenset[str]
    root: bytes
    """The family's, as a statement"""
    floor: dict[str, Any] = field(default_factory=dict)
    """`epoch`, `counter`, `digest`, `revoked` of the series"""


@dataclass(frozen=True)
class Pack:
    """What was read."""

    digest: str
    envelope: dict[str, Any]
    manifest: dict[str, Any]
    consent: dict[str, Any]
    files: dict[str, bytes]


def strict(content: bytes) -> Any:
    """JSON without liberties."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        need(len({key for key, _ in pairs}) == len(pairs), "malformed.duplicate-key")
        return dict(pairs)

    def bounded(digits: str) -> int:
        need(len(digits) < 20 and abs(int(digits)) <= 2**53, "malformed.number")
        return int(digits)

    def constant(_: str) -> None:
        raise Refusal("malformed.number")

    try:
        text = content.decode()
        told = json.loads(text, object_pairs_hook=once, parse_int=bounded, parse_constant=constant)
        json.dumps(told, ensure_ascii=False).encode()
    except UnicodeError:
        raise Refusal("malformed.utf8") from None
    except json.JSONDecodeError:
        raise Refusal("malformed.json") from None
    need(isinstance(told, dict), "malformed.type")
    return told


def canonical(text: str) -> bytes:
    """Base64 in its one form."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise Refusal("malformed.base64") from None
    need(base64.b64encode(data).decode() == text, "malformed.base64")
    return data


def owners(root: dict[str, Any]) -> list[SSlibKey]:
    """The keys of a root."""
    keys = [canonical(owner["key"]) for owner in root["owners"]]
    return [SSlibKey(hashlib.sha256(k).hexdigest(), "ed25519", "ed25519", {"public": k.hex()}) for k in keys]


def signed(content: bytes, payload_type: str, root: dict[str, Any], threshold: int) -> tuple[bytes, set[str]]:
    """A statement's payload and the owners who signed it."""
    told = strict(content)
    need({"payload", "payloadType"} <= told.keys(), "malformed.missing-field")
    need(told.keys() <= {"payload", "payloadType", "signatures"}, "malformed.type")
    need(told["payloadType"] == payload_type, "signature.payload-type")
    signatures = told.get("signatures", [])
    need(len(signatures) <= 8, "malformed.signatures")
    canonical(told["payload"])
    need(signatures, "signature.none")
    named = {s["keyid"] for s in signatures}
    need(len(named) == len(signatures), "signature.twice")
    statement = Envelope.from_dict({**told, "signatures": [dict(s) for s in signatures]})
    known = [key for key in owners(root) if key.keyid in named]
    for key in known:
        try:
            statement.verify([key], 1)
        except VerificationError:
            raise Refusal("signature.wrong") from None
    if len(known) < threshold:
        need(not named & set(root.get("revoked", [])), "signature.revoked-key")
        raise Refusal("signature.threshold" if known else "signature.stranger")
    return statement.payload, {key.keyid for key in known}


def read(data: bytes, frame: Frame) -> Pack:
    """The whole of a pack. Raises Refusal with the first code by the document's order."""
    need(data, "malformed.empty")
    need(not b"\x89IMAGO\r\n".startswith(data), "damaged.cut")
    if data[:8] != b"\x89IMAGO\r\n":
        raise Refusal("damaged.transfer" if data[:6] == b"\x89IMAGO" else "malformed.magic")
    need(len(data) >= 12, "damaged.cut")
    size = int.from_bytes(data[8:12], "big")
    need(1 <= size <= 65536, "malformed.envelope-length")
    need(len(data) >= 12 + size, "damaged.cut")
    family, root = _root(frame.root)
    payload, outer = signed(data[12 : 12 + size], PACK, root, root["threshold"])
    envelope, digest = _envelope(payload), hashlib.sha256(payload).hexdigest()
    need(envelope["family"] == family, "signature.family")
    need(envelope["root_version"] <= root["version"], "rollback.root-skipped")
    _admitted(envelope, digest, frame)
    plain = _decrypted(envelope, data[12 + size :], frame)
    manifest, consent, files = _archive(plain, envelope, root, outer)
    need(len(data) == 12 + size + envelope["length"], "malformed.trailing")
    return Pack(digest, envelope, manifest, consent, files)


def _root(statement: bytes) -> tuple[str, dict[str, Any]]:
    payload = base64.b64decode(json.loads(statement)["payload"])
    root = strict(payload)
    signed(statement, ROOT, root, root["threshold"])
    return root.get("family") or hashlib.sha256(payload).hexdigest(), root


def _envelope(payload: bytes) -> dict[str, Any]:
    told = strict(payload)
    fields = {"pack", "family", "root_version", "series", "device", "recipients", "epoch", "counter"}
    need(fields | {"consent_serial", "length", "chunk_size", "chunks"} <= told.keys(), "malformed.missing-field")
    need(all(type(told[n]) is int and told[n] >= 0 for n in ("epoch", "counter", "length")), "malformed.type")
    need(not told.get("critical"), "device.critical")
    need(told["chunk_size"] in [1 << n for n in range(16, 23)], "malformed.chunk-size")
    hashes = -(-told["length"] // told["chunk_size"])
    need(len(canonical(told["chunks"])) == 32 * hashes and hashes <= 1024, "malformed.chunk-count")
    return dict(told)


def _admitted(envelope: dict[str, Any], digest: str, frame: Frame) -> None:
    need({"any", *frame.kinds} & set(envelope["device"]), "device.kind")
    need(frame.id in envelope["recipients"], "recipient.other")
    floor = {"epoch": 0, "counter": 0, "digest": "", "revoked": -1, **frame.floor}
    need(envelope["consent_serial"] > floor["revoked"], "revoked.consent")
    need(envelope["epoch"] >= floor["epoch"], "rollback.epoch")
    if envelope["epoch"] == floor["epoch"]:
        need(envelope["counter"] >= floor["counter"], "rollback.counter")
        same = envelope["counter"] == floor["counter"]
        need(not same or floor["digest"] in ("", digest), "rollback.twin")


def _decrypted(envelope: dict[str, Any], data: bytes, frame: Frame) -> bytes:
    ciphertext, step = data[: envelope["length"]], envelope["chunk_size"]
    hashes = canonical(envelope["chunks"])
    for number, at in enumerate(range(0, envelope["length"], step)):
        chunk = ciphertext[at : at + step]
        need(len(chunk) == min(step, envelope["length"] - at), "damaged.cut")
        need(hashlib.sha256(chunk).digest() == hashes[32 * number :][:32], "damaged.chunk")
    need(ciphertext.startswith(b"age-encryption.org/v1\n"), "malformed.plaintext")
    try:
        return bytes(pyrage.decrypt(ciphertext, [pyrage.x25519.Identity.from_str(frame.identity)]))
    except pyrage.DecryptError as error:
        raise Refusal("recipient.none" if "matching" in str(error) else "damaged.age-piece") from None


def header(path: str, size: int) -> bytes:
    """The one header of a file."""
    name, prefix = path.encode(), b""
    if len(name) > 100:
        cut = name.find(b"/", len(name) - 101)
        need(1 <= cut <= 155, "malformed.path-long")
        prefix, name = name[:cut], name[cut + 1 :]
    before = name.ljust(100, b"\0") + b"0000644\0" + b"0000000\0" * 2 + b"%011o\0" % size + b"0" * 11 + b"\0"
    after = b"0" + bytes(100) + b"ustar\x0000" + bytes(64) + b"0000000\0" * 2 + prefix.ljust(155, b"\0") + bytes(12)
    return before + b"%06o\0 " % (sum(before) + sum(after) + 8 * 32) + after


def _archive(
    plain: bytes, envelope: dict[str, Any], root: dict[str, Any], outer: set[str]
) -> tuple[dict[str, Any], dict[str, Any], dict[str, bytes]]:
    at = 0

    def member(path: str, size: int) -> bytes:
        nonlocal at
        block = plain[at : at + 512]
        need(block != bytes(512), "malformed.file-missing")
        if block != header(path, size):
            raise Refusal("malformed.archive-" + _difference(block, path, size))
        content = plain[at + 512 : at + 512 + size]
        at += 512 + size
        need(len(content) == size, "malformed.archive-cut")
        return content

    def padding() -> None:
        nonlocal at
        rest = -at % 512
        need(plain[at : at + rest] == bytes(rest), "malformed.archive-padding")
        at += rest

    statement = member("manifest.json", int(plain[124:135], 8))
    padding()
    payload, inner = signed(statement, MANIFEST, root, 1)
    need(inner <= outer, "signature.inner")
    manifest = _manifest(payload)
    same = all(manifest[name] == envelope[name] for name in ("pack", "series"))
    need(same, "signature.inner-pack")
    oldest, newest = manifest.get("api", [1, 1])
    need(oldest <= 1, "device.runtime-old")
    need(newest >= 1, "device.runtime-new")
    need(not manifest.get("models"), "device.model")
    files, consent = {}, {}
    for entry in manifest["files"]:
        content = files[entry["path"]] = member(entry["path"], entry["size"])
        first = entry is manifest["files"][0]
        right = hashlib.sha256(content).hexdigest() == entry["sha256"]
        need(right, "consent.digest" if first else "malformed.file-digest")
        padding()
        if first:
            consent = _consent(content, manifest, envelope["consent_serial"])
    need(len(plain) >= at + 1024, "malformed.archive-cut")
    need(plain[at : at + 1024] == bytes(1024), "malformed.file-unlisted")
    need(len(plain) == at + 1024, "malformed.trailing-content")
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:  # what any other tool makes of it
        need([m.name for m in tar] == ["manifest.json", *files], "malformed.archive-order")
    return manifest, consent, files


def _difference(block: bytes, path: str, size: int) -> str:
    flags = {"1": "hardlink", "2": "symlink", "3": "device", "4": "device", "5": "folder", "6": "fifo", "S": "sparse"}
    flag = chr(block[156])
    if flag in flags | dict.fromkeys("gxLK", ""):
        return flags.get(flag, "extension")
    if block[148:156] != b"%06o\0 " % (sum(block) - sum(block[148:156]) + 8 * 32):
        return "checksum"
    wanted = header(path, size)
    for name, part in (("mode", slice(100, 108)), ("order", slice(0, 100)), ("size", slice(124, 136))):
        if block[part] != wanted[part]:
            return name
    return "header"


def _manifest(payload: bytes) -> dict[str, Any]:
    told = strict(payload)
    need({"pack", "series", "persona", "name", "consent_sha256", "files"} <= told.keys(), "malformed.missing-field")
    need(not told.get("critical"), "device.critical")
    need(len(told["files"]) <= 20000, "malformed.file-count")
    for entry in told["files"]:
        _path(entry["path"])
        folder, slash, _ = entry["path"].partition("/")
        alone = {"persona.toml": "identity", "memory.sqlite": "memory"}
        need((FOLDERS if slash else alone).get(folder) == entry["kind"], "malformed.kind")
    paths = [entry["path"] for entry in told["files"]]
    need(len(set(paths)) == len(paths), "malformed.path-twice")
    folders = {path[:at] for path in paths for at, letter in enumerate(path) if letter == "/"}
    need(len({_folded(path) for path in folders | set(paths)}) == len(folders) + len(paths), "malformed.path-case")
    opened = [e["size"] for e in told["files"] if not e["path"].lower().endswith(STAYS)]
    need(sum(opened) <= 512 << 20, "malformed.budget")
    need(paths[:1] == ["consent/consent.json"], "consent.none")
    need(told["files"][0]["sha256"] == told["consent_sha256"], "consent.digest")
    need("persona.toml" in paths, "malformed.file-missing")
    return dict(told)


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", path).casefold())


def _path(path: str) -> None:
    need(1 <= len(path.encode()) <= 255, "malformed.path-long")
    need(not path.startswith("/"), "malformed.path-absolute")
    unseen = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    need(not unseen & {unicodedata.category(c) for c in path}, "malformed.path-character")
    need(unicodedata.is_normalized("NFC", path), "malformed.path-form")
    need(not set(path) & set('\\:*?"<>|'), "malformed.path-character")
    parts = path.split("/")
    need(not {"", ".", ".."} & set(parts), "malformed.path-dots")
    need(len(parts) <= 8, "malformed.path-deep")
    ports = {f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)} | {"con", "prn", "aux", "nul"}
    odd = any(p[0] == "." or p != p.strip(" .") or _folded(p.split(".")[0]).strip() in ports for p in parts)
    need(not odd, "malformed.path-reserved")


def _consent(content: bytes, manifest: dict[str, Any], serial: int) -> dict[str, Any]:
    told = strict(content)
    need({"persona", "subject", "basis", "by", "serial"} <= told.keys(), "malformed.missing-field")
    need(told["persona"] == manifest["persona"], "consent.other-person")
    need(told["serial"] == serial, "consent.serial")
    if told["basis"] == "self":
        made = told.get("declaration")
        need(made, "consent.declaration")
        there = [(e["kind"], e["sha256"]) for e in manifest["files"] if e["path"] == made["recording"]]
        need(there == [("consent", made["sha256"])], "consent.recording")
        need(made["match"] >= 0.8, "consent.match")
    else:
        need(told.get("died"), "consent.living")
        need(told.get("relation", "").strip().lower() in RELATIONS, "consent.relation")
        need(told.get("evidence"), "consent.evidence")
    for entry in manifest["files"]:
        lacking = {*entry.get("needs", []), *({entry["kind"]} & GRANTS)} - set(told.get("grants", []))
        need(not lacking, f"consent.grant-{min(lacking, default='')}")
    return dict(told)
