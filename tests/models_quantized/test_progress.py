from __future__ import annotations

import io
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from models_quantized.progress import Bar, Lines, summary


def test_a_line_tells_bytes_rate_and_what_is_left() -> None:
    assert summary(120e6, 480_000_000, 10.0) == "120 of 480 MB, 12.0 MB/s, 30 s left"
    assert summary(0, 480_000_000, 10.0) == "0 of 480 MB"


@given(st.floats(-1e9, 1e12), st.integers(0, 10**12), st.floats(0, 1e6))
def test_any_figures_make_a_line(done: float, total: int, elapsed_s: float) -> None:
    assert " MB" in summary(done, total, elapsed_s)
    assert "-" not in summary(abs(done), total, elapsed_s)


def test_plain_lines_come_every_few_seconds() -> None:
    seconds = count()
    stream = io.StringIO()
    lines = Lines(stream, lambda: float(next(seconds)))
    lines.begin(10_000_000)
    for _ in range(10):
        lines.advance(1_000_000)
    lines.note("done")
    lines.end()
    assert stream.getvalue().splitlines() == [
        "models: 3 of 10 MB, 1.0 MB/s, 7 s left",
        "models: 6 of 10 MB, 1.0 MB/s, 4 s left",
        "models: 9 of 10 MB, 1.0 MB/s, 1 s left",
        "models: done",
    ]


def test_the_bar_takes_the_same_calls() -> None:
    bar = Bar()
    bar.begin(100)
    bar.advance(40)
    bar.advance(-10)
    bar.note("[a note] with brackets")
    bar.end()
