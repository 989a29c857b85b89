"""The mind as the loop drives it: events in order, nothing after a cancel, a history of what was said."""

from __future__ import annotations

import itertools

from device.conversation import events as ev
from device.mind.answer import Answerer
from device.mind.persona_mind import SAY_AGAIN, PersonaMind
from device.ports import Hit, Transcript
from tests.fakes.mind import FakeLanguageModel, FakeMemory
from tests.scenarios.evaluate_memory import demo_persona

LANE = Hit("lane", "One lane. Two wells. Three cats. Four dogs lived there. Five roofs. Six chimneys.", "en", 5.0, 0.9)


def never() -> bool:
    return False


def mind(says: str = "") -> PersonaMind:
    class Ticks:
        def __init__(self) -> None:
            self._ticks = itertools.count()

        def now(self) -> float:
            return float(next(self._ticks))

    answerer = Answerer(demo_persona(), FakeMemory({"lane": [LANE]}), FakeLanguageModel(says))
    return PersonaMind(answerer, Ticks(), "en")


def test_events_in_order() -> None:
    posted: list[ev.Event] = []
    mind().answer(3, Transcript("Tell me about the lane", "en", 1.0), posted.append, never)
    kinds = [type(e).__name__ for e in posted]
    assert kinds[:3] == ["AnswerBegan", "FirstToken", "ClauseReady"]
    assert kinds[-1] == "AnswerEnded"
    ready = [e for e in posted if isinstance(e, ev.ClauseReady)]
    assert [e.index for e in ready] == list(range(len(ready)))
    assert posted[-1] == ev.AnswerEnded(3, len(ready), posted[-1].t)


def test_who_was_not_understood_is_told_so_in_their_language() -> None:
    for language, line in SAY_AGAIN.items():
        posted: list[ev.Event] = []
        mind().answer(3, Transcript("", language, 0.0, unclear=True), posted.append, never)
        began, _, clause, _ = posted
        assert isinstance(began, ev.AnswerBegan)
        assert isinstance(clause, ev.ClauseReady)
        assert (began.route, clause.text, clause.language) == ("unclear", line, language)


def test_a_cancelled_answer_never_ends() -> None:
    posted: list[ev.Event] = []
    mind().answer(3, Transcript("Tell me about the lane", "en", 1.0), posted.append, lambda: len(posted) > 2)
    assert not any(isinstance(e, ev.AnswerEnded) for e in posted)


def test_what_was_said_becomes_history() -> None:
    talk = mind()
    posted: list[ev.Event] = []
    talk.answer(1, Transcript("Tell me about the lane", "en", 1.0), posted.append, never)
    talk.remember("Tell me about the lane", " ".join(e.text for e in posted if isinstance(e, ev.ClauseReady)), "en")
    posted.clear()
    talk.answer(2, Transcript("And then?", "en", 1.0), posted.append, never)
    assert isinstance(posted[0], ev.AnswerBegan)
    assert (posted[0].route, posted[0].evidence) == ("follow-up", ("lane",))


def test_a_language_it_does_not_speak_is_admitted() -> None:
    posted: list[ev.Event] = []
    mind().answer(1, Transcript("", "fr", 0.5), posted.append, never)
    assert isinstance(posted[0], ev.AnswerBegan)
    assert posted[0].abstained
    assert isinstance(posted[-1], ev.AnswerEnded)
