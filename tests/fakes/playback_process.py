"""The playback process on sound cards made of the clock: ``python playback_process.py FOLDER``.

Each life takes the first of the folder's `life*.json`, and deletes it unless it is the last:
{"rate": Hz, "missing": names of the others, "broken": reason, "exit": true, "ends": [s, how]}
"ends" says when after the opening and how the card goes: "pulled" (an error), "stuck" (it takes no more), "hung" (it
blocks), "killed". What life 1, 2, ... played is left in `heard1`, `heard2`, ... as float32.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from device.errors import Broken, Missing
from device.voice.playback import serve
from device.voice.portaudio import Device

CAPACITY_S = 0.06


class Card:
    """A stream that plays at the clock's pace."""

    def __init__(self, rate: int, ends: list[Any], heard: Path) -> None:
        self._rate = rate
        self._ends = ends
        self._heard = heard.open("wb", buffering=0)
        self._written = 0
        self._begun = time.monotonic()

    def get_write_available(self) -> int:
        passed = time.monotonic() - self._begun
        if self._ends and passed > self._ends[0]:
            how = self._ends[1]
            if how == "pulled":
                raise OSError("unplugged")
            if how == "stuck":
                return 0
            if how == "hung":
                time.sleep(3600)
            os.kill(os.getpid(), signal.SIGKILL)
        capacity = round(CAPACITY_S * self._rate)
        return capacity if not self._written else min(capacity, capacity - self._written + round(passed * self._rate))

    def write(self, frames: bytes, num_frames: int, exception_on_underflow: bool) -> None:
        self._heard.write(frames)
        self._written += num_frames


class Host:
    """The card of this life."""

    def __init__(self, life: dict[str, Any], heard: Path) -> None:
        self._life = life
        self._heard = heard

    def find(self, wanted: str) -> Device:
        if "missing" in self._life:
            hint = "there are: " + ", ".join(self._life["missing"])
            raise Missing("loudspeaker", expected=f"a loudspeaker called {wanted!r}", got="none", hint=hint)
        return Device(0, wanted, self._life.get("rate", 8000), 1)

    def open(self, device: Device) -> tuple[Card, int]:
        if "broken" in self._life:
            raise Broken("loudspeaker", expected="card to open", got=self._life["broken"])
        return Card(device.rate, self._life.get("ends", []), self._heard), 1

    def close(self) -> None:
        """Nothing to release."""


def main() -> None:
    folder = Path(sys.argv[1])
    plans = sorted(folder.glob("life*.json"))
    life = json.loads(plans[0].read_text())
    if len(plans) > 1:
        plans[0].unlink()
    if life.get("exit"):
        return
    number = len(list(folder.glob("heard*"))) + 1
    serve(lambda: Host(life, folder / f"heard{number}"), "card")  # type: ignore[arg-type,return-value]


main()
