"""Plays the capture process: ``python capture_process.py FOLDER``, steered by the files in the folder.

It sends what `plan.json` says: a list of [command, value] pairs, one for each line:
["open", rate] or ["open", [rate it says, rate it has]], ["sound", s], ["play", .npy of int16 frames in the folder],
["lost", reason], ["missing", names], ["sleep", s], ["touch", file in the folder], ["hang", 0], ["die", 0].
When it starts again, it goes on with `plan2.json`, and so forth.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from device.child_pipe import Message, encode
from device.ears.capture import DATA, LOST, MISSING, OPENED


def send(kind: bytes, t: float, payload: bytes) -> None:
    sys.stdout.buffer.write(encode(Message(kind, t, payload)))
    sys.stdout.buffer.flush()


def sound(seconds: float, rate: int) -> None:
    """A tone of half scale on two channels, as fast as it comes, with the times of the last `seconds`."""
    begin = time.monotonic()
    for number in range(round(seconds * 100)):
        at = begin + number * 0.01
        time.sleep(max(0.0, at + 0.01 - time.monotonic()))
        n = np.arange(rate // 100) + number * (rate // 100)
        tone = (16_384 * np.sin(2 * np.pi * 500 * n / rate)).astype("<i2")
        send(DATA, at, np.repeat(tone, 2).tobytes())


def play(frames: np.ndarray, rate: int) -> None:
    """These frames, two channels, in real time."""
    begin = time.monotonic()
    step = rate // 100
    for number in range(len(frames) // step):
        at = begin + number * 0.01
        time.sleep(max(0.0, at + 0.01 - time.monotonic()))
        send(DATA, at, frames[number * step : (number + 1) * step].astype("<i2").tobytes())


def main() -> None:
    folder = Path(sys.argv[1])
    plan = sorted(folder.glob("plan*.json"))[0]
    steps = json.loads(plan.read_text())
    if len(list(folder.glob("plan*.json"))) > 1:
        plan.unlink()
    rate = 16_000
    for command, value in steps:
        if command == "open":
            rate = opened(value)
        elif command == "sound":
            sound(value, rate)
        elif command == "play":
            play(np.load(folder / value), rate)
        elif command == "touch":
            (folder / value).touch()
        else:
            told(command, value)


def opened(value: int | list[int]) -> int:
    """Says a rate -> the one it has."""
    says, rate = value if isinstance(value, list) else (value, value)
    about = {"name": "Fake USB microphone", "rate": says, "channels": 2}
    send(OPENED, time.monotonic(), json.dumps(about).encode())
    return int(rate)


def told(command: str, value: Any) -> None:
    """What has to do with no sound."""
    if command == "lost":
        send(LOST, time.monotonic(), str(value).encode())
    elif command == "missing":
        send(MISSING, time.monotonic(), json.dumps(value).encode())
    elif command == "sleep":
        time.sleep(value)
    elif command == "hang":
        time.sleep(3600)


main()
