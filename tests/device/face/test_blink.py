import math

import numpy as np
import pytest

from device.face.blink import SPREAD, Blinks

FPS = 100


def starts(blinks: Blinks, seconds: float) -> list[float]:
    """Times at which a blink began."""
    found, before = [], 0
    for k in range(int(seconds * FPS)):
        blinks.at(k / FPS)
        if blinks.count > before:
            found.append(k / FPS)
            before = blinks.count
    return found


@pytest.mark.parametrize("rate", [17.0, 26.0])
def test_half_an_hour_has_the_published_rate_and_log_normal_intervals(rate: float) -> None:
    blinks = Blinks(5)
    blinks.set_rate(rate, 0.0)
    times = starts(blinks, 1800)
    assert abs(len(times) / 30 - rate) < 0.08 * rate
    logs = np.log(np.diff(times))
    assert abs(logs.std() - SPREAD) < 0.06
    # Kolmogorov-Smirnov distance to the fitted normal, 1 % level for this many intervals
    z = np.sort((logs - logs.mean()) / logs.std())
    normal = np.array([0.5 * (1 + math.erf(v / math.sqrt(2))) for v in z])
    distance = np.abs(normal - (np.arange(len(z)) + 0.5) / len(z)).max()
    assert distance < 1.63 / math.sqrt(len(z))


def test_every_blink_is_full_and_closes_faster_than_it_opens() -> None:
    blinks = Blinks(1)
    values = np.array([blinks.at(k / 1000) for k in range(60_000)])
    shut = np.flatnonzero((values[1:] >= 0.999) & (values[:-1] < 0.999))
    assert len(shut) >= blinks.count - 1 > 8
    for k in shut[1:-1]:
        down = next(i for i in range(300) if values[k - i] <= 0.001)
        up = next(i for i in range(600) if values[k + i + 45] <= 0.001)
        assert 60 <= down <= 102
        assert 140 <= up <= 300


def test_a_closed_frame_is_seen_at_30_fps() -> None:
    blinks, seen = Blinks(2), 0
    closed = False
    for k in range(30 * 600):
        value = blinks.at(k / 30)
        seen += value > 0.999 and not closed
        closed = value > 0.999
    assert seen >= 0.97 * blinks.count - 1


def test_blinks_gather_at_the_ends_of_clauses() -> None:
    drawn, plain = Blinks(3), Blinks(3)
    drawn.set_rate(26, 0.0)
    plain.set_rate(26, 0.0)
    ends = np.arange(2.0, 600.0, 3.1)
    times: list[float] = []
    for i, end in enumerate(ends):
        for k in range(int((ends[i - 1] if i else 0.0) * FPS), int(end * FPS)):
            if k / FPS >= end - 1.0:
                drawn.attract(float(end))
            before = drawn.count
            drawn.at(k / FPS)
            if drawn.count > before:
                times.append(k / FPS)
    near = np.mean([np.abs(ends - t).min() < 0.2 for t in times])
    by_chance = np.mean([np.abs(ends - t).min() < 0.2 for t in starts(plain, 600)])
    assert near > by_chance + 0.15
