"""Voice messages of WeChat and QQ: SILK, decoded in a process of its own.

The decoder is Skype's, in C, and dies of a damaged stream. So the packets are counted here, what is not whole is left
out, and a crash costs one recording.
"""

from __future__ import annotations

import subprocess
import sys

import numpy as np

from device.errors import BadInput
from device.ports import Pcm

MAGIC = b"#!SILK_V3"
RATE = 24_000
"""Hz at which it is decoded; phones record at 16 or 24 kHz."""
LONGEST_PACKET = 1_250
"""Bytes; the decoder's own limit (MAX_BYTES_PER_FRAME * 5 in its SDK)."""
PACKET_S = 0.02
MOST_BYTES = 64 << 20
PATIENCE_S = 120.0
"""s; a minute's message takes a tenth of one."""
CHILD = """
import sys
from pysilk.coder import silkDecode
sys.stdout.buffer.write(silkDecode(sys.stdin.buffer.read(), int(sys.argv[1])))
"""


def whole(raw: bytes) -> tuple[bytes, int]:
    """A stream's whole packets in the form that the decoder takes, behind Tencent's leading byte, and their number.

    Files that others made lack that byte and end in a packet of length -1. Raises BadInput for no such stream."""
    stream = raw[1:] if raw[:1] == b"\x02" else raw
    if not stream.startswith(MAGIC):
        raise BadInput("silk", expected="a SILK recording", got="something else")
    at, count = len(MAGIC), 0
    while at + 2 <= len(stream):
        size = int.from_bytes(stream[at : at + 2], "little", signed=True)
        if not 0 < size <= LONGEST_PACKET or at + 2 + size > len(stream):
            break
        at, count = at + 2 + size, count + 1
    return b"\x02" + stream[:at], count


def decode(raw: bytes, name: str) -> Pcm:
    """A recording's bytes -> samples at RATE. Raises BadInput in one line, also where the decoder dies of it."""
    if len(raw) > MOST_BYTES:
        raise BadInput(name, expected=f"at most {MOST_BYTES >> 20} MiB of SILK", got=f"{len(raw) >> 20} MiB")
    stream, packets = whole(raw)
    if not packets:
        raise BadInput(name, expected="a SILK recording", got="no whole packet", hint="copy it from the phone again")
    command = [sys.executable, "-I", "-c", CHILD, str(RATE)]
    try:
        done = subprocess.run(command, input=stream, capture_output=True, timeout=PATIENCE_S, check=False)
    except subprocess.TimeoutExpired:
        raise BadInput(name, expected="a SILK recording", got="a stream that its decoder does not end") from None
    if done.returncode or len(done.stdout) > packets * 5 * PACKET_S * RATE * 2:
        raise BadInput(name, expected="a SILK recording", got="a damaged one", hint="copy it from the phone again")
    return np.frombuffer(done.stdout[: len(done.stdout) // 2 * 2], "<i2").astype(np.float32) / 32768.0
