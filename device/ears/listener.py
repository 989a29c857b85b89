"""Turns a microphone into conversation events: detector -> endpointing -> utterances. One thread, no shared state.

The pure rules are in `conversation/endpointing.py`; here they meet the engines and the sound itself.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

import numpy as np

from device.conversation import events as ev
from device.conversation.endpointing import Endpointer, EndpointSettings, Signal
from device.ports import BLOCK, MIC_RATE, Block, Microphone, Pcm, SpeechDetector, TurnEnd

PRE_ROLL_S = 0.4
"""s kept from before the detector was sure: a soft first consonant belongs to the utterance."""
TAIL_S = 0.1
"""s kept after the last voiced block: the same for a soft last one."""


class Listener:
    """Feeds blocks through detector and endpointer and posts what they mean."""

    def __init__(
        self,
        detector: SpeechDetector,
        turn_end: TurnEnd,
        post: Callable[[ev.Event], None],
        settings: EndpointSettings | None = None,
    ) -> None:
        self._detector = detector
        self._turn_end = turn_end
        self._post = post
        self._endpointer = Endpointer(settings)
        self._pre_roll: deque[Pcm] = deque(maxlen=round(PRE_ROLL_S * MIC_RATE / BLOCK))
        self._utterance: list[Pcm] = []
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
        signals = self._endpointer.step(block.t, self._detector.feed(block.pcm))
        if self._utterance:
            self._utterance.append(block.pcm)
        else:
            self._pre_roll.append(block.pcm)
        for signal in signals:
            self._handle(signal, block.t + len(block.pcm) / MIC_RATE)

    def _handle(self, signal: Signal, now: float) -> None:
        if signal.kind == "onset":
            self._utterance = list(self._pre_roll)
            self._pre_roll.clear()
            self._post(ev.SpeechStarted(signal.t))
        elif signal.kind == "pause":
            self._post(ev.SpeechPaused(now, signal.t, self._spoken(now - signal.t)))
        elif signal.kind == "judge":
            # The transcriber is at work by now; the judge's 30 ms run beside it.
            self._endpointer.judge(self._turn_end.probability(np.concatenate(self._utterance)))
        elif signal.kind == "resume":
            self._post(ev.SpeechResumed(signal.t))
        else:
            self._utterance = []
            self._detector.reset()
            self._post(ev.TurnEnded(now, signal.t))

    def _spoken(self, silence_s: float) -> Pcm:
        """What was said so far, without the silence that made it a pause."""
        pcm = np.concatenate(self._utterance)
        surplus = round(max(0.0, silence_s - TAIL_S) * MIC_RATE)
        return pcm[: len(pcm) - surplus]

    def _forget(self) -> None:
        if self._endpointer.speaking or self._pre_roll:
            self._endpointer.reset()
            self._detector.reset()
            self._utterance = []
            self._pre_roll.clear()
