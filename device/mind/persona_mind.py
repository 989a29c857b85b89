"""The mind as the loop sees it: one transcript in, events out, and a history of what was really said aloud."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping

from device.conversation import events as ev
from device.conversation.steps import UNCLEAR
from device.mind.answer import Answerer, Clause, Reply
from device.mind.lines import NOT_MY_LANGUAGE, SAY_AGAIN
from device.mind.prompt import Turn
from device.ports import Cancelled, Clock, Transcript

HISTORY = 4
"""Turns that are remembered within a conversation."""

TALKED_ABOUT_S = 60.0
"""s for which "this picture" means one that is not on the screen any more."""


class PersonaMind:
    """Answers on the mind's thread; the history is its own."""

    def __init__(self, answerer: Answerer, clock: Clock, first_language: str) -> None:
        self._answerer = answerer
        self._clock = clock
        self._first_language = first_language
        self._history: deque[Turn] = deque(maxlen=HISTORY)
        self._evidence: tuple[str, ...] = ()
        self._seen: tuple[str, float] = ("", 0.0)

    def look_at(self, file: str, t: float) -> None:
        """The photograph that is on the screen from `t` s on; "" none. From any thread."""
        # What was seen is talked about when the album has just made room for the portrait.
        self._seen = (file, float("inf")) if file else (self._seen[0], min(self._seen[1], t + TALKED_ABOUT_S))

    def answer(self, turn: int, transcript: Transcript, post: Callable[[ev.Event], None], cancelled: Cancelled) -> None:
        """Posts AnswerBegan, FirstToken, a ClauseReady for each clause, and AnswerEnded unless cancelled."""
        reply = self._reply(transcript, cancelled)
        began = self._clock.now()
        post(ev.AnswerBegan(turn, reply.route, reply.evidence, reply.abstained, began, reply.order, reply.pictures))
        count = 0
        for clause in reply.clauses():
            if cancelled():
                return
            now = self._clock.now()
            if count == 0:
                post(ev.FirstToken(turn, now))
            post(ev.ClauseReady(turn, count, clause.text, clause.language, now))
            count += 1
        if not cancelled():
            self._evidence = reply.evidence
            post(ev.AnswerEnded(turn, count, self._clock.now()))

    def remember(self, heard: str, said: str, language: str) -> None:
        """What was really said enters the history, with the memories it came from."""
        self._history.append(Turn(heard, said, language, self._evidence))

    def _reply(self, transcript: Transcript, cancelled: Cancelled) -> Reply:
        if transcript.text.strip():
            file, until = self._seen
            showing = file if self._clock.now() < until else ""
            history = tuple(self._history)
            return self._answerer.answer(transcript.text, transcript.language, history, cancelled, showing)
        if transcript.unclear:
            return _by_rule(UNCLEAR, SAY_AGAIN, transcript.language)
        return _by_rule("language", NOT_MY_LANGUAGE, self._first_language)


def _by_rule(route: str, lines: Mapping[str, str], language: str) -> Reply:
    """What was not understood is said so, not guessed at."""

    def make() -> Iterator[Clause]:
        yield Clause(lines[language], language, "rule")

    return Reply(route, language, (), True, (), make)
