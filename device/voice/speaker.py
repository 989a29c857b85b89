"""The loudspeaker with a true playout clock, as the mind sees it.

The device is held by a process of its own (`playback.py` says why), which is given every utterance whole and reports
what is in the air. A keeper thread hands on its reports. The process ends when its device is gone; then the keeper lets
time pass for what is outstanding, so that a turn ends as it would have, and starts another process, which looks for the
device by name and goes on in the middle of the word.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from device.child_pipe import ChildPipe, Message
from device.clock import SystemClock
from device.errors import Broken
from device.ports import Clock, OnPlayed, Played, Utterance
from device.voice import playback
from device.voice.outstanding import Outstanding
from device.voice.resample import resample

log = logging.getLogger(__name__)

ABSENT_S = 0.02
"""s between two looks at what is outstanding while there is no device."""


@dataclass(frozen=True, slots=True)
class SpeakerSettings:
    """Which device, and how patient to be with it."""

    device: str = ""
    """Part of its name, in any case; empty: the system's default."""
    volume: float = 1.0
    """Factor 0..1 on all samples."""
    open_limit_s: float = 20.0
    """s within which a new process must give its first sign."""
    hang_s: float = 3.0
    """s without any sign of the process after which it is replaced; it gives one every 0.2 s."""
    retry_s: float = 1.0
    """s at least between the starts of two processes."""
    send_limit_s: float = 1.0
    """s within which the process must take what it is given."""


class DeviceSpeaker:
    """The port `Speaker` on a sound card."""

    def __init__(
        self, on_played: OnPlayed, clock: Clock, settings: SpeakerSettings, command: Sequence[str] = ()
    ) -> None:
        """Opens the device. `command` starts another playback process than ours.

        Raises Missing where the device is not there (its hint names those that are), Broken where it cannot be
        opened."""
        self.underruns = 0
        """Times the device ran dry while something was being said."""
        self.interruptions = 0
        """Times the device, or its process, went away."""
        self._on_played = on_played
        self._clock = clock
        self._settings = settings
        self._command = list(command) or [sys.executable, "-m", "device.voice.playback", settings.device]
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._outstanding = Outstanding()
        self._gain = 1.0
        self._rate = 0  # Hz, what the process plays at; 0: it has no device
        self._start()
        self._wait_until_open()
        self._keeper = threading.Thread(target=self._keep, name="speaker-keeper", daemon=True)
        self._keeper.start()

    @property
    def connected(self) -> bool:
        """The device takes sound."""
        return self._rate > 0

    def play(self, utterance: Utterance) -> None:
        with self._lock:
            self._outstanding.add(utterance)
            if self._rate:
                self._hand_over(utterance, 0.0)

    def set_gain(self, gain: float) -> None:
        with self._lock:
            self._gain = gain
            if self._rate:
                self._send_gain()

    def stop(self) -> None:
        with self._lock:
            self._outstanding.stop(self._clock.now())
            if self._rate:
                self._process.send(Message(playback.STOP, self._clock.now()), self._settings.send_limit_s)

    def close(self) -> None:
        if self._closing.is_set():
            return
        self._closing.set()
        with self._lock:
            self._process.wake()
        self._keeper.join(timeout=3)
        self._process.stop()
        if self.underruns:
            log.warning("the loudspeaker ran dry %d times while speaking", self.underruns)

    def _start(self) -> None:
        self._process = ChildPipe(self._command)
        self._started = self._last_sign = self._clock.now()

    def _wait_until_open(self) -> None:
        deadline = self._started + self._settings.open_limit_s
        while not self._rate and not self._process.ended and (left := deadline - self._clock.now()) > 0:
            for message in self._process.receive(left):
                if message.kind == playback.FAILED:
                    self._process.stop()
                    raise playback.failure(message)
                self._take(message)
        if not self._rate:
            got = "the end of its process" if self._process.ended else "nothing"
            self._process.stop()
            hint = "is it plugged in, or used by another program?"
            raise Broken("loudspeaker", expected="a device that opens", got=got, hint=hint)

    def _keep(self) -> None:
        while not self._closing.is_set():
            try:
                for message in self._process.receive(self._settings.hang_s / 4 if self._rate else ABSENT_S):
                    self._take(message)
                self._look_after()
            except Exception:  # the thread's edge: without it, what is played is never reported, and turns never end
                log.exception("the loudspeaker's keeper failed")
                self._closing.wait(self._settings.retry_s)

    def _take(self, message: Message) -> None:
        self._last_sign = self._clock.now()
        if message.kind == playback.OPENED:
            self._go_on(int(message.json()["rate"]))
        elif message.kind == playback.PLAYED:
            event = playback.played(message)
            with self._lock:
                self._outstanding.report(event)
            self._on_played(event)
        elif message.kind == playback.PLACE:
            self.underruns += int(message.json()["underruns"])
        elif message.kind == playback.LOST:
            self._lose(message.payload.decode(errors="replace"))

    def _go_on(self, rate: int) -> None:
        """The device is open: what is outstanding goes to it, from where it would be by now."""
        with self._lock:
            now = self._clock.now()
            passed = self._outstanding.elapse(now)
            self._rate = rate
            self._send_gain()
            for utterance, past_s in self._outstanding.rest(now):
                self._hand_over(utterance, past_s)
        self._tell(passed)
        if self.interruptions:
            log.warning("the loudspeaker is back")

    def _send_gain(self) -> None:
        self._process.send(playback.gain_order(self._gain), self._settings.send_limit_s)

    def _hand_over(self, utterance: Utterance, past_s: float) -> None:
        speech = utterance.speech
        pcm = resample(speech.pcm, speech.rate, self._rate) * np.float32(self._settings.volume)
        order = playback.play_order(utterance, pcm, self._rate, round(past_s * self._rate))
        self._process.send(order, self._settings.send_limit_s)

    def _look_after(self) -> None:
        now = self._clock.now()
        patience = self._settings.hang_s if self._process.heard else self._settings.open_limit_s
        hangs = now - self._last_sign > patience
        if self._process.ended or hangs:
            self._lose("its process hangs" if hangs else "its process died")
            if now - self._started > self._settings.retry_s:
                with self._lock:
                    self._process.stop()
                    self._start()
        if not self._rate:
            with self._lock:
                passed = self._outstanding.elapse(now)
            self._tell(passed)

    def _lose(self, reason: str) -> None:
        with self._lock:
            known, self._rate = self._rate == 0, 0
        if not known:
            self.interruptions += 1
            log.warning("the loudspeaker is gone (%s); looking for it until it is back", reason)

    def _tell(self, events: list[Played]) -> None:
        for event in events:
            self._on_played(event)


def create(on_played: OnPlayed, clock: Clock | None = None, volume: float = 1.0, device: str = "") -> DeviceSpeaker:
    """The loudspeaker whose name contains `device`, or the system's default one. Raises Missing or Broken."""
    return DeviceSpeaker(on_played, clock or SystemClock(), SpeakerSettings(device=device, volume=volume))
