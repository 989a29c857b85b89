"""A measured smile on the rig: whatever was measured, skin does not fold over, and it stays the same person."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.face.features import face_weights, limited
from device.face.pose import posed
from device.face.render_cpu import RenderCpu
from device.face.rig import Rig
from device.face.viseme_poses import VISEME_POSES
from provisioning.likeness.film.events import Piece
from provisioning.likeness.film.ruler import SMILE, ruler
from provisioning.likeness.film.signals import Signals
from provisioning.likeness.film.smile import LEAST, MOST, Smile, measured, with_smile
from provisioning.likeness.head import grid_nodes
from provisioning.likeness.landmarks import FaceReader
from provisioning.likeness.sheet import EXPRESSIONS
from tests.provisioning.likeness.film.conftest import Elder
from tests.provisioning.likeness.test_movement import jacobian
from tests.support.identity import Identity, distance

POSES = [*EXPRESSIONS.values(), *({**SMILE, **weights} for weights in VISEME_POSES.values()), SMILE]
SIZES = st.floats(LEAST, MOST)


def least_area(rig: Rig) -> float:
    rows, columns = rig.upper.bases.shape[1:3]
    nodes = grid_nodes(rig.upper.origin, rig.upper.step, rows, columns)
    above, below = rig.mouth.slit.distances(nodes[..., 0], nodes[..., 1])
    least = 1.0
    for weights in POSES:
        face = face_weights(limited(posed(weights)))
        upper, lower = jacobian(rig.upper, face)[above < 0], jacobian(rig.lower, face)[below > 0]
        least = min(least, float(upper.min()), float(lower.min()))
    return least


@settings(max_examples=20)
@given(SIZES, SIZES, st.integers(0, 999), st.floats(0, 0.1))
def test_nothing_folds_over_whatever_was_measured(
    sitter: Elder, left: float, right: float, seed: int, trembling: float
) -> None:
    places = sitter.found.face.to_local(sitter.found.points[:468, :2])
    more = np.random.default_rng(seed).normal(0, trembling, places.shape)
    drawn = with_smile(sitter.rig, Smile((left, right), places, more), sitter.found.face, None)
    assert least_area(drawn) > 0


@pytest.mark.parametrize("sizes", [(LEAST, MOST), (MOST, MOST)])
def test_it_is_still_the_same_person(sitter: Elder, sizes: tuple[float, float]) -> None:
    identity = Identity()
    places = sitter.found.face.to_local(sitter.found.points[:468, :2])
    drawn = with_smile(sitter.rig, Smile(sizes, places, np.zeros_like(places)), sitter.found.face, None)
    renderer = RenderCpu(drawn, (drawn.photo.shape[1], drawn.photo.shape[0]))
    assert distance(identity.of(sitter.rig.photo), identity.of(renderer.render(posed(SMILE)))) < 0.35


def smiling(sitter: Elder, way: np.ndarray) -> Signals:
    """Two seconds at rest, then a second in which the landmarks (478, 2) have gone a way, in pixels."""
    amount = np.repeat([0.0, 1.0], [60, 30])
    moved = np.concatenate([way, np.zeros((478, 1))], 1)
    points = (sitter.found.points + amount[:, None, None] * moved).astype(np.float32)
    nothing, raised = np.zeros(90), 0.06 * amount
    corners = np.stack([raised, raised], -1)
    return Signals(30.0, 0.0, np.zeros((90, 3)), nothing + 0.3, nothing, corners, nothing, nothing, points)


def test_twice_as_far_is_as_large_as_may_be_and_a_jumble_is_no_smile(sitter: Elder, reader: FaceReader) -> None:
    own = ruler(sitter.rig, reader).smile
    assert own is not None
    found, piece = sitter.found, Piece(60, 90, 75, 0.06)
    same = measured(smiling(sitter, own), piece, found.face, found.points, own)
    assert same is not None
    assert same.sizes == pytest.approx((1.0, 1.0), abs=0.05)
    assert np.abs(same.more).max() < 0.02
    wide = measured(smiling(sitter, 2 * own), piece, found.face, found.points, own)
    assert wide is not None
    assert wide.sizes == (MOST, MOST)
    jumble = np.random.default_rng(1).normal(0, 4, (478, 2))
    assert measured(smiling(sitter, jumble), piece, found.face, found.points, own) is None
    assert measured(smiling(sitter, -own), piece, found.face, found.points, own) is None
    assert measured(smiling(sitter, own), piece, found.face, found.points, None) is None
