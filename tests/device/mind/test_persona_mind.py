"""The mind as the loop drives it: events in order, nothing after a cancel, a history of what was said."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from device.conversation import events as ev
from device.mind.answer import Answerer
from device.mind.persona_mind import SAY_AGAIN, TALKED_ABOUT_S, PersonaMind
from device.mind.photographs import Photographs
from device.persona.album import Photo
from device.ports import Hit, Transcript
from tests.fakes.mind import FakeLanguageModel, FakeMemory
from tests.fakes.voice import ManualClock
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


KITE = Photo("kite.jpg", 4, 3, caption={"en": "Mei's kite."}, memory="kite")


def asked_about_it(seen: Callable[[PersonaMind], None], at: float) -> ev.AnswerBegan:
    clock = ManualClock()
    talk = PersonaMind(Answerer(demo_persona(), FakeMemory({}), None, Photographs((KITE,))), clock, "en")
    seen(talk)
    clock.t = at
    posted: list[ev.Event] = []
    talk.answer(1, Transcript("What is this picture?", "en", 1.0), posted.append, never)
    began = posted[0]
    assert isinstance(began, ev.AnswerBegan)
    return began


def test_this_picture_is_the_one_that_was_just_seen() -> None:
    def open_then_closed(talk: PersonaMind) -> None:
        talk.look_at("kite.jpg", 10.0)
        talk.look_at("", 20.0)

    assert asked_about_it(lambda talk: talk.look_at("kite.jpg", 10.0), 999.0).pictures.files == ("kite.jpg",)
    assert asked_about_it(open_then_closed, 20.0 + TALKED_ABOUT_S - 1).pictures.files == ("kite.jpg",)
    assert asked_about_it(open_then_closed, 20.0 + TALKED_ABOUT_S + 1).pictures.files == ()
    assert asked_about_it(lambda talk: None, 1.0).pictures.files == ()
