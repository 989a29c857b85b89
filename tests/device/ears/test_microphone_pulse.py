"""The real thing: PortAudio on a private PulseAudio server whose microphone hears what is played into it."""

from __future__ import annotations

import subprocess
import sys
import time
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from tests.support.pulse import MICROPHONE, SPEAKER, VirtualSound, virtual_sound

# Real devices on a machine that others use too: a starved second drops sound. A fault fails three times.
pytestmark = pytest.mark.flaky(reruns=2)

LOUD = 0.02
BEEP_S = 1.0
BEEP_RMS = 0.25


@pytest.fixture(scope="module")
def sound() -> Iterator[VirtualSound]:
    with virtual_sound() as running:
        yield running


@pytest.fixture(scope="module")
def beep(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tone that begins and ends at once, 48 kHz."""
    path = tmp_path_factory.mktemp("beep") / "beep.wav"
    t = np.arange(round(BEEP_S * 48_000)) / 48_000
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes((BEEP_RMS * 2**0.5 * 32_767 * np.sin(2 * np.pi * 700 * t)).astype("<i2").tobytes())
    return path


@dataclass
class Listening:
    """The process of `listen.py` and what it has printed."""

    process: subprocess.Popen[str]
    logs: list[str]
    blocks: list[tuple[float, float]]
    """(t, rms)"""

    def until(self, loud: bool, limit_s: float = 30.0) -> tuple[float, float]:
        """Reads on to the first block that is (not) loud, and returns it."""
        assert self.process.stdout is not None
        deadline = time.monotonic() + limit_s
        while time.monotonic() < deadline:
            kind, _, rest = self.process.stdout.readline().rstrip("\n").partition(" ")
            if kind == "BLOCK":
                t, rms = (float(word) for word in rest.split()[:2])
                self.blocks.append((t, rms))
                if (rms > LOUD) == loud:
                    return t, rms
            elif kind == "LOG":
                self.logs.append(rest)
            else:
                break
        raise AssertionError(f"never came; {self.logs[-3:]}, exit {self.process.poll()}")


@pytest.fixture
def listen(sound: VirtualSound) -> Iterator[Listening]:
    command = [sys.executable, "-m", "tests.device.ears.listen", MICROPHONE.upper(), "60"]
    process = sound.run(command)
    listening = Listening(process, [], [])
    listening.until(loud=False)
    yield listening
    process.kill()
    process.wait()


def heard_whole(sound: VirtualSound, listen: Listening, beep: Path) -> tuple[float, float]:
    """Plays the beep until it arrives in one piece, when it may: the times of its first and last block.

    On a busy machine the player itself runs dry now and then, which is not the microphone's fault; losing every
    beep is."""
    for _ in range(5):
        begun = time.monotonic()
        player = sound.play(beep)
        start, _ = listen.until(loud=True)
        end, _ = listen.until(loud=False)
        player.wait(20)
        drained = time.monotonic()
        while listen.until(loud=False)[0] < time.monotonic() - 0.2:
            pass
        if abs(end - start - BEEP_S) < 0.03:
            # It cannot be heard before it is played, nor long after the player has seen the last of it leave; the null
            # sink renders ahead by up to the player's 0.2 s.
            assert begun < start
            assert end < drained + 0.3
            return start, end
    raise AssertionError("no beep arrived whole")


def test_what_is_played_arrives_with_its_length_its_level_and_its_time(
    sound: VirtualSound, listen: Listening, beep: Path
) -> None:
    start, end = heard_whole(sound, listen, beep)
    inside = [rms for t, rms in listen.blocks if start + 0.05 < t < end - 0.05]
    assert np.median(inside) == pytest.approx(BEEP_RMS, rel=0.05)
    steps = np.diff([t for t, _ in listen.blocks])
    assert np.median(steps) == pytest.approx(0.01, abs=1e-3)


def test_unplugged_it_is_silent_in_real_time_and_plugged_in_it_hears_again(
    sound: VirtualSound, listen: Listening, beep: Path
) -> None:
    sound.unplug_microphone()
    unplugged = time.monotonic()
    while (block := listen.until(loud=False)) and block[0] < unplugged + 2.5:
        assert block[1] < LOUD
    assert time.monotonic() - block[0] < 1.0
    sound.plug_microphone()
    while not any("open at" in line for line in listen.logs[-1:]):
        listen.until(loud=False)
    heard_whole(sound, listen, beep)
    assert sum("gone" in line for line in listen.logs) == 1
    assert sum("open at" in line for line in listen.logs) == 2


def test_a_device_that_is_not_there_is_told_with_those_that_are(sound: VirtualSound) -> None:
    process = sound.run([sys.executable, "-m", "tests.device.ears.listen", "webcam", "5"])
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 4
    assert "ERROR Missing" in output
    assert "called 'webcam'" in output
    assert MICROPHONE in output
    assert SPEAKER in output
