"""A persona's mind as the loop drives it: one turn in, events out; what was really said becomes the history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from device.clock import SystemClock
from device.conversation import events as ev
from device.mind.answer import Answerer, Reply
from device.mind.prompt import Turn
from device.persona.unpacked import Persona
from device.ports import Cancelled, Clock, LanguageModel, Memory, Transcript

HISTORY = 6
"""Turns that are kept; older ones never enter a prompt."""


class PersonaMind:
    """Implements `loop.Mind`. `answer` runs on the mind's thread, `remember` on the loop's."""

    def __init__(
        self, model: LanguageModel | None, memory: Memory | None, persona: Persona, clock: Clock | None = None
    ) -> None:
        self._answerer = Answerer(persona.file, memory, model)
        self._clock = clock or SystemClock()
        self._history: tuple[Turn, ...] = ()
        self._evidence: dict[str, tuple[str, ...]] = {}

    def reply(self, text: str, language: str, cancelled: Cancelled = lambda: False) -> Reply:
        """The answer to a text, without events; it enters the history only through `remember`."""
        reply = self._answerer.answer(text, language, self._history, cancelled)
        self._evidence = {text: reply.evidence}
        return reply

    def answer(self, turn: int, transcript: Transcript, post: Callable[[ev.Event], None], cancelled: Cancelled) -> None:
        """See `loop.Mind`."""
        if cancelled():
            return
        now = self._clock.now
        reply = self.reply(transcript.text, transcript.language, cancelled)
        post(ev.AnswerBegan(turn, reply.route, reply.evidence, reply.abstained, now()))
        count = 0
        for clause in reply.clauses():
            if cancelled():
                return
            if count == 0:
                post(ev.FirstToken(turn, now()))
            post(ev.ClauseReady(turn, count, clause.text, clause.language, now()))
            count += 1
        if not cancelled():
            post(ev.AnswerEnded(turn, count, now()))

    def remember(self, heard: str, said: str, language: str) -> None:
        """See `loop.Mind`."""
        turn = Turn(heard, said, language)
        turn = replace(turn, evidence=self._evidence.get(heard, ()))
        self._history = (*self._history, turn)[-HISTORY:]
