"""Voices for tests: a synthesizer that beeps, a loudspeaker and a clock that stand still until told."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from device.ports import Clock, OnPlayed, Pcm, Played, Speech, Utterance, Viseme
from device.voice.playout import Playout
from device.voice.resample import resample


class ManualClock:
    """Behind the Clock port; moves only by `advance`."""

    def __init__(self, t: float = 100.0) -> None:
        self.t = t

    def now(self) -> float:
        return self.t

    def advance(self, seconds: float) -> None:
        self.t += seconds


class FakeSynthesizer:
    """Behind the Synthesizer port: 50 ms of tone for every letter, closed lips on p b m, at -20 dBFS."""

    LETTER_S = 0.05

    def __init__(self, rate: int = 24_000, fails: Callable[[str], Exception | None] = lambda text: None) -> None:
        self.rate = rate
        self.spoken: list[str] = []
        self._fails = fails

    def synthesize(self, text: str) -> Speech:
        failure = self._fails(text)
        if failure is not None:
            raise failure
        self.spoken.append(text)
        letters = [char for char in text.lower() if char.isalnum()]
        count = round(len(letters) * self.LETTER_S * self.rate)
        tone = 0.1 * np.sqrt(2) * np.sin(2 * np.pi * 200 * np.arange(count) / self.rate)
        shapes = ["PP" if char in "pbm" else "aa" for char in letters]
        visemes = [Viseme(s, i * self.LETTER_S, (i + 1) * self.LETTER_S) for i, s in enumerate(shapes)]
        return Speech(tone.astype(np.float32), self.rate, tuple(visemes), text)


class FakeSpeaker:
    """Behind the Speaker port: plays into the list `heard` while `advance` is called; no thread, no device."""

    def __init__(self, on_played: OnPlayed, clock: ManualClock, rate: int = 48_000) -> None:
        self._on_played = on_played
        self._clock = clock
        self._playout = Playout(rate)
        self.rate = rate
        self.events: list[Played] = []
        self.blocks: list[Pcm] = []
        self.closed = False

    def play(self, utterance: Utterance) -> None:
        speech = utterance.speech
        self._playout.add(utterance, resample(speech.pcm, speech.rate, self.rate))

    def set_gain(self, gain: float) -> None:
        self._playout.set_gain(gain)

    def stop(self) -> None:
        self._playout.stop()

    def close(self) -> None:
        self.closed = True

    def advance(self, seconds: float) -> None:
        """Lets that much time pass, and plays what falls into it."""
        block, events = self._playout.pull(round(seconds * self.rate), self._clock.now())
        self._clock.advance(seconds)
        self.blocks.append(block)
        for event in events:
            self.events.append(event)
            self._on_played(event)


class PromptSpeaker:
    """Behind the Speaker port: reports each clause as started and ended the moment it is queued."""

    def __init__(self, on_played: OnPlayed, clock: Clock) -> None:
        self._on_played = on_played
        self._clock = clock
        self.said: list[str] = []
        self.stops = 0
        self.gains: list[float] = []
        self.silent = False
        """It reports nothing."""
        self.broken = False
        """It raises whatever it is told."""

    def play(self, utterance: Utterance) -> None:
        self._fail()
        self.said.append(utterance.speech.text)
        if self.silent:
            return
        for kind in ("started", "ended"):
            heard = utterance.speech.seconds if kind == "ended" else 0.0
            self._on_played(Played(utterance.turn, utterance.index, kind, self._clock.now(), heard))

    def set_gain(self, gain: float) -> None:
        self._fail()
        self.gains.append(gain)

    def _fail(self) -> None:
        if self.broken:
            raise OSError("gone")

    def stop(self) -> None:
        self.stops += 1

    def close(self) -> None:
        """Nothing to release."""
