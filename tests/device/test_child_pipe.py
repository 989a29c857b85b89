"""The line to a child: messages survive, a dead or deaf child is noticed, none outlives its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from device.child_pipe import PIPE_BYTES, ChildPipe, Decoder, Message, encode

LIMIT_S = 20.0

messages = st.builds(
    Message,
    st.sampled_from([b"O", b"D", b"L", b"M"]),
    st.floats(0, 1e9, allow_nan=False),
    st.binary(max_size=50),
)


@given(st.lists(messages, max_size=8), st.lists(st.integers(1, 20), max_size=40))
def test_messages_survive_any_cutting(sent: list[Message], cuts: list[int]) -> None:
    stream = b"".join(encode(message) for message in sent)
    decoder, got = Decoder(), []
    for cut in cuts:
        got += decoder.feed(stream[:cut])
        stream = stream[cut:]
    assert got + decoder.feed(stream) == sent


ECHO = "import os\nwhile data := os.read(0, 65536): os.write(1, data)"
DEAF = "import time; time.sleep(3600)"


def received(pipe: ChildPipe) -> list[Message]:
    """All messages until one came or the child has ended."""
    deadline = time.monotonic() + LIMIT_S
    while not pipe.ended and time.monotonic() < deadline:
        if got := pipe.receive(LIMIT_S):
            return got
    return []


def test_what_is_sent_arrives() -> None:
    pipe = ChildPipe([sys.executable, "-c", ECHO])
    message = Message(b"P", 12.5, bytes(range(256)))
    pipe.send(message, LIMIT_S)
    assert received(pipe) == [message]
    pipe.stop()
    pipe.stop()


def test_a_child_that_takes_nothing_is_killed_rather_than_waited_for() -> None:
    pipe = ChildPipe([sys.executable, "-c", DEAF])
    pipe.send(Message(b"P", 0.0, bytes(2 * PIPE_BYTES)), 0.05)
    assert received(pipe) == []
    assert pipe.ended
    pipe.send(Message(b"P", 0.0), 0.05)  # to the dead: no error
    pipe.stop()


def test_a_wait_can_be_ended() -> None:
    pipe = ChildPipe([sys.executable, "-c", DEAF])
    begun = time.monotonic()
    pipe.wake()
    assert pipe.receive(LIMIT_S) == []
    assert time.monotonic() - begun < LIMIT_S / 2
    pipe.stop()


def gone(pid: int) -> bool:
    """Whether a process has ended, be it a zombie still."""
    try:
        return ") Z " in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return True


PARENT = """
import sys, time
from device.child_pipe import ChildPipe
pipe = ChildPipe([sys.executable, "-c", sys.argv[1]])
print(pipe.pid, flush=True)
time.sleep(3600)
"""


def test_no_child_outlives_a_parent_that_was_killed() -> None:
    process = subprocess.Popen([sys.executable, "-c", PARENT, ECHO], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    child = int(process.stdout.readline())
    assert not gone(child)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    deadline = time.monotonic() + LIMIT_S
    while not gone(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert gone(child)
