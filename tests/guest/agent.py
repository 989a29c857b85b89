"""Runs in the guest, as root: takes lines of JSON from the host, runs each as a shell script, answers with a line.

Standard library only; it is the guest's only way to the host, which has no network with it.
"""

from __future__ import annotations

import io
import json
import subprocess

PORT = "/dev/virtio-ports/imago"
MOST = 1 << 20
"""Bytes of a script's output that are answered: its last."""
READY = {"code": 0, "out": "ready", "err": ""}


def serve(port: io.RawIOBase) -> None:
    """Until the host hangs up."""
    say(port, READY)
    for line in port:
        say(port, answer(**json.loads(line)))


def answer(script: str, limit_s: float) -> dict[str, object]:
    """What came of one script."""
    try:
        done = subprocess.run(["/bin/sh", "-c", script], capture_output=True, timeout=limit_s, check=False)
    except subprocess.TimeoutExpired as error:
        return {"code": 124, "out": _text(error.stdout), "err": _text(error.stderr)}
    return {"code": done.returncode, "out": _text(done.stdout), "err": _text(done.stderr)}


def say(port: io.RawIOBase, told: dict[str, object]) -> None:
    """One line to the host."""
    left = memoryview(json.dumps(told).encode() + b"\n")
    while left:
        left = left[port.write(left) or 0 :]


def _text(output: bytes | None) -> str:
    return (output or b"")[-MOST:].decode("utf-8", "replace")


if __name__ == "__main__":
    with open(PORT, "r+b", buffering=0) as opened:
        serve(opened)
