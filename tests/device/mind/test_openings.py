"""Whatever is asked, what a quotation or a ready line opens with is known in advance."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from device.mind.answer import Answerer
from device.mind.memory_file import MemoryRow
from device.mind.openings import Opening, openings
from device.ports import Hit
from tests.fakes.mind import FakeLanguageModel, FakeMemory
from tests.scenarios.evaluate_memory import demo_persona

PERSONA = demo_persona()
WORDS = ("river", "bridge", "he", "then", "the", "dog", "Mr.", "nineteen", "and", "wall")
ENGLISH = st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).flatmap(
    lambda words: st.sampled_from((" ", ", ")).map(lambda gap: gap.join(words) + ".")
)
CHINESE = st.lists(st.sampled_from("江桥他后来的，狗墙"), min_size=1, max_size=12).map(
    lambda signs: "".join(signs) + "。"
)


@given(st.lists(ENGLISH, min_size=1, max_size=8), st.lists(st.sampled_from(WORDS), min_size=1, max_size=4))
def test_of_any_memory_in_english(parts: list[str], asked: list[str]) -> None:
    _opens(" ".join(parts), "en", " ".join(asked))


@given(st.lists(CHINESE, min_size=1, max_size=8), st.lists(st.sampled_from("江桥狗墙"), min_size=1, max_size=4))
def test_of_any_memory_in_chinese(parts: list[str], asked: list[str]) -> None:
    _opens("".join(parts), "zh", "".join(asked))


def _opens(text: str, language: str, asked: str) -> None:
    memory = FakeMemory({asked: [Hit("one", text, language, 5.0, 0.9)]})
    reply = Answerer(PERSONA, memory, FakeLanguageModel("")).answer(asked, language, (), lambda: False)
    assume(reply.route == "fact")
    first = next(reply.clauses())
    assert Opening(first.text, language) in openings(PERSONA.person, [MemoryRow("one", language, text)])


def test_of_what_is_said_by_rule() -> None:
    known = openings(PERSONA.person, [])
    answerer = Answerer(PERSONA, FakeMemory({}), FakeLanguageModel(""))
    for asked, language in (
        ("Hello Grandpa!", "en"),
        ("再见，外公。", "zh"),
        ("Are you real?", "en"),
        ("谢谢外公", "zh"),
        ("I want to kill myself", "en"),
        ("What was the name of your parrot?", "en"),
        ("大声一点", "zh"),
        ("Show me the elephants", "en"),
    ):
        first = next(answerer.answer(asked, language, (), lambda: False).clauses())
        assert Opening(first.text, language) in known, asked


def test_each_is_there_once_and_beginnings_come_first() -> None:
    long = MemoryRow("long", "en", "One lane. Two wells, they say, and a pump. Three cats. Four dogs. Five roofs.")
    short = MemoryRow("short", "en", "One roof. Two wells.")
    again = MemoryRow("again", "en", long.text)
    found = [opening.text for opening in openings(PERSONA.person, [long, short, again])]
    assert len(set(found)) == len(found)
    assert all(found)
    assert found[-6:] == ["One lane.", "One roof.", "Two wells, they say,", "Three cats.", "Four dogs.", "Five roofs."]
