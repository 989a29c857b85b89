from pathlib import Path

import cv2
import numpy as np
import pytest

from device.errors import BadInput
from device.face.likeness import best_portrait
from device.face.photo import find_photo
from device.face.pose import INDEX, neutral
from device.face.still import StillRenderer, load_photo
from tests.fakes.face_renderer import FakeRenderer


def persona(tmp_path: Path, name: str = "portrait.png") -> Path:
    path = tmp_path / "likeness" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(path), FakeRenderer((400, 500)).render(neutral())[..., ::-1])
    return tmp_path


@pytest.mark.parametrize("name", ["portrait.png", "photo.jpg", "layers/photo.png"])
def test_the_photograph_is_found_and_shown_where_there_is_no_rig(tmp_path: Path, name: str) -> None:
    directory = persona(tmp_path, name)
    assert find_photo(directory) == directory / "likeness" / name
    frame = best_portrait(directory, "", (640, 360)).frame(neutral())
    assert abs(int(frame[120, 320, 0]) - 205) < 12


@pytest.mark.parametrize("junk", [b"", b"not a zip", b"PK\x03\x04" + bytes(200)])
def test_a_broken_rig_still_shows_the_photograph(tmp_path: Path, junk: bytes) -> None:
    directory = persona(tmp_path)
    (directory / "likeness" / "rig.npz").write_bytes(junk)
    assert abs(int(best_portrait(directory, "", (640, 360)).frame(neutral())[120, 320, 0]) - 205) < 12


def test_a_broken_photograph_leaves_the_card(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "likeness").mkdir()
    (tmp_path / "likeness" / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0 torn")
    assert best_portrait(tmp_path, "Lan", (320, 240)).frame(neutral()).mean() > 20
    assert "photo.jpg" in caplog.text
    with pytest.raises(BadInput):
        load_photo(tmp_path / "likeness" / "photo.jpg")


def test_the_still_picture_breathes_and_keeps_still_otherwise() -> None:
    renderer = StillRenderer(FakeRenderer((400, 500)).render(neutral()), (200, 250))
    full, talking = neutral(), neutral()
    full[INDEX["breath"]] = 1.0
    talking[INDEX["jawOpen"]] = 1.0
    moved = np.abs(renderer.render(full).astype(int) - renderer.render(neutral())).mean()
    assert 0.05 < moved < 5
    np.testing.assert_array_equal(renderer.render(talking), renderer.render(neutral()))
