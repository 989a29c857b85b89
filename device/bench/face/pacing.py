"""The face's own process on its beat: how regularly frames reach an offscreen display, and what process and display
cost together."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec

from device.bench.idle import thread_times
from device.config import Screen
from device.face_child import FaceChild, FaceOptions
from device.link import Mood, Speak, Stats
from device.persona.unpacked import Persona

SHOWN_S, SETTLED_S = 30.0, 4.0
"""s until the portrait must be there, and in which the rig is put on and its first frames are drawn."""
LOOK_S = 0.1


def pace(
    persona: Persona, size: tuple[int, int], fps: int, renderer: Literal["cpu", "gl"], speaks: Sequence[Speak],
    seconds: float, wait: Callable[[float], None] = time.sleep,
) -> dict[str, Any]:  # fmt: skip
    """A process of its own that speaks for so many seconds -> its row: p50 to p99 of the time to make a frame and hand
    it to the display, "late" frames that came more than half a period behind their time, share of one core of the
    process and its display. None where the face did not come up."""
    reports: list[Stats] = []
    screen = Screen(display="offscreen", width=size[0], height=size[1], fps=fps, renderer=renderer)
    row = {"size": f"{size[0]}x{size[1]}", "wanted_fps": fps}
    with tempfile.TemporaryDirectory(prefix="imago-") as folder:
        options = FaceOptions(Path(folder) / "face", persona.folder, persona.file.person.name, screen)
        face = FaceChild(options, reports.append)
        try:
            for _ in range(round(SHOWN_S / LOOK_S)):
                if face.shown_at is not None:
                    break
                wait(LOOK_S)
            wait(SETTLED_S)
            now = time.monotonic()
            face.link.send(Mood("speaking", now))  # its figures begin anew
            for speak in speaks:
                if speak.t0 < seconds:
                    face.link.send(msgspec.structs.replace(speak, t0=now + speak.t0))
            reports.clear()
            before = thread_times(face.pid)
            wait(seconds)
            after, wall = thread_times(face.pid), time.monotonic() - now
        finally:
            face.stop()
    if not reports:
        return {**row, "fps": None, "p50_ms": None, "p95_ms": None, "p99_ms": None, "late": None, "core_share": None}
    used = sum(t.seconds - (before[n].seconds if n in before else 0.0) for n, t in after.items())
    last = reports[-1]
    return {
        **row,
        "fps": round(last.fps, 2),
        "p50_ms": round(last.p50, 2),
        "p95_ms": round(last.p95, 2),
        "p99_ms": round(last.p99, 2),
        "late": sum(r.late for r in reports),
        "core_share": round(used / wall, 4),
    }
