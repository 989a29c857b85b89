"""The real loudspeaker on a virtual sound card: what the room hears is what was played, when it was said to be."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from device.ports import Played, Speech, Utterance
from device.voice.resample import resample
from device.voice.virtual_speaker import VirtualSpeaker
from tests.device.voice.speaker_probe import RATE, chirp
from tests.fakes.voice import FakeSpeaker, ManualClock
from tests.support.pulse import SPEAKER, VirtualSound, virtual_sound

# Real devices on a machine that others use too: a starved second drops sound. A fault fails three times.
pytestmark = pytest.mark.flaky(reruns=2)

HEARD_RATE = 48_000


@pytest.fixture(scope="module")
def sound() -> Iterator[VirtualSound]:
    with virtual_sound() as running:
        yield running


class Room:
    """Records what the loudspeaker plays, and when: the earliest arrival of any part tells when the recording began."""

    def __init__(self, sound: VirtualSound) -> None:
        source = [f"--device={SPEAKER}.monitor", f"--rate={HEARD_RATE}", "--channels=1", "--format=float32le"]
        command = ["parec", "--raw", "--latency-msec=10", *source]
        self._recorder = subprocess.Popen(command, env=sound.env, stdout=subprocess.PIPE, bufsize=0)
        self._bytes = b""
        self._began = float("inf")
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._recorder.stdout is not None
        while part := self._recorder.stdout.read(1 << 14):
            self._bytes += part
            self._began = min(self._began, time.monotonic() - len(self._bytes) / 4 / HEARD_RATE)

    def end(self) -> tuple[np.ndarray, float]:
        """The recording, and the time (monotonic) of its first sample."""
        self._recorder.terminate()
        self._recorder.wait()
        self._reader.join()
        return np.frombuffer(self._bytes[: len(self._bytes) // 4 * 4], np.float32), self._began


def probe(sound: VirtualSound, device: str, scene: str) -> subprocess.Popen[str]:
    return sound.run([sys.executable, "-m", "tests.device.voice.speaker_probe", device, scene])


def lines(process: subprocess.Popen[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in process.communicate(timeout=60)[0].splitlines()]


def play(sound: VirtualSound, scene: str) -> tuple[list[dict[str, Any]], np.ndarray, float]:
    """A scene that the virtual sound card played without losing its stream or running dry, as it may on a starved
    machine: what was told, what the room heard, and when that recording began."""
    for _ in range(4):
        room = Room(sound)
        told = lines(probe(sound, SPEAKER, scene))
        heard, began = room.end()
        if told[-1] == {"underruns": 0, "interruptions": 0}:
            return told, heard, began
    raise AssertionError(f"four times the sound was interrupted; the last time: {told}")


def test_the_room_hears_it_all_when_the_speaker_says(sound: VirtualSound) -> None:
    told, heard, began = play(sound, "twice")
    events = [line for line in told if "kind" in line]
    assert [(e["kind"], e["index"]) for e in events] == [("started", 0), ("ended", 0), ("started", 1), ("ended", 1)]
    expected = resample(np.concatenate([chirp(0.6), chirp(0.4)]), RATE, HEARD_RATE)
    at, match = _find(heard, expected[: HEARD_RATE * 11 // 20])
    assert match > 0.9
    assert began + at / HEARD_RATE == pytest.approx(events[0]["t"], abs=0.03)
    whole = heard[at : at + len(expected)]
    assert np.corrcoef(whole, expected)[0, 1] > 0.95, "and nothing is missing or doubled between the two"
    assert events[2]["t"] - events[0]["t"] == pytest.approx(0.6, abs=0.005)


def test_a_stop_silences_the_room(sound: VirtualSound) -> None:
    told, heard, began = play(sound, "stop")
    asked = next(line["asked"] for line in told if "asked" in line)
    stopped = next(line for line in told if line.get("kind") == "stopped")
    started = next(line for line in told if line.get("kind") == "started")
    assert not any(line.get("index") == 1 for line in told), "what was queued is dropped"
    loud = np.flatnonzero(np.abs(heard) > 0.01)
    assert began + loud[-1] / HEARD_RATE - asked < 0.25
    assert stopped["t"] - asked < 0.2
    assert stopped["heard"] == pytest.approx(stopped["t"] - started["t"], abs=0.1)


def test_a_turn_ends_though_the_loudspeaker_was_pulled_out_and_it_plays_again_when_it_is_back(
    sound: VirtualSound,
) -> None:
    process = probe(sound, SPEAKER, "long")
    assert process.stdout is not None
    told = [json.loads(process.stdout.readline()) for _ in range(2)]
    assert told[1]["kind"] == "started"
    modules = sound.pactl("list", "short", "modules").splitlines()
    sink = next(line.split()[0] for line in modules if "null-sink" in line and f"sink_name={SPEAKER}" in line)
    sound.pactl("unload-module", sink)
    ended = json.loads(process.stdout.readline())
    assert ended["kind"] == "ended"
    assert ended["t"] - told[1]["t"] == pytest.approx(4, abs=0.5)
    sound.pactl("load-module", "module-null-sink", f"sink_name={SPEAKER}", f"rate={HEARD_RATE}", "channels=2")
    sound.pactl("set-default-sink", SPEAKER)
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()
    rest = lines(process)
    assert rest[0] == {"connected": True}
    assert [line["kind"] for line in rest if "kind" in line] == ["started", "ended"]


def test_a_name_that_nobody_has_lists_those_that_there_are(sound: VirtualSound) -> None:
    (told,) = lines(probe(sound, "kitchen", "twice"))
    assert told["exit"] == 4
    assert "kitchen" in told["error"]
    assert SPEAKER in told["error"]


@pytest.mark.parametrize("make", [FakeSpeaker, VirtualSpeaker], ids=["fake", "virtual"])
def test_the_speakers_contract_without_a_device(make: type[FakeSpeaker] | type[VirtualSpeaker]) -> None:
    events: list[Played] = []
    clock = ManualClock()
    speaker = make(events.append, clock)

    def wait(seconds: float) -> None:
        if isinstance(speaker, FakeSpeaker):
            speaker.advance(seconds)
        else:
            clock.advance(seconds)
            speaker.step()

    for index, seconds in enumerate((0.6, 0.4)):
        speaker.play(Utterance(1, index, Speech(chirp(seconds), RATE, ())))
    wait(1.2)
    assert [(e.kind, e.index) for e in events] == [("started", 0), ("ended", 0), ("started", 1), ("ended", 1)]
    assert events[3].t - events[0].t == pytest.approx(1)
    speaker.play(Utterance(2, 0, Speech(chirp(3), RATE, ())))
    wait(0.5)
    speaker.stop()
    wait(0.2)
    assert [e.kind for e in events[4:]] == ["started", "stopped"]
    assert 0.4 < events[5].heard <= 0.55
    speaker.close()


def _find(heard: np.ndarray, pattern: np.ndarray) -> tuple[int, float]:
    """Where `pattern` begins in `heard`, and their correlation there."""
    size = 1 << (len(heard) + len(pattern)).bit_length()
    cross = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(pattern, size)), size)[
        : len(heard) - len(pattern)
    ]
    at = int(np.argmax(cross))
    return at, float(np.corrcoef(heard[at : at + len(pattern)], pattern)[0, 1])
