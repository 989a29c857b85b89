"""The conversation loop: receive an event, step the reducer, dispatch its actions. This docstring is the architecture.

    ears thread ----------------.
    transcriber thread ---------+--> one queue --> reduce(state, event) --> actions --> the same threads,
    mind thread (answers) ------+                                                      the speaker, the face
    voice thread (synthesis) ---+
    speaker's callback ---------'

Only this loop changes state. Engines are blocking native calls on threads of their own; they post events with the turn
number they worked for, and ask `cancelled()` whether that turn is still wanted.
"""

from __future__ import annotations

import queue
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from device import link
from device.conversation import events as ev
from device.conversation.reducer import reduce
from device.conversation.state import Policy, State
from device.ears.overheard import understand
from device.ports import (
    Cancelled,
    Clock,
    FaceLink,
    Played,
    Speaker,
    Speech,
    Synthesizer,
    Transcriber,
    Transcript,
    Utterance,
)
from device.voice.gain import Loudness
from device.workers import Worker

OUTPUT_LATENCY_S = 0.05
"""s from queueing a clause to its first sample in the air, before the speaker says how long it really takes."""


TICK_S = 0.5
"""s between two looks at the time while it listens on after an answer."""


MUTED = link.Notice("I am not listening. Touch me, or press a key.", "我现在不听。碰一下屏幕，或者按一个键，我再听。")


class Mind(Protocol):
    """What the loop needs of `mind/`."""

    def answer(self, turn: int, transcript: Transcript, post: Callable[[ev.Event], None], cancelled: Cancelled) -> None:
        """Answers by posting AnswerBegan, FirstToken, ClauseReady and, unless cancelled, AnswerEnded."""
        ...

    def remember(self, heard: str, said: str, language: str) -> None:
        """A turn that was really spoken enters the history."""
        ...


class Observer(Protocol):
    """Somebody who writes down what happens: a recording, a journal."""

    def event(self, event: ev.Event) -> None:
        """Every event in the order in which the loop took it, stale ones too."""
        ...

    def finished(self, turn: ev.FinishTurn) -> None:
        """A turn is over."""
        ...


@dataclass(frozen=True, slots=True)
class Rooms:
    """The engines that the loop drives."""

    transcriber: Transcriber
    mind: Mind
    voices: dict[str, Synthesizer]
    """By language."""
    face: FaceLink
    clock: Clock
    languages: tuple[str, ...]
    """What the persona speaks, the first one preferred."""
    names: tuple[str, ...] = ()
    """What the persona is called by, wake phrases among them."""


class Loop:
    """Owns the state and the threads; `app.py` makes it, then the speaker and the ears that need its `post`."""

    def __init__(self, rooms: Rooms, observer: Observer, policy: Policy | None = None, volume: float = 1.0) -> None:
        """`volume`: factor 0..1 on what is said, until somebody orders otherwise."""
        self._rooms = rooms
        self._observer = observer
        self._queue: queue.Queue[ev.Event | None] = queue.Queue()
        self._state = State(policy or Policy())
        self._loudness = Loudness(volume)
        self._speaker: Speaker
        self._set_listening: Callable[[bool], None]
        self._speeches: dict[int, Speech] = {}
        self._transcriber = Worker[ev.Transcribe]("transcriber", self._transcribe, self._failed, self._unwanted)
        self._mind = Worker[ev.Answer]("mind", self._answer, self._failed, self._unwanted)
        self._voice = Worker[ev.Synthesize]("voice", self._synthesize, self._failed, self._unwanted)

    def connect(self, speaker: Speaker, set_listening: Callable[[bool], None]) -> None:
        """The loudspeaker, and what opens and closes the ears; before `run`."""
        self._speaker = speaker
        self._set_listening = set_listening
        speaker.set_gain(self._loudness.gain)

    @property
    def audible(self) -> bool:
        """Its own voice is in the air; asked by the ears."""
        return self._state.phase == "speaking"

    @property
    def addressed(self) -> bool:
        """What is being said is meant for it, as far as it knows; asked by the ears."""
        return self._state.addressed

    @property
    def idle(self) -> bool:
        """Nothing is being heard, answered or said."""
        return self._state.phase == "idle" and self._queue.empty()

    def post(self, event: ev.Event) -> None:
        """Hands in an event; from any thread, never blocks."""
        self._queue.put(event)

    def played(self, played: Played) -> None:
        """The speaker's report; from its audio thread."""
        self.post(ev.PlaybackReported(played.turn, played, self._rooms.clock.now()))

    def run(self) -> None:
        """Receive, step, dispatch; until `stop`."""
        while (event := self._next()) is not None:
            self._observer.event(event)
            if isinstance(event, ev.Pushed) and self._loudness.deaf:
                self._loudness.hear()
                self._rooms.face.send(link.Notice("", ""))
            current = getattr(event, "turn", None) == self._state.turn
            self._state, actions = reduce(self._state, event)
            if current and isinstance(event, ev.PlaybackReported) and event.played.kind == "started":
                self._show_speech(event.turn, event.played.index, event.played.t)
            for action in actions:
                self._dispatch(action)

    def _next(self) -> ev.Event | None:
        waiting = self._state.phase == "idle" and self._state.attentive_until > 0
        try:
            return self._queue.get(timeout=TICK_S if waiting else None)
        except queue.Empty:
            return ev.Ticked(self._rooms.clock.now())

    def stop(self) -> None:
        """Ends the loop and its threads."""
        self._queue.put(None)
        for worker in (self._transcriber, self._mind, self._voice):
            worker.stop()

    def _dispatch(self, action: ev.Action) -> None:
        match action:
            case ev.Transcribe():
                self._transcriber.submit(action)
            case ev.Answer():
                self._mind.submit(action)
            case ev.Synthesize():
                self._voice.submit(action)
            case ev.FinishTurn():
                self._finish(action)
            case ev.ShowMood(state, t):
                self._rooms.face.send(link.Mood(state, t))
            case ev.ShowHeard(text, language):
                self._rooms.face.send(link.Heard(text, language))
            case _:
                self._sound(action)

    def _sound(self, action: ev.Action) -> None:
        """What concerns the loudspeaker and the ears."""
        match action:
            case ev.Play(utterance):
                self._play(utterance)
            case ev.StopSpeaking(turn, t):
                self._speaker.stop()
                self._rooms.face.send(link.Hush(turn, t))
            case ev.Duck(on):
                self._speaker.set_gain(self._loudness.duck(on))
            case ev.Obey(order):
                self._obey(order)
            case ev.Listen(on):
                self._set_listening(on and not self._loudness.deaf)

    def _obey(self, order: str) -> None:
        """What is more than an answer; "stop" and "again" are answers."""
        self._speaker.set_gain(self._loudness.order(order))
        if order == "mute":
            self._set_listening(False)
            self._rooms.face.send(MUTED)
        self._rooms.face.send(link.Order(order, self._rooms.clock.now()))

    def _play(self, utterance: Utterance) -> None:
        self._speeches[utterance.index] = utterance.speech
        if utterance.index == 0:
            # The mouth opens and takes breath before the first sound, so the face hears of it before the speaker knows.
            self._show_speech(utterance.turn, 0, self._rooms.clock.now() + OUTPUT_LATENCY_S)
        self._speaker.play(utterance)

    def _show_speech(self, turn: int, index: int, t0: float) -> None:
        """A clause's mouth shapes; told again with the true time once the speaker reports it, which corrects it."""
        speech = self._speeches[index]
        visemes = tuple((v.shape, float(v.start), float(v.end), float(v.weight)) for v in speech.visemes)
        self._rooms.face.send(link.Speak(turn, index, t0, speech.seconds, visemes, speech.text, speech.language))

    def _finish(self, turn: ev.FinishTurn) -> None:
        self._speeches.clear()
        self._observer.finished(turn)
        if turn.heard and turn.said:
            self._rooms.mind.remember(turn.heard, turn.said, turn.language)

    # --- on the engines' threads ---

    def _stale(self, turn: int) -> bool:
        return turn != self._state.turn

    def _unwanted(self, job: ev.Transcribe | ev.Answer | ev.Synthesize) -> bool:
        return self._stale(job.turn)

    def _transcribe(self, job: ev.Transcribe) -> None:
        if not self._stale(job.turn):
            heard = understand(self._rooms.transcriber, job, self._rooms.languages, self._rooms.names)
            now = self._rooms.clock.now()
            self.post(ev.Transcribed(job.turn, heard.transcript, now, heard.by is not None, job.stage))

    def _answer(self, job: ev.Answer) -> None:
        self._rooms.mind.answer(job.turn, job.transcript, self.post, lambda: self._stale(job.turn))

    def _synthesize(self, job: ev.Synthesize) -> None:
        if not self._stale(job.turn):
            voice = self._rooms.voices.get(job.language) or next(iter(self._rooms.voices.values()))
            speech = replace(voice.synthesize(job.text), text=job.text, language=job.language)
            self.post(ev.Synthesized(job.turn, job.index, speech, self._rooms.clock.now()))

    def _failed(self, job: ev.Transcribe | ev.Answer | ev.Synthesize, error: Exception) -> None:
        part = type(job).__name__.lower()
        self.post(ev.PartFailed(job.turn, part, str(error), self._rooms.clock.now()))
