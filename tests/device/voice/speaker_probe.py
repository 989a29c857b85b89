"""Plays through the real loudspeaker in a process of its own (PortAudio reads its environment once) and prints what was
reported, one JSON object a line: ``python -m tests.device.voice.speaker_probe DEVICE SCENE``."""

from __future__ import annotations

import json
import queue
import sys
import time

import numpy as np

from device.errors import ImagoError
from device.ports import Pcm, Played, Speech, Utterance
from device.voice import speaker

RATE = 24_000


def chirp(seconds: float) -> Pcm:
    """A tone that rises from 400 Hz, at half of full scale, beginning abruptly."""
    t = np.arange(round(seconds * RATE)) / RATE
    return (0.5 * np.cos(2 * np.pi * (400 + 300 * t) * t)).astype(np.float32)


def say(**line: object) -> None:
    print(json.dumps(line), flush=True)


def until(events: queue.Queue[Played], kind: str, limit_s: float = 20) -> None:
    while True:
        event = events.get(timeout=limit_s)
        say(kind=event.kind, index=event.index, t=event.t, heard=event.heard)
        if event.kind == kind:
            return


def main(device: str, scene: str) -> None:
    events: queue.Queue[Played] = queue.Queue()
    try:
        loud = speaker.create(events.put, device=device)
    except ImagoError as error:
        say(error=error.line(), exit=error.exit_code)
        return
    time.sleep(1.0)
    say(ready=True)
    for index, seconds in enumerate({"twice": (0.6, 0.4), "stop": (5.0, 1.0), "long": (4.0,)}[scene]):
        loud.play(Utterance(1, index, Speech(chirp(seconds), RATE, ())))
    until(events, "started")
    if scene == "stop":
        time.sleep(0.5)
        say(asked=time.monotonic())
        loud.stop()
    until(events, "stopped" if scene == "stop" else "ended")
    if scene == "twice":
        until(events, "ended")
    if scene == "long":
        sys.stdin.readline()  # the test has plugged the device in again
        deadline = time.monotonic() + 20
        while not loud.connected and time.monotonic() < deadline:
            time.sleep(0.05)
        say(connected=loud.connected)
        loud.play(Utterance(2, 0, Speech(chirp(0.5), RATE, ())))
        until(events, "ended")
    time.sleep(0.3)
    say(underruns=loud.underruns, interruptions=loud.interruptions)
    loud.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
