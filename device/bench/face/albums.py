"""An album of ten thousand photographs in the face's own process: how regularly its frames come while one large
photograph after another is read, laid out and melts in, and how much memory that takes."""

from __future__ import annotations

import itertools
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from device.bench.face.pacing import LOOK_S, SETTLED_S, SHOWN_S
from device.config import Screen
from device.face_child import FaceChild, FaceOptions
from device.link import Mood, Order, Stats
from device.memory_use import family_mb
from device.persona.album import Photo, encode

COUNT = 10_000
EVERY_S = 2.0
"""s between two photographs: six times as often as the album turns by itself."""
SIDES = ((4000, 3000), (3000, 4000), (3840, 2160))
"""What cameras and telephones make."""


def fill(persona: Path, count: int = COUNT) -> None:
    """An album in an unpacked persona: the same three files under `count` names, with words, dates and a face."""
    folder = persona / "album"
    folder.mkdir(parents=True)
    noise = np.random.default_rng(1).integers(0, 255, (60, 80, 3), np.uint8)
    for number, side in enumerate(SIDES):
        Image.fromarray(noise).resize(side, Image.Resampling.BICUBIC).save(folder / f"{number}.jpg", quality=88)
    photos = []
    for number in range(count):
        width, height = SIDES[number % len(SIDES)]
        if number >= len(SIDES):
            os.link(folder / f"{number % len(SIDES)}.jpg", folder / f"{number}.jpg")
        date = f"{1950 + number % 70}-{1 + number % 12:02}-{1 + number % 28:02}"
        words = {"zh": f"第{number}张照片，小梅在河边放风筝。", "en": f"Photograph {number}: Mei's kite by the river."}
        face = (0.4, 0.3, 0.5, 0.45)
        photos.append(Photo(f"{number}.jpg", width, height, date, ("Mei",), f"m{number}", words, (face,)))  # type: ignore[arg-type]
    (folder / "album.json").write_bytes(encode(tuple(photos)))


def turning(
    size: tuple[int, int], fps: int, seconds: float, wait: Callable[[float], None] = time.sleep, count: int = COUNT
) -> dict[str, Any]:
    """A process that shows another photograph every EVERY_S for so many seconds -> its row: `intervals`' figures, the
    number of photographs that were asked for, and the most memory it and its display took, MB."""
    reports: list[Stats] = []
    screen = Screen(display="offscreen", width=size[0], height=size[1], fps=fps)
    most = 0.0
    with tempfile.TemporaryDirectory(prefix="imago-") as scratch:
        fill(Path(scratch), count)
        face = FaceChild(
            FaceOptions(Path(scratch) / "face", Path(scratch), "", screen, album_after_s=0.5), reports.append
        )
        try:
            _settle(face, wait)
            reports.clear()
            turns = max(1, round(seconds / EVERY_S))
            for _ in range(turns):
                face.link.send(Order("next-photo", time.monotonic()))
                wait(EVERY_S)
                most = max(most, family_mb(face.pid))
        finally:
            face.stop()
    row = {"size": f"{size[0]}x{size[1]}", "wanted_fps": fps, "photographs": count, "turns": turns}
    return {**row, **intervals(reports, fps), "memory_mb": most}


def _settle(face: FaceChild, wait: Callable[[float], None]) -> None:
    """Until the album is open."""
    for _ in range(round(SHOWN_S / LOOK_S)):
        if face.shown_at is not None:
            break
        wait(LOOK_S)
    face.link.send(Mood("idle", time.monotonic()))
    wait(SETTLED_S)


def intervals(reports: Sequence[Stats], fps: int) -> dict[str, float | int | None]:
    """From one frame to the next, ms, over all reports: p50, p95, p99 and the longest; and `late`, how many took more
    than one and a half periods. None where there were none."""
    times = [t for report in reports for t, _ in report.mouth]
    between = [1000.0 * (b - a) for a, b in itertools.pairwise(times)]
    if not between:
        return {"p50_ms": None, "p95_ms": None, "p99_ms": None, "longest_ms": None, "late": None, "frames": 0}
    p50, p95, p99 = (round(float(ms), 2) for ms in np.percentile(between, (50, 95, 99)))
    late = sum(ms > 1500.0 / fps for ms in between)
    longest = round(max(between), 2)
    return {"p50_ms": p50, "p95_ms": p95, "p99_ms": p99, "longest_ms": longest, "late": late, "frames": len(times)}
