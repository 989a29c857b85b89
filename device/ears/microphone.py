"""The real microphone: 10 ms blocks at 16 kHz with the time they were in the air, whatever the device does.

The device itself is held by a process of its own (`capture.py` says why). Here its samples become one channel at
MIC_RATE; while nothing comes, silence takes their place in real time, and a capture process that hangs is replaced.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import soxr

from device.child_pipe import ChildPipe, Message
from device.ears import capture
from device.ears.capture_clock import CaptureClock
from device.ears.levels import ClipWatch, Downmix
from device.ears.rate_watch import RateWatch
from device.errors import Broken, Missing
from device.ports import BLOCK, MIC_RATE, Block, Clock

log = logging.getLogger(__name__)

BLOCK_S = BLOCK / MIC_RATE


@dataclass(frozen=True, slots=True)
class MicrophoneSettings:
    """Which device, and how long to wait for it."""

    device: str = ""
    """Part of its name, in any case; empty: the system's default."""
    open_limit_s: float = 10.0
    """s within which it must be open at the start."""
    stall_s: float = 1.0
    """s without sound after which silence takes its place."""
    hang_s: float = 6.0
    """s without any sign of the capture process after which it is replaced."""


class _Converter:
    """Raw frames of one opened device -> blocks."""

    def __init__(self, rate: int, channels: int) -> None:
        self.rate = rate
        self.channels = channels
        self._downmix = Downmix()
        self._resampler = soxr.ResampleStream(rate, MIC_RATE, 1, dtype="float32") if rate != MIC_RATE else None
        self._clock = CaptureClock(rate)
        self._watch = RateWatch(rate)
        self.other_rate: int | None = None
        """Hz, at which samples really come, where that is not what the device says."""
        self._taken = 0
        self._given = 0
        self._rest = np.empty(0, np.float32)

    def feed(self, payload: bytes, t: float) -> list[Block]:
        """Interleaved int16 frames, the first in the air at `t` -> the blocks that they complete."""
        frames = np.frombuffer(payload, "<i2").reshape(-1, self.channels).astype(np.float32) / 32768.0
        self._clock.observe(self._taken, t)
        self.other_rate = self._watch.step(len(frames), t)
        self._taken += len(frames)
        mono = self._downmix(frames, self.rate)
        if self._resampler is not None:
            mono = self._resampler.resample_chunk(mono)
        self._rest = np.concatenate([self._rest, mono])
        return [self._block() for _ in range(len(self._rest) // BLOCK)]

    def _block(self) -> Block:
        # soxr's stream is aligned with its input: output sample k sounds when input sample k * rate / MIC_RATE does.
        block = Block(self._rest[:BLOCK].copy(), self._clock.time(self._given * self.rate / MIC_RATE))
        self._rest = self._rest[BLOCK:]
        self._given += BLOCK
        return block


class DeviceMicrophone:
    """The port `Microphone` on a sound card. `read` belongs to one thread; `close` may come from another."""

    def __init__(self, settings: MicrophoneSettings, clock: Clock, command: Sequence[str] = ()) -> None:
        """Opens the device. `command` starts another capture process than ours.

        Raises `Missing` where the device is not there (its hint names those that are), `Broken` where it cannot be
        opened."""
        self._settings = settings
        self._clock = clock
        self._command = list(command) or [sys.executable, "-m", "device.ears.capture", settings.device]
        self._closed = threading.Event()
        self._reading = threading.Lock()
        self._converter: _Converter | None = None
        self._silent = False
        self._end = clock.now()
        self._blocks: deque[Block] = deque()
        self._clips = ClipWatch()
        self._clip_told = False
        self._start()
        self._wait_until_open()
        self._end = clock.now()

    def _start(self) -> None:
        self._process = ChildPipe(self._command)
        self._last_sign = self._clock.now()

    def _wait_until_open(self) -> None:
        deadline = self._clock.now() + self._settings.open_limit_s
        failure = "nothing"
        while self._clock.now() < deadline and not self._process.ended:
            for message in self._process.receive(deadline - self._clock.now()):
                if message.kind == capture.MISSING:
                    self.close()
                    raise self._missing(message.json())
                if message.kind == capture.LOST:
                    failure = message.payload.decode()
                self._take(message)
            if self._converter is not None:
                return
        self.close()
        raise Broken(
            "microphone",
            expected="a device that opens",
            got=failure,
            hint="is it plugged in, or used by another program?",
        )

    def _missing(self, names: list[str]) -> Missing:
        wanted = f"a microphone called {self._settings.device!r}" if self._settings.device else "a microphone"
        hint = "there are: " + ", ".join(names) if names else "plug one in; no input device is known to the system"
        return Missing("microphone", expected=wanted, got="none", hint=hint)

    def read(self) -> Block | None:
        """The next block, sound or silence; None once closed."""
        with self._reading:
            while not self._closed.is_set():
                if self._blocks:
                    return self._give(self._blocks.popleft())
                now = self._clock.now()
                due = self._end + BLOCK_S + (BLOCK_S if self._silent else self._settings.stall_s)
                # Looked at even when it is late: a reader that was busy meanwhile finds here what was heard.
                if not self._listen(due - now) and self._clock.now() >= due:
                    return self._give(self._silence(self._clock.now()))
            self._process.stop()
            return None

    def close(self) -> None:
        """Releases the device."""
        if self._closed.is_set():
            return
        self._closed.set()
        if self._reading.acquire(blocking=False):
            self._process.stop()
            self._reading.release()
        else:
            self._process.wake()

    def _give(self, block: Block) -> Block:
        self._end = block.t + BLOCK_S
        return block

    def _silence(self, now: float) -> Block:
        if not self._silent:
            self._lose(f"no sound for {self._settings.stall_s:g} s")
        if now - self._last_sign > self._patience():
            # Said once: what never gave a sign was started here, after its predecessor's end had been told.
            level = logging.WARNING if self._process.heard else logging.DEBUG
            log.log(level, "the microphone's process %s; starting another", "died" if self._process.ended else "hangs")
            self._process.stop()
            self._start()
        return Block(np.zeros(BLOCK, np.float32), self._end)

    def _patience(self) -> float:
        """s without a sign of the capture process after which it is replaced."""
        if self._process.ended:
            return self._settings.stall_s
        return self._settings.hang_s if self._process.heard else self._settings.open_limit_s

    def _listen(self, timeout_s: float) -> bool:
        """Takes what comes within that time; whether anything came."""
        messages = self._process.receive(timeout_s)
        for message in messages:
            self._last_sign = self._clock.now()
            self._take(message)
        return bool(messages)

    def _take(self, message: Message) -> None:
        if message.kind == capture.OPENED:
            about = message.json()
            self._converter = _Converter(int(about["rate"]), int(about["channels"]))
            log.info("microphone %s open at %d Hz, %d channels", about["name"], about["rate"], about["channels"])
        elif message.kind == capture.DATA and self._converter is not None:
            self._silent = False
            for block in self._converter.feed(message.payload, message.t):
                self._keep(block)
            self._correct(self._converter)
        elif not self._silent:
            self._lose(message.payload.decode(errors="replace"))

    def _correct(self, converter: _Converter) -> None:
        """A device that does not run at the rate it says is taken at its samples, not at its word."""
        if converter.other_rate is not None:
            said = f"the microphone says {converter.rate} Hz but delivers {converter.other_rate} samples a second"
            log.warning("%s: taken at that; its driver is at fault, another microphone or port may do better", said)
            self._converter = _Converter(converter.other_rate, converter.channels)

    def _lose(self, reason: str) -> None:
        self._silent = True
        log.warning("microphone gone (%s); silence takes its place until it is back", reason)

    def _keep(self, block: Block) -> None:
        ends = self._blocks[-1].t + BLOCK_S if self._blocks else self._end
        if block.t < ends - BLOCK_S:
            return  # that time was already filled with silence
        self._blocks.append(block)
        if self._clips.step(block.pcm) and not self._clip_told:
            self._clip_told = True
            log.warning("the microphone is set too loud: its sound is clipped; turn its input level down")


def create(clock: Clock, device: str = "") -> DeviceMicrophone:
    """The microphone whose name contains `device`, or the system's default one. Raises `Missing` or `Broken`."""
    return DeviceMicrophone(MicrophoneSettings(device), clock)
