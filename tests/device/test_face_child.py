"""The face's process as a command owns it: killed, it comes back; closed by somebody, it stays away."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from device.config import Hologram, Night, Screen
from device.face.__main__ import settings
from device.face.settings import Panel, Settings
from device.face.sizing import AUTO
from device.face_child import FaceChild, FaceOptions, command
from device.link import Farewell, Stats

PATIENCE_S = 60.0

# A process starts on a machine that others use too. A fault fails three times.
pytestmark = pytest.mark.flaky(reruns=2)


@pytest.fixture
def stats() -> list[Stats]:
    return []


@pytest.fixture
def face(tmp_path: Path, stats: list[Stats]) -> Iterator[FaceChild]:
    options = FaceOptions(tmp_path / "face", tmp_path, "Nobody", Screen("offscreen", 320, 180))
    child = FaceChild(options, stats.append)
    yield child
    child.stop()
    assert not child.alive


def until(condition: Callable[[], object]) -> None:
    for _ in range(round(PATIENCE_S / 0.05)):
        if condition():
            return
        threading.Event().wait(0.05)
    raise AssertionError("it never came")


def test_a_face_that_is_killed_is_started_again(face: FaceChild, stats: list[Stats]) -> None:
    until(lambda: face.shown_at)
    first, pid = face.shown_at, face.pid
    os.kill(pid, signal.SIGKILL)
    until(lambda: face.alive and face.pid != pid)
    until(lambda: face.last_shown_at != first)
    assert face.shown_at == first
    before = len(stats)
    until(lambda: len(stats) > before + 1)
    times = [t for t, _ in stats[-1].mouth]
    assert times == sorted(times)
    assert len(times) > 5


def test_a_face_that_was_closed_stays_away(face: FaceChild) -> None:
    until(lambda: face.shown_at)
    face.link.send(Farewell())
    until(lambda: not face.alive)
    threading.Event().wait(1.0)
    assert not face.alive


def test_a_face_is_told_all_that_was_set(tmp_path: Path) -> None:
    wanted = Hologram(layout="pyramid", rim_colour="#ff8800", presence=("f5",), greet=False)
    screen = Screen("offscreen", 320, 180, scene="hologram")
    options = FaceOptions(tmp_path / "face", tmp_path, "外公", screen, hologram=wanted, calibration=tmp_path / "c.json")
    line = command(options)
    line[line.index("--parent") : line.index("--parent") + 2] = []
    read = settings(line[3:])
    assert (read.scene, read.hologram, read.calibration) == ("hologram", wanted, tmp_path / "c.json")
    portrait = FaceOptions(tmp_path / "face", tmp_path, "外公", Screen("offscreen", 320, 180), hologram=wanted)
    assert "--hologram" not in command(portrait)


def test_a_face_is_told_what_its_screen_is_like(tmp_path: Path) -> None:
    def read(screen: Screen, night: Night) -> Settings:
        line = command(FaceOptions(tmp_path / "face", tmp_path, "外公", screen, night=night))
        line[line.index("--parent") : line.index("--parent") + 2] = []
        return settings(line[3:])

    night = Night("22:30", "06:15", 0.0, 1.0)
    told = read(Screen(rotation=270, driver="kmsdrm"), night)
    assert told.panel == Panel("fullscreen", 270, "kmsdrm", night)
    assert told.size == AUTO
    assert read(Screen("offscreen", 320, 180), Night()).panel == Panel("offscreen")
    assert read(Screen("offscreen", 320, 180), Night()).size == (320, 180)
