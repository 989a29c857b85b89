"""What a portrait network drew is laid over the face, by both renderers alike, and over nothing else."""

from dataclasses import replace

import numpy as np
import pytest

from device.face.pose import neutral, posed
from device.face.render_cpu import RenderCpu
from device.face.render_gl import RenderGl
from tests.device.face.egl import needs_egl
from tests.fakes.likeness import HEIGHT, MOUTH, WIDTH, small_atlas, small_rig

SIZE = (WIDTH, HEIGHT)
PLAIN = small_rig()
RICH = replace(PLAIN, atlas=small_atlas())
POSES = {
    "first cell": {"jawOpen": 0.4},
    "between the cells": {"jawOpen": 0.6},
    "turned": {"jawOpen": 0.5, "headYaw": 8.0, "headRoll": -4.0},
    "pressed": {"jawOpen": 0.6, "mouthClose": 0.2},
    "blink": {"eyeBlinkLeft": 1.0, "jawOpen": 0.3},
}


def apart(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """(h, w) greatest difference of a pixel's channels."""
    return np.asarray(np.abs(one.astype(int) - other).max(2))


def test_without_an_atlas_nothing_is_there_to_be_drawn() -> None:
    renderer = RenderCpu(PLAIN, SIZE)
    assert renderer._overlays == ()


@pytest.mark.parametrize("weights", [{}, {"gazeX": 0.4}, {"jawOpen": 0.06}, {"browInnerUp": 0.8}])
def test_where_no_cell_is_near_the_picture_stays_bit_for_bit(weights: dict[str, float]) -> None:
    rich, plain = RenderCpu(RICH, SIZE), RenderCpu(PLAIN, SIZE)
    assert np.array_equal(rich.render(posed(weights)), plain.render(posed(weights)))
    assert np.array_equal(rich.person(posed(weights)), plain.person(posed(weights)))


def test_at_its_pose_a_cell_is_seen_in_its_place_and_nowhere_else() -> None:
    rich, plain = RenderCpu(RICH, SIZE), RenderCpu(PLAIN, SIZE)
    frame = rich.render(posed({"jawOpen": 0.4}))
    x, y = int(MOUTH[0]), int(MOUTH[1]) + 2
    assert np.abs(frame[y, x].astype(int) - (200, 30, 30)).max() < 30
    changed = apart(frame, plain.render(posed({"jawOpen": 0.4}))) > 0
    rows, columns = np.nonzero(changed)
    assert rows.min() > 100
    assert rows.max() < 170
    assert columns.min() >= 40
    assert columns.max() <= 120


def test_between_two_cells_both_are_seen() -> None:
    rich = RenderCpu(RICH, SIZE)
    x, y = int(MOUTH[0]), int(MOUTH[1]) + 3
    red, green = (rich.render(posed({"jawOpen": jaw}))[y, x].astype(int) for jaw in (0.4, 0.8))
    middle = rich.render(posed({"jawOpen": 0.6}))[y, x].astype(int)
    assert red[0] > middle[0] > green[0]
    assert red[1] < middle[1] < green[1]


def test_a_cell_with_shut_lips_is_not_stretched_over_an_open_mouth() -> None:
    eye, mouth = small_atlas()
    shut = replace(mouth, cells=mouth.cells[:1], poses=posed({"mouthStretch": 0.5})[None])
    rich, plain = RenderCpu(replace(PLAIN, atlas=(eye, shut)), SIZE), RenderCpu(PLAIN, SIZE)
    pose = posed({"mouthStretch": 0.5, "jawOpen": 0.3})
    mine, theirs = rich.render(pose), plain.render(pose)
    x, y = int(MOUTH[0]), int(MOUTH[1])
    assert np.array_equal(mine[y + 1 : y + 4, x - 8 : x + 8], theirs[y + 1 : y + 4, x - 8 : x + 8])
    assert apart(mine, theirs)[y - 8 : y - 3, x - 8 : x + 8].min() > 5, "but its lips are seen"


def test_a_turned_head_takes_its_cells_along() -> None:
    rich = RenderCpu(RICH, SIZE)

    def middle(yaw: float) -> float:
        frame = rich.render(posed({"jawOpen": 0.4, "headYaw": yaw})).astype(int)
        return float(np.nonzero(frame[..., 0] - frame[..., 1] > 120)[1].mean())

    assert middle(10.0) - middle(0.0) == pytest.approx(20 * np.sin(np.deg2rad(10)), abs=0.6)


def test_the_person_alone_keeps_the_same_outline() -> None:
    rich, plain = RenderCpu(RICH, SIZE), RenderCpu(PLAIN, SIZE)
    for weights in POSES.values():
        mine, theirs = rich.person(posed(weights)), plain.person(posed(weights))
        assert np.array_equal(mine[..., 3], theirs[..., 3])
        assert apart(mine[..., :3], theirs[..., :3]).max() > 40


def test_the_same_pose_gives_the_same_pixels_whatever_came_before() -> None:
    rich = RenderCpu(RICH, SIZE)
    want = rich.render(posed(POSES["turned"]))
    rich.render(posed(POSES["blink"]))
    assert np.array_equal(rich.render(posed(POSES["turned"])), want)


@needs_egl
@pytest.mark.parametrize("size", [SIZE, (420, 260), (80, 100)])
@pytest.mark.parametrize("name", POSES)
def test_both_renderers_lay_the_same(name: str, size: tuple[int, int]) -> None:
    cpu, gl, plain = RenderCpu(RICH, size), RenderGl(RICH, size), RenderCpu(PLAIN, size)
    frame = cpu.render(posed(POSES[name]))
    laid = apart(frame, plain.render(posed(POSES[name]))) > 0
    assert laid.any()
    away = np.abs(frame.astype(int) - gl.render(posed(POSES[name])))[laid]
    assert away.mean() <= 0.7, "finer waves than any skin has"
    assert np.percentile(away, 99.9) <= 14
    assert np.array_equal(gl.render(neutral()), cpu.render(neutral()))
