"""What a frame costs: drawn on a steady beat as the face's process does it, in this process and on one thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from device.face.pacing import Beat
from device.face.render import Frame


class Watch(Protocol):
    """The clocks that costs are taken from."""

    def now(self) -> float:
        """s, monotonic."""
        ...

    def used(self) -> float:
        """s of processor time of this process, all threads."""
        ...

    def wait_until(self, t: float) -> None:
        """Returns at `t` or, where that is past, at once."""
        ...


class RealWatch:
    """The machine's own clocks."""

    def now(self) -> float:
        return time.perf_counter()

    def used(self) -> float:
        return time.process_time()

    def wait_until(self, t: float) -> None:
        time.sleep(max(0.0, t - time.perf_counter()))


@dataclass(frozen=True, slots=True)
class Case:
    """What is drawn, and how often."""

    what: str
    size: tuple[int, int]
    fps: int


def measure(
    case: Case, frames: Iterator[Frame], seconds: float, watch: Watch, warm: int = 5,
    show: Callable[[Frame], object] = lambda frame: None,
) -> dict[str, Any]:  # fmt: skip
    """So many seconds of frames on the beat -> the case's row. The first `warm` frames, in which caches fill, are drawn
    and not counted. `show`: what comes between the frame and the screen, and is counted."""
    for _ in range(warm):
        show(next(frames))
    beat, made = Beat(case.fps, watch.now()), []
    begun, used = watch.now(), watch.used()
    for _ in range(max(1, round(seconds * case.fps))):
        start = watch.now()
        show(next(frames))
        made.append(watch.now() - start)
        watch.wait_until(beat.following(watch.now()))
    return row(case, made, watch.now() - begun, watch.used() - used)


def row(case: Case, made_s: Sequence[float], wall_s: float, used_s: float) -> dict[str, Any]:
    """A case's figures. `made_s`: of each frame; `used_s` of processor time in `wall_s`.

    "core_share" is of one core. Where the beat cannot be held, "fps" says what came instead."""
    p50, p95, p99 = np.percentile(made_s, (50, 95, 99)) * 1000
    return {
        "what": case.what,
        "size": f"{case.size[0]}x{case.size[1]}",
        "wanted_fps": case.fps,
        "fps": round(len(made_s) / wall_s, 2),
        "frames": len(made_s),
        "p50_ms": round(float(p50), 2),
        "p95_ms": round(float(p95), 2),
        "p99_ms": round(float(p99), 2),
        "over_period": sum(s > 1 / case.fps for s in made_s),
        "core_share": round(used_s / wall_s, 4),
    }
