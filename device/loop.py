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
from typing import Protocol

from device import allocator, link
from device.conversation import events as ev
from device.conversation import watch
from device.conversation.emotion import emotion_of
from device.conversation.finished import Ending
from device.conversation.reducer import reduce
from device.conversation.state import Policy, State
from device.conversation.steps import interjection_due
from device.ports import Played, Speaker, Speech, Utterance
from device.speaking import speak
from device.ticker import Ticker
from device.voice.gain import Loudness
from device.workshop import Rooms, Workshop

log = logging.getLogger(__name__)

OUTPUT_LATENCY_S = 0.05
"""s from queueing a clause to its first sample in the air, before the speaker says how long it really takes."""


TICK_S = 0.5
"""s between two looks at the time while it answers, works, or listens on after an answer."""

MUTED = link.Notice("I am not listening. Touch me, or press a key.", "我现在不听。碰一下屏幕，或者按一个键，我再听。")


class Observer(Protocol):
    """Somebody who writes down what happens: a recording, a journal."""

    def event(self, event: ev.Event) -> None:
        """Every event in the order in which the loop took it, stale ones too."""
        ...

    def finished(self, turn: ev.FinishTurn) -> None:
        """A turn is over."""
        ...


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
        self._observer = observer
        self._queue: queue.Queue[ev.Event | None] = queue.Queue()
        self._state = State(policy or Policy())
        self._loudness = Loudness(volume)
        self._speaker: Speaker
        self._set_listening: Callable[[bool], None]
        self._expect: Callable[[Ending], None]
        self._speeches: dict[int, Speech] = {}
        self._ticker = Ticker(TICK_S, rooms.clock.now())
        self._workshop = Workshop(rooms, self.post, lambda: self._state.turn, self._ticker.sign, hopeless)

    def connect(
        self,
        speaker: Speaker,
        set_listening: Callable[[bool], None],
        expect: Callable[[Ending], None] = lambda ending: None,
    ) -> None:
        """The loudspeaker, what opens and closes the ears, and what tells them how the words so far end; before
        `run`."""
        self._speaker = speaker
        self._set_listening = set_listening
        self._expect = expect
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

    @property
    def calm(self) -> bool:
        """Nobody talks with it: it neither hears, answers nor speaks, and expects nothing more."""
        return self.idle and self._state.attentive_until <= self._rooms.clock.now()

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
            self._workshop.look(event.t)
        if isinstance(event, ev.Pushed) and self._loudness.deaf:
            self._loudness.hear()
            self._rooms.face.send(link.Notice("", ""))
        if isinstance(event, ev.Visited) and self._loudness.deaf:
            return  # who does not listen does not invite to talk
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
        now, due = self._rooms.clock.now(), interjection_due(self._state)
        matters = watch.busy(self._state) or self._state.attentive_until > 0 or self._workshop.busy
        if not matters:
            self._ticker.rest(now)
            return self._queue.get()
        try:
            if not self._ticker.due(now):
                return self._queue.get(timeout=TICK_S if due is None else min(TICK_S, max(0.0, due - now)))
        except queue.Empty:
            pass
        return self._ticker.tick(self._rooms.clock.now())

    def stop(self) -> None:
        """Ends the loop and its threads."""
        self._queue.put(None)
        self._workshop.stop()

    def _dispatch(self, action: ev.Action) -> None:
        match action:
            case ev.Transcribe() | ev.Answer() | ev.Synthesize():
                self._workshop.begin(action)
            case ev.FinishTurn():
                self._finish(action)
            case ev.ShowMood(state, t):
                self._rooms.face.send(link.Mood(state, t))
            case ev.ShowHeard(text, language):
                self._rooms.face.send(link.Heard(text, language))
            case ev.ShowPictures(pictures):
                self._rooms.face.send(link.Photos(pictures.files, pictures.beside, self._rooms.clock.now()))
            case _:
                self._sound(action)

    def _sound(self, action: ev.Action) -> None:
        """What concerns the loudspeaker and the ears."""
        match action:
            case ev.Play(utterance):
                self._play(utterance)
            case ev.Interject(turn, language):
                self._interject(turn, language)
            case ev.StopSpeaking(turn, t):
                self._speaker.stop()
                self._rooms.face.send(link.Hush(turn, t))
            case ev.Duck(on):
                self._speaker.set_gain(self._loudness.duck(on))
            case ev.Obey(order):
                self._obey(order)
            case ev.Listen(on):
                self._set_listening(on and not self._loudness.deaf)
            case ev.Expect(ending):
                self._expect(ending)

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

    def _interject(self, turn: int, language: str) -> None:
        """One after the other, so that nobody hears the same twice in a row."""
        ready = self._rooms.interjections.get(language, ())
        if ready:
            speech = ready[turn % len(ready)]
            self._speeches[ev.INTERJECTION] = speech
            self._speaker.play(Utterance(turn, ev.INTERJECTION, speech))

    def _show_speech(self, turn: int, index: int, t0: float) -> None:
        """A clause's mouth shapes; told again with the true time once the speaker reports it, which corrects it."""
        speech = self._speeches[index]
        emotion = emotion_of(speech.text, speech.language, self._state.answer.route)
        self._rooms.face.send(speak(turn, index, t0, speech, emotion))

    def _finish(self, turn: ev.FinishTurn) -> None:
        self._speeches.clear()
        self._observer.finished(turn)
        if turn.heard and turn.said:
            self._rooms.mind.remember(turn.heard, turn.said, turn.language)
        allocator.give_back()
