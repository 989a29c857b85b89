"""A family's ten thousand photographs on a frame: shown one after the other, in little memory."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from device.bench.face.albums import fill
from device.link import Farewell, Message, Mood, Order, Showing, Stats
from device.link_transport import FaceClient
from device.memory_use import family_mb

# Another process is at work, on a machine that others use too.
pytestmark = [pytest.mark.flaky(reruns=2), pytest.mark.slow]

MOST_MB = 300.0
TURNS = 12


def wait_for(seen: list[Message], count: int, seconds: float) -> None:
    until = time.monotonic() + seconds
    while sum(isinstance(message, Showing) for message in seen) < count:
        assert time.monotonic() < until, "no other photograph came"
        threading.Event().wait(0.05)


def test_ten_thousand_photographs_in_little_memory(tmp_path: Path) -> None:
    fill(tmp_path)
    seen: list[Message] = []
    command = [sys.executable, "-m", "device.face", "--socket", str(tmp_path / "face"), "--persona", str(tmp_path)]
    command += ["--display", "offscreen", "--album-after", "1"]
    process = subprocess.Popen(command)
    link = FaceClient(tmp_path / "face", on_message=seen.append)
    try:
        link.send(Mood("idle", time.monotonic()))
        for turn in range(1, TURNS + 1):
            wait_for(seen, turn, 60.0)
            assert family_mb(process.pid) < MOST_MB
            link.send(Order("next-photo", time.monotonic()))
        link.send(Farewell())
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
        link.close()
    shown = [message.files for message in seen if isinstance(message, Showing) and message.files]
    assert len({files for files in shown}) >= TURNS - 1
    assert any(len(files) == 2 for files in shown), "upright ones stand in pairs"
    assert any(isinstance(message, Stats) and message.frames > 0 for message in seen)
