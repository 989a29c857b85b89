import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from device.errors import BadInput, Broken
from provisioning.likeness.bake import bake
from provisioning.likeness.landmarks import FaceReader
from provisioning.likeness.photograph import read_photo
from tests.provisioning.likeness.conftest import written


def test_the_face_is_found_where_it_is(reader: FaceReader, picture: np.ndarray) -> None:
    (face,) = reader.detect(picture)
    points, presence = reader.landmarks(picture, face)
    assert presence > 0.9
    assert np.hypot(*(points[468, :2] - (222, 188))) < 6, "the picture's left iris"
    assert np.hypot(*(points[473, :2] - (306, 187))) < 6
    assert points[1, 2] > points[234, 2], "the nose is nearer than the cheek"


def test_the_landmarks_turn_with_the_picture(reader: FaceReader, picture: np.ndarray) -> None:
    straight, _ = reader.landmarks(picture, reader.detect(picture)[0])
    matrix = cv2.getRotationMatrix2D((256, 250), 20, 1.0)
    turned = np.asarray(cv2.warpAffine(picture, matrix, (512, 600)), np.uint8)
    points, _ = reader.landmarks(turned, reader.detect(turned)[0])
    want = straight[:, :2] @ matrix[:, :2].T + matrix[:, 2]
    assert np.median(np.hypot(*(points[:, :2] - want).T)) < 3


def test_the_bake_says_what_it_found_and_repeats_itself(portrait: Path, likeness: Path, tmp_path: Path) -> None:
    steps: list[float] = []
    report = bake(portrait, tmp_path, lambda share, what: steps.append(share))
    assert steps == sorted(steps)
    assert (steps[0], steps[-1]) == (0.0, 1.0)
    assert report.size == (512, 600)
    assert 70 < report.eye_distance < 100
    assert "small" in [remark.code for remark in report.weak]
    kept = json.loads((likeness / "report.json").read_text(encoding="utf-8"))
    assert kept["presence"] > 0.9
    for path in sorted(likeness.rglob("*")):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / path.relative_to(likeness)).read_bytes(), path.name


def test_no_face_is_said(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (300, 300, 3)).astype(np.uint8)
    with pytest.raises(BadInput, match="none that could be found"):
        bake(written(tmp_path / "noise.png", noise), tmp_path / "out")


def test_several_faces_are_said(picture: np.ndarray, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="2 faces"):
        bake(written(tmp_path / "two.png", np.hstack([picture, picture])), tmp_path / "out")


def test_a_small_face_is_said(picture: np.ndarray, tmp_path: Path) -> None:
    small = cv2.resize(picture, None, fx=0.35, fy=0.35, interpolation=cv2.INTER_AREA)
    with pytest.raises(BadInput, match="pixels between the eyes"):
        bake(written(tmp_path / "small.png", small), tmp_path / "out")


def test_a_face_cut_by_the_border_is_said(picture: np.ndarray, tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        bake(written(tmp_path / "cut.png", np.ascontiguousarray(picture[170:])), tmp_path / "out")


@pytest.mark.parametrize("content", [b"", b"GIF89a nothing", b"\x89PNG\r\n\x1a\n" + bytes(30)])
def test_no_picture_is_said(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(content)
    with pytest.raises(BadInput):
        read_photo(path)
    with pytest.raises(BadInput):
        read_photo(tmp_path / "missing.jpg")


def test_a_huge_scan_is_reduced(picture: np.ndarray, tmp_path: Path) -> None:
    big = cv2.resize(picture, (2560, 3000), interpolation=cv2.INTER_LINEAR)
    assert max(read_photo(written(tmp_path / "big.jpg", big)).shape) == 2048


def test_a_broken_model_is_said(tmp_path: Path) -> None:
    (tmp_path / "model.task").write_bytes(b"no zip")
    with pytest.raises(Broken):
        FaceReader(tmp_path / "model.task")
