import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from device.face.curves import Crossfade, ease, noise, pulse

seconds = st.floats(-100.0, 1000.0)


@given(seconds)
def test_ease_stays_in_its_range_and_is_symmetric(x: float) -> None:
    assert 0.0 <= ease(x) <= 1.0
    assert abs(ease(x) + ease(1.0 - x) - 1.0) < 1e-9


@given(st.integers(0, 1000), seconds, st.floats(0.2, 20.0))
def test_noise_is_bounded_repeatable_and_smooth(seed: int, t: float, spacing: float) -> None:
    here, near = noise(seed, t, spacing), noise(seed, t + 1e-3, spacing)
    assert -1.0 <= here <= 1.0
    assert here == noise(seed, t, spacing)
    assert abs(near - here) <= 2e-3 / spacing + 1e-9


@given(seconds, seconds)
def test_pulse_is_a_bump(t: float, start: float) -> None:
    assert 0.0 <= pulse(t, start, 0.5) <= 1.0
    assert pulse(start, start, 0.5) == 0.0


@given(st.lists(st.tuples(st.floats(0.01, 0.5), st.floats(0.2, 1.0), st.floats(-1, 1)), min_size=1, max_size=8))
def test_crossfade_never_jumps_and_arrives(moves: list[tuple[float, float, float]]) -> None:
    fade, t, changes = Crossfade(np.zeros(1, np.float32)), 0.0, []
    for gap, length, target in moves:
        t += gap
        changes.append((t, length, target))
        fade.move(t, length, np.array([target], np.float32))
    values = [float(fade.at(k / 100)[0]) for k in range(600)]
    # each move alone is at most 1.875 / length a second fast over a way of at most 2
    assert max(abs(np.diff(values))) <= 0.01 * sum(2 * 1.875 / length for _, length, _ in changes) + 1e-6
    assert abs(values[-1] - changes[-1][2]) < 1e-6
