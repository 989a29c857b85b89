import itertools

from hypothesis import given
from hypothesis import strategies as st

from device.face.scenes.caption_track import (
    BAR_STEPS,
    LINES,
    LINGER,
    STEPS,
    CaptionTrack,
    break_lines,
    em,
    timed,
    units,
)
from device.link import Heard, Hush, Message, News, Notice, Order, Speak


def said(text: str, t0: float = 1.0, seconds: float = 2.0, turn: int = 1, index: int = 0) -> Speak:
    return Speak(turn, index, t0, seconds, (), text, "en")


def told(*messages: Message, t: float = 0.0) -> CaptionTrack:
    track = CaptionTrack(30.0)
    for message in messages:
        track.tell(message, t)
    return track


def text_of(lines: tuple[tuple[str, ...], ...]) -> str:
    return "".join("".join(line) for line in lines)


def test_english_by_the_word_chinese_by_the_character_with_its_punctuation() -> None:
    assert units("Yes, my dear.") == ["Yes, ", "my ", "dear."]
    assert units("好，你去吧。") == ["好，", "你", "去", "吧。"]
    assert units("我有2只cat，好。") == ["我", "有", "2", "只", "cat，", "好。"]


@given(st.text(max_size=80))
def test_no_letter_is_lost_and_times_rise(text: str) -> None:
    speak = said(text)
    line = timed(speak)
    assert "".join(word for word, _, _ in line).split() == units_text(text)
    assert all(1.0 <= start <= stop <= 3.0 + 1e-6 for _, start, stop in line)
    assert all(a[1] <= b[1] for a, b in itertools.pairwise(line))


def units_text(text: str) -> list[str]:
    from device.face.scenes.caption_track import clean

    return "".join(units(clean(text))).split()


@given(st.lists(st.sampled_from(["a ", "grandmother ", "好", "silk ", "，"]), min_size=1, max_size=60))
def test_lines_fit(words: list[str]) -> None:
    lines = break_lines([(word, 0.0, 1.0) for word in words], 12.0)
    assert [word for line in lines for word, _, _ in line] == words
    assert all(em("".join(w for w, _, _ in line).rstrip()) <= 12.0 for line in lines)


def test_words_come_to_light_with_the_voice_and_stay_a_while() -> None:
    track = told(said("one two three four"))
    assert track.at(0.5).said == ()
    early, late = track.at(1.6), track.at(2.95)
    assert text_of(early.said) == "one two three four"
    assert 0 < early.lit < late.lit == 8
    assert track.at(3.0 + LINGER - 0.1).said_step == STEPS
    assert track.at(3.0 + LINGER + 1).said == ()


def test_what_is_being_read_never_moves() -> None:
    track = told(said("First clause of it,", 1.0, 1.0), said("and a second one.", 2.0, 1.0, index=1))
    assert track.at(1.5).said[0] == track.at(2.5).said[0]
    track.tell(said("Now a third,", 3.0, 1.0, index=2), 2.9)
    assert text_of(track.at(2.95).said).startswith("First")
    assert text_of(track.at(3.3).said) == "Now a third,"
    assert all(len(track.at(t / 10).said) <= LINES for t in range(60))


def test_hush_leaves_only_what_was_spoken() -> None:
    track = told(said("one two three four", 1.0, 4.0))
    track.tell(Hush(1, 2.0), 2.0)
    lit = track.at(2.1).lit
    assert 0 < lit < 8
    assert track.at(3.5).lit <= lit + 1
    assert track.at(2.0 + LINGER + 1).said == ()


def test_heard_appears_and_clears() -> None:
    track = told(Heard("  外公\n你好\x00 ", "zh"), t=1.0)
    assert track.at(2.0).heard == "外公 你好"
    track.tell(Heard("", "zh"), 3.0)
    assert 0 < track.at(3.2).heard_step < STEPS
    assert track.at(4.0).heard == ""


def test_notice_stays_until_it_is_cleared() -> None:
    track = told(Notice("One moment", "请稍等"), t=1.0)
    assert track.at(500.0).notice == ("请稍等", "One moment")
    track.tell(Notice("", ""), 500.0)
    assert track.at(502.0).notice == ("", "")


def test_a_corrected_clause_is_not_said_twice() -> None:
    track = told(said("hello you", 1.0), said("hello you", 1.05))
    assert text_of(track.at(2.0).said) == "hello you"


@given(st.lists(st.tuples(st.text(max_size=300), st.floats(0, 5), st.integers(0, 3), st.integers(0, 3)), max_size=6))
def test_any_text_gives_pages_of_two_lines(clauses: list[tuple[str, float, int, int]]) -> None:
    track = CaptionTrack(20.0)
    for text, t0, turn, index in clauses:
        track.tell(said(text, t0, 1.0, turn, index), 0.0)
        track.tell(Hush(turn - 1, t0), 0.0)
    for k in range(80):
        caption = track.at(k / 10)
        assert len(caption.said) <= LINES
        assert 0 <= caption.said_step <= STEPS


def test_captions_are_off_and_on_by_a_word_but_notices_stay() -> None:
    track = CaptionTrack()
    track.tell(Order("captions-off", 0.0), 0.0)
    track.tell(Heard("Hello", "en"), 0.1)
    track.tell(Notice("One moment", "请稍等"), 0.1)
    track.tell(Speak(1, 0, 1.0, 2.0, (), "Sit down", "en"), 0.2)
    caption = track.at(2.0)
    assert (caption.heard, caption.said, caption.notice) == ("", (), ("请稍等", "One moment"))
    track.tell(Order("captions-on", 2.1), 2.1)
    caption = track.at(2.2)
    assert caption.heard == "Hello"
    assert caption.said == (("Sit ", "down"),)


def test_news_go_before_the_notice_and_give_its_place_back() -> None:
    track = CaptionTrack()
    track.tell(Notice("Touch me", "碰我"), 0.0)
    track.tell(News("persona", "Lan is coming", "兰来了"), 1.0)
    track.tell(News("stick", "Checking", "检查", 0.5), 2.0)
    assert (track.at(5.0).notice, track.at(5.0).notice_bar) == (("检查", "Checking"), BAR_STEPS // 2)
    track.tell(News("stick", "Checking", "检查", 1.0), 6.0)
    assert (track.at(6.0).notice_step, track.at(6.0).notice_bar) == (STEPS, BAR_STEPS), "it does not fade in again"
    track.tell(News("stick", "", ""), 7.0)
    assert track.at(7.1).notice == ("检查", "Checking"), "it fades"
    assert (track.at(8.0).notice, track.at(8.0).notice_bar) == (("兰来了", "Lan is coming"), -1)
    track.tell(News("persona", "", ""), 9.0)
    assert track.at(10.0).notice == ("碰我", "Touch me")
