"""Habits are what comes again on other days, in the person's own words."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from provisioning.memories.names import Names
from provisioning.memories.redact import Redactor
from provisioning.style.counting import clauses_of, quartiles
from provisioning.style.figures import Habit, Manner
from provisioning.style.manner import manners
from provisioning.style.utterance import Utterance

CLEAN = Redactor(Names(["Ting", "听潮"], ["张三丰"])).clean


def said(*texts: str, language: str = "zh", **more: object) -> list[Utterance]:
    """One a day."""
    return [
        Utterance(t, language, "message", f"2019-{1 + at // 28:02d}-{1 + at % 28:02d}", **more)  # type: ignore[arg-type]
        for at, t in enumerate(texts)
    ]


def manner(utterances: Sequence[Utterance]) -> Manner:
    (found,) = manners(utterances, CLEAN, {"听潮": ("Ting", "阿潮")})
    return found


def words(habits: Sequence[Habit]) -> dict[str, int]:
    return {h.words: h.count for h in habits}


def test_a_saying_comes_again_on_other_days() -> None:
    again = manner(said("莫急，渡船会回来的。", "下雨了，渡船会回来的", "买菜去。渡船会回来的。"))
    assert words(again.sayings) == {"渡船会回来的": 3}
    assert again.sayings[0].examples[0] == "莫急，渡船会回来的。"
    one_day = [Utterance("渡船会回来的。", "zh", "message", "2019-01-01")] * 5
    assert manner(one_day).sayings == ()


def test_english_sayings_need_words_of_content() -> None:
    found = manner(said(*["Measure twice, then ask Ting."] * 3, *["I was there with you."] * 3, language="en"))
    assert set(words(found.sayings)) == {"Measure twice, then ask Ting"}


def test_quotes_of_others_teach_nothing() -> None:
    assert manner(said(*["他老是讲“渡船一定会回来的”，我不信的。"] * 4)).sayings[0].words != "渡船一定会回来的"
    assert not any("渡船" in h.words for h in manner(said(*["他讲“渡船一定会回来的”"] * 4)).sayings)


def test_fillers_and_particles() -> None:
    found = manner(said("哎呀，今天落雨呢", "哎呀，莫去了嘛", "那个，我想想看", "那个人来过了", "好吃呢"))
    assert words(found.fillers) == {"哎呀": 2}
    assert words(found.particles)["呢"] == 2
    english = manner(said("Well, it rained, you know.", "Well, sit down then.", language="en"))
    assert words(english.fillers) == {"well": 2}
    assert english.fillers[0].per_thousand == 1000.0


def test_dialect_needs_several_of_its_words() -> None:
    found = manner(said("我晓得的", "这桩事体蛮怪", "辰光不早", "晓得了，莫急"))
    assert set(found.dialects) == {"吴语"}
    assert words(found.dialect)["晓得"] == 2
    assert manner(said("我晓得的", "晓得晓得")).dialects == {}


def test_lengths_are_quartiles_of_sentences_and_of_answers() -> None:
    found = manner(said("一二三四", "一二三四五六。一二", "一二三四五六七八"))
    assert found.sentences == 4
    assert found.length == (4, 6, 8)
    assert found.answer_length[2] == 8
    assert quartiles([]) == (0, 0, 0)


def test_how_each_relative_is_addressed() -> None:
    letters = [Utterance("走路当心。", "zh", "letter", "1986-10-04", "听潮", vocative="阿潮")]
    found = manner([*letters, *said("阿潮，吃饭了", "阿潮：钱收到了", "今天落雨", to="听潮")])
    assert (found.address["听潮"].words, found.address["听潮"].count) == ("阿潮", 3)


def test_greetings_and_farewells() -> None:
    opening = said("来啦，坐", "来啦，今天冷", opens=True)
    closing = said("路上慢点，莫急", "钱不要寄了，路上慢点", closes=True)
    found = manner([*opening, *closing])
    assert words(found.greetings) == {"来啦": 2}
    assert words(found.farewells) == {"路上慢点": 2}


def test_jokes_got_a_laugh() -> None:
    joke = "我眼镜用钓鱼线修的，你外婆问我耳朵几斤重"
    assert manner(said(joke, laughed=True)).jokes == (joke,)
    assert manner(said(joke)).jokes == ()


def test_emoji_are_counted() -> None:
    assert words(manner(said("好的呀😂", "走了😂[微笑]", "[微笑]看")).emoji) == {"😂": 2, "[微笑]": 2}


CANARIES = ["张三丰", "13987654321", "王建国", "hunter2secret"]


def test_canaries_are_in_no_example() -> None:
    texts = [f"哎呀，渡船会回来的呢，{c}，密码是hunter2secret" for c in CANARIES for _ in range(3)]
    found = repr(manner(said(*texts, *[f"{c}说渡船要回来的" for c in CANARIES[:3] for _ in range(4)], laughed=True)))
    assert "渡船会回来的呢" in found
    assert not [c for c in CANARIES if c in found]


def test_languages_are_kept_apart() -> None:
    both = manners([*said("我在江边长大。"), *said("I grew up by the river.", language="en")], CLEAN, {})
    assert [m.language for m in both] == ["en", "zh"]
    assert manners([], CLEAN, {}) == ()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(
            Utterance,
            st.text(max_size=50),
            st.sampled_from(["en", "zh"]),
            st.sampled_from(["message", "letter", "story"]),
            st.sampled_from(["", "2019-01-01", "2019-01-02"]),
            st.sampled_from(["", "听潮"]),
            st.booleans(),
            st.booleans(),
            st.booleans(),
        ),
        max_size=8,
    )
)
def test_any_utterances(utterances: list[Utterance]) -> None:
    one, two = (manners(utterances, CLEAN, {}) for _ in range(2))
    assert one == two
    assert all(len(clause) > 0 for u in utterances for clause in clauses_of(u.text))
