"""When a recording was made."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisioning.voice_kit import dates
from tests.support.shoebox_sound import silence, write


@pytest.mark.parametrize(
    ("told", "date"),
    [
        ("voice/PTT-20190302-WA0001.opus", "2019-03-02"),
        ("voice/2019-03-02 tea.m4a", "2019-03-02"),
        ("video/VID_20190302_141530.mp4", "2019-03-02T14:15:30"),
        ("voice/1998年03月02.wav", "1998-03-02"),
        ("voice/Spring 1998.wav", "1998"),
        ("voice/20190231.wav", ""),
        ("voice/msg_1234567890123.amr", ""),
        ("voice/grandpa.wav", ""),
    ],
)
def test_names_say_it(tmp_path: Path, told: str, date: str) -> None:
    path = write(tmp_path / "x", silence(0.2), "wav")
    found, confidence = dates.date_of(path, told)
    assert found == date
    assert (confidence > 0) == bool(date)


def test_a_phone_writes_it_into_the_file(tmp_path: Path) -> None:
    path = write(tmp_path / "x", silence(0.5), "m4a", metadata={"creation_time": "2016-05-04T10:11:12.000000Z"})
    assert dates.date_of(path, "voice/memo.m4a") == ("2016-05-04T10:11:12", dates.BY_CONTAINER)


def test_a_clock_that_was_never_set_says_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "x", silence(0.5), "m4a", metadata={"creation_time": "1970-01-01T00:00:00.000000Z"})
    assert dates.date_of(path, "voice/memo.m4a") == ("", 0.0)
