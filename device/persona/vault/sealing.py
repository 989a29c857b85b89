"""Where the frame's secrets lie: its own private keys, and a key for each persona.

In the TPM where the frame has one (`tpm.py`), else in files which only the frame's user may read. What was sealed one
way is never looked for the other way: a key that seems missing would be made anew, and the personas lost.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
from pathlib import Path
from typing import Protocol

from device.errors import BadInput, Broken, Missing
from device.persona.vault.own_folder import own_folder
from device.persona.vault.secret_names import MAX_SECRET, check, check_name, none_there
from device.persona.vault.tpm import Tpm, default_tcti
from device.persona.vault.tpm_sealer import VAULT, TpmCounter, TpmSealer

log = logging.getLogger(__name__)

_MAGIC = b"imago-secret-1\n"
_SUFFIX = ".secret"


class Sealer(Protocol):
    """Keeps secrets by name. Every method raises Refused where others may read them, Broken where disk or TPM fails,
    Busy where the disk is full."""

    @property
    def kind(self) -> str:
        """ "tpm" or "file", for reports."""

    def seal(self, name: str, secret: bytes) -> None:
        """Keeps 1 to 4096 bytes under [a-z0-9-]{1,80}; durable when it returns. The new or the old one is there,
        whole, whenever the power goes; the old one is erased. Raises BadInput."""

    def unseal(self, name: str) -> bytes:
        """Raises Missing where there is none, BadInput where it is damaged, Broken where it cannot be unsealed."""

    def erase(self, name: str) -> None:
        """Makes it unreadable for good; nothing where there is none, so that it can be asked for again."""

    def names(self) -> tuple[str, ...]:
        """Of all that can be unsealed, sorted."""


class Counter(Protocol):
    """Only ever goes up, whatever becomes of the disk. A disk that tells of a lower value was set back to an old image.

    Increment first, write the value down afterwards: then a disk one behind is a power cut between the two."""

    def value(self) -> int:
        """At least 1. Raises Broken."""

    def increment(self) -> int:
        """The new value. Raises Broken."""


class FileSealer:
    """Files (0600) in a folder (0700): the name's and the secret's SHA-256, then the secret, in the clear.

    As safe as the disk: whoever takes it out reads them, and so does root. Erasing overwrites in place, which flash
    memory does not promise to do (see OwnFolder.wipe); that takes an encrypted disk, or a TPM.
    """

    kind = "file"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def seal(self, name: str, secret: bytes) -> None:
        check(name, secret)
        with own_folder(self.folder, make=True) as own:
            own.write(name + _SUFFIX, _MAGIC + _digest(name, secret) + secret)

    def unseal(self, name: str) -> bytes:
        check_name(name)
        if not os.path.lexists(self.folder):
            raise none_there(name)
        with own_folder(self.folder) as own:
            content = own.read(name + _SUFFIX, len(_MAGIC) + 32 + MAX_SECRET)
        if content is None:
            raise none_there(name)
        digest, secret = content[len(_MAGIC) :][:32], content[len(_MAGIC) + 32 :]
        if not content.startswith(_MAGIC) or not hmac.compare_digest(digest, _digest(name, secret)):
            hint = f"erase it by deleting {self.folder / (name + _SUFFIX)}; what it opened must be imported again"
            raise BadInput(f"secret {name}", expected="what was sealed", got="a damaged file", hint=hint)
        return secret

    def erase(self, name: str) -> None:
        check_name(name)
        if os.path.lexists(self.folder):
            with own_folder(self.folder) as own:
                own.clean()
                own.wipe(name + _SUFFIX)

    def names(self) -> tuple[str, ...]:
        return tuple(n.removesuffix(_SUFFIX) for n in _files(self.folder) if n.endswith(_SUFFIX))


def choose(folder: Path, tcti: str = "") -> tuple[Sealer, Counter | None]:
    """How this frame keeps its secrets, and its counter; None for no TPM. A new frame uses the TPM where one answers;
    later it goes on as it began. `tcti` names the TPM, for the tests; otherwise it is sought.

    Raises Missing where the TPM that holds them is not there, BadInput where there are secrets of both kinds.
    """
    tpm = _answering(tcti or default_tcti())
    in_tpm, in_files = VAULT in _files(folder), FileSealer(folder).names()
    if in_tpm and in_files:
        hint = f"remove from {folder} those that are not this frame's"
        raise BadInput(str(folder), expected="secrets of one kind", got="some for a TPM, some in files", hint=hint)
    if in_tpm and tpm is None:
        hint = "check the TPM, tpm2-tools and the user's right to /dev/tpmrm0; a new key would not open the personas"
        raise Missing("TPM", expected="the one that holds this frame's secrets", got="none that answers", hint=hint)
    counter = TpmCounter(tpm) if tpm else None
    if tpm and not in_files:
        log.info("secrets are kept in the TPM")
        return TpmSealer(folder, tpm), counter
    log.info("secrets are kept in files in %s%s", folder, "; the TPM is not used, they were there first" * bool(tpm))
    return FileSealer(folder), counter


def _answering(tcti: str) -> Tpm | None:
    if not tcti:
        return None
    try:
        tpm = Tpm(tcti)
        tpm.ask()
    except (Missing, Broken) as error:
        log.warning("the TPM is not used: %s", error)
        return None
    return tpm


def _files(folder: Path) -> tuple[str, ...]:
    if not os.path.lexists(folder):
        return ()
    with own_folder(folder) as own:
        return own.names()


def _digest(name: str, secret: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\0" + secret).digest()
