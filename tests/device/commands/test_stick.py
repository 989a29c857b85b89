"""`imago stick` and `imago report` as processes: what they print, write, and leave with."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from device.persona.stick import arrival, arrivals, report
from device.persona.stick import words as stick_words
from device.persona.stick.arrival import Arrival
from tests.support import packs, sticks
from tests.support.system_manager import ROOT


@pytest.fixture
def home(tmp_path: Path) -> Path:
    packs.site(tmp_path / "home")
    return tmp_path / "home"


def command(home: Path, *words: str | Path, folder: str = "") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "device", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "IMAGO_HOME": str(home), "RUNTIME_DIRECTORY": folder, "XDG_RUNTIME_DIR": ""},
    )


def run(home: Path, *words: str | Path) -> tuple[int, str, str]:
    process = command(home, *words)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def test_a_stick_with_nothing_for_the_frame(home: Path, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    (tmp_path / "stick/a.jpg").write_bytes(b"x")
    code, out, err = run(home, "stick", tmp_path / "stick")
    assert (code, out) == (0, "")
    assert "1 photograph on the stick" in err
    assert not arrivals.read(home)


def test_what_came_is_printed_and_noted(home: Path, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    os.mkfifo(tmp_path / "stick/a.imago")
    code, out, _ = run(home, "stick", tmp_path / "stick", "--json")
    told = json.loads(out)
    assert code == 3
    assert told["files"][0]["code"] == "malformed.not-a-file"
    assert [entry.code for entry in arrivals.read(home)] == ["malformed.not-a-file"]


def test_no_such_stick_is_one_line(home: Path, tmp_path: Path) -> None:
    code, _, err = run(home, "stick", tmp_path / "nowhere")
    assert code == 3
    assert err.count("\n") == 1


def test_it_ends_at_once_when_the_stick_is_gone_though_it_hangs(home: Path, tmp_path: Path) -> None:
    """As systemd ends it: with SIGTERM, while a read from the stick does not return."""
    with sticks.fat32_stick(tmp_path, {"a.imago": b"x"}) as stick:
        stick.hang()
        process = command(home, "stick", stick.root)
        threading.Timer(1.5, process.send_signal, (signal.SIGTERM,)).start()
        try:
            _, err = process.communicate(timeout=60)
        finally:
            stick.pull()
    assert process.returncode == 4
    assert "pulled out too early" in err


def test_a_report_is_written_and_can_be_checked(home: Path, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    code, out, _ = run(home, "report", "--to", tmp_path / "stick", "--json")
    assert code == 0
    path = Path(json.loads(out)["report"])
    assert report.read_report(path.read_bytes()).frame == packs.FRAME.id
    code, out, _ = run(home, "report", "--check", path)
    assert json.loads(out)["frame"] == packs.FRAME.id
    path.write_bytes(path.read_bytes().replace(b"a", b"b"))
    assert run(home, "report", "--check", path)[0] in (3, 5)


def test_a_stick_that_cannot_be_written_to(home: Path, tmp_path: Path) -> None:
    with sticks.fat32_stick(tmp_path, {"imago-report-request": b""}) as stick:
        code, _, err = run(home, "report", "--to", stick.root)
    assert code == 4
    assert err.count("\n") == 1
    assert run(home, "report", "--to", tmp_path / "nowhere")[0] == 3


def test_the_family_is_told_of_a_stick_that_nobody_could_read(home: Path) -> None:
    code, _, err = run(home, "stick", "--ended")
    assert (code, "Please put it in again. U盘" in err) == (0, True)


def test_a_report_keeps_the_word_of_who_arrived(home: Path) -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as ram:
        where = Path(ram) / "imago"
        where.mkdir(mode=0o700)
        coming = stick_words.joined([("Ada has arrived.", "艾达到了。"), stick_words.REPORT_COMING])
        arrival.tell(Arrival("1", "keeping", *coming), where / arrival.FILE)
        process = command(home, "report", "--ended", folder=ram)
        process.communicate(timeout=120)
        said = arrival.hear(where / arrival.FILE)
    assert said is not None
    assert (said.en.count("Ada has arrived."), said.en.count("report is on the stick"), said.safe) == (1, 1, True)
    assert "being written" not in said.en
    assert said.zh == "艾达到了。报告已经写到U盘。现在可以拔出U盘了。"
