"""Talking about photographs, by rule and by the family's words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.mind import captions, lines
from device.mind.answer import Answerer
from device.mind.memory_file import MemoryRow
from device.mind.photographs import MOST, Photographs, asks_about_it, wished
from device.persona.album import Photo
from device.ports import Hit, Pictures
from tests.fakes.mind import FakeMemory
from tests.scenarios.evaluate_memory import demo_persona

FERRY = Photo("ferry.jpg", 4, 3, "1960", (), "how-we-met", {"zh": "早班轮渡。", "en": "The morning ferry."})
KITE = Photo("kite.jpg", 4, 3, "1994-04", ("Mei", "Leo"), "kite", {"zh": "小梅的风筝。", "en": "Mei's kite."})
BARE = Photo("bare.jpg", 4, 3)
ROWS = [
    MemoryRow("how-we-met", "en", "I met Lan on the ferry. She had an umbrella. It rained."),
    MemoryRow("how-we-met", "zh", "我在渡船上碰到秀兰。她带着伞。"),
]
ALBUM = Photographs((FERRY, KITE, BARE), ROWS)


@pytest.mark.parametrize(
    ("said", "wish"),
    [
        ("Show me the wedding.", "wedding"),
        ("Please show me a picture of the ferry, please.", "the ferry"),
        ("Can you show us some photos from 1994?", "1994"),
        ("Let me see the old house", "old house"),
        ("I want to see the kite.", "kite"),
        ("Do you have any pictures of Mei?", "Mei"),
        ("给我看看老房子", "老房子"),
        ("看看小梅的照片吧", "小梅"),
        ("有没有渡船的照片？", "渡船"),
        ("我想看一看1994年的照片。", "1994年"),
    ],
)
def test_a_wish_to_see_something(said: str, wish: str) -> None:
    assert wished(said) == wish


@pytest.mark.parametrize(
    "said",
    ["Show me how you did it", "看电视吗？", "你看医生了吗", "What did you see on the ferry?", "I see.", "看书", "",
     "How did you meet grandma?", "Did you show him the boat?", "你去看过海吗？"],
)  # fmt: skip
def test_what_is_no_wish(said: str) -> None:
    assert wished(said) == ""


@pytest.mark.parametrize(
    "said",
    ["Tell me about this picture.", "When was this photo taken?", "Who is that?", "who's in the photograph", "这是谁？",
     "这张照片是什么时候拍的？", "照片里是谁？", "讲讲这张照片"],
)  # fmt: skip
def test_a_question_about_what_is_to_be_seen(said: str) -> None:
    assert asks_about_it(said)


@pytest.mark.parametrize(
    "said", ["Who was your teacher?", "What did you paint?", "有没有渡船的照片？", "你的老师是谁？"]
)
def test_a_question_about_something_else(said: str) -> None:
    assert not asks_about_it(said)


def test_found_by_words_people_and_years_in_either_language() -> None:
    assert ALBUM.find("ferry") == ("ferry.jpg",)
    assert ALBUM.find("风筝") == ("kite.jpg",)
    assert ALBUM.find("Mei") == ("kite.jpg",)
    for year in ("1994", "1994年", "the 1990s", "90年代"):
        assert ALBUM.find(year) == ("kite.jpg",), year
    assert ALBUM.find("the ferry in 1994") == ()
    assert ALBUM.find("wedding") == ()


def test_a_memory_that_was_found_brings_its_photograph() -> None:
    assert ALBUM.find("how you two met", ["how-we-met"])[0] == "ferry.jpg"
    assert ALBUM.of("how-we-met") == ("ferry.jpg",)
    assert ALBUM.of("nothing") == ()


def test_not_more_than_anybody_wants_to_see() -> None:
    many = Photographs([Photo(f"{n}.jpg", 4, 3, caption={"en": "The sea."}) for n in range(50)])
    assert len(many.find("the sea")) == MOST


@given(st.text(max_size=60))
def test_whatever_is_said_is_understood_or_not(said: str) -> None:
    asks_about_it(said)
    for file in ALBUM.find(wished(said) or said):
        assert ALBUM.get(file) is not None


def test_what_is_said_of_a_photograph_is_the_familys() -> None:
    memory = ALBUM.memory(FERRY, "en")
    assert captions.about(FERRY, memory, "Tell me about this picture.", "en").startswith("The morning ferry. I met Lan")
    assert captions.about(FERRY, memory, "When was this taken?", "en") == "That was in 1960."
    assert captions.about(KITE, "", "这是什么时候拍的？", "zh") == "那是1994年4月。"
    assert captions.about(KITE, "", "Who is that?", "en") == "That is Mei, Leo."
    assert captions.about(BARE, "", "Who is that?", "en") == ""


def answerer() -> Answerer:
    hit = Hit("how-we-met", ROWS[0].text, "en", 5.0, 0.9)
    return Answerer(demo_persona(), FakeMemory({"umbrella": [hit]}), None, ALBUM)


def never() -> bool:
    return False


def test_an_answer_brings_the_photograph_of_its_memory() -> None:
    assert answerer().answer("Where did the umbrella come from?", "en", (), never).pictures == Pictures(("ferry.jpg",))


def test_show_me_opens_the_album_there_and_says_what_it_is() -> None:
    reply = answerer().answer("Grandpa, show me the kite", "en", (), never)
    assert (reply.route, reply.evidence, reply.abstained) == ("show", ("kite",), False)
    assert reply.pictures == Pictures(("kite.jpg",), beside=False)
    assert reply.text().endswith("Mei's kite.")


def test_what_there_is_no_photograph_of_is_said_so() -> None:
    reply = answerer().answer("给我看看飞机", "zh", (), never)
    assert (reply.abstained, reply.text(), reply.pictures.files) == (True, lines.PHOTO_NONE["zh"], ())


def test_this_picture_is_the_one_on_the_screen() -> None:
    reply = answerer().answer("What is this picture?", "en", (), never, showing="ferry.jpg")
    assert (reply.route, reply.evidence) == ("photo", ("how-we-met",))
    assert reply.pictures == Pictures(("ferry.jpg",))
    assert "The morning ferry." in reply.text()
    assert next(c.source for c in reply.clauses()) == "memory"
    assert list(reply.clauses()), "as often as it is asked for"


def test_of_an_unknown_one_nothing_is_made_up() -> None:
    reply = answerer().answer("Who is that?", "en", (), never, showing="bare.jpg")
    assert (reply.text(), reply.abstained, reply.evidence) == (lines.PHOTO_UNKNOWN["en"], True, ())


def test_without_one_on_the_screen_it_is_a_question_like_any_other() -> None:
    assert answerer().answer("Who is that?", "en", (), never).route == "fact"


def test_what_matters_more_comes_first() -> None:
    reply = answerer().answer("I want to die. Show me the kite.", "en", (), never, showing="kite.jpg")
    assert reply.route == "crisis"
