"""What the family will see, measured on finished frames by finding the landmarks again."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from device.face.features import FACE_FEATURES, face_weights, head_weights, limited
from device.face.pose import INDEX, PARAMETERS, Pose, neutral
from device.face.render_cpu import RenderCpu
from device.face.rig import Field, Rig, load
from device.face.viseme_poses import VISEME_POSES
from provisioning.likeness.head import grid_nodes
from provisioning.likeness.landmarks import FaceReader

SIZE = (512, 600)


def pose(weights: dict[str, float]) -> Pose:
    out = neutral()
    for name, weight in weights.items():
        out[INDEX[name]] = weight
    return out


@pytest.fixture(scope="session")
def rig(likeness: Path) -> Rig:
    return load(likeness)


@pytest.fixture(scope="session")
def renderer(rig: Rig) -> RenderCpu:
    return RenderCpu(rig, SIZE)


def found(reader: FaceReader, renderer: RenderCpu, weights: dict[str, float]) -> np.ndarray:
    frame = renderer.render(pose(weights))
    return reader.landmarks(frame, reader.detect(frame)[0])[0]


def gap(points: np.ndarray) -> float:
    """Between the inner lips, in heights of the face."""
    return float(np.hypot(*(points[13] - points[14])[:2]) / np.hypot(*(points[10] - points[152])[:2]))


def eye_aspect(points: np.ndarray) -> float:
    """Height over width of the picture's right eye."""
    return float(np.hypot(*(points[386] - points[374])[:2]) / np.hypot(*(points[362] - points[263])[:2]))


def test_the_neutral_frame_is_the_photograph(renderer: RenderCpu, picture: np.ndarray) -> None:
    assert np.array_equal(renderer.render(neutral()), picture)


def test_the_lips_part_with_the_jaw_and_close_for_a_p(reader: FaceReader, renderer: RenderCpu) -> None:
    gaps = [gap(found(reader, renderer, {"jawOpen": w})) for w in (0.0, 0.25, 0.5, 0.75, 1.0)]
    assert all(b > a for a, b in pairwise(gaps)), gaps
    assert gaps[-1] > 0.1
    assert gap(found(reader, renderer, {**VISEME_POSES["PP"], "jawOpen": 0.5})) < gaps[0] + 0.012


def test_the_chin_goes_down_and_the_brows_stay(reader: FaceReader, renderer: RenderCpu) -> None:
    rest, said = found(reader, renderer, {}), found(reader, renderer, VISEME_POSES["aa"])
    unit = np.hypot(*(rest[468] - rest[473])[:2])
    assert (said[152, 1] - rest[152, 1]) / unit > 0.08
    assert abs(said[105, 1] - rest[105, 1]) / unit < 0.06


def test_round_and_wide_vowels_differ(reader: FaceReader, renderer: RenderCpu) -> None:
    def width(viseme: str) -> float:
        points = found(reader, renderer, VISEME_POSES[viseme])
        return float(np.hypot(*(points[61] - points[291])[:2]) / np.hypot(*(points[468] - points[473])[:2]))

    assert width("O") < width("aa") < width("I")
    assert width("U") < width("E")


def test_a_blink_closes_the_eye(rig: Rig, renderer: RenderCpu, reader: FaceReader) -> None:
    shut = {"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0}
    assert eye_aspect(found(reader, renderer, shut)) < 0.8 * eye_aspect(found(reader, renderer, {}))
    frame = renderer.render(pose(shut))
    for eye in rig.eyes:  # skin where the dark of the eye was
        x, y, radius = (round(v) for v in eye.iris)
        here = np.s_[y - radius // 2 : y + radius // 2, x - radius // 2 : x + radius // 2]
        assert np.median(frame[here]) > np.median(rig.photo[here]) + 25


def test_the_head_turns_as_asked(reader: FaceReader, renderer: RenderCpu) -> None:
    rest = found(reader, renderer, {})

    def nose(weights: dict[str, float]) -> np.ndarray:
        return np.asarray(found(reader, renderer, weights)[1, :2] - rest[1, :2])

    assert nose({"headYaw": 8})[0] > 2
    assert nose({"headYaw": -8})[0] < -2
    assert nose({"headPitch": 6})[1] > 2
    tilted = found(reader, renderer, {"headRoll": 6})
    along, before = tilted[473] - tilted[468], rest[473] - rest[468]
    turn = np.degrees(np.arctan2(along[1], along[0]) - np.arctan2(before[1], before[0]))
    assert 4 < turn < 8


@pytest.mark.parametrize("viseme", ["aa", "E", "O", "PP", "SS"])
def test_it_stays_the_same_face(reader: FaceReader, renderer: RenderCpu, viseme: str) -> None:
    """The upper face keeps its shape: eyes, brows and nose after taking out place, size and tilt."""
    upper = [33, 133, 362, 263, 70, 105, 107, 336, 334, 300, 1, 4, 6, 168, 98, 327]
    rest, said = (found(reader, renderer, w)[upper, :2] for w in ({}, VISEME_POSES[viseme]))
    rest, said = (p - p.mean(0) for p in (rest, said))
    rest, said = (p / np.linalg.norm(p) for p in (rest, said))
    assert np.linalg.svd(rest.T @ said)[1].sum() > 0.995


def jacobian(field: Field, weights: np.ndarray) -> np.ndarray:
    moved = np.tensordot(weights, field.bases, 1)
    dx, dy = np.gradient(moved, axis=1) / field.step, np.gradient(moved, axis=0) / field.step
    return np.asarray((1 + dx[..., 0]) * (1 + dy[..., 1]) - dx[..., 1] * dy[..., 0])


@settings(max_examples=150, deadline=None)
@given(arrays(np.float32, len(PARAMETERS), elements=st.floats(-12, 12, width=32)))
def test_nothing_ever_folds_over(rig: Rig, values: Pose) -> None:
    at = limited(values)
    rows, columns = rig.upper.bases.shape[1:3]
    nodes = grid_nodes(rig.upper.origin, rig.upper.step, rows, columns)
    above, below = rig.mouth.slit.distances(nodes[..., 0], nodes[..., 1])
    assert jacobian(rig.head, head_weights(at)).min() > 0
    assert jacobian(rig.upper, face_weights(at))[above < 0].min() > 0
    assert jacobian(rig.lower, face_weights(at))[below > 0].min() > 0


def test_both_copies_agree_beyond_the_corners(rig: Rig) -> None:
    rows, columns = rig.upper.bases.shape[1:3]
    nodes = grid_nodes(rig.upper.origin, rig.upper.step, rows, columns)
    along, _ = rig.mouth.slit.local(nodes[..., 0], nodes[..., 1])
    differ = np.abs(rig.upper.bases - rig.lower.bases).max(-1)[:, np.abs(along) > 1.001]
    assert differ.max() < 0.02 * rig.mouth.drop, FACE_FEATURES[int(differ.max(1).argmax())]


def test_a_collar_stays_where_it_is_while_the_jaw_moves(rig: Rig) -> None:
    chin = rig.landmarks[152, :2]
    unit = float(np.hypot(*(rig.landmarks[473] - rig.landmarks[468])[:2]))
    moved = np.tensordot(face_weights(pose(VISEME_POSES["aa"])), rig.lower.bases, 1)

    def down(below: float) -> float:
        """Units that what is so many units below the chin goes down."""
        column, row = (chin + np.array([0, below * unit]) - rig.lower.origin) / rig.lower.step
        return float(moved[round(row), round(column), 1]) / unit

    assert down(0.0) > 0.12
    assert abs(down(0.5)) < 0.03
