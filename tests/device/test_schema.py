"""Settings: all mistakes at once, each with its likely spelling."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device import config
from device.errors import BadInput, Usage


def load(tmp_path: Path, text: str) -> config.FrameSettings:
    path = tmp_path / "frame.toml"
    path.write_text(text)
    return config.load(path)


def test_no_file_means_defaults(tmp_path: Path) -> None:
    assert config.load(tmp_path / "frame.toml") == config.FrameSettings()


def test_a_key_of_each_kind(tmp_path: Path) -> None:
    settings = load(tmp_path, 'persona = "lan"\n[screen]\nrotation = 90\n[sound]\nvolume = 0.5\n')
    assert (settings.persona, settings.screen.rotation, settings.sound.volume) == ("lan", 90, 0.5)


def test_every_mistake_is_named_with_a_suggestion(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        load(tmp_path, 'perona = "x"\n[screen]\nrotation = 45\nfsp = 30\n[sound]\nvolume = 7\n')
    line = caught.value.line()
    for part in ("perona, perhaps persona", "screen.rotation", "screen.fsp, perhaps fps", "sound.volume"):
        assert part in line
    assert "\n" not in line


def test_the_night_and_the_screens_own_size(tmp_path: Path) -> None:
    settings = load(tmp_path, '[night]\nfrom = "22:00"\nto = "07:00"\nlight = 0.0\n[screen]\ndriver = "kmsdrm"\n')
    assert settings.night == config.Night("22:00", "07:00", 0.0)
    assert settings.screen.size is None
    assert load(tmp_path, "[screen]\nwidth = 800\nheight = 480").screen.size == (800, 480)
    assert not config.Night().begins


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[night]\nfrom = "22:00"', "expected both times"),
        ('[night]\nfrom = "22:00"\nto = "22:00"', "expected two different times, got 22:00 twice"),
        ('[night]\nfrom = "24:00"\nto = "07:00"', "from: expected a time from 00:00 to 23:59, got '24:00'"),
        ('[night]\nfrom = 22\nto = "07:00"', "night.from: expected `str`"),
        ("[night]\nlight = 2", "night.light"),
        ('[night]\nuntil = "07:00"', "unknown night.until"),
        ("[screen]\nwidth = 800", "expected two numbers, or auto for both"),
        ('[screen]\nwidth = "full"\nheight = "auto"', "screen.width"),
        ("[screen]\nwidth = 63\nheight = 63", "screen.width"),
        ('[screen]\ndriver = "vga"', "screen.driver"),
    ],
)
def test_a_wrong_night_or_screen_is_told_in_one_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(BadInput) as caught:
        load(tmp_path, text)
    assert told in caught.value.line()
    assert "\n" not in caught.value.line()


@pytest.mark.parametrize("text", ["persona = ", "[screen", "= 3", 'screen = "big"'])
def test_what_is_not_settings_is_one_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadInput):
        load(tmp_path, text)


@pytest.mark.parametrize("text", ["", "1280", "1280x", "x720", "9x9", "99999x1", "1280x720x1", "-1x5"])
def test_odd_sizes_are_refused(text: str) -> None:
    with pytest.raises(Usage):
        config.parse_size(text)


@given(st.text(max_size=80))
def test_any_text_is_settings_or_one_error(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("home") / "frame.toml"
    path.write_text(text, encoding="utf-8", errors="replace")
    line = ""
    try:
        config.load(path)
    except BadInput as error:
        line = error.line()
    assert "\n" not in line
