"""The largest gap is asked about first, in both languages."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from provisioning.memories.questions import ASKED, TOPICS, coverage, gaps
from provisioning.stories import parse_stories


def test_there_are_some_sixty_questions_in_both_languages() -> None:
    assert 50 <= len(ASKED) <= 70
    assert all(re.search(r"[\u4e00-\u9fff]", ask["zh"]) and ask["en"].endswith((".", "?")) for ask in ASKED.values())
    assert all(re.fullmatch(r"[a-z-]+", id) for id in ASKED)


def test_an_empty_box_is_asked_one_question_of_each_topic_first() -> None:
    asked = gaps(coverage([]))
    assert [q.topic for q in asked[: len(TOPICS)]] == list(TOPICS)
    assert {q.id for q in asked} == set(ASKED)


def test_what_is_told_enough_is_not_asked() -> None:
    covered = coverage(["I worked in the factory."] * 9 + ["我小时候在弄堂里玩。"])
    assert covered["work"] == 9
    asked = gaps(covered, answered={"met-where"})
    assert not any(q.topic == "work" for q in asked)
    assert "met-where" not in {q.id for q in asked}
    weights = {q.topic: q.weight for q in reversed(asked)}
    assert weights["childhood"] < weights["parents"]


def test_answers_are_read_as_stories_with_the_question_they_answer() -> None:
    text = "# question: met-where\n我们在渡船上认识。\n\n# question: work-first\nI measured the river.\n"
    one, two = parse_stories(text, "review/answers.txt")
    assert (one.answers, one.language, two.answers) == ("met-where", "zh", "work-first")


@given(st.lists(st.text(max_size=60), max_size=6))
def test_any_texts(texts: list[str]) -> None:
    assert all(0 < q.weight <= 1 for q in gaps(coverage(texts)))
