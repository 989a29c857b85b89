"""The sheet of very different photographs."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from docs.face_picture import INPUTS, POSES, row, sheet, write_jpeg
from tests.support.likeness_inputs import GOOD


def test_a_row_shows_one_input_in_every_pose(tmp_path: Path) -> None:
    cells, report = row("low light", GOOD["low light"], tmp_path, 60, 70)
    assert len(cells) == len(POSES)
    assert all(cell.shape == (70, 60, 3) for cell in cells)
    assert len({cell.tobytes() for cell in cells}) == len(POSES)
    page = sheet({"low light": (cells, report), "again": (cells, report)})
    assert page.shape[1] > 60 * len(POSES)
    assert len(INPUTS) >= 10


def test_the_picture_is_no_larger_than_it_may_be(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (300, 300, 3)).astype(np.uint8)
    write_jpeg(noise, tmp_path / "a.jpg", 40_000)
    assert (tmp_path / "a.jpg").stat().st_size <= 40_000
    assert cv2.imread(str(tmp_path / "a.jpg")).shape == noise.shape
