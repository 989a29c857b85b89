"""A family, a frame and packs as small as can be, each part of which a test may change before it is signed."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec
import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from device.persona.pack import archive, envelope, signed
from device.persona.pack.family import Family
from device.persona.pack.keys import to_base64
from device.persona.pack.manifest import CONSENT, FILE
from device.persona.pack.verify import Frame, Verified, admitted, contents, outside
from device.persona.store import frame_identity
from device.persona.store.frame_identity import FrameIdentity
from device.persona.store.importer import Site
from device.persona.store.store import Store
from device.persona.vault.sealing import FileSealer
from provisioning.keys import Paper, first_root, series_of

CHUNK = envelope.CHUNK_SIZES[0]
PERSONA = "grandpa"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + (64).to_bytes(4, "big") * 2 + b"\x08\2\0\0\0" + bytes(4)
TOML = f'id = "{PERSONA}"\n[person]\nname = "陈望川"\nlanguages = ["zh", "en"]\n'.encode()


def identity(seed: int) -> FrameIdentity:
    """A frame's keys, the same for the same seed."""
    opening = X25519PrivateKey.from_private_bytes(hashlib.sha256(b"open%d" % seed).digest())
    return FrameIdentity(opening, Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"sign%d" % seed).digest()))


PAPER = Paper(hashlib.sha256(b"grandmother's paper").digest())
STRANGER = Paper(hashlib.sha256(b"a stranger's paper").digest())
FAMILY = first_root(PAPER, "Mei")
FRAME = identity(1)
OTHER_FRAME = identity(2)
SERIES = series_of(FAMILY, PERSONA)

CONSENTED: dict[str, Any] = {
    "persona": PERSONA,
    "subject": "陈望川",
    "basis": "relative",
    "by": "Lin Mei",
    "relation": "granddaughter",
    "serial": 1,
    "grants": ["likeness", "voice", "photographs"],
    "died": "2019-11-03",
    "evidence": [{"name": "register.txt", "sha256": "0" * 64}],
    "wishes": "He liked to be asked about the river.",
}


def sound(samples: int = 160) -> bytes:
    """A WAV of silence, 16 kHz mono."""
    body = bytes(2 * samples)
    kind = b"\1\0\1\0" + (16000).to_bytes(4, "little") + (32000).to_bytes(4, "little") + b"\2\0\x10\0"
    return (
        b"RIFF"
        + (36 + len(body)).to_bytes(4, "little")
        + b"WAVEfmt \x10\0\0\0"
        + kind
        + b"data"
        + (len(body).to_bytes(4, "little") + body)
    )


@dataclass(frozen=True)
class Journey:
    """What becomes of a pack after signing."""

    statement: Callable[[bytes], bytes] = lambda text: text
    ciphertext: Callable[[bytes], bytes] = lambda data: data
    whole: Callable[[bytes], bytes] = lambda data: data


@dataclass(frozen=True)
class Inside:
    """What is encrypted in a pack, each part with a hook that may spoil it. The order is that of making."""

    files: dict[str, tuple[str, bytes]] = field(
        default_factory=lambda: {
            "persona.toml": ("identity", TOML),
            "likeness/layers/photo.png": ("likeness", PNG),
            "voice/originals/river.wav": ("voice", sound()),
        }
    )
    """Path -> kind and content"""
    consent: dict[str, Any] = field(default_factory=lambda: dict(CONSENTED))
    consent_text: Callable[[bytes], bytes] = lambda text: text
    manifest: dict[str, Any] = field(default_factory=dict)
    """Fields that replace the manifest's"""
    manifest_text: Callable[[bytes], bytes] = lambda text: text
    archive: Callable[[list[bytes]], list[bytes]] = lambda parts: parts
    """Of header, content, header, content, ..., end"""
    inner_signers: tuple[Ed25519PrivateKey, ...] = (PAPER.signing(1),)


@dataclass(frozen=True)
class Recipe(Inside, Journey):
    """Everything of a pack: its inside, and what is around it."""

    encrypt: Callable[[bytes], bytes] | None = None
    recipients: tuple[FrameIdentity, ...] = (FRAME,)
    envelope: dict[str, Any] = field(default_factory=dict)
    envelope_text: Callable[[bytes], bytes] = lambda text: text
    signers: tuple[Ed25519PrivateKey, ...] = (PAPER.signing(1),)
    payload_type: str = signed.PACK
    family: Family = FAMILY

    def with_(self, **changes: Any) -> Recipe:
        """Another recipe."""
        return replace(self, **changes)


def signing(keys: tuple[Ed25519PrivateKey, ...]) -> dict[bytes, signed.Sign]:
    """As `signed.sign` takes them."""
    return {key.public_key().public_bytes_raw(): key.sign for key in keys}


def make(recipe: Recipe) -> bytes:
    """The pack's bytes."""
    encrypted = (recipe.encrypt or _age(recipe))(b"".join(recipe.archive(content_of(recipe))))
    size = recipe.envelope.get("chunk_size", CHUNK)
    chunks = [encrypted[at : at + size] for at in range(0, len(encrypted), size)]
    told = {
        "pack": "ab" * 16,
        "family": recipe.family.id,
        "root_version": recipe.family.root.version,
        "series": SERIES,
        "device": ["any"],
        "recipients": [frame.id for frame in recipe.recipients],
        "epoch": 0,
        "counter": 10,
        "consent_serial": 1,
        "length": len(encrypted),
        "chunk_size": CHUNK,
        "chunks": to_base64(b"".join(hashlib.sha256(chunk).digest() for chunk in chunks)),
        **recipe.envelope,
    }
    payload = recipe.envelope_text(msgspec.json.encode(told))
    statement = recipe.statement(signed.sign(recipe.payload_type, payload, signing(recipe.signers)).encode())
    head = envelope.MAGIC + len(statement).to_bytes(4, "big")
    return recipe.whole(head + statement + recipe.ciphertext(encrypted))


def content_of(recipe: Recipe) -> list[bytes]:
    """The archive: header, content, header, content, ..., end."""
    consent = recipe.consent_text(msgspec.json.encode(recipe.consent))
    contents = {CONSENT: ("consent", consent), **recipe.files}
    told = {
        "pack": "ab" * 16,
        "series": SERIES,
        "persona": PERSONA,
        "name": "陈望川",
        "consent_sha256": hashlib.sha256(consent).hexdigest(),
        "files": [
            {"path": path, "size": len(data), "sha256": hashlib.sha256(data).hexdigest(), "kind": kind}
            for path, (kind, data) in contents.items()
        ],
        **recipe.manifest,
    }
    payload = recipe.manifest_text(msgspec.json.encode(told))
    inner = signed.sign(signed.MANIFEST, payload, signing(recipe.inner_signers)).encode()
    parts = []
    for path, data in ((FILE, inner), *((path, data) for path, (_, data) in contents.items())):
        parts += [archive.header(path, len(data)), data + bytes(archive.padding(len(data)))]
    return [*parts, archive.END]


def _age(recipe: Recipe) -> Callable[[bytes], bytes]:
    keys = [pyrage.x25519.Identity.from_str(_private(frame)).to_public() for frame in recipe.recipients]
    return lambda data: bytes(pyrage.encrypt(data, keys))


def _private(frame: FrameIdentity) -> str:
    from device.persona.pack.bech32 import age_identity

    return age_identity(frame.opening.private_bytes_raw())


def frame(**changes: Any) -> Frame:
    """The frame that packs are for, as verification knows it."""
    known = {"family": FAMILY, "id": FRAME.id, "kinds": frozenset({"generic-x86_64"}), "identity": FRAME.opening}
    return Frame(**{**known, **changes})


def verify(data: bytes, **changes: Any) -> Verified:
    """The whole verification, without a store."""
    stream, to = io.BytesIO(data), frame(**changes)
    found = outside(stream.read, to.family or FAMILY, to.vendor_keys)
    admitted(found, to)
    return contents(found, stream.read, to.family or FAMILY, to, lambda chunk: None, lambda done: None)


def site(home: Path, family: Family | None = FAMILY, who: FrameIdentity = FRAME) -> Site:
    """A frame with an empty store in `home`, which belongs to the family already."""
    store = Store(home, FileSealer(home / "secrets"))
    store.sealer.seal(frame_identity.NAME, who.opening.private_bytes_raw() + who.signing.private_bytes_raw())
    if family is not None:
        with store.writing():
            store.belong_to(family)
    return Site(store, who, frozenset({"generic-x86_64"}), {})


def site_again(home: Path, who: FrameIdentity = FRAME) -> Site:
    """The same frame, whatever has become of its store meanwhile."""
    return Site(Store(home, FileSealer(home / "secrets")), who, frozenset({"generic-x86_64"}), {})
