"""The packs of a frame: where they lie, which one is used, and how one takes another's place.

    IMAGO_HOME/store/state.json                what is what (`state.py`); the only file that decides
                     packs/<digest>/payload    the pack's content as it came, encrypted, without its age header
                                    key        its file key, wrapped by the persona's own key
                                    envelope   what its family signed
                     staging/                  what is being written; nobody reads there
                     family                    the signed root of the family that the frame belongs to
               secrets/                        the frame's keys and each persona's, in the TPM or root-only

A change is prepared beside what is there and takes effect with the renaming of `state.json`. What it does not mention
is rubbish, and is swept away by the next one that writes.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from device.errors import BadInput, Busy, ImagoError, Missing
from device.persona.pack.family import Family, read_known_root
from device.persona.pack.refusal import refusal
from device.persona.pack.verify import Verified
from device.persona.store import durable, state
from device.persona.store.state import State
from device.persona.vault.sealing import Counter, Sealer

KEY_BYTES = 32
SPARE = 32 << 20
"""Bytes that stay free beside a new pack: for state, logs and the next way out."""
UNTOUCHED = b"imago-pack-key-v1"


class Store:
    """One frame's. Any number of processes may read; those that change it hold `writing`."""

    def __init__(self, home: Path, sealer: Sealer, counter: Counter | None = None) -> None:
        """`counter`: the TPM's, which notices that the disk was exchanged for an older copy of itself."""
        self._counter = counter
        self.folder = home / "store"
        self.packs = self.folder / "packs"
        self.staging = self.folder / "staging"
        self.sealer = sealer

    @property
    def state(self) -> State:
        """As of now. Raises BadInput for one that cannot be read."""
        path = self.folder / "state.json"
        try:
            return msgspec.json.decode(path.read_bytes(), type=State)
        except FileNotFoundError:
            return State()
        except (msgspec.DecodeError, UnicodeDecodeError, OSError) as error:
            hint = "import the persona again after moving it away"
            raise BadInput(str(path), expected="the store's state", got=str(error), hint=hint) from None

    @property
    def family(self) -> Family | None:
        """Whom the frame belongs to, None for nobody yet."""
        try:
            return read_known_root((self.folder / "family").read_bytes())
        except FileNotFoundError:
            return None
        except OSError as error:
            got = error.strerror or str(error)
            raise BadInput(str(self.folder / "family"), expected="the family's root", got=got) from None

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """The right to change the store; what earlier changes left behind is swept away first. Raises Busy."""
        try:
            durable.make_folder(self.packs)
            durable.make_folder(self.staging)
            lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise _disk(self.folder, error) from None
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Busy("store", expected="nobody else importing", got="another import", hint="try again") from None
            self._sweep()
            try:
                yield
            finally:
                with contextlib.suppress(OSError):
                    self._sweep_staging()  # a stick that was pulled out may leave gigabytes
        except OSError as error:
            raise _disk(self.folder, error) from None
        finally:
            os.close(lock)

    def change(self, how: Callable[[State], State]) -> State:
        """The state after a change, on the disk; to be called while `writing`."""
        before = self.state
        after = how(before)
        if after is not before:
            if self._counter is not None and after.marks != before.marks:
                after = state.anchored(after, self._counter.increment())
            content = msgspec.json.format(msgspec.json.encode(after), indent=1) + b"\n"
            durable.write(self.folder / "state.json", content)
            self._sweep()
        return after

    def check_not_set_back(self) -> None:
        """Raises Refused where the disk is an older copy of itself, on which what was refused would be new again."""
        if self._counter is not None and state.set_back(self.state, self._counter.value()):
            hint = "imago pair --reset erases every persona and begins anew"
            raise refusal("setback.disk", "the disk as it was left", "an older copy of it", hint, subject="store")

    def begin_anew(self) -> None:
        """No persona, no mark; to be called while `writing`."""
        value = self._counter.value() if self._counter is not None else 0
        self.change(lambda now: state.anchored(state.State(generation=now.generation + 1), value))

    def belong_to(self, family: Family) -> None:
        """The frame is this family's from now on; to be called while `writing`."""
        durable.write(self.folder / "family", family.statement.encode())

    def belong_to_nobody(self) -> None:
        """As before it was paired; to be called while `writing`."""
        (self.folder / "family").unlink(missing_ok=True)
        durable.sync_folder(self.folder)

    def make_room(self, series: str, needed: int) -> None:
        """Sees to it that `needed` bytes can be written, giving up the persona's pack before the last good one where
        there is no other way. Raises Busy; nothing was written then."""
        if durable.room(self.folder) >= needed + SPARE:
            return
        record = self.state.personas.get(series)
        if record is not None and record.previous:
            freed = _size(self.packs / record.previous / "payload")
            if durable.room(self.folder) + freed < needed + SPARE:
                raise durable.no_room(needed + SPARE, durable.room(self.folder) + freed)
            thinner = msgspec.structs.replace(record, previous="")
            self.change(lambda now: msgspec.structs.replace(
                now, generation=now.generation + 1, personas={**now.personas, series: thinner}))  # fmt: skip
        there = durable.room(self.folder)
        if there < needed + SPARE:
            raise durable.no_room(needed + SPARE, there)

    def new_staging(self) -> Path:
        """An empty folder to write to."""
        folder = self.staging / secrets.token_hex(8)
        folder.mkdir(mode=0o700)
        return folder

    def take(self, staged: Path, pack: Verified) -> None:
        """Makes a pack whose payload lies synced in `staged` one of the store's, on trial and active."""
        envelope, digest = pack.outside.envelope, pack.outside.digest
        key = self._persona_key(envelope.series, make=True)
        nonce = secrets.token_bytes(12)
        wrapped = ChaCha20Poly1305(key).encrypt(nonce, pack.opened.file_key, UNTOUCHED + digest.encode())
        durable.write(staged / "key", nonce + wrapped)
        durable.write(staged / "envelope", pack.outside.statement.encode())
        durable.sync_folder(staged)
        final = self.packs / digest
        if final.exists() and _size(final / "payload") == _size(staged / "payload"):
            durable.remove_folder(staged)
        else:
            durable.remove_folder(final)  # what is left of a damaged one
            staged.rename(final)
            durable.sync_folder(self.staging)  # both: a renaming is a change of two folders
            durable.sync_folder(self.packs)
        self.change(lambda now: state.installed(now, pack))

    def has(self, digest: str) -> bool:
        """Whether a pack lies here and belongs here."""
        return digest in self.state.digests and (self.packs / digest / "payload").is_file()

    def file_key(self, series: str, digest: str) -> bytes:
        """16 bytes that open a pack's payload. Raises Missing or BadInput."""
        path = self.packs / digest / "key"
        try:
            raw = path.read_bytes()
        except OSError as error:
            raise Missing(f"pack {digest[:12]}", expected="its key", got=error.strerror or "an error") from None
        try:
            key = self._persona_key(series, make=False)
            return ChaCha20Poly1305(key).decrypt(raw[:12], raw[12:], UNTOUCHED + digest.encode())
        except (InvalidTag, ValueError):
            raise refusal("damaged.key", "the pack's wrapped key", "another", subject=str(path)) from None

    def _persona_key(self, series: str, make: bool) -> bytes:
        try:
            return self.sealer.unseal(_secret(series))
        except Missing:
            if not make:
                raise
        key = secrets.token_bytes(KEY_BYTES)
        self.sealer.seal(_secret(series), key)
        return key

    def _sweep(self) -> None:
        mine = self.state
        for name in self.sealer.names():
            series = name.removeprefix("persona-")
            if series != name and series not in mine.personas:
                self.sealer.erase(name)  # first: without its key all the rest of a persona is noise
        for folder in [path for path in self.packs.iterdir() if path.name not in mine.digests]:
            durable.remove_folder(folder)
        self._sweep_staging()

    def _sweep_staging(self) -> None:
        for folder in self.staging.iterdir():
            durable.remove_folder(folder)


def _secret(series: str) -> str:
    return f"persona-{series}"


def _size(path: Path) -> int:
    """Bytes of a file, 0 for none."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _disk(folder: Path, error: OSError) -> ImagoError:
    """What went wrong with the disk, as one of our errors."""
    import errno

    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        there = durable.room(folder) if folder.exists() else 0
        made = durable.no_room(SPARE, there)
        assert isinstance(made, ImagoError)
        return made
    return Busy(str(folder), expected="a folder to write to", got=error.strerror or str(error))
