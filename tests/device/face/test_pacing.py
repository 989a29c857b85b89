import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.face.pacing import Beat, Pace, Shown


@given(st.lists(st.floats(0.0, 0.3), min_size=1, max_size=50), st.sampled_from([24.0, 30.0, 60.0]))
def test_deadlines_rise_on_one_grid_and_are_never_made_up_for(costs: list[float], fps: float) -> None:
    beat, now, last = Beat(fps, 100.0), 100.0, 100.0
    for cost in costs:
        now += cost
        due = beat.following(now)
        assert due > last
        assert due >= now - 1e-6
        assert due - now <= 1 / fps + 1e-6
        assert abs((due - 100.0) * fps - round((due - 100.0) * fps)) < 1e-6
        now = last = due


def test_figures_of_a_steady_pace() -> None:
    pace = Pace()
    assert pace.stats().fps == 0.0
    for k in range(101):
        pace.add(0.005 if k else 0.05, k / 30)
    stats = pace.stats()
    assert stats.frames == 101
    assert stats.fps == pytest.approx(30.0)
    assert stats.p50 == pytest.approx(5.0)
    assert pace.interval_ms() == pytest.approx((33.33, 33.33, 33.33), abs=0.01)


def test_a_report_holds_every_frame_once_and_counts_the_late_ones() -> None:
    shown = Shown(10.0)
    for t in (0.0, 0.1, 0.2, 0.4):
        shown.add(t, 0.25)
    late, frames = shown.take()
    assert late == 1
    assert [t for t, _ in frames] == [0.1, 0.2, 0.4]
    shown.add(0.6, 0.5)
    assert shown.take() == (1, ((0.6, 0.5),))
    assert shown.take() == (0, ())
