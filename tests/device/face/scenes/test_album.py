"""The album on the screen: one photograph after the other, whatever lies in the folder."""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from device.face.album.label import when
from device.face.render import Frame
from device.face.scenes.album import MELT, SHOWN, TURN, Album
from device.persona.album import Photo

SCREEN = (320, 180)
COLOURS = {"red": (220, 30, 30), "green": (30, 200, 30), "blue": (30, 30, 220)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, colour in COLOURS.items():
        Image.new("RGB", (640, 360), colour).save(tmp_path / f"{name}.png")
    return tmp_path


def photo(name: str, **more: object) -> Photo:
    return Photo(f"{name}.png", 640, 360, **more)  # type: ignore[arg-type]


def album(folder: Path, *names: str) -> Album:
    made = Album(folder, [photo(name) for name in names], SCREEN, lambda: datetime.date(2026, 1, 2))
    assert made.frame(0.0) is None, "nothing is read while a frame is drawn"
    made.wait()
    return made


def name_of(frame: Frame | None) -> str:
    assert frame is not None
    middle = frame[90, 160].astype(int)
    return min(COLOURS, key=lambda name: int(np.abs(middle - COLOURS[name]).sum()))


def play(made: Album, start: float, seconds: float) -> list[str]:
    """What is seen, ten times a second, each named once."""
    seen = []
    for k in range(round(seconds * 10)):
        made.wait()
        name = name_of(made.frame(start + k / 10))
        if not seen or seen[-1] != name:
            seen.append(name)
    return seen


def test_all_come_one_after_the_other(folder: Path) -> None:
    seen = play(album(folder, *COLOURS), 0.0, 3 * SHOWN + 3)
    assert sorted(seen[:3]) == sorted(COLOURS)


def test_one_melts_into_the_next(folder: Path) -> None:
    made = album(folder, "red", "blue")
    first = name_of(made.frame(0.1))
    made.wait()
    frames = [made.frame(0.1 + k / 30) for k in range(round(30 * (SHOWN + MELT + 0.2)))]
    red = np.array([int(f[90, 160, 0]) for f in frames if f is not None])
    assert abs(int(red[0]) - int(red[-1])) > 150
    assert np.abs(np.diff(red)).max() < 15
    assert name_of(frames[-1]) != first


def test_the_next_one_comes_when_it_is_asked_for(folder: Path) -> None:
    made = album(folder, "red", "blue")
    first = name_of(made.frame(0.1))
    made.wait()
    made.frame(0.2)
    made.turn()
    made.frame(1.0)
    assert name_of(made.frame(1.0 + TURN)) != first
    made.wait()
    assert len(play(made, 2.0, SHOWN - 2)) == 1, "once"


def test_those_that_were_asked_for_come_first(folder: Path) -> None:
    made = album(folder, *COLOURS)
    play(made, 0.0, 2.0)
    made.only(["blue.png", "green.png"], seen=True)
    assert play(made, 2.0, SHOWN + MELT + TURN + 1)[-2:] == ["blue", "green"]


def test_where_the_album_was_closed_the_wanted_one_is_the_first_to_be_seen(folder: Path) -> None:
    made = album(folder, *COLOURS)
    play(made, 0.0, 2.0)
    made.only(["green.png"], seen=False)
    made.wait()
    assert name_of(made.frame(2.1)) == "green"
    assert len(made.showing) == 1


def test_what_cannot_be_read_is_passed_over(folder: Path) -> None:
    (folder / "broken.png").write_bytes(b"no photograph")
    made = album(folder, "broken", "gone", "red")
    for _ in range(3):
        made.frame(0.0)
        made.wait()
    assert play(made, 0.1, 2 * SHOWN + 5) == ["red"]


def test_an_album_of_nothing_is_empty(folder: Path) -> None:
    made = album(folder, "gone")
    for _ in range(3):
        assert made.frame(0.0) is None
        made.wait()
    assert made.empty


def test_it_says_what_and_when(folder: Path) -> None:
    bare = Album(folder, [photo("red")], SCREEN)
    told = Album(folder, [photo("red", caption={"zh": "红色的船"}, date="1994-04")], SCREEN)
    for one in (bare, told):
        one.frame(0.0)
        one.wait()
    plain, written = bare.frame(0.1), told.frame(0.1)
    assert plain is not None
    assert written is not None
    assert written[140:, :120].max(2).astype(int).max() > 235 > plain[140:, :120].max()
    assert np.array_equal(plain[:100], written[:100])


def test_dates_as_people_write_them() -> None:
    assert [when(d, "zh") for d in ("1994", "1994-04", "1994-04-05", "")] == ["1994年", "1994年4月", "1994年4月5日", ""]
    assert [when(d, "en") for d in ("1994", "1994-04", "1994-04-05", "")] == ["1994", "April 1994", "5 April 1994", ""]
