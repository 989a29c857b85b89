"""Says for itself whether a pack may be taken, with other libraries than the frame's: Python's json and tarfile, and
rage for age. Asked only about packs that the frame has accepted."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tarfile
from typing import Any

import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from device.persona.pack.bech32 import age_identity
from device.persona.pack.verify import Floor
from tests.support.packs import FAMILY, FRAME

IDENTITY = pyrage.x25519.Identity.from_str(age_identity(FRAME.opening.private_bytes_raw()))
NEEDS = {"likeness": "likeness", "voice": "voice", "album": "photographs", "letters": "letters", "chats": "chats"}
NEAR = {"granddaughter", "grandson", "spouse", "wife", "husband", "child", "son", "daughter", "parent"}


def check(data: bytes, floor: Floor) -> None:
    """Raises AssertionError for a pack that no frame of the family may take."""
    assert data[:8] == b"\x89IMAGO\r\n"
    end = 12 + int.from_bytes(data[8:12], "big")
    told, rest = _signed(data[12:end], "application/vnd.imago.pack.v1+json"), data[end:]
    assert told["family"] == FAMILY.id
    assert told["root_version"] == 1
    assert FRAME.id in told["recipients"]
    assert {"any", "generic-x86_64"} & set(told["device"])
    assert (told["epoch"], told["counter"]) > (floor.epoch, floor.counter)
    assert told["consent_serial"] > floor.revoked
    assert not told.get("critical")
    assert told["length"] == len(rest)
    size = told["chunk_size"]
    hashes = b"".join(hashlib.sha256(rest[at : at + size]).digest() for at in range(0, len(rest), size))
    assert base64.b64decode(told["chunks"]) == hashes
    _inside(pyrage.decrypt(rest, [IDENTITY]), told)


def _signed(content: bytes, kind: str) -> dict[str, Any]:
    statement = json.loads(content, object_pairs_hook=_once)
    payload = base64.b64decode(statement["payload"])
    assert statement["payloadType"] == kind
    message = b"DSSEv1 %d %b %d %b" % (len(kind), kind.encode(), len(payload), payload)
    (signature,) = [s for s in statement["signatures"] if s["keyid"] in FAMILY.keys]
    key = Ed25519PublicKey.from_public_bytes(FAMILY.keys[signature["keyid"]])
    key.verify(base64.b64decode(signature["sig"]), message)
    found = json.loads(payload, object_pairs_hook=_once)
    assert isinstance(found, dict)
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def _inside(plain: bytes, envelope: dict[str, Any]) -> None:
    with tarfile.open(fileobj=io.BytesIO(plain), mode="r:", errorlevel=2) as bundle:
        members = bundle.getmembers()
        contents = {m.name: bundle.extractfile(m).read() for m in members}  # type: ignore[union-attr]
    assert all(m.isreg() and m.mode == 0o644 and not m.pax_headers for m in members)
    assert len(contents) == len(members)
    told = _signed(contents[members[0].name], "application/vnd.imago.manifest.v1+json")
    assert members[0].name == "manifest.json"
    assert (told["pack"], told["series"]) == (envelope["pack"], envelope["series"])
    assert not told.get("critical")
    assert not told.get("models")
    oldest, newest = told.get("api", [1, 1])
    assert oldest <= 1 <= newest
    assert [m.name for m in members[1:]] == [f["path"] for f in told["files"]]
    for file in told["files"]:
        assert hashlib.sha256(contents[file["path"]]).hexdigest() == file["sha256"]
        assert len(contents[file["path"]]) == file["size"]
        _named(file["path"])
    assert members[1].name == "consent/consent.json"
    assert told["consent_sha256"] == told["files"][0]["sha256"]
    _consented(json.loads(contents[members[1].name], object_pairs_hook=_once), told, envelope)


def _named(path: str) -> None:
    parts = path.split("/")
    assert path.isprintable()
    assert not {"", ".", ".."} & set(parts)
    assert not any(part.startswith(".") for part in parts)
    assert path in ("persona.toml", "memory.sqlite") or parts[0] in {*NEEDS, "consent", "wake"}


def _consented(consent: dict[str, Any], told: dict[str, Any], envelope: dict[str, Any]) -> None:
    assert consent["persona"] == told["persona"]
    assert consent["serial"] == envelope["consent_serial"]
    assert consent["basis"] == "relative"
    assert consent["relation"].strip().lower() in NEAR
    assert consent["died"]
    assert consent["evidence"]
    assert consent["by"]
    needed = {NEEDS[f["path"].split("/")[0]] for f in told["files"] if f["path"].split("/")[0] in NEEDS}
    needed |= {grant for f in told["files"] for grant in f.get("needs", ())}
    assert needed <= set(consent["grants"])
