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
from device.ears.proposals import Proposals
from device.ports import BLOCK, MIC_RATE, Block, Microphone, Pcm, SpeechDetector, TurnEnd, WakePhrase

PRE_ROLL_S = 0.4
"""s kept from before the detector was sure: a soft first consonant belongs to the utterance."""
TAIL_S = 0.1
"""s kept after the last voiced block: the same for a soft last one."""
REOPEN_S = 1.0
"""s after the end of a turn within which who speaks on goes on with it: they were cut off, or had a second thought."""
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
        self._pre_roll: deque[Pcm] = deque(maxlen=round(PRE_ROLL_S * MIC_RATE / BLOCK))
        self._utterance: list[Pcm] = []
        self._before: list[Pcm] = []
        self._began = self._ended = self._paused = -1e9
        self._proposals = Proposals(senses.wake)
        self._looked = 0
        self._open = threading.Event()
        self._open.set()

    def set_open(self, on: bool) -> None:
        """Closed ears hear nothing and forget what they had; for another thread to call."""
        self._open.set() if on else self._open.clear()

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
        signals = self._endpointer.step(block.t, probability)
        (self._utterance if self._utterance else self._pre_roll).append(block.pcm)
        now = block.t + len(block.pcm) / MIC_RATE
        if self._proposals.feed(block.pcm, self._endpointer.speaking):
            self._found_late(now)
        for signal in signals:
            self._handle(signal, now)
        self._look(now)

    def _found_late(self, now: float) -> None:
        """The embedding hears 0.8 s at a time: after a name alone the pause comes first, and at times the end."""
        if self._endpointer.pausing:
            self._post(
                ev.SpeechPaused(
                    now, self._paused, self._spoken(now - self._paused), self._proposals.within(self._utterance), True
                )
            )
        elif not self._endpointer.speaking and self._before and now - self._ended <= REOPEN_S:
            called = self._proposals.within(self._before, ended=True)
            self._post(ev.SpeechPaused(now, self._ended, np.concatenate(self._before), called, True))

    def _look(self, now: float) -> None:
        """Hands on what was said so far, at times; only an interruption needs it."""
        if self._utterance and self._looked < len(CONTINUES_S) and now - self._began >= CONTINUES_S[self._looked]:
            self._looked += 1
            if self._own_voice() and not self._endpointer.pausing:
                self._post(ev.SpeechContinues(now, np.concatenate(self._utterance)))

    def _handle(self, signal: Signal, now: float) -> None:
        if signal.kind == "onset":
            self._begin(signal.t)
        elif signal.kind == "pause":
            self._paused = signal.t
            self._post(
                ev.SpeechPaused(now, signal.t, self._spoken(now - signal.t), self._proposals.within(self._utterance))
            )
        elif signal.kind == "judge":
            # The transcriber is at work by now; the judge's 30 ms run beside it.
            if self._meant() or self._proposals:
                self._endpointer.judge(self._senses.turn_end.probability(np.concatenate(self._utterance)))
        elif signal.kind == "resume":
            self._post(ev.SpeechResumed(signal.t))
        else:
            self._before, self._utterance = self._utterance, []
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
        self._utterance = [*(self._before if goes_on else ()), *self._pre_roll]
        self._before = []
        self._pre_roll.clear()
        self._began, self._looked = t, 0
        self._proposals.begin(self._utterance)
        self._post(ev.SpeechStarted(t))

    def _spoken(self, silence_s: float) -> Pcm:
        """What was said so far, without the silence that made it a pause."""
        pcm = np.concatenate(self._utterance)
        surplus = round(max(0.0, silence_s - TAIL_S) * MIC_RATE)
        return pcm[: len(pcm) - surplus]

    def _forget(self) -> None:
        if self._endpointer.speaking or self._pre_roll:
            self._endpointer.reset()
            self._senses.detector.reset()
            self._proposals.reset()
            self._utterance, self._before = [], []
            self._pre_roll.clear()
