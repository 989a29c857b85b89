"""Secrets that open only with this TPM, and no longer once they are erased.

An object sealed to a TPM the usual way can be unsealed again by whoever kept a copy of its file, and flash memory keeps
copies. Here all secrets lie in one file encrypted under a random key, and the key lies in the TPM's own memory. Every
change encrypts the file anew under a new key and then does away with the old key in the chip: older copies of the file,
on the disk or in an image of it, open no more, and what was erased is in none that opens.

There are two places for the key, used in turn. New key into the free place; new file in place of the old one, by
renaming; old place cleared. The renaming decides: whenever the power goes, the file there opens with one of the two.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from device.errors import BadInput, Broken, Busy
from device.persona.vault.own_folder import OwnFolder, own_folder
from device.persona.vault.secret_names import check, check_name, none_there
from device.persona.vault.tpm import Tpm

log = logging.getLogger(__name__)

VAULT = "secrets.tpm"
MAX_VAULT = 1 << 20
"""Bytes: 250 secrets of the longest"""

SLOTS = frozenset({0x01801A60, 0x01801A61})
COUNTER = 0x01801A6F
"""NV indices of the range that is the owner's to use (TCG Registry of Reserved TPM 2.0 Handles, 2.2.1)"""

_MAGIC = b"imago-vault-1\n"
_NONCE = bytes(12)
"""Each key encrypts one file, so the nonce need not differ."""


class TpmSealer:
    """Needs the TPM and the root-only file: one without the other opens nothing.

    It does not ask which system runs: whoever starts another one on this very frame, as root, can unseal. Against that
    stands measured boot, which is the image's. A disk that says "written" when it is not can lose all secrets at a
    power cut, as the old key is gone by then.
    """

    kind = "tpm"

    def __init__(self, folder: Path, tpm: Tpm, *, room: int = MAX_VAULT) -> None:
        self.folder = folder
        self._tpm = tpm
        self._room = room

    def seal(self, name: str, secret: bytes) -> None:
        check(name, secret)
        with own_folder(self.folder, make=True) as own:
            secrets, slot = self._open(own)
            self._replace(own, {**secrets, name: secret}, slot)

    def unseal(self, name: str) -> bytes:
        check_name(name)
        try:
            return self._secrets()[name]
        except KeyError:
            raise none_there(name) from None

    def erase(self, name: str) -> None:
        check_name(name)
        if not os.path.lexists(self.folder):
            return
        with own_folder(self.folder) as own:
            secrets, slot = self._open(own)
            if secrets.pop(name, None) is not None:
                self._replace(own, secrets, slot)

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self._secrets()))

    def _secrets(self) -> dict[str, bytes]:
        if not os.path.lexists(self.folder):
            return {}
        with own_folder(self.folder) as own:
            return self._open(own)[0]

    def _open(self, own: OwnFolder) -> tuple[dict[str, bytes], int | None]:
        """All secrets, and where their key lies; the other place is cleared of what a power cut left there."""
        sealed = own.read(VAULT, self._room)
        if sealed is None:
            return {}, None
        if not sealed.startswith(_MAGIC):
            raise self._unreadable(BadInput, "another file, or a damaged one")
        defined = {slot: rights for slot, rights in self._tpm.indices().items() if slot in SLOTS}
        for slot in (slot for slot, rights in defined.items() if "written" in rights):
            secrets = _decrypt(self._tpm.read(slot), sealed)
            if secrets is not None:
                for other in defined.keys() - {slot}:
                    own.sync()  # whoever died here may have renamed the file and no more
                    self._tpm.undefine(other)
                return secrets, slot
        if not defined:
            raise self._unreadable(Broken, "a TPM without their key: it was cleared, or is another frame's")
        raise self._unreadable(BadInput, "a damaged file, or an older one than this TPM's key")

    def _replace(self, own: OwnFolder, secrets: dict[str, bytes], used: int | None) -> None:
        key = os.urandom(32)
        sealed = _MAGIC + ChaCha20Poly1305(key).encrypt(_NONCE, msgspec.msgpack.encode(secrets), _MAGIC)
        if len(sealed) > self._room:
            raise Busy("secrets", expected=f"at most {self._room} bytes", got=f"{len(sealed)}", hint="forget a persona")
        free = min(SLOTS - {used})
        for stale in self._tpm.indices().keys() & (SLOTS - {used}):
            log.warning("the TPM held a key of secrets that are not there any more")
            self._tpm.undefine(stale)
        self._tpm.define(free, len(key))
        self._tpm.write(free, key)
        if self._tpm.read(free) != key:
            raise Broken("TPM", expected="the key that was written", got="other bytes")
        own.write(VAULT, sealed)
        if used is not None:
            self._tpm.undefine(used)

    def _unreadable(self, kind: type[BadInput] | type[Broken], got: str) -> BadInput | Broken:
        hint = "delete that file, pair the frame again and import its personas again"
        return kind(str(self.folder / VAULT), expected="secrets that this TPM opens", got=got, hint=hint)


class TpmCounter:
    """In the TPM's memory; made at its first use."""

    def __init__(self, tpm: Tpm) -> None:
        self._tpm = tpm

    def value(self) -> int:
        if "written" not in self._tpm.indices().get(COUNTER, ""):
            return self.increment()
        return int.from_bytes(self._tpm.read(COUNTER), "big")

    def increment(self) -> int:
        if COUNTER not in self._tpm.indices():
            self._tpm.define_counter(COUNTER)
        self._tpm.increment(COUNTER)
        return int.from_bytes(self._tpm.read(COUNTER), "big")


def _decrypt(key: bytes, sealed: bytes) -> dict[str, bytes] | None:
    """None where the key is another's or the file damaged."""
    try:
        content = ChaCha20Poly1305(key).decrypt(_NONCE, sealed[len(_MAGIC) :], _MAGIC)
        return msgspec.msgpack.decode(content, type=dict[str, bytes])
    except (InvalidTag, ValueError):  # a ValueError for a key of another length, or what is not ours
        return None
