"""A measurement as one HTML page with its plots inside, next to the JSON it shows."""

from __future__ import annotations

import html
import io
import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

INK, PALE, ACCENT = "#2b2b2b", "#cfc8ba", "#8a4b2d"
COLORS = (ACCENT, INK, "#5b7a8c", "#c9962f", "#6b7f4e", "#8c6a86")
"""Of lines beside one another; none is PALE, which limits have."""
STAGES = (
    ("endpoint", "the end is certain"),
    ("transcript", "transcribed"),
    ("first_clause", "first clause"),
    ("first_audio", "first sound"),
)
STYLE = """body{font:16px/1.5 Georgia,"Noto Serif CJK SC",serif;color:#2b2b2b;background:#faf7f0;margin:3rem auto;max-width:52rem}
h1{font-weight:normal}table{border-collapse:collapse}td,th{padding:.2rem .8rem;text-align:right;border-bottom:1px solid #e0d9c8}
td:first-child,th:first-child{text-align:left}svg,img{width:100%;height:auto}"""  # noqa: E501


def write(path: Path, title: str, remark: str, table: Sequence[Sequence[Any]], plots: Mapping[str, str]) -> None:
    """The page: a title, a line about the conditions, a table whose first row is its head, plots (SVG) and
    pictures (elements) by caption."""
    figures = "".join(
        f"<figure>{svg}<figcaption>{_text(caption)}</figcaption></figure>" for caption, svg in plots.items()
    )
    body = f"<h1>{_text(title)}</h1><p>{_text(remark)}</p>{rows(table)}{figures}"
    page = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{_text(title)}</title><style>{STYLE}</style>'
    path.write_text(f"{page}{body}</html>\n", encoding="utf-8")


def rows(table: Sequence[Sequence[Any]]) -> str:
    """A table as an element; its first row is its head."""
    head, *lines = table
    cells = "".join(f"<th>{_text(c)}</th>" for c in head)
    body = "".join("<tr>" + "".join(f"<td>{_text(c)}</td>" for c in line) + "</tr>" for line in lines)
    return f"<table><tr>{cells}</tr>{body}</table>"


def waterfall(timings_ms: Mapping[str, float | None]) -> str:
    """One turn's stages, ms after the true end of the person's voice."""
    begin = timings_ms["speech_end"] or 0.0
    figure, axes = _figure(2.2)
    for row, (name, _) in enumerate(STAGES):
        value = timings_ms.get(name)
        if value is not None:
            axes.barh(-row, value - begin, color=ACCENT if name == "first_audio" else PALE, height=0.6)
            axes.text(value - begin + 8, -row, f"{value - begin:.0f} ms", va="center", fontsize=9)
    axes.set_yticks([-row for row in range(len(STAGES))], [caption for _, caption in STAGES])
    axes.set_xlabel("ms after the end of the question")
    return _svg(figure)


def distribution(values_ms: Mapping[str, Sequence[float]], limit_ms: float, label: str) -> str:
    """Sorted values of each group against their share (the empirical distribution), and a limit."""
    figure, axes = _figure(2.8)
    for (name, values), color in zip(values_ms.items(), itertools.cycle(COLORS)):
        ordered = sorted(values)
        shares = [(i + 1) / len(ordered) for i in range(len(ordered))]
        axes.step([0.0, *ordered], [0.0, *shares], where="post", color=color, label=name)
    axes.axvline(limit_ms, color=PALE, linestyle="--")
    axes.set_xlabel(label)
    axes.set_ylabel("share")
    axes.set_ylim(0, 1.02)
    axes.legend(frameon=False)
    return _svg(figure)


def tradeoff(points: Sequence[tuple[float, float]], chosen: tuple[float, float]) -> str:
    """False rejects (share) against false accepts an hour, as the threshold moves: a DET curve with a log axis."""
    from matplotlib.ticker import LogLocator, NullFormatter

    figure, axes = _figure(3.0)
    axes.plot([max(x, 0.05) for x, _ in points], [100 * y for _, y in points], color=INK, marker=".")
    axes.plot(max(chosen[0], 0.05), 100 * chosen[1], "o", color=ACCENT, label="in use")
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel("false accepts per hour")
    axes.set_ylabel("false rejects, %")
    axes.legend(frameon=False)
    return _svg(figure)


def shares(values: Mapping[str, tuple[float, float, float]], limit: float) -> str:
    """A share of each group with its interval, and a limit."""
    figure, axes = _figure(0.6 + 0.26 * len(values))
    for row, (share, low, high) in enumerate(values.values()):
        axes.plot([100 * low, 100 * high], [-row, -row], color=PALE, linewidth=5, solid_capstyle="butt")
        axes.plot(100 * share, -row, "o", color=ACCENT, markersize=5)
    axes.set_yticks([-row for row in range(len(values))], list(values))
    axes.axvline(100 * limit, color=INK, linestyle="--", linewidth=0.8)
    axes.set_xlabel("%")
    axes.set_xlim(left=-1)
    return _svg(figure)


def delay_tradeoff(points: Sequence[tuple[float, float, float]]) -> str:
    """Share that is cut off against the median and the 95th percentile of the wait at the end, ms."""
    figure, axes = _figure(3.0)
    axes.plot([p50 for p50, _, _ in points], [100 * y for _, _, y in points], color=ACCENT, marker="o", label="p50")
    axes.plot([p95 for _, p95, _ in points], [100 * y for _, _, y in points], color=INK, marker=".", label="p95")
    axes.set_xlabel("ms from the end of the voice to the end of the turn")
    axes.set_ylabel("cut off, %")
    axes.legend(frameon=False)
    return _svg(figure)


def spread(values: Sequence[float], fitted: tuple[float, float], label: str) -> str:
    """A histogram of times, s, and the log-normal density of the fitted median and deviation of the logarithm."""
    import numpy as np

    figure, axes = _figure(2.4)
    median, deviation = fitted
    axes.hist(values, bins=40, density=True, color=PALE)
    x = np.linspace(max(min(values), 0.05), max(values), 200)
    density = np.exp(-0.5 * (np.log(x / median) / deviation) ** 2) / (x * deviation * np.sqrt(2 * np.pi))
    axes.plot(x, density, color=ACCENT, label="log-normal")
    axes.set_xlabel(label)
    axes.set_yticks([])
    axes.legend(frameon=False)
    return _svg(figure)


def bars(values: Mapping[str, float], label: str) -> str:
    """A bar for each name, from 0 to 1."""
    figure, axes = _figure(0.6 + 0.2 * len(values))
    for row, value in enumerate(values.values()):
        axes.barh(-row, value, color=PALE, height=0.7)
        axes.text(value + 0.005, -row, f"{value:.2f}", va="center", fontsize=8)
    axes.set_yticks([-row for row in range(len(values))], list(values), fontsize=8)
    axes.set_ylim(-len(values) + 0.4, 0.6)
    axes.set_xlim(0, 1.06)
    axes.set_xlabel(label)
    return _svg(figure)


def tracks(
    seconds: Sequence[float], lines: Mapping[str, Sequence[float]], marked: Sequence[tuple[float, float]]
) -> str:
    """Lines over the same seconds, each from 0 to its own greatest value, and spans that are shaded."""
    figure, axes = _figure(2.4)
    for start, end in marked:
        axes.axvspan(start, end, color=PALE, alpha=0.7, linewidth=0)
    for (name, values), color in zip(lines.items(), itertools.cycle(COLORS)):
        low, high = min(values), max(values)
        scaled = [(value - low) / max(high - low, 1e-9) for value in values]
        axes.plot(seconds, scaled, color=color, label=name, linewidth=1.2)
    axes.set_xlim(min(seconds), max(seconds))
    axes.set_ylim(0, 1.3)  # room for the names
    axes.set_xlabel("s")
    axes.set_yticks([])
    axes.legend(frameon=False, loc="upper right")
    return _svg(figure)


def over_time(
    series: Mapping[str, tuple[Sequence[float], Sequence[float]]], label: str, dotted: Sequence[str] = ()
) -> str:
    """Values (of `label`) over time (minutes) by name; those named in `dotted` as dots, the others as lines."""
    figure, axes = _figure(2.6)
    for (name, (minutes, values)), color in zip(series.items(), itertools.cycle(COLORS)):
        look = (
            {"linestyle": "none", "marker": ".", "alpha": 0.6} if name in dotted else {"marker": ".", "markersize": 3}
        )
        axes.plot(minutes, values, color=color, label=name, **look)
    axes.set_xlabel("minutes")
    axes.set_ylabel(label)
    axes.legend(frameon=False)
    return _svg(figure)


def _figure(height: float) -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.0, height), layout="constrained")
    axes = figure.subplots()
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return figure, axes


def _svg(figure: Any) -> str:
    import matplotlib

    text = io.StringIO()
    with matplotlib.rc_context({"svg.fonttype": "none", "font.family": "serif"}):  # letters, not drawings of them
        figure.savefig(text, format="svg", transparent=True, metadata={"Date": None})
    return text.getvalue()[text.getvalue().index("<svg") :]


def _text(thing: Any) -> str:
    return html.escape("-" if thing is None else str(thing))
