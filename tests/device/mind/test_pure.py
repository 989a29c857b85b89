"""Words, kin, sentences, stop strings: the small pure parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.mind import kin, quote, sentences
from device.mind.stop_strings import StopStrings
from device.mind.words import index_terms, query_terms, stem


@pytest.mark.parametrize(
    "group",
    [
        ("walk", "walks", "walked", "walking"),
        ("live", "lives", "lived", "living"),
        ("city", "cities"),
        ("meet", "met"),
        ("stop", "stopped"),
    ],
)
def test_forms_of_a_word_agree(group: tuple[str, ...]) -> None:
    assert len({stem(word) for word in group}) == 1


def test_a_question_keeps_what_it_asks_about() -> None:
    assert [t.word for t in query_terms("How did you and Grandma meet?")] == ["grandma", "meet"]
    assert [t.word for t in query_terms("外公，你和外婆是怎么认识的？")] == ["外婆", "认识"]


def test_synonyms_meet_in_the_index() -> None:
    for question, memory in (("Tell me about your wife", "your grandmother Lan"), ("你们怎么认识的", "在轮渡上认得的")):
        assert any(t.alternatives & set(index_terms(memory)) for t in query_terms(question))


def test_his_own_grandmother_is_not_his_wife() -> None:
    (term,) = query_terms("你的奶奶呢？")
    assert not term.alternatives & set(index_terms("你外婆是西兴人"))
    assert term.alternatives & set(index_terms("我奶奶卖豆腐"))


@given(st.text(max_size=60))
def test_any_text_has_terms(text: str) -> None:
    assert all(index_terms(text))
    assert all(t.word in t.alternatives or len(t.word) > 2 for t in query_terms(text))


def test_who_is_whose() -> None:
    found = kin.relations(["My daughter Ting was born then.", "我女儿听潮来了。听潮笑。听潮走。"], ["Ting"])
    assert "女儿" in found["Ting"]
    assert "daughter" in found["听潮"]
    assert "daughter" in kin.keywords("anything", ["Ting"], found)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("He came. He saw.", ["He came.", "He saw."]),
        ("Dr. Hu paid 3.50 for it. I did not.", ["Dr. Hu paid 3.50 for it.", "I did not."]),
        ("她数了数，说，还少一根。后来呢？", ["她数了数，说，还少一根。", "后来呢？"]),
        ("No end", ["No end"]),
        ("Neither did I. She did.", ["Neither did I.", "She did."]),
    ],
)
def test_sentences(text: str, parts: list[str]) -> None:
    assert sentences.split(text) == parts


@given(st.text(alphabet="ab .!?。“”\n", max_size=40))
def test_sentences_lose_only_space(text: str) -> None:
    assert "".join("".join(sentences.split(text)).split()) == "".join(text.split())


@given(
    st.lists(st.text(alphabet="abc", max_size=3), max_size=12),
    st.lists(st.text(alphabet="abc", min_size=1, max_size=3), max_size=3),
)
def test_stop_strings_agree_with_finding_them_afterwards(pieces: list[str], stops: list[str]) -> None:
    cutter = StopStrings(stops)
    got = "".join(map(cutter.push, pieces))
    got += "" if cutter.met else cutter.flush()
    whole = "".join(pieces)
    ends = [len(whole)]
    for length in range(len(whole) + 1):  # the first moment at which a stop string is complete
        found = [at for s in stops if (at := whole[:length].find(s)) >= 0]
        if found:
            ends = [min(whole.find(s) for s in stops if s in whole[:length])]
            break
    assert got == whole[: ends[0]]


LONG = (
    "The lane was narrow. Nine families lived there. In spring we flew kites. The string was silk. "
    "One kite was blue. It got lost."
)


def test_a_short_memory_is_quoted_from_its_beginning() -> None:
    assert quote.choose("One. Two. Three.", "three") == (0, 3)


def test_a_long_memory_is_quoted_from_the_sentence_that_answers() -> None:
    first, end = quote.choose(LONG, "What about the kites?")
    assert sentences.split(LONG)[first] == "In spring we flew kites."
    assert end - first <= quote.MAX_SENTENCES + 1


def test_a_quotation_never_begins_with_a_dangling_sentence() -> None:
    first, _ = quote.choose(LONG, "What got lost?")
    assert sentences.split(LONG)[first] == "One kite was blue." or first == 4 or first == 3
    assert not sentences.split(LONG)[first].startswith("It ")
