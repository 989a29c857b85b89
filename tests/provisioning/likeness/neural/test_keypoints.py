import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.likeness.neural.keypoints import BINS, COUNT, Motion, degrees, rotation

ANGLE = st.floats(-80, 80)


@pytest.mark.parametrize(("bin_", "angle"), [(0, -97.5), (32, -1.5), (33, 1.5), (65, 97.5)])
def test_a_sure_bin_is_its_angle(bin_: int, angle: float) -> None:
    logits = np.full(BINS, -50.0)
    logits[bin_] = 50.0
    assert degrees(logits) == pytest.approx(angle, abs=1e-4)


def test_all_bins_alike_look_straight_ahead() -> None:
    assert degrees(np.zeros(BINS)) == pytest.approx(0.0)
    assert degrees(np.full(BINS, 1e4)) == pytest.approx(0.0), "large logits do not overflow"


@given(ANGLE, ANGLE, ANGLE)
def test_a_rotation_keeps_lengths_and_sides(pitch: float, yaw: float, roll: float) -> None:
    turned = rotation(pitch, yaw, roll)
    assert turned @ turned.T == pytest.approx(np.eye(3), abs=1e-9)
    assert np.linalg.det(turned) == pytest.approx(1.0)


def test_a_roll_turns_in_the_picture_and_leaves_depth() -> None:
    assert np.array([[1.0, 0.0, 5.0]]) @ rotation(0, 0, 90) == pytest.approx(np.array([[0.0, 1.0, 5.0]]))


def test_keypoints_are_turned_bent_scaled_and_shifted_in_the_picture_only() -> None:
    rng = np.random.default_rng(1)
    canonical, expression = rng.normal(size=(COUNT, 3)), rng.normal(size=(COUNT, 3))
    motion = Motion((0.0, 0.0, 90.0), np.array([0.1, 0.2, 9.0]), expression, 1.5, canonical)
    want = 1.5 * (np.stack([-canonical[:, 1], canonical[:, 0], canonical[:, 2]], 1) + expression) + [0.1, 0.2, 0.0]
    assert motion.keypoints() == pytest.approx(want, abs=1e-5)
