import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.errors import BadInput
from device.face.coarticulation import Mouth
from device.face.sync import lip_gaps, measure, mouth_darkness, opening_command
from tests.device.face.speech import clause
from tests.fakes.face_renderer import FakeRenderer

SPEAKS = [clause(0.5 + 3 * i, count=24, seed=i, index=i) for i in range(3)]
TIMES = np.arange(0.0, 10.0, 1 / 30)


@given(st.floats(-0.2, 0.2))
@settings(max_examples=6, deadline=None)
def test_an_injected_shift_is_recovered(shift: float) -> None:
    found = measure(TIMES, opening_command(SPEAKS, TIMES + shift), SPEAKS)
    assert abs(found.offset_ms - 1000 * shift) < 3.0
    assert found.r > 0.98


def test_a_shift_is_recovered_from_noisy_openings() -> None:
    noise = np.random.default_rng(1).normal(0.0, 0.06, len(TIMES))
    found = measure(TIMES, opening_command(SPEAKS, TIMES + 0.033) + noise, SPEAKS)
    assert abs(found.offset_ms - 33) < 6


@pytest.mark.parametrize("shift", [0.0, 0.045, -0.1])
def test_a_shift_is_recovered_from_the_pixels_of_rendered_frames(shift: float) -> None:
    renderer, mouth = FakeRenderer((160, 200)), Mouth()
    for speak in SPEAKS:
        mouth.add(speak, -5.0)
    frames = [renderer.render(mouth.at(float(t) + shift)) for t in TIMES]
    found = measure(TIMES, mouth_darkness(frames, renderer.mouth_box), SPEAKS)
    assert abs(found.offset_ms - 1000 * shift) < 5
    assert found.r > 0.9


def test_a_long_conversation_is_remembered_to_its_end() -> None:
    speaks = [clause(3.0 * i, count=20, seed=i, index=i) for i in range(40)]
    assert all(opening_command(speaks, s.t0 + np.arange(0.1, 1.5, 0.05)).max() > 0.2 for s in speaks)


def test_lip_gaps_bridge_frames_without_a_face() -> None:
    def landmarks(frame: np.ndarray) -> np.ndarray | None:
        if frame[0, 0, 0] == 3:
            return None
        points = np.zeros((478, 2), np.float32)
        points[152, 1] = 100.0
        points[14, 1] = float(frame[0, 0, 0])
        return points

    frames = [np.full((2, 2, 3), k, np.uint8) for k in range(10)]
    np.testing.assert_allclose(lip_gaps(frames, landmarks), np.arange(10) / 100, atol=1e-6)
    with pytest.raises(BadInput):
        lip_gaps(frames, lambda frame: None)


def test_what_cannot_be_measured_is_bad_input() -> None:
    with pytest.raises(BadInput):
        measure(TIMES, np.zeros(len(TIMES)), SPEAKS)
    with pytest.raises(BadInput):
        measure(TIMES[:5], np.arange(5.0), SPEAKS)
    with pytest.raises(BadInput):
        measure(TIMES, np.sin(TIMES), [])
