"""A soak that is killed leaves a readable record and no process behind."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from device.bench.soak.verdict import judge, summary

# The whole frame on a machine that others use too. A fault fails three times.
pytestmark = pytest.mark.flaky(reruns=2)

LIMIT_S = 300.0


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def children(pid: int) -> list[int]:
    return [
        int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()
    ]


def test_a_minute_of_life_that_is_cut_off(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "device", "soak", "--hours", "1", "--size", "320x180", "--out", str(tmp_path)]
    soak = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=(tmp_path / "log").open("wb"))
    deadline = time.monotonic() + LIMIT_S
    while not {"minute", "exchange"} <= {line["kind"] for line in lines_of(tmp_path / "soak.jsonl")}:
        assert soak.poll() is None, (tmp_path / "log").read_text()
        assert time.monotonic() < deadline, (tmp_path / "log").read_text()
        time.sleep(0.5)
    (face,) = children(soak.pid)
    soak.send_signal(signal.SIGKILL)
    soak.wait(10)
    lines = lines_of(tmp_path / "soak.jsonl")
    assert "answered" in {line.get("outcome") for line in lines}
    minute = next(line for line in lines if line["kind"] == "minute")
    assert minute["mind_mb"] > 100
    assert minute["frames"] > 60
    assert minute["mind_threads"] > 5
    assert json.dumps(summary(lines), allow_nan=False)
    assert {check.name for check in judge(lines)} >= {"memory", "drift", "dead turns", "deafness", "recovery"}
    ended = time.monotonic() + 20
    while Path(f"/proc/{face}").exists() and b"device.face" in Path(f"/proc/{face}/cmdline").read_bytes():
        assert time.monotonic() < ended, "the face lives on"
        time.sleep(0.1)
