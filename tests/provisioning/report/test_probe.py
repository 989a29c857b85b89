"""A trial with the family's own questions is fair: the mind has never seen them."""

from __future__ import annotations

from provisioning.memories.memory import Cited, Memory
from provisioning.report.probe import LEAST, MOST, probe
from provisioning.studio.mind import Reply
from tests.fakes.workshop import QuotingMind


def memories(count: int) -> list[Memory]:
    return [
        Memory(f"m{n}", "en", f"The boat number{n} was blue.", Cited("s", n), "story", question=f"Colour of number{n}?")
        for n in range(count)
    ]


class Inventing(QuotingMind):
    """Says something whatever it is asked."""

    def ask(self, question: str) -> Reply:
        return Reply("It was red.", "fact", False)


def test_right_is_what_rests_on_the_very_memory() -> None:
    told = memories(20)
    told[3] = Memory("m3", "en", "Nothing of it.", Cited("s"), "story", question="Colour of number3?")
    mind = QuotingMind()
    found = probe(lambda: mind, told)
    assert found is not None
    assert (found.answered, found.asked, found.invented) == (19, 20, 0)
    assert not [m for m in mind.known.values() if m.question]


def test_what_rests_on_nothing_is_invented() -> None:
    found = probe(Inventing, memories(12))
    assert found is not None
    assert (found.answered, found.invented) == (0, 12)


def test_few_questions_say_nothing_and_many_are_not_all_asked() -> None:
    assert probe(QuotingMind, memories(LEAST - 1)) is None
    found = probe(QuotingMind, memories(500))
    assert found is not None
    assert found.asked <= MOST
