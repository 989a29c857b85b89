"""Ends a command by SIGKILL, or fails it, at the n-th system call that changes something beneath a folder.

The kernel asks us about every writing call before it takes effect (seccomp_unotify(2)), whichever process or thread
of the command makes it, so one number counts them all. strace's injection cannot: it counts "per syscall and per
tracee", and its ``-P`` matches exact paths, not what lies beneath a folder. Killed before call n + 1 is the same state
of the disk as killed after call n; a run that ends unkilled is the state after the last.

What it does not see: writes through a shared memory mapping, io_uring, and ``ioctl`` (cloning a file).
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import itertools
import os
import random
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.support import traced_exec
from tests.support.writing_calls import CALLS, GROWING, NUMBERS, SECCOMP, SUPPORTED, filter_program

RECEIVE, SEND = 0xC0502100, 0xC0182101
"""SECCOMP_IOCTL_NOTIF_RECV and _SEND of linux/seccomp.h."""
CONTINUE = 1
AT_FDCWD = -100
LONGEST_PATH = 4096
LIMIT_S = 120.0


@dataclass(frozen=True)
class Outcome:
    """How a run ended."""

    returncode: int
    """As in `subprocess`: -9 if it was killed."""
    calls: list[str]
    """The writing calls beneath the folder that were let through or failed, e.g. ``rename draft``."""
    killed_at: str | None
    """The call before which it was killed."""
    stdout: str
    stderr: str


@dataclass
class _Ruling:
    """What happens at the n-th call: nothing if `at` is None."""

    at: int | None = None
    error: int = 0
    """0: SIGKILL."""
    onwards: bool = False
    torn: bool = False

    def hits(self, number: int, name: str, path: Path) -> bool:
        if self.at is None or number < self.at or (number > self.at and not self.onwards):
            return False
        return self.error not in (errno.ENOSPC, errno.EDQUOT) or _needs_room(name, path)


def _needs_room(name: str, path: Path) -> bool:
    """On a full disk what is there can still be opened, shortened, synced and removed."""
    return name in GROWING and not (name.startswith("open") and path.exists())


def why_not() -> str:
    """Why runs cannot be watched here; empty if they can."""
    if not SUPPORTED:
        return "the numbers of this processor's system calls are not known"
    done = subprocess.run([*_launcher(0), "true"], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    # Without a socket it fails after the filter was taken, or before because it was refused.
    return "seccomp takes no filter here" if "seccomp refuses" in done.stderr else ""


def count_calls(command: Sequence[str], folder: Path, env: Mapping[str, str] | None = None) -> int:
    """Runs `command` undisturbed -> how many writing calls it makes beneath `folder`. RuntimeError if it fails."""
    outcome = _watch(command, folder, env, _Ruling())
    if outcome.returncode:
        raise RuntimeError(f"{command} left with {outcome.returncode}: {outcome.stderr}")
    return len(outcome.calls)


def run_killed(
    command: Sequence[str], folder: Path, n: int, env: Mapping[str, str] | None = None, torn: bool = False
) -> Outcome:
    """SIGKILL to all processes of `command` before its `n`-th writing call (from 1) beneath `folder` takes effect.

    With `torn`, half of what a ``write`` or ``pwrite64`` was to write is written first, as in the midst of it."""
    return _watch(command, folder, env, _Ruling(n, torn=torn))


def killed_at_every_call(
    command: Sequence[str],
    folder: Path,
    prepare: Callable[[], object],
    env: Mapping[str, str] | None = None,
    torn: bool = False,
) -> Iterator[Outcome]:
    """For n = 1, 2, ...: `prepare()`, then `run_killed` -> its outcome; ends after the first run that was not killed,
    whose outcome is the last."""
    for n in itertools.count(1):
        prepare()
        outcome = run_killed(command, folder, n, env, torn)
        yield outcome
        if outcome.killed_at is None:
            return


def run_failing(
    command: Sequence[str],
    folder: Path,
    n: int,
    error: int,
    env: Mapping[str, str] | None = None,
    onwards: bool = True,
) -> Outcome:
    """From the `n`-th writing call beneath `folder` on (or only that one) calls fail with the errno `error`.

    ENOSPC and EDQUOT fail only calls that need room, as on a full disk; any other fails all."""
    return _watch(command, folder, env, _Ruling(n, error, onwards))


def run_killed_at_random(
    command: Sequence[str], seconds: float, rng: random.Random, env: Mapping[str, str] | None = None
) -> Outcome:
    """SIGKILL to all processes of `command` after a random time below `seconds`, so in the midst of a call too."""
    with _started(command, env) as run:
        with contextlib.suppress(subprocess.TimeoutExpired):
            run.process.wait(rng.uniform(0, seconds))
        killed = run.process.poll() is None
        run.kill()
        return run.outcome([], "a random moment" if killed else None)


@dataclass
class _Run:
    """A started command in a process group of its own, its output going to files."""

    process: subprocess.Popen[bytes]
    files: tuple[Path, Path]

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def outcome(self, calls: list[str], killed_at: str | None) -> Outcome:
        out, err = (file.read_text(encoding="utf-8", errors="replace") for file in self.files)
        return Outcome(self.process.wait(), calls, killed_at, out, err)


@contextlib.contextmanager
def _started(command: Sequence[str], env: Mapping[str, str] | None, pass_fds: Sequence[int] = ()) -> Iterator[_Run]:
    with tempfile.TemporaryDirectory(prefix="run-") as name:
        files = Path(name) / "stdout", Path(name) / "stderr"
        with files[0].open("wb") as out, files[1].open("wb") as err:
            process = subprocess.Popen(
                command,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                pass_fds=pass_fds,
                start_new_session=True,
            )
        run = _Run(process, files)
        try:
            yield run
        finally:
            run.kill()


def _launcher(descriptor: int) -> list[str]:
    program = [sys.executable, "-I", "-S", traced_exec.__file__]
    return [*program, str(descriptor), str(SECCOMP), filter_program().hex()]


def _watch(command: Sequence[str], folder: Path, env: Mapping[str, str] | None, ruling: _Ruling) -> Outcome:
    ours, theirs = socket.socketpair()
    with ours, theirs, _started([*_launcher(theirs.fileno()), *command], env, [theirs.fileno()]) as run:
        theirs.close()
        _, descriptors, _, _ = socket.recv_fds(ours, 1, 1)
        if not descriptors:
            raise RuntimeError(f"not watched: {run.outcome([], None).stderr}")
        try:
            watch = _Watch(descriptors[0], folder.resolve(), ruling)
            watch.until_all_ended(run)
            return run.outcome(watch.calls, watch.killed_at)
        finally:
            os.close(descriptors[0])


@dataclass
class _Watch:
    """Answers the kernel's questions about one run."""

    listener: int
    folder: Path
    ruling: _Ruling
    calls: list[str] = field(default_factory=list)
    killed_at: str | None = None

    def until_all_ended(self, run: _Run) -> None:
        """Returns when no process of the run is left. Raises TimeoutError."""
        poll = select.poll()
        poll.register(self.listener, select.POLLIN)
        deadline = time.monotonic() + LIMIT_S
        while True:
            events = poll.poll(1000)
            if any(event & select.POLLIN for _, event in events):
                self._answer(run)
            elif events:
                return
            if time.monotonic() > deadline:
                raise TimeoutError(f"still running after {LIMIT_S} s, last call {self.calls[-1:]}")

    def _answer(self, run: _Run) -> None:
        asked = bytearray(80)
        try:
            fcntl.ioctl(self.listener, RECEIVE, asked)
        except FileNotFoundError:
            return  # whoever asked was killed
        identity, pid, _, number, _, _, *arguments = struct.unpack("=QIIiIQ6Q", asked)
        name = NUMBERS[number]
        error = 0
        if self.killed_at is not None:
            os.kill(pid, signal.SIGKILL)  # one that had left the process group
            return
        paths = _touched(pid, name, arguments, self.folder)
        if paths:
            call = f"{name} {' -> '.join(str(path.relative_to(self.folder)) for path in paths)}"
            if self.ruling.hits(len(self.calls) + 1, name, paths[0]):
                error = self.ruling.error
                if not error:
                    self._kill(run, call, pid, arguments)
                    return
                call += f": {errno.errorcode[error]}"
            self.calls.append(call)
        self._reply(identity, error)

    def _kill(self, run: _Run, call: str, pid: int, arguments: Sequence[int]) -> None:
        self.killed_at = call
        if self.ruling.torn and call.split()[0] in ("write", "pwrite64"):
            _write_half(pid, arguments, None if call.startswith("write") else arguments[3])
        run.kill()

    def _reply(self, identity: int, error: int) -> None:
        with contextlib.suppress(FileNotFoundError):
            fcntl.ioctl(self.listener, SEND, struct.pack("=Qqii", identity, 0, -error, 0 if error else CONTINUE))


def _touched(pid: int, name: str, arguments: Sequence[int], folder: Path) -> list[Path]:
    """Those of the call's files that lie beneath `folder`, or are it."""
    paths = []
    for kind, *indices in CALLS[name][2].split():
        with contextlib.suppress(OSError):
            paths.append(_path(pid, kind, [arguments[int(i)] for i in indices]))
    return [path for path in paths if path == folder or folder in path.parents]


def _path(pid: int, kind: str, values: Sequence[int]) -> Path:
    """The file that an argument names, links in its folder resolved, itself not. Raises OSError."""
    if kind == "f":
        return Path(os.readlink(f"/proc/{pid}/fd/{_signed(values[0])}"))
    base = _signed(values[0]) if kind == "a" else AT_FDCWD
    start = Path(os.readlink(f"/proc/{pid}/cwd" if base == AT_FDCWD else f"/proc/{pid}/fd/{base}"))
    text = _text(pid, values[-1])
    return (start / text).parent.resolve() / Path(text).name if text else start


def _signed(value: int) -> int:
    return int.from_bytes((value & 0xFFFFFFFF).to_bytes(4, "little"), "little", signed=True)


def _write_half(pid: int, arguments: Sequence[int], offset: int | None) -> None:
    """Does half of what the process, which waits in ``write``, asks for; at its own place if `offset` is None."""
    descriptor, address, size = _signed(arguments[0]), arguments[1], arguments[2]
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        memory.seek(address)
        content = memory.read(size // 2)
    about = dict(line.split(":\t") for line in Path(f"/proc/{pid}/fdinfo/{descriptor}").read_text().splitlines()[:2])
    append = int(about["flags"], 8) & os.O_APPEND
    half = os.open(f"/proc/{pid}/fd/{descriptor}", os.O_WRONLY | append)
    try:
        os.pwrite(half, content, int(about["pos"]) if offset is None else offset)
    finally:
        os.close(half)


def _text(pid: int, address: int) -> str:
    """The zero-ended text in the process's memory; empty for a null pointer."""
    if not address:
        return ""
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        memory.seek(address)
        text = b""
        # Up to the end of the page at a time: the next one may not be there.
        while b"\0" not in text and len(text) < LONGEST_PATH:
            text += memory.read(4096 - (address + len(text)) % 4096)
    return os.fsdecode(text.split(b"\0")[0])
