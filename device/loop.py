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

import logging
import queue
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from device import link
from device.conversation import events as ev
from device.conversation import watch
from device.conversation.reducer import reduce
from device.conversation.state import Policy, State
from device.ears.called import Called, called
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
from device.ticker import Ticker
from device.voice.gain import Loudness
from device.workers import Hangs, Worker

log = logging.getLogger(__name__)

OUTPUT_LATENCY_S = 0.05
"""s from queueing a clause to its first sample in the air, before the speaker says how long it really takes."""


TICK_S = 0.5
"""s between two looks at the time while it answers, works, or listens on after an answer."""

HOPELESS_S = 60.0
"""s in one job after which an engine counts as hung: four times what a turn is given (`conversation/watch.py`)."""


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

    def __init__(
        self,
        rooms: Rooms,
        observer: Observer,
        policy: Policy | None = None,
        volume: float = 1.0,
        hopeless: Callable[[str], None] = lambda name: None,
    ) -> None:
        """`volume`: factor 0..1 on what is said, until somebody orders otherwise. `hopeless`: called on the loop's
        thread with the name of a worker that hangs for good; a native call cannot be ended, only its process."""
        self._rooms = rooms
        self._hopeless = hopeless
        self._hangs = Hangs(HOPELESS_S)
        self._observer = observer
        self._queue: queue.Queue[ev.Event | None] = queue.Queue()
        self._state = State(policy or Policy())
        self._loudness = Loudness(volume)
        self._speaker: Speaker
        self._set_listening: Callable[[bool], None]
        self._speeches: dict[int, Speech] = {}
        self._ticker = Ticker(TICK_S, rooms.clock.now())
        self._wanted: ev.Transcribe | None = None  # the last interruption that was to be transcribed whole
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
            try:
                self._take(event)
            except Exception:  # the thread's edge: a loop that ends is a frame that is deaf for ever
                log.exception("the loop failed at %s", type(event).__name__)
                self._begin_anew()

    def _take(self, event: ev.Event) -> None:
        self._observer.event(event)
        if isinstance(event, ev.Ticked):
            self._look_for_hangs(event.t)
        if isinstance(event, ev.Pushed) and self._loudness.deaf:
            self._loudness.hear()
            self._rooms.face.send(link.Notice("", ""))
        current = getattr(event, "turn", None) == self._state.turn
        self._state, actions = reduce(self._state, event)
        if current and isinstance(event, ev.PlaybackReported) and event.played.kind == "started":
            self._show_speech(event.turn, event.played.index, event.played.t)
        for action in actions:
            self._dispatch(action)

    def _begin_anew(self) -> None:
        """Nothing is known of the turn any more: the next one, with open ears and the voice as it was."""
        self._speeches.clear()
        turn, self._state = self._state.turn, self._state.fresh()
        self._set_listening(not self._loudness.deaf)
        self._rooms.face.send(link.Mood("sorry", self._rooms.clock.now()))
        try:
            self._observer.finished(ev.FinishTurn(turn, "", "", "", failure="the loop failed"))
            self._speaker.set_gain(self._loudness.duck(False))
        except Exception:  # the thread's edge: perhaps it was one of these that failed
            log.exception("the loop begins anew without its observer or its loudspeaker")

    def _next(self) -> ev.Event | None:
        """The next event; at least every TICK_S a tick, while time matters."""
        now = self._rooms.clock.now()
        matters = watch.busy(self._state) or self._state.attentive_until > 0 or any(w.busy for w in self._workers)
        if not matters:
            self._ticker.rest(now)
            return self._queue.get()
        try:
            if not self._ticker.due(now):
                return self._queue.get(timeout=TICK_S)
        except queue.Empty:
            pass
        return self._ticker.tick(self._rooms.clock.now())

    def _look_for_hangs(self, t: float) -> None:
        for name in self._hangs.look({w.name: w.job_number for w in self._workers if w.busy}, t):
            log.error("the %s hangs for good", name)
            self._hopeless(name)

    @property
    def _workers(self) -> tuple[Worker[Any], ...]:
        return self._transcriber, self._mind, self._voice

    def stop(self) -> None:
        """Ends the loop and its threads."""
        self._queue.put(None)
        for worker in self._workers:
            worker.stop()

    def _dispatch(self, action: ev.Action) -> None:
        match action:
            case ev.Transcribe():
                self._wanted = action if action.stage == "interrupted" else self._wanted
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

    def _outdone(self, job: ev.Transcribe) -> bool:
        """It was taken for all of an interruption, and then there was more: half of it must not pass for the whole."""
        return job.stage == "interrupted" and self._wanted is not job

    def _transcribe(self, job: ev.Transcribe) -> None:
        if not (self._stale(job.turn) or self._outdone(job)):
            # The name is expected only where somebody surely speaks to it: else it is heard in a cough.
            unexpected = job.overheard or job.stage != "pause"
            transcript = self._rooms.transcriber.transcribe(job.utterance, self._rooms.languages, unexpected)
            call = _call(transcript.text, self._rooms.names) if job.overheard else None
            if call is not None:
                transcript = replace(transcript, text=call.before or call.rest or call.name)
            if not self._outdone(job):
                self.post(ev.Transcribed(job.turn, transcript, self._rooms.clock.now(), call is not None, job.stage))

    def _answer(self, job: ev.Answer) -> None:
        def cancelled() -> bool:
            self._ticker.sign()  # asked between two tokens: it is thinking
            return self._stale(job.turn)

        self._rooms.mind.answer(job.turn, job.transcript, self.post, cancelled)

    def _synthesize(self, job: ev.Synthesize) -> None:
        if not self._stale(job.turn):
            voice = self._rooms.voices.get(job.language) or next(iter(self._rooms.voices.values()))
            speech = replace(voice.synthesize(job.text), text=job.text, language=job.language)
            self.post(ev.Synthesized(job.turn, job.index, speech, self._rooms.clock.now()))

    def _failed(self, job: ev.Transcribe | ev.Answer | ev.Synthesize, error: Exception) -> None:
        part = type(job).__name__.lower()
        self.post(ev.PartFailed(job.turn, part, str(error), self._rooms.clock.now()))


def _call(text: str, names: tuple[str, ...]) -> Called | None:
    """The name that somebody calls, at the beginning of what they say or as the last word of it."""
    call = called(text, names) or called(text, names, anywhere=True)
    return call if call is not None and (not call.before or not call.rest) else None
