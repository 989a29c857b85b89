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
