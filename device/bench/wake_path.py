"""The frame's way from a block of sound to "somebody calls me", without its threads, its answers and its clock.

The real listener (speech detector, endpointing, turn end, wake phrase), the real reducer with attention "wake", and the
loop's own `understand`; what the loop would send to the mind is written down, and the frame is put back to sleep. Where
the frame speaks meanwhile, the echo-free microphone, the rule for interruptions and the lowered voice are in it, too.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from device.bench.echo import BEGIN_S
from device.bench.interruption import Stage
from device.bench.scene import Placed, Scene
from device.conversation import events as ev
from device.conversation.reducer import reduce
from device.conversation.state import Policy, State
from device.ears import echo_free
from device.ears.beside import Beside
from device.ears.echo_free import EchoFreeMicrophone
from device.ears.listener import Listener, Senses
from device.ears.overheard import Understood
from device.ports import BLOCK, MIC_RATE, Block, Pcm, SpeechDetector, TurnEnd, WakePhrase, WakeProposal
from device.voice.gain import DUCKED
from device.voice.reference import Reference

Understand = Callable[[ev.Transcribe], Understood]


@dataclass(frozen=True, slots=True)
class Woken:
    """The frame took something for a call."""

    at: float
    """s of the sound, when the transcriber was asked."""
    computed_s: float
    """s of computing time that the transcriber took on top."""
    text: str
    """What it understood."""
    proposal: WakeProposal | None
    """None: its own voice was interrupted, for which nobody needs to call."""
    utterance: Pcm
    turn: int
    """The same for all within one turn."""


@dataclass(slots=True)
class Log:
    """What happened in a stretch of sound."""

    seconds: float = 0.0
    woken: list[Woken] = field(default_factory=list)
    proposals: list[tuple[float, WakeProposal]] = field(default_factory=list)
    """With the s of the sound when they came."""
    asked: int = 0
    """Utterances that the transcriber had to look at."""
    lowered: int = 0
    """Times that something beside the frame's own voice lowered it ..."""
    believed: int = 0
    """... and that a person was believed in; only words stop it."""
    cpu_s: dict[str, float] = field(default_factory=dict)
    """Computing time by part."""


@dataclass(frozen=True, slots=True)
class Engines:
    """What the frame's ears are made of here."""

    detector: SpeechDetector
    turn_end: TurnEnd
    wake: WakePhrase
    understand: Understand


class _Clocked:
    """Engines whose computing time is counted, and whose proposals are written down."""

    def __init__(self, engines: Engines, log: Log) -> None:
        self._engines, self._log = engines, log
        self.fed_s = 0.0

    def _spent(self, part: str, begin: float) -> None:
        self._log.cpu_s[part] = self._log.cpu_s.get(part, 0.0) + time.process_time() - begin

    def detect(self, pcm: Pcm) -> float:
        begin = time.process_time()
        probability = self._engines.detector.feed(pcm)
        self._spent("speech detector", begin)
        return probability

    def feed(self, pcm: Pcm, speaking: bool = True) -> WakeProposal | None:
        begin = time.process_time()
        proposal = self._engines.wake.feed(pcm, speaking)
        self._spent("wake phrase", begin)
        self.fed_s += len(pcm) / MIC_RATE
        if proposal is not None:
            self._log.proposals.append((self.fed_s, proposal))
        return proposal

    def reset(self) -> None:
        self._engines.wake.reset()

    def probability(self, utterance: Pcm) -> float:
        begin = time.process_time()
        probability = self._engines.turn_end.probability(utterance)
        self._spent("turn end", begin)
        return probability

    def understand(self, job: ev.Transcribe) -> tuple[Understood, float]:
        begin = time.process_time()
        understood = self._engines.understand(job)
        self._spent("transcriber", begin)
        return understood, time.process_time() - begin


@dataclass(frozen=True, slots=True)
class _Detector:
    """Behind the port SpeechDetector."""

    clocked: _Clocked
    engine: SpeechDetector

    def feed(self, pcm: Pcm) -> float:
        return self.clocked.detect(pcm)

    def reset(self) -> None:
        self.engine.reset()


class WakePath:
    """One stream of sound after the other; each begins with a frame that sleeps."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    def listen(self, sound: Pcm) -> Log:
        """A stream while the frame is silent, shape (samples,) at MIC_RATE; what is left of a block is lost."""
        run = _Run(self._engines, None)
        for first in range(0, len(sound) - BLOCK + 1, BLOCK):
            run.step(Block(sound[first : first + BLOCK], BEGIN_S + first / MIC_RATE), False)
        return run.log

    def speak(self, scene: Scene, playback: Sequence[Placed], others: Pcm) -> Log:
        """A stream while the frame says `playback`; `others` is what else the microphone gets of `scene`."""
        reference = Reference()
        stage = Stage(scene, playback, others, reference)
        ears = echo_free.create(stage, reference)
        run = _Run(self._engines, ears, stage)
        spans = _answers(playback)
        while (block := ears.read()) is not None:
            t = block.t - BEGIN_S
            run.step(block, any(begin + scene.latency_s <= t < end + scene.latency_s for begin, end in spans))
        return run.log


def _answers(playback: Sequence[Placed], apart_s: float = 1.0) -> list[tuple[float, float]]:
    """Begin and end of each answer: clauses that are less than `apart_s` apart."""
    spans: list[tuple[float, float]] = []
    for t, pcm in playback:
        end = t + len(pcm) / MIC_RATE
        spans = [*spans[:-1], (spans[-1][0], end)] if spans and t - spans[-1][1] < apart_s else [*spans, (t, end)]
    return spans


class _Run:
    """The frame in one stream."""

    def __init__(self, engines: Engines, ears: EchoFreeMicrophone | None, stage: Stage | None = None) -> None:
        engines.detector.reset()
        engines.wake.reset()
        self.log = Log()
        self._clocked = _Clocked(engines, self.log)
        self._stage = stage
        senses = Senses(_Detector(self._clocked, engines.detector), self._clocked, self._clocked)
        self._events: deque[ev.Event] = deque()
        self._speaking = self._hushed = False
        self._now = 0.0
        self._turn = 0
        self._state = State(Policy("wake", full_duplex=True))
        beside = Beside(ears) if ears is not None else None
        self._listener = Listener(
            senses,
            self._events.append,
            None,
            lambda: self._state.phase == "speaking",
            beside,
            lambda: self._state.addressed,
        )

    def step(self, block: Block, speaking: bool) -> None:
        """A block; `speaking`: an answer of the frame is in the air, unless it was stopped."""
        if speaking != self._speaking:
            self._answer(speaking)
        self._listener.step(block)
        self._now = block.t - BEGIN_S + BLOCK / MIC_RATE
        self.log.seconds = self._now
        while self._events:
            event = self._events.popleft()
            if self._state.phase == "speaking":
                self.log.lowered += isinstance(event, ev.Disturbed)
                self.log.believed += isinstance(event, ev.SpeechStarted)
            self._state, actions = reduce(self._state, event)
            for action in actions:
                self._obey(action)
            if isinstance(event, ev.TurnEnded):
                self._sleep("speaking" if self._speaking and not self._hushed else "idle")

    def _answer(self, on: bool) -> None:
        self._speaking, self._hushed = on, False
        if self._stage is not None and on:
            self._stage.set_gain(1.0, self._now)
        self._sleep("speaking" if on else "idle")

    def _sleep(self, phase: str) -> None:
        """Nobody has called; after a call, as if the answer were over at once."""
        if phase == "speaking" and self._state.phase == "speaking":
            return
        self._turn += 1
        self._state = State(self._state.policy, self._state.turn + 1, phase, addressed=True)  # type: ignore[arg-type]

    def _obey(self, action: ev.Action) -> None:
        if isinstance(action, ev.Transcribe):
            self._transcribe(action)
        elif isinstance(action, ev.Duck) and self._stage is not None and not self._hushed:
            self._stage.set_gain(DUCKED if action.on else 1.0, self._now)
        elif isinstance(action, ev.StopSpeaking) and self._stage is not None and self._state.phase != "speaking":
            self._hushed = True
            self._stage.set_gain(0.0, self._now)

    def _transcribe(self, job: ev.Transcribe) -> None:
        self.log.asked += 1
        understood, computed_s = self._clocked.understand(job)
        called = understood.by is not None
        event = ev.Transcribed(job.turn, understood.transcript, self._now + BEGIN_S, called, job.stage)
        before = self._state.phase
        self._state, actions = reduce(self._state, event)
        for action in actions:
            self._obey(action)
        interrupted = before == "speaking" and self._state.phase != "speaking"
        if called or interrupted:
            text = understood.transcript.text
            self.log.woken.append(Woken(self._now, computed_s, text, understood.by, job.utterance, self._turn))
        if called:
            # Not yet awake, so that every further pause of the turn is judged like this one.
            self._state = replace(State(self._state.policy, self._state.turn + 1), phase="hearing", addressed=False)
