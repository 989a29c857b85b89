import itertools
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from device.face.features import limited
from device.face.motion import STATES
from device.face.nearest import QUIET, RULES, picks
from device.face.pose import PARAMETERS, Pose, neutral, posed
from device.face.viseme_poses import VISEME_POSES

MOUTH = RULES["mouth"]
SPOKEN = [name for name, weights in VISEME_POSES.items() if weights]
POSES = np.stack([posed(VISEME_POSES[name]) * share for name in SPOKEN for share in (0.4, 0.7, 1.0)]).astype(np.float32)


@pytest.mark.parametrize("index", range(len(POSES)))
def test_a_cells_own_pose_shows_that_cell_before_all(index: int) -> None:
    if MOUTH.distances(POSES[index : index + 1], neutral())[0] > 2 * QUIET:
        shares = dict(picks(MOUTH, POSES, POSES[index]))
        assert shares[index] == max(shares.values())
        assert sum(shares.values()) > 0.9
        assert sum(shares.values()) <= 1.0 + 1e-6


@pytest.mark.parametrize("name", ["idle", "listening", "thinking", "asleep", "attract"])
def test_a_calm_face_is_the_photograph_alone(name: str) -> None:
    for region, rule in RULES.items():
        if region != "face" or not STATES[name][[PARAMETERS.index("headPitch"), PARAMETERS.index("headYaw")]].any():
            assert sum(share for _, share in picks(rule, POSES, limited(STATES[name]))) < 0.25
    assert picks(MOUTH, POSES, neutral()) == ()


def test_what_no_cell_knows_is_left_to_the_photograph() -> None:
    assert picks(MOUTH, POSES, posed({"mouthFrownLeft": 1.0, "mouthFrownRight": 1.0})) == ()


def test_a_lid_half_way_down_is_the_photographs() -> None:
    shut = posed({"eyeBlinkLeft": 1.0})[None]
    assert picks(RULES["eyeLeft"], shut, posed({"eyeBlinkLeft": 0.6})) == ()
    assert picks(RULES["eyeLeft"], shut, posed({"eyeBlinkLeft": 1.0}))[0][1] > 0.98
    assert picks(RULES["eyeRight"], shut, posed({"eyeBlinkLeft": 1.0})) == ()


def most_change(one: Pose, other: Pose, begin: float, end: float, steps: int) -> tuple[float, float]:
    """The greatest change of a share over one of equal steps of the way, and where that step begins."""
    ways = np.linspace(begin, end, steps + 1)
    shares = [dict(picks(MOUTH, POSES, ((1 - t) * one + t * other).astype(np.float32))) for t in ways]
    changes = [max((abs(a.get(i, 0) - b.get(i, 0)) for i in {*a, *b}), default=0.0) for a, b in pairwise(shares)]
    at = int(np.argmax(changes))
    return changes[at], float(ways[at])


def test_from_shape_to_shape_nothing_jumps() -> None:
    """Where three cells are nearly alike shares change quickly; looked at closely enough, they still glide."""
    for one, other in itertools.combinations(SPOKEN, 2):
        ends = posed(VISEME_POSES[one]), posed(VISEME_POSES[other])
        change, begin = most_change(*ends, 0.0, 1.0, 60)
        if change > 0.2:
            assert most_change(*ends, begin, begin + 1 / 60, 200)[0] < 0.2, (one, other, begin)


@given(arrays(np.float32, len(PARAMETERS), elements=st.floats(-50, 50, width=32)), st.integers(1, len(POSES)))
def test_shares_of_any_pose_are_shares(values: Pose, count: int) -> None:
    for rule in RULES.values():
        found = picks(rule, POSES[:count], limited(values))
        assert len(found) <= 2
        assert all(0 <= index < count and 0 < share <= 1 for index, share in found)
        assert sum(share for _, share in found) <= 1 + 1e-6
