"""The process that holds the sound card for the loudspeaker: ``python -m device.voice.playback NAME``.

The mind's engines may keep the cores and the interpreter for longer than a card's buffer lasts. So it hands each whole
utterance to this process, whose only work is to keep the card supplied and to report what is in the air and when. It
reads orders from its standard input and writes reports to its standard output (`child_pipe.Message`); it ends when
nobody gives orders any more, and when the card is gone: one life, one opened device. Its owner starts it again.
"""

from __future__ import annotations

import contextlib
import json
import os
import struct
import sys
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from device.child_pipe import Decoder, Message, encode
from device.clock import SystemClock
from device.errors import Broken, ImagoError, Missing
from device.ports import Clock, Pcm, Played, Speech, Utterance
from device.voice.dac_clock import DacClock
from device.voice.playout import BLOCK_S, Playout

if TYPE_CHECKING:
    import pyaudio

    from device.voice.portaudio import Host

PLAY, STOP, GAIN = b"P", b"S", b"G"
"""Orders. PLAY: see `play_order`. STOP: fade out, drop the rest. GAIN: see `gain_order`."""
OPENED, PLAYED, PLACE, FAILED, LOST = b"O", b"E", b"C", b"F", b"L"
"""Reports. OPENED: JSON {name, rate}; utterances are wanted at that rate. PLAYED: see `played`. PLACE: the playout
clock, every PLACE_S: the sample with this number since OPENED is in the air at `t`, JSON {sample, underruns since the
last time}. FAILED: there is no device yet, an error as JSON; it keeps looking. LOST: the device went away, text."""

SOUND = struct.Struct("<iiII")
"""turn, index, samples of it that are past, sampling rate in Hz; mono float32 follows"""

GAIN_FORMAT = struct.Struct("<f")

POLL_S = 0.004
"""s between two looks at the device's buffer."""
STALL_S = 0.8
"""s without a block taken after which the device counts as gone."""
RETRY_S = 1.0
"""s between two looks for a device that is not there."""
PLACE_S = 0.2
NICENESS = -11
"""Where the system allows it; what sound servers give themselves."""


def play_order(utterance: Utterance, pcm: Pcm, rate: int, past: int) -> Message:
    """The order to play `pcm`, the utterance's sound at `rate` Hz, from sample `past` on."""
    head = SOUND.pack(utterance.turn, utterance.index, past, rate)
    return Message(PLAY, 0.0, head + pcm.astype("<f4").tobytes())


def gain_order(gain: float) -> Message:
    """The order to play everything at this factor, 0..1."""
    return Message(GAIN, 0.0, GAIN_FORMAT.pack(gain))


def played_report(event: Played) -> Message:
    """What began, ended or was stopped, as a message; `played` reads it."""
    words = {"turn": event.turn, "index": event.index, "kind": event.kind, "heard": event.heard}
    return Message(PLAYED, event.t, json.dumps(words).encode())


def played(message: Message) -> Played:
    """The event of a PLAYED message."""
    words = message.json()
    return Played(int(words["turn"]), int(words["index"]), str(words["kind"]), message.t, float(words["heard"]))


def failure(message: Message) -> ImagoError:
    """The error of a FAILED message."""
    words = message.json()
    kind = Missing if words["error"] == Missing.__name__ else Broken
    return kind(words["subject"], expected=words["expected"], got=words["got"], hint=words["hint"])


class Line:
    """One opened stream and what is queued for it. Raises OSError when the device is gone."""

    def __init__(self, stream: pyaudio.Stream, channels: int, rate: int, clock: Clock) -> None:
        self.playout = Playout(rate)
        self._stream = stream
        self._channels = channels
        self._clock = clock
        self._block = round(BLOCK_S * rate)
        self._capacity = stream.get_write_available()
        self._dac = DacClock(rate, max(self._capacity / rate, BLOCK_S))
        self._sample = 0
        self._underruns = 0
        self._alive_at = self._placed_at = clock.now()

    def step(self) -> list[Message] | None:
        """Gives the device the next block; what there is to report, or None: it has no room yet."""
        now = self._clock.now()
        room = self._stream.get_write_available()
        if room < self._block:
            if now - self._alive_at > STALL_S:
                raise OSError("it takes no sound any more")
            return None
        if room >= self._capacity and self._sample and not self.playout.idle:
            self._underruns += 1
        self._alive_at = now
        return self._write(now, max(0, self._capacity - room))

    def _write(self, now: float, queued: int) -> list[Message]:
        t = self._dac.block(now, queued / self._dac.rate, self._block)
        pcm, events = self.playout.pull(self._block, t)
        frames = np.repeat(pcm, self._channels)
        self._stream.write(frames.tobytes(), num_frames=self._block, exception_on_underflow=False)
        reports = [played_report(event) for event in events]
        if now - self._placed_at >= PLACE_S:
            place = json.dumps({"sample": self._sample, "underruns": self._underruns})
            reports.append(Message(PLACE, t, place.encode()))
            self._placed_at, self._underruns = now, 0
        self._sample += self._block
        return reports


class Playback:
    """From the first look for the device until it is gone again."""

    def __init__(self, make_host: Callable[[], Host], wanted: str, report: Callable[[Message], None]) -> None:
        self._make_host = make_host
        self._wanted = wanted
        self._report = report
        self._clock = SystemClock()
        self._line: Line | None = None

    def order(self, message: Message) -> None:
        """Takes an order, from another thread. They come only after OPENED."""
        if self._line is None:
            return
        if message.kind == PLAY:
            turn, index, past, rate = SOUND.unpack_from(message.payload)
            pcm = np.frombuffer(message.payload, "<f4", offset=SOUND.size)
            self._line.playout.add(Utterance(turn, index, Speech(pcm, rate, ())), pcm, past)
        elif message.kind == GAIN:
            self._line.playout.set_gain(*GAIN_FORMAT.unpack(message.payload))
        elif message.kind == STOP:
            self._line.playout.stop()

    def run(self) -> None:
        """Looks for the device, plays on it until it is gone, says so."""
        self._line = line = self._open()
        try:
            while True:
                reports = line.step()
                if reports is None:
                    time.sleep(POLL_S)
                for message in reports or ():
                    self._report(message)
        except OSError as error:
            if isinstance(error, BrokenPipeError):
                raise
            self._report(Message(LOST, self._clock.now(), str(error).encode()))

    def _open(self) -> Line:
        while True:
            try:
                host = self._make_host()  # PortAudio lists the devices once, when it is initialised
            except OSError as error:
                self._fail(Broken("loudspeaker", expected="the sound system to answer", got=str(error)))
            else:
                try:
                    device = host.find(self._wanted)
                    stream, channels = host.open(device)
                except ImagoError as error:
                    host.close()
                    self._fail(error)
                else:
                    about = json.dumps({"name": device.name, "rate": device.rate})
                    line = Line(stream, channels, device.rate, self._clock)
                    self._line = line
                    self._report(Message(OPENED, self._clock.now(), about.encode()))
                    return line
            time.sleep(RETRY_S)

    def _fail(self, error: ImagoError) -> None:
        self._report(Message(FAILED, self._clock.now(), json.dumps(error.as_dict()).encode()))


def _obey(source: int, order: Callable[[Message], None]) -> None:
    """Hands on the orders that come; when nobody is there to give any, the process ends, whatever else it does."""
    decoder = Decoder()
    while data := os.read(source, 1 << 20):
        for message in decoder.feed(data):
            order(message)
    os._exit(0)


def serve(make_host: Callable[[], Host], wanted: str) -> None:
    """A whole life, on standard input and output."""
    # Before there are threads: on Linux each has a priority of its own.
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, NICENESS)

    def report(message: Message) -> None:
        os.write(1, encode(message))

    playback = Playback(make_host, wanted, report)
    threading.Thread(target=_obey, args=(0, playback.order), name="orders", daemon=True).start()
    with contextlib.suppress(BrokenPipeError):
        playback.run()
    os._exit(0)  # a driver whose device is gone may hang in closing it


def main() -> None:
    """Plays on the device whose name contains the first argument."""
    from device.voice.portaudio import Host

    serve(Host, sys.argv[1] if len(sys.argv) > 1 else "")


if __name__ == "__main__":
    main()
