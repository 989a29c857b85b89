import re

import numpy as np
import pytest

from device.config import Hologram as Settings
from device.face.pose import INDEX, Pose, neutral
from device.face.render import Frame
from device.face.scenes.caption_track import Caption
from device.face.scenes.hologram import Hologram, place_figure
from device.face.scenes.quilt import DEEPEST, FOCUS, PRESETS, Quilt, QuiltScene, TiledCaptions, offsets
from tests.fakes.cutout import FakeCutout, silhouette

SMALL = Quilt(3, 2, 0.75, (360, 320))


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_tiles_lie_from_the_lower_left_and_never_overlap(name: str) -> None:
    quilt = PRESETS[name]
    seen = np.zeros((quilt.size[1] // 8, quilt.size[0] // 8), np.int32)
    size = (seen.shape[1], seen.shape[0])
    for view in range(quilt.views):
        seen[quilt.tile(view, size)] += 1
    assert seen.max() == 1
    assert seen[-1, 0] == 1
    rows, columns = quilt.tile(0, size)
    assert (rows.stop, columns.start) == (size[1], 0)
    assert quilt.tile(1, size)[1].start == columns.stop
    assert quilt.tile(quilt.columns, size)[0].stop == rows.start
    assert quilt.tile(quilt.views - 1, size)[0].start < quilt.rows


def test_names_say_what_is_inside() -> None:
    assert PRESETS["8.9"].suffix == "_qs5x9a1.6"
    assert PRESETS["portrait"].suffix == "_qs8x6a0.75"
    assert PRESETS["go"].suffix == "_qs11x6a0.5625"
    assert all(re.fullmatch(r"_qs\d+x\d+a\d+(\.\d+)?", quilt.suffix) for quilt in PRESETS.values())
    assert (PRESETS["8.9"].views, PRESETS["8.9"].size) == (45, (4096, 4096))


def test_cameras_stand_evenly_on_a_line() -> None:
    places = offsets(45)
    assert (places[0], places[22], places[-1]) == pytest.approx((-1, 0, 1))
    assert places == sorted(places)
    assert np.ptp(np.diff(places)) < 0.006
    assert offsets(1) == [0.0]


class Views(Hologram):
    """Writes down from where it is looked at."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.asked: list[tuple[float, float]] = []
        self._size = size

    def frame(self, pose: Pose, shift: float = 0.0) -> Frame:
        self.asked.append((float(pose[INDEX["headYaw"]]), shift))
        return np.full((self._size[1], self._size[0], 3), 10 * len(self.asked), np.uint8)


def test_near_things_move_against_the_camera_and_the_glass_stands_still() -> None:
    views = Views(SMALL.view_size(SMALL.size))
    pose = neutral()
    pose[INDEX["headYaw"]] = 2
    QuiltScene(SMALL, views, SMALL.size, 40.0, 1.0).frame(pose)
    yaw, shift = np.array(views.asked).T
    assert yaw[[0, -1]] == pytest.approx([2 + DEEPEST, 2 - DEEPEST])
    at_glass = FOCUS * 40 * np.sin(np.deg2rad(yaw - 2)) + shift
    assert at_glass == pytest.approx(np.zeros(6), abs=1e-4)
    assert pose[INDEX["headYaw"]] == 2


def test_a_flat_figure_is_the_same_from_everywhere() -> None:
    views = Views(SMALL.view_size(SMALL.size))
    QuiltScene(SMALL, views, SMALL.size, 40.0, 0.0).frame(neutral())
    assert set(views.asked) == {(0.0, 0.0)}


def test_views_fill_the_quilt_from_the_lower_left() -> None:
    frame = QuiltScene(SMALL, Views(SMALL.view_size(SMALL.size)), SMALL.size, 40.0, 1.0).frame(neutral())
    assert [int(frame[y, x, 0]) for y in (240, 80) for x in (60, 180, 300)] == [10, 20, 30, 40, 50, 60]


def test_a_real_view_moves_by_parts_of_a_pixel() -> None:
    size = SMALL.view_size(SMALL.size)
    matte = silhouette((120, 160))
    place = place_figure(matte, size, 0.9)
    view = Hologram(FakeCutout((place.width, place.height)), matte, place, size, Settings(rim=0))
    still, moved = view.frame(neutral()).astype(float), view.frame(neutral(), 0.5).astype(float)
    row = still[60]
    assert moved[60, 1:] == pytest.approx((row[1:] + row[:-1]) / 2, abs=8)


def test_every_view_has_the_words_and_the_badge() -> None:
    quilt = Quilt(2, 2, 1.0, (640, 640))
    frame = np.zeros((640, 640, 3), np.uint8)
    words = TiledCaptions(quilt, quilt.size)
    words.draw(frame, Caption(said=(("Hello",),), lit=2, said_step=6))
    tiles = [frame[quilt.tile(view, quilt.size)] for view in range(4)]
    assert (tiles[0] > 150).sum() > 100
    assert all(np.array_equal(tiles[0], tile) for tile in tiles[1:])
    assert words.layout.width == 320
