"""A box of letters, chats, recordings and photographs becomes memories; nothing of it vanishes without a count."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.persona.unpacked import BroughtBy, Person, PersonaFile
from provisioning.importers.item import Item, When, Where
from provisioning.memories.draft import Material
from provisioning.memories.episodes import Telling
from provisioning.memories.find_chats import heaviest
from provisioning.memories.gather import gather
from provisioning.memories.memory import Memory, Remembered
from provisioning.memories.review import People
from provisioning.memories.rows import rows
from provisioning.photos.review import Reviewed
from provisioning.photos.seen import Seen
from provisioning.review.memories import Correction
from provisioning.stories import parse_stories
from provisioning.voice_kit.heard import Passage, Recording, Sound, Word

PERSONA = PersonaFile(
    "wang",
    Person("陈望川", ("zh", "en"), called=("外公", "Grandpa"), born=datetime.date(1938, 3, 20)),
    brought_by=BroughtBy("Lin Mei", "granddaughter"),
)
CHAT = "chats/mei.csv"
LETTER = """Dear Leo,

When I was nine I sat on top of a mast. My father crossed the river three times before I came down.

Our neighbour Bob Miller says I should write his telephone number, 604 555 0199, so here it is.

Your uncle Wen is afraid of nothing. He has broken two arms already, and one of them was mine.

Your Grandpa
12 November 2006
"""


def message(text: str, minute: int, own: bool, name: str = "", **more: object) -> Item:
    name = name or ("外公" if own else "小梅")
    start = f"2019-03-02T20:{minute:02d}:00"
    given = {"kind": "message", "text": text, "where": Where(CHAT, minute + 2), "when": When(start), "speaker": name}
    return Item(**{**given, "name": name, "own": not own, "chat": CHAT, **more})  # type: ignore[arg-type]


TALK = (
    message("外公，你小时候怕什么？", 0, False),
    message("嗯", 1, True),
    message("我九岁那年爬上桅杆，下不来", 2, True),
    message("哈哈哈", 3, False),
    message("我爹过了三趟江，我才下来的😂", 4, True),
    message("真的吗", 5, False),
    message("[微笑]", 6, True),
    message("那年我家电话是13812345678，后来搬了家，跟老王再也没有碰到过", 50, True),
    message("我妈的血糖又高了，医生说要住院，她自己不肯去，愁死人了，你劝劝她好不好呀外公", 51, False),
    message("https://example.com/a", 52, True),
)


def box(**more: object) -> Material:
    speakers = {CHAT: ("外公",)}
    return replace(Material(PERSONA, items=TALK, speakers=speakers), **more)  # type: ignore[arg-type]


def letter(text: str = LETTER, path: str = "letters/leo.txt") -> Item:
    return Item("letter", text, Where(path, 1), When("2006-11-12"))


def only(found: Remembered, kind: str) -> list[Memory]:
    return [m for m in found.memories if m.kind == kind]


def test_a_telling_is_joined_and_keeps_its_question() -> None:
    first, second = only(gather(box()).remembered, "message")
    assert first.text == "我九岁那年爬上桅杆，下不来。我爹过了三趟江，我才下来的"
    assert first.question == "外公，你小时候怕什么？"
    assert (first.when, first.source.told[:10], first.source.line) == ("1947", "2019-03-02", 4)
    assert "13812345678" not in second.text


def test_only_the_persons_words_become_memories() -> None:
    gathered = gather(box())
    assert not any("血糖" in m.text for m in gathered.remembered.memories)
    assert {u.text for u in gathered.utterances} == {
        i.text for i in TALK if i.name == "外公" and "://" not in i.text
    } - {"[微笑]"}
    assert [u.laughed for u in gathered.utterances][1] is True


def test_a_question_that_touches_private_matters_is_not_kept() -> None:
    chat = (
        message("外公，舅舅的癌症查得怎么样了？", 0, False),
        message("我小时候在江边长大，什么都见过，莫急。", 1, True),
    )
    (found,) = gather(box(items=chat)).remembered.memories
    assert found.question == ""


def test_short_tellings_are_kept_and_errands_are_not() -> None:
    tellings = (
        "记得阿爹染布，两只手膀子蓝到手肘。",
        "This colour is moon white. It is white that remembers blue, like me.",
    )
    errands = ("明天我要去菜场买两条鱼，你几点下班呀。", "I will call you tomorrow when the parcel comes.")
    chat = [message(t, 2 * i, True) for i, t in enumerate(tellings)]
    chat += [message(t, 2 * i, True, chat=f"{CHAT}{i}") for i, t in enumerate(errands)]
    found = gather(box(items=chat)).remembered
    assert {m.text for m in found.memories} == {"".join(tellings[:1]) + tellings[1]}
    assert found.left_out["too little to be a memory"] == 2


def test_every_message_is_a_memory_or_counted() -> None:
    found = gather(box()).remembered
    in_memories = 2 + 1
    assert sum(found.left_out.values()) + in_memories == len(TALK)
    assert found.left_out["another's message"] == 4
    assert found.left_out["a link"] == 1


def test_a_chat_of_which_nobody_said_who_is_who_gives_nothing() -> None:
    found = gather(box(speakers={})).remembered
    nobody = gather(box(speakers={}, persona=msgspec.structs.replace(PERSONA, person=Person("王", ("zh",))))).remembered
    assert found.memories  # they are called 外公 in it
    assert not nobody.memories
    assert nobody.left_out == {"a chat of which nobody said who the person is": len(TALK)}


def test_a_letter_is_cut_dated_and_linked() -> None:
    found = gather(box(items=(letter(),))).remembered
    mast, bob, wen = only(found, "letter")
    assert (mast.when, mast.when_text, mast.source.told, mast.grant) == (
        "1947",
        "When I was nine",
        "2006-11-12",
        "letters",
    )
    assert mast.confidence < 1
    assert "Bob" not in bob.text
    assert "604" not in bob.text
    assert bob.redacted == 2
    assert wen.people == ("Wen",)
    assert {f.kind for f in found.findings} == {"third-party", "phone"}
    assert {r.name: r.kinship for r in found.relatives}["Wen"] == "son"


def test_ids_stay_when_something_else_changes() -> None:
    before = {m.text: m.id for m in gather(box(items=(letter(),))).remembered.memories}
    more = LETTER.replace("Our neighbour", "A line more, about the weather in November.\n\nOur neighbour")
    after = {m.text: m.id for m in gather(box(items=(*TALK, letter(more)))).remembered.memories}
    kept = set(before) & set(after)
    assert len(kept) >= 2
    assert all(before[text] == after[text] for text in kept)


def test_the_familys_corrections() -> None:
    plain = gather(box(items=(letter(),))).remembered.memories
    mast, bob, wen = plain
    corrections = {
        mast.id: Correction(text="I sat on a mast and called 138 1234 5678.", when="1946", place="The river"),
        bob.id: Correction(hidden=True),
        wen.id: Correction(people=()),
        "letter-gone": Correction(place="x"),
    }
    found = gather(box(items=(letter(),), corrections=corrections)).remembered
    one, two = found.memories
    assert (one.id, one.when, one.place, one.own) == (mast.id, "1946", "The river", False)
    assert one.text.startswith("I sat on a mast")
    assert "1234" not in one.text
    assert two.people == ()
    assert found.left_out["hidden by the family"] == 1
    assert found.lost == ("letter-gone",)


def passage(start: float, text: str, voice: int, sure: float = 0.9) -> Passage:
    words = (Word(text, start, start + 2, sure),)
    return Passage(start, start + 2, text, "zh", words, voice, Sound(20, 0, 0))


def test_recordings_become_memories_with_their_times() -> None:
    talk = Recording(
        "voice/1.m4a",
        "",
        20,
        (
            passage(0, "你们是怎么认识的？", 1),
            passage(3, "我在渡船上碰到你外婆。", 0),
            passage(6, "她数伞骨，少了一根。", 0),
        ),
        "2010-05",
    )
    (found,) = gather(box(items=(), recordings=(talk,))).remembered.memories
    assert found.text == "我在渡船上碰到你外婆。她数伞骨，少了一根。"
    assert (found.source.start, found.source.end, found.recording, found.grant) == (3, 8, "voice/1.m4a", "voice")
    assert found.question == "你们是怎么认识的？"
    assert found.confidence < 0.9  # nobody said whose voice it is


def test_a_recording_that_was_not_understood_is_counted() -> None:
    bad = Recording("voice/2.m4a", "", 3, (passage(0, "我在渡船上碰到你外婆的那年。", 0, 0.2),))
    found = gather(box(items=(), recordings=(bad,))).remembered
    assert not found.memories
    assert found.left_out == {"a recording that was not understood": 1}


def test_spoken_answers_are_stories_that_teach_no_style() -> None:
    answer = Recording("voice/answers/met-where.m4a", "", 3, (passage(0, "我在渡船上碰到你外婆。", 0),))
    gathered = gather(box(items=(), recordings=(answer,)))
    (found,) = gathered.remembered.memories
    assert (found.kind, found.own, found.recording) == ("story", False, "")
    assert found.question
    assert not gathered.utterances
    assert "met-where" not in {q.id for q in gathered.remembered.questions}


def test_photographs_say_only_what_is_known() -> None:
    seen = (
        Seen("photos/a.jpg", "", 1, 1, "1986-10-05", "exif", 1.0, None, "In front of the ferry", ("Ting", "Lan")),
        Seen("photos/b.jpg", "", 1, 1, "1986"),
        Seen("photos/c.jpg", "", 1, 1),
    )
    pictures = {"photos/c.jpg": Reviewed(zh="在江边放风筝", people=("小乐",))}
    found = gather(box(items=(), seen=seen, pictures=pictures)).remembered
    a, c = found.memories
    assert a.text == "This photograph was taken on 5 October 1986. Ting and Lan are in it. In front of the ferry."
    assert (a.photo, a.when, a.own, a.grant) == ("a.jpg", "1986-10-05", False, "photographs")
    assert c.text == "照片上有小乐。在江边放风筝。"
    assert found.left_out == {"a photograph that nobody described": 1}


def test_stories_keep_the_familys_ids_and_those_without_get_one_of_their_words() -> None:
    text = "# id: tea | people: 秀兰\n我爱喝茶。\n\n1956: 那年发大水，我撑门板送朱阿婆。\n"
    stories = tuple(parse_stories(text, "stories.zh.txt"))
    later = tuple(parse_stories("新的一段。\n\n" + text, "stories.zh.txt"))
    tea, flood = gather(box(items=(), stories=stories)).remembered.memories
    assert (tea.id, tea.people, flood.when, flood.grant) == ("tea", ("秀兰",), "1956", "")
    assert "朱阿婆" in flood.text
    assert flood.id in {m.id for m in gather(box(items=(), stories=later)).remembered.memories}


def test_rows_carry_what_the_frame_needs_and_only_what_was_granted() -> None:
    talk = Recording("voice/1.m4a", "", 20, (passage(3, "我在渡船上碰到你外婆。", 0),), "2010-05")
    found = gather(box(items=(*TALK, letter()), recordings=(talk,))).remembered
    made = list(rows(found.memories, found.relatives, {"voice"}, lambda _: "voice/originals/1.opus"))
    (row,) = made
    assert (row.recording, row.start, row.end, row.origin.told) == ("voice/originals/1.opus", 3, 5, "2010-05")
    assert row.gist.startswith("录音，2010年5月")
    assert len(list(rows(found.memories))) == len(found.memories)


CANARIES = ["13987654321", "王建国", "Alice Brown", "6222021234567890128", "hunter2secret", "浙A98765"]


def test_canaries_of_third_parties_are_nowhere() -> None:
    texts = [f"我那年记得有件事，{c}，后来我们都很高兴，一起去江边看大潮，笑了很久。" for c in CANARIES]
    texts[4] = "我那年记得密码是hunter2secret，后来忘了，一起去江边看大潮，笑了很久很久。"
    chat = [message(f"外公你记得吗 {c}？", 2 * i, False) for i, c in enumerate(CANARIES)]
    chat += [message(t, 30 + i, True) for i, t in enumerate(texts)]
    gathered = gather(box(items=(*chat, letter("\n\n".join(texts), "letters/x.txt"))))
    told = msgspec.json.encode(gathered.remembered).decode()
    assert len(gathered.remembered.memories) >= 6
    assert not [c for c in CANARIES if c in told]


def test_contradictions_come_first_among_the_questions() -> None:
    stories = tuple(parse_stories("My daughter Ting was born.\n\nMy wife Ting was late.\n", "stories.txt"))
    found = gather(box(items=(), stories=stories)).remembered
    assert found.questions[0].id == "kin-Ting"
    answer = tuple(parse_stories("# question: kin-Ting\nDaughter.\n", "review/answers.txt"))
    answered = gather(box(items=(), stories=(*stories, *answer))).remembered
    assert {r.name: r.kinship for r in answered.relatives}["Ting"] == "daughter"
    assert len(answered.memories) == 2
    assert not any(q.id.startswith("kin-") for q in answered.questions)
    settled = gather(box(items=(), stories=stories, people=People(kinship={"Ting": "daughter"}))).remembered
    assert not any(q.id.startswith("kin-") for q in settled.questions)


def test_of_very_many_tellings_the_heaviest_are_kept_in_their_order() -> None:
    texts = (
        "我去江边走了走。",
        "我九岁那年爬上桅杆，我爹过了三趟江。",
        "今天菜场的鱼不错，买了两条。",
        "你外婆那年数了三十六只鸭子。",
    )
    told = [(Telling((message(t, n, True),), t), "") for n, t in enumerate(texts)]
    left_out: Counter[str] = Counter()
    assert [t.text for t, _ in heaviest(told, left_out, 2)] == [texts[1], texts[3]]
    assert sum(left_out.values()) == 2
    assert heaviest(told, left_out, 4) == told


def test_two_years_for_one_wedding_are_asked() -> None:
    stories = tuple(
        parse_stories("1960-10-01: We married on National Day.\n\n1953: I came to Hangzhou by ship.\n", "s.txt")
    )
    text = "听潮：\n\n我跟你娘是一九六一年国庆结的婚，两家拼一桌。\n\n我一九五四年到杭州，坐的是烧煤的轮船。\n"
    found = gather(box(items=(letter(text),), stories=stories)).remembered
    assert [q.id for q in found.questions[:2]] == ["when-came-Hangzhou", "when-wedding"]
    assert "1960 and 1961" in found.questions[1].en
    agreed = gather(
        box(items=(letter(text.replace("六一", "六〇").replace("五四", "五三")),), stories=stories)
    ).remembered
    assert not any(q.topic == "dates" for q in agreed.questions)


ITEMS = st.builds(
    Item,
    st.sampled_from(["message", "mail", "letter"]),
    st.text(max_size=60),
    st.builds(Where, st.sampled_from(["a", "b"]), st.integers(0, 9)),
    st.builds(When, st.one_of(st.text(max_size=20), st.just("2019-03-02T20:00:00"))),
    st.sampled_from(["外公", "小梅", ""]),
    st.sampled_from(["外公", "小梅", ""]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(ITEMS, max_size=8))
def test_any_items_are_gathered_the_same_each_time(items: Sequence[Item]) -> None:
    one, two = (gather(box(items=tuple(items))).remembered for _ in range(2))
    assert one == two
    assert len({(m.id, m.language) for m in one.memories}) == len(one.memories)


@pytest.mark.parametrize("text", ["", " \n\n ", "#", "Dear Leo,", "。。。", "\u200e\ufeff"])
def test_letters_that_say_nothing(text: str) -> None:
    assert gather(box(items=(letter(text),))).remembered.memories == ()
