"""`imago hologram` writes what the screen must show."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import pytest

from device.__main__ import main
from device.face.rig import save
from tests.fakes.likeness import small_rig


@pytest.fixture
def persona(tmp_path: Path) -> Path:
    folder = tmp_path / "persona"
    save(small_rig(), folder / "likeness")
    (folder / "persona.toml").write_text('id = "x"\n[person]\nname = "Lan"\nlanguages = ["en"]\n', encoding="utf-8")
    return folder


def hologram(persona: Path, *options: str) -> int:
    settings = persona.parent / "frame.toml"
    settings.write_text('[screen]\nwidth = 320\nheight = 180\n[hologram]\nquilt = "go"\nrim = 0.0\n', encoding="utf-8")
    out = str(persona.parent / "out")
    return main(["hologram", "--persona", str(persona), "--settings", str(settings), "--out", out, *options])


@pytest.mark.parametrize(
    ("options", "name", "size"),
    [
        ([], "hologram-sheet.png", (320, 180)),
        (["--layout", "pyramid", "--size", "300x240"], "hologram-pyramid.png", (300, 240)),
        (["--layout", "quilt", "--size", "330x360"], "hologram-quilt_qs11x6a0.5625.png", (330, 360)),
        (["--layout", "quilt", "--quilt", "8.9", "--size", "320x360"], "hologram-quilt_qs5x9a1.6.png", (320, 360)),
    ],
)
def test_the_picture_is_written_under_the_name_its_panel_reads(
    persona: Path, capsys: pytest.CaptureFixture[str], options: list[str], name: str, size: tuple[int, int]
) -> None:
    assert hologram(persona, *options) == 0
    path = persona.parent / "out" / name
    assert str(path) in capsys.readouterr().out
    picture = cv2.imread(str(path))
    assert picture.shape[:2] == (size[1], size[0])
    assert picture.max() > 60
    assert (picture == 0).all(2).mean() > 0.3
    assert (path.with_name("test-card.png")).exists() == ("--layout" not in options or options[1] != "quilt")


def test_the_cost_of_frames_is_reported(persona: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert hologram(persona, "--time", "3") == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["frames"] == 3


@pytest.mark.parametrize("wrong", [["--time", "-1"], ["--size", "10x10"]])
def test_what_cannot_be_is_one_line(persona: Path, capsys: pytest.CaptureFixture[str], wrong: list[str]) -> None:
    assert hologram(persona, *wrong) == 2
    assert capsys.readouterr().err.count("\n") == 1
