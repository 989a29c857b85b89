import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.config import Hologram as Settings
from device.face.pose import INDEX, neutral
from device.face.scenes.hologram import Hologram, figure_box, place_figure
from tests.fakes.cutout import SKIN, FakeCutout, silhouette

PHOTO, SCREEN = (240, 300), (640, 360)
DARK = Settings(rim=0.0)


def hologram(settings: Settings = DARK, screen: tuple[int, int] = SCREEN) -> Hologram:
    matte = silhouette(PHOTO)
    place = place_figure(matte, screen, settings.size, settings.x, settings.y)
    return Hologram(FakeCutout((place.width, place.height)), matte, place, screen, settings)


@given(
    st.tuples(st.integers(64, 800), st.integers(64, 800)), st.floats(0.2, 1.5), st.floats(-0.5, 0.5),
    st.floats(-0.5, 0.5),
)  # fmt: skip
def test_the_figure_stands_at_the_lower_edge_with_its_head_in_the_middle(
    screen: tuple[int, int], size: float, x: float, y: float
) -> None:
    matte = silhouette(PHOTO)
    where = place_figure(matte, screen, size, x, y)
    _, top, _, bottom = figure_box(matte)
    scale = where.width / PHOTO[0]
    assert (where.width, where.height) >= (16, 16)
    assert where.y + bottom * scale == pytest.approx((1 + y) * screen[1], abs=2 + 0.01 * screen[1])
    assert where.x + 120 * scale == pytest.approx((0.5 + x) * screen[0], abs=2 + 0.01 * screen[0])
    assert (bottom - top) * scale <= max(size * screen[1], 20) + 3


def test_an_empty_matte_is_the_whole_photograph() -> None:
    where = place_figure(np.zeros((300, 240), np.uint8), SCREEN, 1.0)
    assert (where.width, where.height) == (288, 360)


def test_outside_the_figure_all_is_true_black_and_inside_it_is_the_photograph() -> None:
    frame = hologram().frame(neutral())
    assert frame.shape == (360, 640, 3)
    assert not frame[:, :150].any()
    assert not frame[:20].any()
    assert tuple(frame[120, 320]) == SKIN


def test_the_shoulders_fade_out_and_are_not_cut_off() -> None:
    column = hologram().frame(neutral())[:, 320, 0].astype(int)
    assert column[-1] < 4
    assert np.abs(np.diff(column[200:])).max() <= 6
    assert column[200] == SKIN[0]


def test_a_figure_cut_at_the_side_fades_out_there() -> None:
    matte = np.zeros((300, 240), np.uint8)
    matte[100:, :200] = 255
    place = place_figure(matte, SCREEN, 0.9)
    scene = Hologram(Solid((place.width, place.height), matte), matte, place, SCREEN, DARK)
    row = scene.frame(neutral())[200, :, 0].astype(int)
    first = int(np.flatnonzero(row)[0])
    assert np.abs(np.diff(row[: first + 20])).max() < 25


class Solid(FakeCutout):
    """White wherever its matte is."""

    def __init__(self, size: tuple[int, int], matte: np.ndarray) -> None:
        super().__init__(size)
        ys = np.arange(size[1]) * matte.shape[0] // size[1]
        xs = np.arange(size[0]) * matte.shape[1] // size[0]
        self._matte = matte[ys][:, xs]

    def person(self, pose: np.ndarray) -> np.ndarray:
        return np.repeat(self._matte[..., None], 4, 2)


def test_light_runs_along_the_outline_and_moves_with_it() -> None:
    lit, plain = hologram(Settings(rim=1.0, rim_colour="#0000ff")), hologram()
    turned = neutral()
    turned[INDEX["headYaw"]] = 10
    for pose in (neutral(), turned):
        more = lit.frame(pose).astype(int) - plain.frame(pose)
        assert not more[..., :2].any(), "only the colour that was asked for"
        row = more[120, :, 2]
        inside = np.flatnonzero(plain.frame(pose)[120, :, 0])
        assert row[inside[0] : inside[0] + 2].max() > 40
        assert row[inside[-1] - 2 : inside[-1] + 1].max() > 40
        assert row[(inside[0] + inside[-1]) // 2] < 4
        assert not np.delete(row, inside).any(), "no light beside the figure"


def test_the_scene_is_the_same_for_the_same_pose_and_the_callers_to_keep() -> None:
    scene = hologram(Settings())
    first = scene.frame(neutral())
    scene.frame(neutral())[:] = 9
    np.testing.assert_array_equal(scene.frame(neutral()), first)


def test_settings_that_cannot_be_are_refused() -> None:
    for wrong in ({"rim_colour": "blue"}, {"size": 9}, {"layout": "cube"}, {"presence": ["x"] * 9}, {"rm": 1}):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(wrong, Settings)
