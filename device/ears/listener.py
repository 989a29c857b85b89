"""Turns a microphone into conversation events: detector -> endpointing -> utterances. One thread, no shared state.

The pure rules are in `conversation/endpointing.py`; here they meet the engines and the sound itself.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from device.conversation import events as ev
from device.conversation.endpointing import Endpointer, EndpointSettings, Signal
from device.conversation.finished import Ending
from device.ears.proposals import Proposals
from device.ears.said import Said
from device.ports import MIC_RATE, Block, Microphone, SpeechDetector, TurnEnd, WakePhrase

PRE_ROLL_S = 0.4
"""s kept from before the detector was sure: a soft first consonant belongs to the utterance."""
OVER_OWN_VOICE_S = 0.7
"""The same where they speak over the frame: until a person is believed in."""
REOPEN_S = 1.4
"""s after the last voice of a turn that was ended within which who speaks on goes on with it: they were cut off, or had
a second thought. More than any usual wait for the end, or nobody could."""
CONTINUES_S = (0.45, 0.9, 1.5, 2.5)
"""s of an interruption after which what was said of it so far is looked at for words."""


@dataclass(frozen=True, slots=True)
class Senses:
    """The engines of the ears."""

    detector: SpeechDetector
    turn_end: TurnEnd
    wake: WakePhrase | None = None


class BesideOwnVoice(Protocol):
    """Tells what sounds beside the frame's own voice (`ears/beside.py`)."""

    def step(self, block: Block, probability: float) -> tuple[float, list[ev.Event]]:
        """A block and its probability of speech -> what is left of that, and what is to be posted."""
        ...

    def reset(self) -> None:
        """A turn has ended."""
        ...


class Listener:
    """Feeds blocks through detector and endpointer and posts what they mean."""

    def __init__(
        self,
        senses: Senses,
        post: Callable[[ev.Event], None],
        settings: EndpointSettings | None = None,
        own_voice: Callable[[], bool] = lambda: False,
        beside: BesideOwnVoice | None = None,
        meant: Callable[[], bool] = lambda: True,
    ) -> None:
        """`own_voice`: whether the frame itself is speaking. `beside`: how it tells what else sounds then; without it,
        its ears should be closed while it speaks. `meant`: whether somebody is known to speak to the frame; where not,
        and where it was not called, nobody asks whether they have finished."""
        self._senses = senses
        self._post = post
        self._own_voice = own_voice
        self._beside = beside
        self._meant = meant
        self._endpointer = Endpointer(settings)
        self._said = Said(OVER_OWN_VOICE_S)
        self._began = self._ended = self._paused = -1e9
        self._proposals = Proposals(senses.wake)
        self._looked = 0
        self._expected: deque[Ending] = deque(maxlen=1)
        self._open = threading.Event()
        self._open.set()

    def set_open(self, on: bool) -> None:
        """Closed ears hear nothing and forget what they had; for another thread to call."""
        self._open.set() if on else self._open.clear()

    def expect(self, ending: Ending) -> None:
        """How the words up to the pause end that it is in, if it still is; for another thread to call."""
        self._expected.append(ending)

    def run(self, microphone: Microphone) -> None:
        """Until the recording ends or the microphone is closed."""
        while (block := microphone.read()) is not None:
            self.step(block)

    def step(self, block: Block) -> None:
        """One block of sound."""
        if not self._open.is_set():
            self._forget()
            return
        probability = self._senses.detector.feed(block.pcm)
        if self._beside is not None:
            probability, told = self._beside.step(block, probability)
            for event in told:
                self._post(event)
        self._heed()
        signals = self._endpointer.step(block.t, probability)
        self._said.add(block.pcm)
        now = block.t + len(block.pcm) / MIC_RATE
        for signal in signals:
            self._handle(signal, now)
        if self._proposals.feed(block.pcm, self._endpointer.speaking):
            self._found_late(now)
        self._look(now)

    def _heed(self) -> None:
        while self._expected:
            ending = self._expected.popleft()
            if self._endpointer.pausing:
                self._endpointer.expect(ending)

    def _found_late(self, now: float) -> None:
        """The embedding hears 0.8 s at a time: after a name alone the pause comes first, and at times the end."""
        if self._endpointer.pausing:
            self._pause(now, late=True)
        elif not self._endpointer.speaking and self._said.last and now - self._ended <= REOPEN_S:
            called = self._proposals.within(self._said.last, ended=True)
            self._post(ev.SpeechPaused(now, self._ended, np.concatenate(self._said.last), called, True))

    def _pause(self, now: float, late: bool = False) -> None:
        utterance, called = self._said.so_far(now - self._paused), self._proposals.within(self._said.turn)
        self._post(ev.SpeechPaused(now, self._paused, utterance, called, late))

    def _look(self, now: float) -> None:
        """Hands on what was said so far, at times; only an interruption needs it."""
        if self._said.turn and self._looked < len(CONTINUES_S) and now - self._began >= CONTINUES_S[self._looked]:
            self._looked += 1
            if self._own_voice() and not self._endpointer.pausing:
                self._post(ev.SpeechContinues(now, self._said.so_far()))

    def _handle(self, signal: Signal, now: float) -> None:
        if signal.kind == "onset":
            self._begin(signal.t)
        elif signal.kind == "pause":
            self._paused = signal.t
            self._pause(now)
        elif signal.kind == "judge":
            # The transcriber is at work by now; the judge's 30 ms run beside it.
            if self._meant() or self._proposals:
                self._endpointer.judge(self._senses.turn_end.probability(self._said.so_far()))
        elif signal.kind == "resume":
            self._post(ev.SpeechResumed(signal.t))
        else:
            self._said.end()
            self._proposals.end()
            self._ended = signal.t
            self._senses.detector.reset()
            if self._beside is not None:
                self._beside.reset()
            self._post(ev.TurnEnded(now, signal.t))

    def _begin(self, t: float) -> None:
        """A turn begins, or goes on after all."""
        pause_s = t - self._ended
        goes_on = pause_s <= REOPEN_S
        if goes_on:
            self._endpointer.learn(pause_s)
        self._said.begin(OVER_OWN_VOICE_S if self._own_voice() else PRE_ROLL_S, goes_on)
        self._began, self._looked = t, 0
        self._proposals.begin(self._said.turn)
        self._post(ev.SpeechStarted(t))

    def _forget(self) -> None:
        if self._said:
            self._endpointer.reset()
            self._senses.detector.reset()
            self._proposals.reset()
            self._said.forget()
