"""The microphone on a capture process that behaves well, dies, hangs, or finds no device."""

from __future__ import annotations

import json
import logging
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from device.clock import SystemClock
from device.ears.microphone import BLOCK_S, DeviceMicrophone, MicrophoneSettings
from device.errors import Broken, Missing
from device.ports import MIC_RATE, Block

FAKE = Path(__file__).parents[2] / "fakes" / "capture_process.py"
QUICK = MicrophoneSettings("usb", open_limit_s=20.0, stall_s=0.4, hang_s=0.8)

Plan = list[tuple[str, Any]]


def opened(folder: Path, *plans: Plan, clock: SystemClock | None = None) -> DeviceMicrophone:
    for number, plan in enumerate(plans, 1):
        (folder / f"plan{number}.json").write_text(json.dumps(plan))
    return DeviceMicrophone(QUICK, clock or SystemClock(), [sys.executable, str(FAKE), str(folder)])


def level(block: Block) -> float:
    return float(np.sqrt(np.mean(np.square(block.pcm))))


def read_until(microphone: DeviceMicrophone, sound: bool, limit: int = 3000) -> list[Block]:
    """Blocks up to the first one with (or without) sound."""
    blocks: list[Block] = []
    while len(blocks) < limit:
        block = microphone.read()
        assert block is not None
        blocks.append(block)
        if (level(block) > 0.1) == sound:
            return blocks
    raise AssertionError("never came")


def check_times(blocks: list[Block]) -> None:
    steps = np.diff([block.t for block in blocks])
    assert (steps >= 0).all()
    # Continuous but for the jump to true times when the device is back.
    assert np.median(steps) == pytest.approx(BLOCK_S, abs=2e-3)


@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000])
def test_sound_of_any_rate_comes_as_blocks(tmp_path: Path, rate: int) -> None:
    microphone = opened(tmp_path, [("open", rate), ("sound", 3.0), ("hang", 0)])
    blocks = read_until(microphone, sound=True)
    for _ in range(60):
        block = microphone.read()
        assert block is not None
        blocks.append(block)
    microphone.close()
    heard = np.concatenate([block.pcm for block in blocks[-40:]])
    assert all(block.pcm.shape == (160,) and block.pcm.dtype == np.float32 for block in blocks)
    assert float(np.sqrt(np.mean(np.square(heard)))) == pytest.approx(0.354, abs=0.02)
    crossings = np.count_nonzero(np.diff(np.signbit(heard)))
    assert crossings / 2 / (len(heard) / MIC_RATE) == pytest.approx(500, abs=10)
    check_times(blocks)


def test_silence_while_the_device_is_away_then_sound_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    away: Plan = [("lost", "unplugged"), ("sleep", 0.3), ("missing", ["HDMI"]), ("sleep", 0.3), ("open", 48_000)]
    with caplog.at_level(logging.INFO):
        microphone = opened(tmp_path, [("open", 16_000), ("sound", 0.5), *away, ("sound", 3.0), ("hang", 0)])
        blocks = read_until(microphone, sound=True)
        blocks += read_until(microphone, sound=False)
        silence = read_until(microphone, sound=True)
        microphone.close()
    check_times(blocks + silence)
    assert silence[-1].t - silence[0].t == pytest.approx(0.6, abs=0.3)
    assert caplog.text.count("microphone gone (unplugged)") == 1
    assert caplog.text.count("gone") == 1
    assert caplog.text.count("open at") == 2


def test_a_stalled_device_is_silent_in_real_time(tmp_path: Path) -> None:
    clock = SystemClock()
    microphone = opened(tmp_path, [("open", 16_000), ("sound", 0.2), ("sleep", 1.2), ("sound", 3.0), ("hang", 0)])
    read_until(microphone, sound=True)
    silence = read_until(microphone, sound=False)
    assert clock.now() - silence[-1].t == pytest.approx(QUICK.stall_s, abs=0.2)
    read_until(microphone, sound=True)
    microphone.close()


class LateClock(SystemClock):
    """Jumps ahead, as for a reader that was busy."""

    late_s = 0.0

    def now(self) -> float:
        return super().now() + self.late_s


def test_a_reader_that_comes_late_finds_what_was_heard(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    clock = LateClock()
    plan: Plan = [("open", 16_000), ("sound", 0.3), ("touch", "sent"), ("hang", 0)]
    with caplog.at_level(logging.WARNING):
        microphone = opened(tmp_path, plan, clock=clock)
        deadline = clock.now() + 20
        while not (tmp_path / "sent").exists():
            assert clock.now() < deadline
        clock.late_s = 10.0
        read_until(microphone, sound=True, limit=20)
        microphone.close()
    assert not caplog.text


@pytest.mark.parametrize(("ending", "said"), [(("hang", 0), "hangs"), (("die", 0), "died")])
def test_a_process_that_hangs_or_dies_is_replaced(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, ending: tuple[str, Any], said: str
) -> None:
    again: Plan = [("open", 16_000), ("sound", 5.0), ("hang", 0)]
    with caplog.at_level(logging.WARNING):
        microphone = opened(tmp_path, [("open", 16_000), ("sound", 0.2), ending], again, again, again)
        read_until(microphone, sound=True)
        read_until(microphone, sound=False)
        read_until(microphone, sound=True)
        microphone.close()
    assert said in caplog.text


def test_a_missing_device_is_told_with_the_names_of_the_others(tmp_path: Path) -> None:
    with pytest.raises(Missing, match=r"called 'usb'.*there are: HDMI, Webcam"):
        opened(tmp_path, [("missing", ["HDMI", "Webcam"]), ("hang", 0)])


def test_no_device_at_all(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="plug one in"):
        opened(tmp_path, [("missing", []), ("hang", 0)])


def test_a_device_that_does_not_open_is_broken(tmp_path: Path) -> None:
    with pytest.raises(Broken, match="got busy"):
        opened(tmp_path, [("lost", "busy"), ("die", 0)])


def test_closing_ends_a_blocked_read(tmp_path: Path) -> None:
    microphone = opened(tmp_path, [("open", 16_000), ("hang", 0)])
    closer = threading.Timer(0.05, microphone.close)
    closer.start()
    while microphone.read() is not None:
        pass
    closer.join()
    microphone.close()
    assert microphone.read() is None
