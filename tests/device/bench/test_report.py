"""Plots leave nobody out."""

from __future__ import annotations

from device.bench import report

GROUPS = [f"group {number}" for number in range(8)]


def test_every_group_has_its_line_and_its_name() -> None:
    spread = report.distribution({name: [100.0, 200.0] for name in GROUPS}, 150.0, "ms")
    course = report.over_time({name: ([0.0, 1.0], [1.0, 2.0]) for name in GROUPS}, "MB")
    for plot in (spread, course):
        assert all(f">{name}<" in plot for name in GROUPS)


def test_a_rate_is_read_as_a_plain_number() -> None:
    plot = report.tradeoff([(0.0, 0.8), (0.2, 0.05), (0.6, 0.02)], (0.6, 0.02))
    assert ">0.1<" in plot
    assert ">0.5<" in plot
