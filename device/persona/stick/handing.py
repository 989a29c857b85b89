"""Hands one file to the importer, which is another process, and hears what it says.

The importer takes the file's bytes from its standard input until their end, and answers with lines of JSON: how far it
is, and last what came of it. Under systemd it is a service behind a socket, in a sandbox; on a desktop it is a child.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import msgspec

from device import errors
from device.errors import Broken, ImagoError, Missing
from device.persona.pack.refusal import refusal, told
from device.persona.stick.patience import within
from device.persona.stick.stick import gone
from device.persona.store.outcome import Progress

SOCKET = Path("/run/imago/import.sock")
COMMAND = (sys.executable, "-m", "device", "import", "-", "--json")
BLOCK = 1 << 20
READ_S = 30.0
"""For one block of a stick; a slow one reads it in a tenth of a second."""
ANSWER_S = 300.0
"""Without a word from the importer, which may have 500 MB to sync to a slow card."""
END_S = 10.0
"""For an importer to tidy up after the stick was pulled."""
LONGEST_LINE = 64 << 10

Connect = Callable[[], AbstractContextManager[socket.socket]]
"""A new importer for one file."""


class Verdict(msgspec.Struct, frozen=True):
    """The importer's last line: an outcome, or an error, and how the family is told."""

    ok: bool
    did: str = ""
    persona: str = ""
    name: str = ""
    digest: str = ""
    family_code: str = ""
    removed: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    error: str = ""
    code: str = ""
    subject: str = ""
    expected: str = ""
    got: str = ""
    en: str = ""
    zh: str = ""

    @property
    def exit_code(self) -> int:
        """Of a command that ends with it."""
        kind = getattr(errors, self.error, ImagoError)
        return 0 if self.ok else getattr(kind, "exit_code", 1)


class _Line(msgspec.Struct, frozen=True):
    ok: bool | None = None
    stage: str = ""
    done: int = 0
    total: int = 0


def failed(error: ImagoError) -> Verdict:
    """As the importer would say it."""
    en, zh = told(error)
    return msgspec.convert({**error.as_dict(), "ok": False, "en": en, "zh": zh}, Verdict)


def service(path: Path) -> Connect:
    """The importer behind a socket unit."""

    @contextlib.contextmanager
    def connect() -> Iterator[socket.socket]:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
            try:
                link.connect(str(path))
            except OSError as error:
                got = error.strerror or "an error"
                raise Missing(str(path), expected="the importer", got=got, hint="imago-import.socket") from None
            yield link

    return connect


def child(command: Sequence[str] = COMMAND) -> Connect:
    """The importer as a child of this process."""

    @contextlib.contextmanager
    def connect() -> Iterator[socket.socket]:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            process = subprocess.Popen(command, stdin=theirs.fileno(), stdout=theirs.fileno())
            theirs.close()
            try:
                yield ours
            finally:
                ours.close()
                try:
                    process.wait(END_S)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()

    return connect


def hand_over(
    file: int, size: int, connect: Connect, progress: Progress, stopped: threading.Event, answer_s: float = ANSWER_S
) -> Verdict:
    """What the importer says of a file of `size` bytes. Raises Broken with the code `media.gone` for a stick that
    cannot be read any more, or one that was pulled (`stopped`) before all was read, and Broken or Missing for an
    importer that does not answer."""
    with connect() as link:
        link.setblocking(False)
        handing = _Handing(link, progress, answer_s)
        verdict = None
        try:
            verdict = handing.all_of(file, size, stopped)
            return verdict
        finally:
            if verdict is None:
                handing.give_up()


class _Handing:
    """One file's way."""

    def __init__(self, link: socket.socket, progress: Progress, answer_s: float) -> None:
        self._link = link
        self._progress = progress
        self._answer_s = answer_s
        self._heard = b""
        self._silent_s = 0.0

    def all_of(self, file: int, size: int, stopped: threading.Event) -> Verdict:
        """Sends it, and hears the verdict, which may come before its end."""
        left, waiting, sending = size, memoryview(b""), True
        while True:
            if sending and not waiting:
                if left:
                    if stopped.is_set():
                        raise gone(OSError(0, "pulled out"))
                    waiting = memoryview(_read(file, min(left, BLOCK), stopped))
                    left -= len(waiting)
                else:
                    sending = self._end()
            readable, sent = self._turn(waiting)
            if sent < 0:  # it has made up its mind
                sending, waiting = False, memoryview(b"")
            else:
                waiting = waiting[sent:]
            if readable and (verdict := self._hear()) is not None:
                return verdict

    def give_up(self) -> None:
        """Ends the file early, and lets the importer tidy up before another one begins."""
        with contextlib.suppress(OSError, ImagoError):
            self._end()
            while select.select([self._link], [], [], END_S)[0] and self._link.recv(BLOCK):
                pass

    def _end(self) -> bool:
        with contextlib.suppress(OSError):
            self._link.shutdown(socket.SHUT_WR)
        return False

    def _turn(self, waiting: memoryview) -> tuple[bool, int]:
        """Whether there is something to hear, and how many bytes went; -1 where nobody takes any more."""
        readable, writable, _ = select.select([self._link], [self._link] if waiting else [], [], 1.0)
        self._silent_s = 0.0 if readable or writable else self._silent_s + 1.0
        if self._silent_s >= self._answer_s:
            raise Broken("importer", expected=f"an answer within {self._answer_s:g} s", got="none")
        try:
            return bool(readable), self._link.send(waiting) if writable else 0
        except BlockingIOError:
            return bool(readable), 0
        except (BrokenPipeError, ConnectionResetError):
            return True, -1

    def _hear(self) -> Verdict | None:
        try:
            part = self._link.recv(LONGEST_LINE)
        except BlockingIOError:
            return None
        except ConnectionResetError:
            part = b""
        if not part:
            raise Broken(
                "importer", expected="an answer", got="it ended without one", hint="journalctl -u imago-import@*"
            )
        *lines, self._heard = (self._heard + part).split(b"\n")
        if len(self._heard) > LONGEST_LINE:
            raise Broken("importer", expected="lines of JSON", got="something without an end")
        for line in lines:
            try:
                said = msgspec.json.decode(line, type=_Line)
                if said.ok is not None:
                    return msgspec.json.decode(line, type=Verdict)
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
                raise Broken("importer", expected="lines of JSON", got="something else") from None
            if said.stage in ("checking", "looking", "keeping"):
                self._progress(said.stage, said.done, said.total)  # type: ignore[arg-type]
        return None


def _read(file: int, size: int, stopped: threading.Event) -> bytes:
    """The next bytes of a stick's file. Raises Broken for a stick that is gone, BadInput for a file that ends early
    or cannot be read while the stick is still there is the caller's to tell."""
    try:
        part = within(READ_S, lambda: os.read(file, size), stopped)
    except OSError as error:
        raise gone(error) from None
    if not part:
        raise gone(OSError(0, "the file ended early"))
    return part


def unreadable(path: str) -> ImagoError:
    """For a file that cannot be read from a stick that is still there."""
    return refusal("damaged.unreadable", "a file that can be read", "an error of the stick", subject=path)
