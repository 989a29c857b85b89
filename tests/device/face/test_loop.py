"""The face's loop with a screen of paper: what the time of day and a new shape do to it."""

from __future__ import annotations

import datetime
import itertools
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from device.config import Night
from device.face.loop import ANEW, Face, live
from device.face.settings import Panel, Settings
from device.face.wardrobe import stage_for
from device.link import Keeper, Message, Mood, Persona, Worn
from device.link_transport import FaceClient, FaceServer
from tests.fakes.display import FakeDisplay

SIZE = (320, 180)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[FaceServer]:
    made = FaceServer(tmp_path / "face.sock")
    yield made
    made.close()


def settings(tmp_path: Path, night: Night) -> Settings:
    return Settings(tmp_path / "face.sock", name="外公", size=SIZE, panel=Panel("offscreen", night=night))


def brightness(face: Face, display: FakeDisplay, begin: float, end: float) -> float:
    """Of the last frame between two times, s."""
    for k in range(round((end - begin) * 30)):
        face.step(begin + k / 30)
    assert display.frame is not None
    return float(display.frame.mean())


def test_by_night_it_is_dark_until_somebody_touches_it_or_is_heard(tmp_path: Path, server: FaceServer) -> None:
    begun, wall = time.monotonic(), datetime.time(12, 0)
    display, chosen = FakeDisplay(), settings(tmp_path, Night("22:00", "07:00", 0.0))
    face = Face(chosen, display, server, stage_for(chosen, SIZE, None), day=lambda: wall)
    by_day = brightness(face, display, 0.0, 0.5)
    assert by_day > 20
    wall = datetime.time(2, 0)
    assert brightness(face, display, 0.5, 1.0) == 0.0
    display.pressed.append("touch 5 5")
    assert 0.5 * by_day < brightness(face, display, 1.0, 2.1) < 0.8 * by_day
    assert brightness(face, display, 2.1, 40.0) == 0.0
    client = FaceClient(tmp_path / "face.sock")
    try:
        client.send(Mood("listening", 40.0))
        frames = itertools.takewhile(
            lambda t: brightness(face, display, t, t + 0.033) == 0.0, itertools.count(40.0, 0.034)
        )
        for _ in frames:
            threading.Event().wait(0.01)  # the message is on its way
            assert time.monotonic() < begun + 60.0
    finally:
        client.close()


def test_a_screen_of_another_shape_ends_it_so_that_it_is_started_anew(tmp_path: Path, server: FaceServer) -> None:
    display = FakeDisplay(outgrown_after=3)
    assert live(settings(tmp_path, Night()), display, server) == ANEW
    assert display.frames == 3


def test_a_screens_rhythm_does_not_end_it(tmp_path: Path, server: FaceServer) -> None:
    display = FakeDisplay(rhythm=400.0)
    display.pressed.append("key q")
    assert live(settings(tmp_path, Night()), display, server) == 0


def test_it_tells_which_portrait_is_seen_and_puts_none_on_twice(tmp_path: Path, server: FaceServer) -> None:
    chosen = settings(tmp_path, Night())
    face = Face(chosen, FakeDisplay(), server, stage_for(chosen, SIZE, None))
    (tmp_path / "likeness").mkdir()
    (tmp_path / "likeness" / "rig.npz").write_bytes(b"no rig")
    heard: list[Message] = []
    client = FaceClient(tmp_path / "face.sock", heard.append)

    def worn(count: int) -> list[Worn]:
        for k in range(2000):
            face.step(k / 30)
            found = [m for m in heard if isinstance(m, Worn)]
            if len(found) >= count:
                return found
            threading.Event().wait(0.005)
        pytest.fail("it never came")

    try:
        client.send(Keeper())
        client.send(Persona("", "Lan"))
        assert (worn(1)[0].directory, worn(1)[0].fault) == ("", "")
        first = worn(1)[0]
        client.send(Persona("", "Lan"))
        assert worn(2)[1] == first, "it wears it since then"
        client.send(Persona(str(tmp_path), "Lan"))
        assert "rig.npz" in worn(3)[2].fault
        client.send(Persona(str(tmp_path), "Lan"))
        assert worn(4)[3].t > worn(3)[2].t, "what went wrong is tried again"
    finally:
        client.close()
