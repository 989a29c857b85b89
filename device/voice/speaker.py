"""The loudspeaker: PortAudio playback with a true playout clock.

A writer thread keeps the device's buffer filled with 20 ms blocks from the `Playout`; when a block will be in the air
follows from what is queued before it, smoothed (`DacClock`). It asks how much the buffer takes instead of being called
back: through ALSA's PulseAudio plug-in PortAudio's callback falls silent after the first buffer. A keeper thread
watches the writer: when no block was taken for a while, the device is gone. Then the keeper plays into nothing in real
time, so that a turn ends as it would have, while another thread tries to open the device again by name.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass

import numpy as np

from device.clock import SystemClock
from device.errors import Broken, Missing
from device.ports import Clock, OnPlayed, Pcm, Utterance
from device.voice.dac_clock import DacClock
from device.voice.playout import BLOCK_S, Playout
from device.voice.portaudio import Device, Host
from device.voice.resample import resample

log = logging.getLogger(__name__)

POLL_S = 0.004
"""s between two looks at the device's buffer."""


@dataclass(frozen=True, slots=True)
class SpeakerSettings:
    """Which device, and how patient to be with it."""

    device: str = ""
    """Part of its name, in any case; empty: the system's default."""
    volume: float = 1.0
    """Factor 0..1 on all samples."""
    stall_s: float = 0.8
    """s without a block taken after which the device counts as gone."""
    retry_s: float = 1.0
    """s between two attempts to open it again."""


class _Line:
    """One opened stream and its writer. What the writer does after `close` has no effect."""

    def __init__(self, speaker: DeviceSpeaker, host: Host, device: Device) -> None:
        self._speaker = speaker
        self._host = host
        self._rate = device.rate
        self._stream, self._channels = host.open(device)
        self._capacity = self._stream.get_write_available()
        self._dac = DacClock(device.rate, max(self._capacity / device.rate, BLOCK_S))
        self.alive_at = speaker.clock.now()
        self.closed = False
        self._writer = threading.Thread(target=self._write, name="speaker-writer", daemon=True)

    def start(self) -> None:
        self._writer.start()

    def close(self) -> None:
        """Lets go of the device; may hang for as long as its driver does."""
        self.closed = True
        self._writer.join(timeout=2)
        try:
            self._stream.close()
        except OSError as error:
            log.info("closing the loudspeaker: %s", error)
        self._host.close()

    def _write(self) -> None:
        block = round(BLOCK_S * self._rate)
        written = 0
        try:
            while not self.closed:
                room = self._stream.get_write_available()
                if room < block:
                    time.sleep(POLL_S)
                    continue
                if room >= self._capacity and written >= self._capacity:
                    self._speaker.underruns += 1
                self._block(block, max(0, self._capacity - room))
                written += block
        except OSError as error:
            log.info("writing to the loudspeaker: %s", error)

    def _block(self, block: int, queued: int) -> None:
        now = self._speaker.clock.now()
        self.alive_at = now
        pcm = self._speaker.pull(block, self._dac.block(now, queued / self._rate, block), self._rate)
        if self._channels == 2:
            pcm = np.repeat(pcm, 2)
        self._stream.write(pcm.tobytes(), num_frames=block, exception_on_underflow=False)


class DeviceSpeaker:
    """The port `Speaker` on a sound card."""

    def __init__(self, on_played: OnPlayed, clock: Clock, settings: SpeakerSettings) -> None:
        """Opens the device. Raises Missing where it is not there (its hint names those that are), Broken where it can't
        be opened."""
        self.clock = clock
        self.underruns = 0
        """Blocks that came too late for the device."""
        self.interruptions = 0
        """Times the device went away."""
        self._settings = settings
        self._on_played = on_played
        self._closing = threading.Event()
        host = Host()
        try:
            device = host.find(settings.device)
            self._playout = Playout(device.rate)
            self._line: _Line | None = _Line(self, host, device)
        except (Missing, Broken):
            host.close()
            raise
        self._next_t = clock.now()
        self._line.start()
        self._opener: threading.Thread | None = None
        self._keeper = threading.Thread(target=self._keep, name="speaker-keeper", daemon=True)
        self._keeper.start()

    def play(self, utterance: Utterance) -> None:
        speech = utterance.speech
        pcm = resample(speech.pcm, speech.rate, self._playout.rate) * np.float32(self._settings.volume)
        self._playout.add(utterance, pcm)

    def stop(self) -> None:
        self._playout.stop()

    def close(self) -> None:
        self._closing.set()
        self._keeper.join(timeout=1)
        if self._opener is not None:
            self._opener.join(timeout=1)
        if self._line is not None:
            self._line.close()
            self._line = None

    def pull(self, count: int, t: float, rate: int) -> Pcm:
        """The next `count` samples at `rate` Hz, in the air at `t` s; says what begins and ends within them."""
        own = self._playout.rate
        pcm, events = self._playout.pull(round(count * own / rate), t)
        self._next_t = t + count / rate
        for event in events:
            self._on_played(event)
        if own == rate:
            return pcm
        converted = resample(pcm, own, rate)[:count]  # another device came back: block by block will do until a restart
        return np.pad(converted, (0, count - len(converted)))

    @property
    def connected(self) -> bool:
        """The device takes sound."""
        line = self._line
        return line is not None and self.clock.now() - line.alive_at < self._settings.stall_s

    def _keep(self) -> None:
        while not self._closing.wait(BLOCK_S):
            if self.connected:
                continue
            self._play_into_nothing()
            if self._opener is None or not self._opener.is_alive():
                self._opener = threading.Thread(target=self._reopen, name="speaker-opener", daemon=True)
                self._opener.start()

    def _play_into_nothing(self) -> None:
        if self._line is not None:
            self._line.closed = True
        block = round(BLOCK_S * self._playout.rate)
        while self._next_t < self.clock.now():
            self.pull(block, self._next_t, self._playout.rate)

    def _reopen(self) -> None:
        self.interruptions += 1
        log.warning("the loudspeaker is gone; looking for it until it is back")
        if self._line is not None:
            dead, self._line = self._line, None
            dead.close()
        while not self._closing.wait(self._settings.retry_s):
            host = Host()
            try:
                line = _Line(self, host, host.find(self._settings.device))
            except (Missing, Broken):
                host.close()
            else:
                line.start()
                self._line = line
                log.warning("the loudspeaker is back")
                return


def create(on_played: OnPlayed, clock: Clock | None = None, volume: float = 1.0, device: str = "") -> DeviceSpeaker:
    """The loudspeaker whose name contains `device`, or the system's default one. Raises Missing or Broken."""
    return DeviceSpeaker(on_played, clock or SystemClock(), SpeakerSettings(device=device, volume=volume))
