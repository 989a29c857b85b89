"""The process that holds the sound card for the microphone: ``python -m device.ears.capture NAME``.

PortAudio lists the devices once, when it is initialised, and initialising it anew closes every stream of the process. A
driver whose device was pulled out may also block for ever. So capturing has a process of its own, which looks for the
device as often as it must, can be killed, and writes `child_pipe.Message` to its standard output. It ends when nobody
reads any more.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import sys
import time
from typing import TYPE_CHECKING, Any, BinaryIO

from device.child_pipe import Message, encode

if TYPE_CHECKING:
    import pyaudio

OPENED, DATA, LOST, MISSING = b"O", b"D", b"L", b"M"
"""OPENED: payload is JSON {name, rate, channels}. DATA: interleaved int16 samples whose first was in the air at `t`.
LOST: the device went away, payload says how. MISSING: it is not there, payload is JSON with the names that are."""

WAYS = ((48_000, 0.01), (0, 0.01), (16_000, 0.02), (44_100, 0.01), (16_000, 0.04))
"""Sampling rate (Hz, 0: what the device names as its own) and seconds in one callback, tried in this order. Not 16
kHz first: where the device has another rate, ALSA would convert it linearly, and we can do better. Some drivers
accept a rate and a buffer and then never call back, so each way must prove itself."""
STALL_S = 1.0  # s without a callback after which the device counts as gone, or a way as no way
RETRY_S = 1.0  # s between two looks for a device that is not there
QUEUE_LENGTH = 300  # callbacks (3 s) kept while the reader is busy


def choose(names: dict[int, str], wanted: str) -> int | None:
    """Index of the device called `wanted`: its exact name if there is one, else the first that contains it, in any
    case."""
    low = wanted.casefold()
    exact = [i for i, name in names.items() if name.casefold() == low]
    partly = [i for i, name in names.items() if low in name.casefold()]
    return next(iter(exact + partly), None)


class DeviceLost(Exception):
    """The stream ended, or could not be opened."""


class _Capture:
    """One run of PortAudio, from initialisation to termination."""

    def __init__(self, audio: pyaudio.PyAudio, wanted: str) -> None:
        self._audio = audio
        self._wanted = wanted
        self._buffer_s = 0.0
        self._blocks: queue.Queue[tuple[float, bytes]] = queue.Queue(QUEUE_LENGTH)

    def inputs(self) -> dict[int, str]:
        """Index and name of every device that can record."""
        infos = [self._audio.get_device_info_by_index(i) for i in range(self._audio.get_device_count())]
        return {int(info["index"]): str(info["name"]) for info in infos if int(info["maxInputChannels"]) > 0}

    def device(self) -> int | None:
        if self._wanted:
            return choose(self.inputs(), self._wanted)
        try:
            return int(self._audio.get_default_input_device_info()["index"])
        except OSError:
            return next(iter(self.inputs()), None)

    def _callback(self, data: bytes | None, frames: int, times: Any, status: int) -> tuple[None, int]:
        now = time.monotonic()
        # The device's own clock has another origin than ours; a driver that reports nothing sensible gets the moment of
        # the callback, when the last sample has just come in.
        age = times["current_time"] - times["input_buffer_adc_time"]
        if not 0.0 <= age <= 1.0:
            age = self._buffer_s
        with contextlib.suppress(queue.Full):  # the reader sleeps; it will see the jump in the times
            self._blocks.put_nowait((now - age, data or b""))
        return None, 0  # paContinue

    def _open(self, index: int, rate: int, channels: int) -> pyaudio.Stream:
        return self._audio.open(
            rate=rate,
            channels=channels,
            format=8,  # paInt16
            input=True,
            input_device_index=index,
            frames_per_buffer=round(rate * self._buffer_s),
            stream_callback=self._callback,
        )

    def _open_any(self, index: int) -> tuple[pyaudio.Stream, Message]:
        """The first way that works; two channels if the device has them."""
        info = self._audio.get_device_info_by_index(index)
        channels = min(2, int(info["maxInputChannels"]))
        reason = ""
        for rate, self._buffer_s in WAYS:
            rate = rate or int(info["defaultSampleRate"])
            try:
                stream = self._open(index, rate, channels)
            except (OSError, ValueError) as error:
                reason = str(error)
                continue
            if self._first_sound():
                opened = {"name": str(info["name"]), "rate": rate, "channels": channels}
                return stream, Message(OPENED, time.monotonic(), json.dumps(opened).encode())
            stream.close()
            reason = "it opens, but no sound comes"
        raise DeviceLost(reason)

    def _first_sound(self) -> bool:
        try:
            self._blocks.get(timeout=STALL_S)
        except queue.Empty:
            return False
        return True

    def pump(self, index: int, out: BinaryIO) -> None:
        """Sends sound until the device is gone; raises `DeviceLost`."""
        stream, opened = self._open_any(index)
        _send(out, opened)
        while True:
            try:
                t, data = self._blocks.get(timeout=STALL_S)
            except queue.Empty:
                raise DeviceLost("no sound from it any more") from None
            _send(out, Message(DATA, t, data))
            if not stream.is_active() and self._blocks.empty():
                raise DeviceLost("its stream ended")


def _send(out: BinaryIO, message: Message) -> None:
    out.write(encode(message))
    out.flush()


def _once(wanted: str, out: BinaryIO) -> None:
    """Looks for the device and, where it is found, captures until it is gone."""
    import pyaudio

    audio = pyaudio.PyAudio()
    try:
        capture = _Capture(audio, wanted)
        index = capture.device()
        if index is None:
            names = json.dumps(list(capture.inputs().values()))
            _send(out, Message(MISSING, time.monotonic(), names.encode()))
        else:
            capture.pump(index, out)
    except (DeviceLost, OSError) as error:
        if isinstance(error, BrokenPipeError):
            raise
        _send(out, Message(LOST, time.monotonic(), str(error).encode()))
    finally:
        audio.terminate()


def main() -> None:
    """Captures until the reader goes away."""
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    try:
        while True:
            _once(wanted, sys.stdout.buffer)
            time.sleep(RETRY_S)
    except BrokenPipeError:
        # The interpreter would try to flush the broken pipe once more on its way out.
        os._exit(0)


if __name__ == "__main__":
    main()
