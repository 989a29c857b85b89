"""What `imago bench latency` makes of its conversations."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.bench.circumstances import CIRCUMSTANCES, Circumstance, circumstances
from device.bench.statistics import quantile_interval
from device.bench.word_errors import error_rate
from device.commands import bench_latency

MANY = st.lists(st.floats(0, 5000), min_size=1, max_size=60)


@given(MANY, st.floats(0.05, 0.95))
def test_an_interval_holds_the_quantile_and_ends_at_values(values: list[float], share: float) -> None:
    low, high = quantile_interval(values, share)
    assert low in values
    assert high in values
    assert low <= np.quantile(values, share, method="inverted_cdf") <= high


def test_an_interval_of_95_percent_holds_the_true_median_so_often() -> None:
    random = np.random.default_rng(3)
    spans = [quantile_interval(list(random.exponential(size=40)), 0.5) for _ in range(2000)]
    held = np.mean([low <= math.log(2) <= high for low, high in spans])
    assert 0.94 < held < 0.985, "discrete: a little more than was asked for"


@given(MANY, st.floats(1.0, 1000.0))
def test_intervals_move_with_the_values(values: list[float], by: float) -> None:
    low, high = quantile_interval(values, 0.5)
    moved = quantile_interval([v + by for v in values], 0.5)
    assert moved == (low + by, high + by)


@pytest.mark.parametrize(
    ("asked", "heard", "language", "rate"),
    [
        ("Did you ever have a dog?", "did you ever have a dog", "en", 0.0),
        ("Did you ever have a dog?", "Did you have a dog?", "en", 1 / 6),
        ("你养过狗吗？", "你养过狗吗", "zh", 0.0),
        ("你养过狗吗？", "你仰过狗", "zh", 2 / 5),
        ("你养过狗吗？", "", "zh", 1.0),
    ],
)
def test_errors_are_counted_in_words_and_in_characters(asked: str, heard: str, language: str, rate: float) -> None:
    assert error_rate(asked, heard, language) == pytest.approx(rate)


def test_rounds_go_through_all_circumstances_and_begin_again() -> None:
    assert circumstances(0) == [CIRCUMSTANCES[0]]
    assert circumstances(len(CIRCUMSTANCES) + 1) == [*CIRCUMSTANCES, CIRCUMSTANCES[0]]
    assert CIRCUMSTANCES[0].scene is None
    assert all(c.scene for c in CIRCUMSTANCES[1:])


def conversation(where: Circumstance, *latencies: float | None, p99: float = 10.0) -> dict[str, Any]:
    timings = {
        "speech_end": 1000.0,
        "endpoint": 1450.0,
        "transcript": None,
        "first_token": None,
        "first_clause": 1500.0,
    }
    return {
        "where": where,
        "turns": [
            {
                "where": where.name,
                "asked": "你养过狗吗？",
                "heard": "你养过狗吗" if latency is not None else "",
                "language": "zh",
                "error_rate": 0.0 if latency is not None else 1.0,
                "latency_ms": latency,
                "timings_ms": {} if latency is None else {**timings, "first_audio": 1000.0 + latency},
            }
            for latency in latencies
        ],
        "gaps_ms": [0.0],
        "memory_mb": {"total": 100.0 * p99},
        "start_s": {"portrait": 0.4, "listening": 4.0},
        "face": {"fps": 30.0, "frame_ms": {"p50": 8.0, "p95": 9.0, "p99": p99}},
    }


def test_conversations_are_joined_and_the_worst_of_the_face_is_told(tmp_path: Any) -> None:
    near, far = CIRCUMSTANCES[:2]
    result = bench_latency.joined(
        [conversation(near, 600.0, 700.0), conversation(far, 900.0, None, p99=20.0)], ["zh"], 0.1
    )
    assert (result["questions"], result["answered"], result["heard_right"]) == (4, 3, 3)
    assert result["latency_ms"]["p50"] == 700.0
    assert result["by_circumstance"][far.name]["latency_ms"]["max"] == 900.0
    assert result["by_circumstance"][far.name]["answered"] == 1
    assert result["face"]["frame_ms"]["p99"] == 20.0
    assert result["memory_mb"]["total"] == 1000.0
    assert "3 of 4 answered" in bench_latency.table(result)
    bench_latency.page(tmp_path / "latency.html", result)
    page = (tmp_path / "latency.html").read_text()
    assert far.name in page
    assert page.count("<svg") == 2


def test_where_nothing_is_asked_only_the_machine_is_told() -> None:
    result = bench_latency.joined([conversation(CIRCUMSTANCES[0])], ["zh"], 0.1)
    assert result["latency_ms"] == {"p50": None, "p95": None, "min": None, "max": None}
    assert "0 of 0 answered" in bench_latency.table(result)
