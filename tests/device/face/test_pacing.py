import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.face.pacing import Beat, Pace, Shown, even_fps
from device.face.window import beat_of


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


@pytest.mark.parametrize(
    ("wanted", "rhythm", "fps"),
    [(30, 0, 30), (30, 60, 30), (30, 59.94, 29.97), (30, 62.5, 31.25), (30, 50, 25), (30, 75, 25), (30, 144, 28.8),
     (30, 24, 24), (30, 30, 30), (60, 59.94, 59.94), (60, 120, 60), (24, 60, 20), (25, 50, 25)],
)  # fmt: skip
def test_frames_are_seen_for_a_whole_number_of_refreshes(wanted: float, rhythm: float, fps: float) -> None:
    assert even_fps(wanted, rhythm) == pytest.approx(fps)


@given(st.sampled_from([24.0, 25.0, 30.0, 60.0]), st.floats(20.0, 400.0))
def test_hardly_more_frames_than_wanted_and_not_many_fewer(wanted: float, rhythm: float) -> None:
    fps = even_fps(wanted, rhythm)
    assert fps <= wanted * 1.18
    assert rhythm / fps == pytest.approx(round(rhythm / fps))
    assert fps >= min(rhythm, wanted) / 2


def refreshes(fps: float, rhythm: float, seconds: float) -> list[int]:
    """For how many refreshes each frame is on a screen drawn at `rhythm` that takes the newest frame each time."""
    seen = [int(k / rhythm * fps + 0.37) for k in range(round(seconds * rhythm))]
    return [seen.count(frame) for frame in range(seen[0] + 1, seen[-1])]


@pytest.mark.parametrize("rhythm", [50.0, 59.94, 60.0, 75.0, 144.0])
def test_the_beat_does_not_stumble_over_the_screens(rhythm: float) -> None:
    """The screen's rhythm is measured to one part in two thousand."""
    kept = refreshes(even_fps(30.0, rhythm * 1.0005), rhythm, 60.0)
    assert sum(count != kept[0] for count in kept) <= 1 + 60.0 * rhythm * 0.0005
    assert max(kept) - min(kept) <= 1
    if rhythm in (50.0, 75.0, 144.0):
        left_alone = refreshes(30.0, rhythm, 60.0)
        assert sum(count != left_alone[0] for count in left_alone) > 200


def test_the_rhythm_of_a_screen_is_heard_through_a_stumble_and_not_where_there_is_none() -> None:
    steady = [0.004, *[1 / 59.94] * 28]
    assert beat_of(steady) == pytest.approx(59.94, abs=0.01)
    assert beat_of([*steady[:10], 2 / 59.94, *steady]) == pytest.approx(59.94, abs=0.01)
    assert beat_of([0.001] * 100) == 0.0
    assert beat_of([1.0] * 20) == 0.0, "a screen that sleeps"
    assert beat_of([0.005, 0.03, 0.008, 0.05, 0.012, 0.02, 0.006, 0.04, 0.01, 0.027]) == 0.0
    assert beat_of([0.016] * 4) == 0.0
