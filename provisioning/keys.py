"""The family's keys. An owner's key signs personas; the words on paper bring it back, and can alone change the owners.

All of them come from 32 random bytes, which only the paper holds (as 24 words, BIP 39). The file holds one owner's key
made from them, encrypted with a passphrase: a stolen file can be overruled by the paper.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from mnemonic import Mnemonic

from device.errors import BadInput, Missing, Refused, Usage
from device.persona.pack import signed
from device.persona.pack.bech32 import age_identity, age_recipient
from device.persona.pack.family import Family, Owner, Root, read_known_root
from device.persona.pack.keys import from_base64, key_id, to_base64
from device.persona.pack.strict_json import read
from device.persona.store import durable

TYPE = "imago-owner.v1"
WORDS: dict[str, str] = {"en": "english", "zh": "chinese_simplified"}
LOG_N = 17
"""scrypt's cost: 128 MB and about half a second on two cores, for whoever guesses passphrases as for the family."""
MOST_LOG_N = 20
MOST_NUMBERS = 64
"""Keys that one paper may have given, one after the other."""
SHORTEST = 8
"""Characters of a passphrase."""
MAX_BYTES = 64 << 10


class OwnerFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of OWNER.key."""

    type: str
    public: str
    """Ed25519, base64"""
    family: str
    """The newest root of the family, base64 of its statement"""
    salt: str
    log_n: Annotated[int, msgspec.Meta(ge=12, le=MOST_LOG_N)]
    sealed: str
    """Nonce and ChaCha20-Poly1305 of two private keys, 64 bytes: the owner's, the family's for reading"""


@dataclass(frozen=True, slots=True)
class OwnerKey:
    """An owner's keys, opened."""

    signing: Ed25519PrivateKey
    reading: X25519PrivateKey
    family: Family

    @property
    def public(self) -> bytes:
        """32 bytes."""
        return self.signing.public_key().public_bytes_raw()

    @property
    def identity(self) -> str:
        """What reads the family's own packs, as age writes it."""
        return age_identity(self.reading.private_bytes_raw())


@dataclass(frozen=True, slots=True)
class Paper:
    """What only the paper holds."""

    entropy: bytes

    def signing(self, number: int) -> Ed25519PrivateKey:
        """The owner's key; another number after the first was lost or stolen."""
        return Ed25519PrivateKey.from_private_bytes(self._derived(f"owner-{number}"))

    @property
    def recovery(self) -> Ed25519PrivateKey:
        """Which alone may change the owners."""
        return Ed25519PrivateKey.from_private_bytes(self._derived("recovery"))

    @property
    def reading(self) -> X25519PrivateKey:
        """Reads the family's own packs."""
        return X25519PrivateKey.from_private_bytes(self._derived("reading"))

    def _derived(self, what: str) -> bytes:
        return HKDF(SHA256(), 32, b"imago-owner-v1", what.encode()).derive(self.entropy)


def words(paper: Paper, language: Literal["en", "zh"]) -> str:
    """24 words, the last one with a checksum."""
    return str(Mnemonic(WORDS[language]).to_mnemonic(paper.entropy))


def from_words(text: str) -> Paper:
    """The paper by its words, in either language, also without spaces between Chinese ones. Raises BadInput."""
    spaced = " ".join(text.split())
    if spaced and all("\u4e00" <= c <= "\u9fff" for c in spaced.replace(" ", "")):
        spaced = " ".join(spaced.replace(" ", ""))
    for language in WORDS.values():
        known = Mnemonic(language)
        if known.check(spaced) and len(spaced.split(" ")) == 24:
            return Paper(bytes(known.to_entropy(spaced)))
    got = f"{len(spaced.split(' '))} words" if spaced else "nothing"
    raise BadInput("recovery words", expected="the 24 words on the paper", got=got, hint="one of them is misread")


def new_paper() -> Paper:
    """32 random bytes."""
    return Paper(secrets.token_bytes(32))


def first_root(paper: Paper, name: str = "") -> Family:
    """The root of a new family of one owner."""
    owner, recovery = paper.signing(1), paper.recovery
    root = Root(
        version=1,
        owners=(Owner(to_base64(owner.public_key().public_bytes_raw()), name),),
        threshold=1,
        recovery=to_base64(recovery.public_key().public_bytes_raw()),
        recipient=age_recipient(paper.reading.public_key().public_bytes_raw()),
    )
    return signed_root(root, [owner])


def signed_root(root: Root, signing: list[Ed25519PrivateKey]) -> Family:
    """A root signed by these keys."""
    payload = msgspec.json.encode(root)
    statement = signed.sign(signed.ROOT, payload, {k.public_key().public_bytes_raw(): k.sign for k in signing})
    return read_known_root(statement.encode())


def save(path: Path, key: OwnerKey, passphrase: str) -> None:
    """Writes OWNER.key, for its owner alone. Raises Usage for a weak passphrase, BadInput where a file is there."""
    if len(passphrase) < SHORTEST:
        asked = f"a passphrase of {SHORTEST} characters or more"
        raise Usage("passphrase", expected=asked, got=f"{len(passphrase)}", hint="set IMAGO_PASSPHRASE or type it")
    if path.exists():
        raise BadInput(str(path), expected="a new file", got="one that is there", hint="a key is never overwritten")
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    secret = key.signing.private_bytes_raw() + key.reading.private_bytes_raw()
    sealed = nonce + ChaCha20Poly1305(_stretched(passphrase, salt, LOG_N)).encrypt(nonce, secret, key.public)
    root = key.family.statement.encode()
    file = OwnerFile(TYPE, to_base64(key.public), to_base64(root), to_base64(salt), LOG_N, to_base64(sealed))
    durable.hand_out(path, _encoded(file), 0o600)


def load(path: Path, passphrase: str) -> OwnerKey:
    """Opens OWNER.key. Raises Missing, BadInput, or Refused for a wrong passphrase."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadInput(str(path), expected="an owner's key", got="a larger file")
        file = read(path.read_bytes(), OwnerFile, str(path))
    except FileNotFoundError:
        raise Missing(str(path), expected="an owner's key", got="none", hint="imago-provision key new FILE") from None
    except OSError as error:
        raise BadInput(str(path), expected="a readable key", got=error.strerror or str(error)) from None
    if file.type != TYPE:
        raise BadInput(str(path), expected=TYPE, got=file.type[:40])
    public, salt, sealed = (from_base64(text, "a key", str(path)) for text in (file.public, file.salt, file.sealed))
    try:
        cipher = ChaCha20Poly1305(_stretched(passphrase, salt, file.log_n))
        secret = cipher.decrypt(sealed[:12], sealed[12:], public)
    except (InvalidTag, ValueError):
        hint = "the words on the paper make it anew: imago-provision key recover"
        raise Refused(str(path), expected="its passphrase", got="another one", hint=hint) from None
    family = read_known_root(from_base64(file.family, "a root", str(path)))
    signing = Ed25519PrivateKey.from_private_bytes(secret[:32])
    return OwnerKey(signing, X25519PrivateKey.from_private_bytes(secret[32:64]), family)


def _stretched(passphrase: str, salt: bytes, log_n: int) -> bytes:
    return Scrypt(salt, 32, 1 << log_n, 8, 1).derive(passphrase.encode())


def passphrase(prompt: str, twice: bool = False) -> str:
    """From IMAGO_PASSPHRASE, else typed without being shown. Raises Usage where neither is possible."""
    import getpass
    import sys

    given = os.environ.get("IMAGO_PASSPHRASE")
    if given is not None:
        return given
    if not sys.stdin.isatty():
        raise Usage("passphrase", expected="IMAGO_PASSPHRASE or a terminal", got="neither")
    typed = getpass.getpass(f"{prompt}: ")
    if twice and getpass.getpass("once more / 再输一遍: ") != typed:
        raise Usage("passphrase", expected="the same twice", got="two different ones")
    return typed


def series_of(family: Family, persona: str) -> str:
    """32 hex digits that stand for a persona on the outside of its packs, where no name may be."""
    return hashlib.sha256(f"imago-series-v1\0{family.id}\0{persona}".encode()).hexdigest()[:32]


def outside(path: Path) -> tuple[OwnerFile, Family]:
    """What OWNER.key says without its passphrase. Raises Missing or BadInput."""
    try:
        file = read(path.read_bytes()[:MAX_BYTES], OwnerFile, str(path))
    except FileNotFoundError:
        raise Missing(str(path), expected="an owner's key", got="none", hint="imago-provision key new FILE") from None
    except OSError as error:
        raise BadInput(str(path), expected="a readable key", got=error.strerror or str(error)) from None
    return file, read_known_root(from_base64(file.family, "a root", str(path)))


def id_of(file: OwnerFile) -> str:
    """Of the key in a file."""
    return key_id(from_base64(file.public, "a key", "owner"))


def owner_of(path: Path) -> Owner:
    """The owner whose key it is, as another family's root names them."""
    file, family = outside(path)
    names = {owner.key: owner.name for owner in family.root.owners}
    return Owner(file.public, names.get(file.public, ""))


def changed(now: Family, added: list[Owner], removed: list[str], threshold: int | None) -> Root:
    """The root that follows, with other owners; its signatures are yet to come. Raises BadInput."""
    gone = {full for full in now.keys for given in removed if len(given) >= 8 and full.startswith(given)}
    if len(gone) != len(set(removed)):
        raise BadInput("--remove", expected="ids of owners' keys", got=", ".join(removed), hint="key show lists them")
    kept = [o for o in now.root.owners if key_id(from_base64(o.key, "a key", "root")) not in gone]
    return Root(
        version=now.root.version + 1,
        owners=(*kept, *added),
        threshold=now.root.threshold if threshold is None else threshold,
        family=now.id,
        recovery=now.root.recovery,
        recipient=now.root.recipient,
        revoked=(*now.root.revoked, *sorted(gone)),
    )


def number_of(family: Family, paper: Paper) -> int:
    """Which of the paper's keys is an owner's now. Raises Refused where none is."""
    for number in range(1, MOST_NUMBERS):
        if key_id(paper.signing(number).public_key().public_bytes_raw()) in family.keys:
            return number
    raise Refused("recover", expected="the paper of an owner of this family", got="another one")


def replaced(now: Family, paper: Paper, name: str) -> tuple[Family, int]:
    """The root in which the paper's next key stands in place of its present one, signed by the paper -> it, and the
    key's number."""
    number = number_of(now, paper)
    old = paper.signing(number).public_key().public_bytes_raw()
    new = paper.signing(number + 1)
    owner = Owner(to_base64(new.public_key().public_bytes_raw()), name)
    root = changed(now, [owner], [key_id(old)], None)
    return signed_root(root, [paper.recovery, new]), number + 1


def join(path: Path, after: Family) -> None:
    """Notes the family's newest root in OWNER.key. Raises Refused where its key is not an owner's there."""
    file, _ = outside(path)
    if id_of(file) not in after.keys:
        raise Refused(str(path), expected="an owner of that family", got="a key that is not among its owners")
    newer = msgspec.structs.replace(file, family=to_base64(after.statement.encode()))
    durable.hand_out(path, _encoded(newer), 0o600)


def _encoded(file: OwnerFile) -> bytes:
    return msgspec.json.format(msgspec.json.encode(file), indent=1) + b"\n"
