"""The line between a process and the small child that holds a sound device for it: messages through two pipes.

A driver whose device was pulled out may block for ever, and native code may keep the interpreter from Python threads
for longer than a sound card's buffer lasts. A child of its own has neither trouble, and it can be killed.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import select
import struct
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HEADER = struct.Struct("<cdI")
"""kind, time (s, monotonic clock), length of the payload in bytes"""

PIPE_BYTES = 1 << 20
"""Of a pipe to a child, where the system allows it (its usual bound): several seconds of sound go in with one call."""
REAP_S = 1.0
"""s to wait for a killed child's end; one that hangs in its driver is left to the system."""


@dataclass(frozen=True, slots=True)
class Message:
    """What it means depends on `kind`, one byte; `t` in s on the monotonic clock, which both processes share."""

    kind: bytes
    t: float
    payload: bytes = b""

    def json(self) -> Any:
        return json.loads(self.payload)


def encode(message: Message) -> bytes:
    return HEADER.pack(message.kind, message.t, len(message.payload)) + message.payload


class Decoder:
    """Cuts the byte stream back into messages."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def feed(self, data: bytes) -> list[Message]:
        """The next bytes, cut anywhere -> the messages that they complete."""
        self._bytes += data
        messages = []
        while len(self._bytes) >= HEADER.size:
            kind, t, length = HEADER.unpack_from(self._bytes)
            end = HEADER.size + length
            if len(self._bytes) < end:
                break
            messages.append(Message(kind, t, bytes(self._bytes[HEADER.size : end])))
            del self._bytes[:end]
        return messages


class ChildPipe:
    """A running child and the pipes to and from it. It ends by itself when its pipes are closed, however that came.

    `receive` and `stop` belong to one thread at a time, `send` to another; `wake` may come from any."""

    def __init__(self, command: Sequence[str]) -> None:
        root = str(Path(__file__).resolve().parents[1])
        path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))
        self._child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # ALSA and JACK talk there about every device that does not exist
            # numpy's threads for linear algebra would only take memory there.
            env={"OPENBLAS_NUM_THREADS": "1", **os.environ, "PYTHONPATH": path},
            start_new_session=True,  # an interrupt typed at the terminal is ours to handle
            bufsize=0,
        )
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._in, self._out = self._child.stdin, self._child.stdout
        os.set_blocking(self._in.fileno(), False)
        with contextlib.suppress(OSError):
            fcntl.fcntl(self._in.fileno(), fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        self._wake_read, self._wake_write = os.pipe()
        self._decoder = Decoder()
        self.ended = False
        self.heard = False
        """Whether anything came from it yet."""

    @property
    def pid(self) -> int:
        """The child's number."""
        return self._child.pid

    def receive(self, timeout_s: float) -> list[Message]:
        """Waits for messages; an empty list after the time, after `wake`, or at the end."""
        pipe = self._out.fileno()
        sources = [self._wake_read] if self.ended else [pipe, self._wake_read]
        ready, _, _ = select.select(sources, [], [], max(0.0, timeout_s))
        if pipe not in ready:
            return []
        data = os.read(pipe, 1 << 16)
        self.ended = not data
        self.heard = self.heard or bool(data)
        return self._decoder.feed(data)

    def send(self, message: Message, limit_s: float) -> None:
        """Hands the child a message, at once unless the pipe is full. A child that takes nothing for `limit_s` is
        killed; `receive` then sees its end, as it does when it was dead before."""
        rest = memoryview(encode(message))
        deadline = time.monotonic() + limit_s
        while rest:
            try:
                rest = rest[os.write(self._in.fileno(), rest) :]
            except BlockingIOError:
                left = deadline - time.monotonic()
                if left <= 0:
                    self._child.kill()  # half a message cannot be taken back
                    return
                select.select([], [self._in], [], left)
            except BrokenPipeError:
                return

    def wake(self) -> None:
        """Ends a wait in `receive`, now and from now on."""
        os.write(self._wake_write, b".")

    def stop(self) -> None:
        """Ends the child; without effect the second time."""
        if self._out.closed:
            return
        self._child.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.wait(REAP_S)
        for pipe in (self._in, self._out):
            pipe.close()
        os.close(self._wake_read)
        os.close(self._wake_write)
