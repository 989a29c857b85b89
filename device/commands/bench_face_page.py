"""What `imago bench face` found, for people: a page with plots and film strips, and a table for the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from device.bench import report
from device.bench.face import life, strips
from device.face.pose import INDEX
from device.face.render import Frame

HEAD_S = 120
"""s of the head's angles in the plot."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What is looked at rather than counted."""

    strips: Mapping[str, Frame]
    intervals: Sequence[float]
    """s between blinks, alone"""
    poses: NDArray[np.float32]
    """Of one life"""
    lips: tuple[Sequence[float], Sequence[float], Sequence[float], Sequence[tuple[float, float]]] | None
    """Of some seconds of the talk: times, the opening as seen and as asked for, and from when to when p, b and m
    sound."""


def page(path: Path, result: dict[str, Any], shown: Shown) -> None:
    """The measurement to look at."""
    machine = result["machine"]
    figures = {
        COSTS: report.rows(cost_rows(result)),
        **{name: strips.image(picture) for name, picture in shown.strips.items()},
    }
    if shown.lips is not None:
        times, gaps, asked, closures = shown.lips
        lines = {"lips as seen": gaps, "as the voice asks": asked}
        figures["The mouth's opening, each from 0 to its widest; p, b and m are shaded"] = report.tracks(
            times, lines, closures
        )
    blinks, likeness = result["life"]["alone"]["blinks"], result["ssim_outside_mouth_and_eyes"]
    if blinks["median_s"] is not None:
        fitted = (blinks["median_s"], blinks["spread"])
        figures["Intervals between blinks, alone"] = report.spread(shown.intervals, fitted, "s")
    figures[f"The head, the first {HEAD_S} s alone"] = report.over_time(_head(shown.poses), "degrees")
    if known := {name: value for name, value in likeness.items() if value is not None}:
        figures[SSIM] = report.bars(known, "SSIM")
    report.write(
        path,
        "The face by itself",
        f"{machine['cores']} cores ({machine['processor']}), load {machine['load_before']} before, nothing else of the "
        f"frame running. Drawn by {result['renderer']}, the hologram always by the processor. What a frame costs "
        "within a conversation is part of the report on latency.",
        [["", "measured", "wanted"], *verdicts(result)],
        figures,
    )


COSTS = (
    "Frames on the beat, drawn on one thread; ms to make one. Wanted of the portrait at 1280x720 with nothing else "
    "running: p99 at most 20 at 60 frames a second, at most 35 % of a core at 30."
)
SSIM = (
    "What is left of the photograph's face outside mouth and eyes, after the head's turn is taken out as far as an "
    "affine map can (structural similarity; no network that knows people: not an identity). The mirrored face is the "
    "control."
)


def table(result: dict[str, Any]) -> str:
    """The result for people."""
    lines = [f"{'ms a frame':46}{'p50':>8}{'p95':>8}{'p99':>8}{'fps':>8}{'core':>8}"]
    for name, *values, share in cost_rows(result)[1:]:
        lines.append(f"{name:46}" + "".join(f"{'-' if v is None else v:>8}" for v in values) + f"{share or '-':>8}")
    lines += [f"{name:46}  {measured:34}  {wanted}" for name, measured, wanted in verdicts(result)]
    drawn = f"drawn by {result['renderer']}, the hologram by the processor"
    return "\n".join([*lines, f"{drawn}; load before {result['machine']['load_before']}"])


def cost_rows(result: dict[str, Any]) -> list[list[Any]]:
    """The costs as a table with its head."""
    rows: list[list[Any]] = [["", "p50", "p95", "p99", "fps", "% of a core"]]
    own = [{**row, "what": "the face's own process, speaking"} for row in result["pacing"]]
    for row in [*result["costs"], *own]:
        share = None if row["core_share"] is None else f"{100 * row['core_share']:.0f}"
        name = f"{row['what']}, {row['size']} at {row['wanted_fps']}"
        rows.append([name, row["p50_ms"], row["p95_ms"], row["p99_ms"], row["fps"], share])
    return rows


def verdicts(result: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(what, measured, wanted), everything but the costs."""
    return [*_lips(result["lips"]), *_picture(result), *_album(result["album"]), *_life(result["life"])]


def _album(rows: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    shown = []
    for row in rows:
        name = f"{row['photographs']} photographs, another every 2 s"
        if row["p99_ms"] is None:
            shown.append((name, "the face did not come up", ""))
            continue
        period = 1000 / row["wanted_fps"]
        measured = f"p99 {row['p99_ms']:.0f}, longest {row['longest_ms']:.0f} ms; {row['late']} of {row['frames']} late"
        shown.append((f"{name}: from frame to frame", measured, f"{period:.0f} ms, none over {1.5 * period:.0f}"))
        shown.append((f"{name}: memory", f"{row['memory_mb']:.0f} MB", "< 300 MB"))
    return shown


def _lips(found: dict[str, Any] | None) -> list[tuple[str, str, str]]:
    if found is None:
        return [("lips against the voice", "no face was found in the frames", "-15 to +45 ms")]
    shut = found["closures"]
    share = "none was said" if shut["share"] is None else f"{shut['share']:.1%} of {shut['p_b_m']}"
    control = "none was said" if shut["open_vowels_shut"] is None else f"{shut['open_vowels_shut']:.1%}"
    return [
        (
            f"lips against the voice, {found['seconds']:.0f} s",
            f"{_ms(found['offset_ms'])} (r {found['r']})",
            "-15 to +45 ms",
        ),
        ("drift, first third to last", _ms(found["drift_ms"]), "0"),
        ("p, b, m with shut lips", share, ">= 95 %"),
        ("open vowels with shut lips (control)", control, "few"),
    ]


def _picture(result: dict[str, Any]) -> list[tuple[str, str, str]]:
    folds, holes, still = result["folds"], result["holes"], result["stillness"]
    likeness = {k: v for k, v in result["ssim_outside_mouth_and_eyes"].items() if v is not None and k != "mirrored"}
    least = min(likeness, key=lambda name: likeness[name]) if likeness else None
    similar = "no face was found" if least is None else f"{likeness[least]:.2f} ({least})"
    return [
        ("poses with a fold", f"{folds['folded']} of {folds['poses']} (least {min(folds['least'].values())})", "0"),
        ("pixels of the face with a hole", str(holes["pixels"]), "0"),
        ("pixels that differ in the same pose", str(still["changed_pixels"]), "0"),
        ("least SSIM outside mouth and eyes", similar, ""),
    ]


def _life(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    rows = []
    for name, rate in (("alone", 17), ("conversation", 26)):
        blinks, gaze, head = (found[name][part] for part in ("blinks", "gaze", "head"))
        angle = max(head, key=lambda one: float(head[one]["r"]))
        fit = "too few" if blinks["ks"] is None else f"{blinks['ks']} (log-normal: < {blinks['ks_limit']})"
        rows += [
            (f"blinks a minute, {name}", str(blinks["per_minute"]), str(rate)),
            (f"distance from a log-normal, {name}", fit, ""),
            (f"eyes at the viewer, {name}", f"{gaze['mutual']:.0%}, {gaze['spell_mean_s']} s at a time", "60 %, 2.2 s"),
            (
                f"strongest repetition, {name}",
                f"r {head[angle]['r']} ({angle}, {head[angle]['lag_s']} s)",
                "far from 1",
            ),
        ]
    return rows


def _ms(value: float | None) -> str:
    return "too little was said" if value is None else f"{value:+.1f} ms"


def _head(poses: Any) -> dict[str, tuple[list[float], list[float]]]:
    few = poses[: HEAD_S * life.FPS : life.SLOWER]
    minutes = (np.arange(len(few)) * life.SLOWER / life.FPS / 60).tolist()
    return {name: (minutes, few[:, INDEX[f"head{name.title()}"]].tolist()) for name in ("yaw", "pitch", "roll")}
