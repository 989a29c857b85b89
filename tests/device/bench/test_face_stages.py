"""The scenes that `imago bench face` draws, of a small likeness without a face that a network would find."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from device.bench.face.costs import Case
from device.bench.face.stages import Scenes
from device.commands import bench_face
from device.face.rig import save
from tests.device.face.speech import clause
from tests.fakes.likeness import small_rig

SIZE = (320, 180)
SPEAKS = (clause(1.0, count=12, index=0), clause(3.0, count=12, seed=1, index=1))
ALBUM = '{"version": 1, "photos": [{"file": "a.jpg", "width": 160, "height": 120, "caption": {"en": "A boat"}}]}'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save(small_rig(), tmp_path / "likeness")
    (tmp_path / "album").mkdir()
    return tmp_path


def scenes(folder: Path) -> Scenes:
    return Scenes(folder, "Lan", small_rig(), "cpu")


def test_every_scene_is_drawn_at_its_size_and_moves(folder: Path) -> None:
    (folder / "album" / "album.json").write_text(ALBUM, encoding="utf-8")
    cv2.imwrite(str(folder / "album" / "a.jpg"), np.full((120, 160, 3), (40, 90, 200), np.uint8))
    made = scenes(folder)
    found = list(made.all([SIZE], [30, 60], SPEAKS))
    assert [scene.case for scene in found] == [
        Case("portrait, idle", SIZE, 30),
        Case("portrait, speaking", SIZE, 30),
        Case("portrait, idle", SIZE, 60),
        Case("portrait, speaking", SIZE, 60),
        Case("album", SIZE, 30),
        Case("hologram, speaking", SIZE, 30),
    ]
    assert made.drawn_by == "the processor"
    for scene in found:
        frames = [next(scene.frames).copy() for _ in range(45)]
        assert frames[0].shape == (180, 320, 3)
        if scene.case.what != "album":  # one that comes out of a thread may not be there yet
            assert any(not np.array_equal(frames[0], frame) for frame in frames), scene.case
    hologram = found[-1]
    shown = hologram.show(next(hologram.frames))
    assert isinstance(shown, np.ndarray)
    assert (shown == 0).all(-1).mean() > 0.3


def test_without_photographs_there_is_no_album(folder: Path) -> None:
    assert "album" not in {scene.case.what for scene in scenes(folder).all([SIZE], [30], SPEAKS)}


def test_where_no_face_is_found_there_are_poses_and_no_lips(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    talked = bench_face.talking(scenes(folder), SIZE, SPEAKS, 1.0)
    assert talked.report(SPEAKS) is None
    assert talked.seen(SPEAKS) is None
    assert "face" in capsys.readouterr().err
