from pathlib import Path

import numpy as np
import pytest

from device.config import Hologram
from device.face import calibration
from device.face.booth import Booth
from device.face.calibration import Calibration
from device.face.pose import neutral
from device.face.settings import Settings
from device.face.wardrobe import best_scene, booth_for, stage_for

SCREEN = (320, 180)
VIEW = np.full((180, 320, 3), 60, np.uint8)


def booth(path: Path | None, settings: Hologram | None = None) -> Booth:
    return Booth(settings or Hologram(), SCREEN, path)


def press(booth: Booth, *keys: str) -> list[bool]:
    return [booth.key(key, float(k)) for k, key in enumerate(keys)]


def test_keys_are_its_own_only_while_it_is_being_set(tmp_path: Path) -> None:
    made = booth(tmp_path / calibration.FILE)
    assert press(made, "space", "left", "escape", "return") == [False] * 4
    assert press(made, "c", "left", "space", "f9", "escape", "escape") == [True, True, True, True, True, False]
    assert not made.calibrating


def test_what_was_saved_holds_and_is_there_the_next_time(tmp_path: Path) -> None:
    path = tmp_path / calibration.FILE
    made = booth(path)
    press(made, "f2", "m", *["+"] * 5, "s")
    assert calibration.load(path, Calibration()) == Calibration(black=10, mirror=False)
    again = booth(path)
    for one in (made, again):
        assert 50 < one.show(VIEW.copy()).mean() < 60


def test_leaving_undoes(tmp_path: Path) -> None:
    made = booth(tmp_path / calibration.FILE)
    before = made.show(VIEW.copy())
    press(made, "c", *["+"] * 30, "escape")
    np.testing.assert_array_equal(made.show(VIEW.copy()), before)
    assert not (tmp_path / calibration.FILE).exists()


def test_the_test_picture_is_shown_meanwhile_and_follows_the_keys() -> None:
    made = booth(None)
    press(made, "menu")
    first = made.show(VIEW.copy())
    assert first.max() == 255
    assert made.show(VIEW.copy()) is first
    press(made, "right")
    assert not np.array_equal(made.show(VIEW.copy()), first)


def test_a_disk_that_is_full_costs_nothing_but_the_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    made = booth(tmp_path / "file" / calibration.FILE)
    press(made, "c", *["+"] * 5, "s")
    assert made.show(VIEW.copy()).mean() < 60


def test_settings_are_where_it_begins_and_a_pyramid_has_smaller_views() -> None:
    made = booth(None, Hologram(layout="pyramid", mirror=False))
    assert made.view == (60, 60)
    view = np.zeros((60, 60, 3), np.uint8)
    view[:, :30] = 200
    out = made.show(view)
    assert out.shape == (180, 320, 3)
    assert out[30, 140].all()
    assert not out[30, 180].any()


@pytest.mark.parametrize("layout", ["sheet", "pyramid", "quilt"])
@pytest.mark.parametrize("size", [(64, 64), (320, 180), (180, 320)])
def test_every_layout_fills_every_screen_from_the_first_frame_on(
    tmp_path: Path, layout: str, size: tuple[int, int]
) -> None:
    chosen = Hologram(layout=layout, quilt="8.9")  # type: ignore[arg-type]
    settings = Settings(tmp_path / "socket", None, "外公", size, scene="hologram", hologram=chosen)
    made = booth_for(settings)
    assert made is not None
    stage = stage_for(settings, made.view, None)
    stage.wear(best_scene(settings, made.view, None, "Lan"), 0.5)
    for t in (0.0, 0.6, 2.0):
        out = made.show(stage.frame(t))
        assert out.shape == (size[1], size[0], 3)
    assert made.key("c", 3.0)
    assert made.show(stage.frame(3.0)).shape == (size[1], size[0], 3)
    assert neutral().shape


def test_a_quilts_test_picture_is_the_same_in_every_view() -> None:
    made = Booth(Hologram(layout="quilt", quilt="portrait"), (1280, 960), None)
    press(made, "c")
    picture = made.show(np.zeros((960, 1280, 3), np.uint8))
    np.testing.assert_array_equal(picture[:160, :160], picture[-160:, -160:])
    assert picture[:160, :160].max() > 200


def test_a_portrait_has_no_booth(tmp_path: Path) -> None:
    assert booth_for(Settings(tmp_path / "socket")) is None
