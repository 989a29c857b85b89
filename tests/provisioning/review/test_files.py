"""What the family corrects is kept whole, never over somebody else's, and never in the originals."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import msgspec
import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from device.errors import BadInput, Busy
from provisioning.letters.page import Line, Page
from provisioning.memories.memory import Cited, Memory, Question
from provisioning.photos.review import Reviewed
from provisioning.photos.seen import Face, Seen
from provisioning.review import answers, files, letters, listening, memories, people, photographs
from provisioning.review.files import Stale
from provisioning.review.memories import Correction, Form
from provisioning.stories import read_stories

PAGE = Page(
    "letters/a.jpg", "ab" * 32, (Line("Dear Lan,", (0, 0, 1, 0.1), 0.9), Line("it rains.", (0, 0.1, 1, 0.2), 0.5))
)
MEMORY = Memory("m1", "en", "We took the bridge.", Cited("stories.txt", 1), "story", when="1956", people=("Lan",))
ASKED = Question("how-they-met", "love", "How did they meet?", "他们怎么认识的？", "", "", 1)


def test_a_letter_is_as_it_was_read_until_somebody_corrects_it(tmp_path: Path) -> None:
    assert letters.text_of(tmp_path, PAGE) == "Dear Lan,\nit rains."
    assert not letters.reviewed(tmp_path, PAGE)
    letters.keep(tmp_path, PAGE, "Dear Lan,\r\nit rained.\r\n", letters.shown(tmp_path, PAGE))
    assert letters.reviewed(tmp_path, PAGE)
    path = tmp_path / "review/letters" / f"{'ab' * 8}.txt"
    assert path.read_text(encoding="utf-8") == "Dear Lan,\nit rained.\n"
    assert sorted(p.name for p in path.parent.iterdir()) == [path.name]


def test_the_later_of_two_tabs_is_told(tmp_path: Path) -> None:
    seen = letters.shown(tmp_path, PAGE)
    letters.keep(tmp_path, PAGE, "mine", seen)
    with pytest.raises(Stale):
        letters.keep(tmp_path, PAGE, "yours", seen)
    assert letters.text_of(tmp_path, PAGE) == "mine\n"


@pytest.mark.parametrize("sha", ["../../etc/passwd", "", "AB" * 8, "ab/..", "ab" * 40])
def test_a_page_is_named_by_its_digest_only(tmp_path: Path, sha: str) -> None:
    with pytest.raises(BadInput):
        letters.path_of(tmp_path, sha)


def test_a_correction_says_only_what_is_otherwise(tmp_path: Path) -> None:
    correction = memories.change(MEMORY, Form("We took the ferry.", "1956", ("Lan",)), Correction())
    assert correction == Correction(text="We took the ferry.")
    memories.correct(tmp_path, "m1", correction, "")
    assert memories.all_of(tmp_path) == {"m1": correction}
    (changed,) = memories.corrected([MEMORY], memories.all_of(tmp_path))
    assert (changed.text, changed.when) == ("We took the ferry.", "1956")


def test_a_memory_in_two_languages_is_corrected_in_each() -> None:
    chinese = replace(MEMORY, language="zh", text="我们走的是桥。")
    first = memories.change(chinese, Form("我们坐的是渡船。", "1956", ("Lan",)), Correction(), 2)
    both = memories.change(MEMORY, Form("We took the ferry.", "1956", ("Lan",)), first, 2)
    assert both.texts == {"zh": "我们坐的是渡船。", "en": "We took the ferry."}
    assert [m.text for m in memories.corrected([MEMORY, chinese], {"m1": both})] == [
        "We took the ferry.",
        "我们坐的是渡船。",
    ]
    assert [m.text for m in memories.corrected([MEMORY, chinese], {"m1": first})] == [MEMORY.text, "我们坐的是渡船。"]
    assert memories.change(chinese, Form(chinese.text, "1956", ("Lan",)), first, 2).empty


def test_what_is_hidden_is_not_remembered_and_can_come_back(tmp_path: Path) -> None:
    memories.correct(tmp_path, "m1", Correction(hidden=True), "")
    assert not list(memories.corrected([MEMORY], memories.all_of(tmp_path)))
    memories.correct(tmp_path, "m1", Correction(), memories.shown(tmp_path, "m1"))
    assert list(memories.corrected([MEMORY], memories.all_of(tmp_path))) == [MEMORY]


def test_two_who_correct_different_memories_do_not_meet(tmp_path: Path) -> None:
    first, second = memories.shown(tmp_path, "m1"), memories.shown(tmp_path, "m2")
    memories.correct(tmp_path, "m1", Correction(place="Hangzhou"), first)
    memories.correct(tmp_path, "m2", Correction(place="Shanghai"), second)
    with pytest.raises(Stale):
        memories.correct(tmp_path, "m1", Correction(place="Ningbo"), first)
    assert {id: c.place for id, c in memories.all_of(tmp_path).items()} == {"m1": "Hangzhou", "m2": "Shanghai"}


def test_many_at_once_lose_nothing(tmp_path: Path) -> None:
    threads = [
        threading.Thread(target=memories.correct, args=(tmp_path, f"m{n}", Correction(place=str(n)), ""))
        for n in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(memories.all_of(tmp_path)) == 20


@pytest.mark.parametrize("correction", [Correction(text=" "), Correction(when="last May"), Correction(when="1956-13"),
                                        Correction(text="x" * 20_001)])  # fmt: skip
def test_a_correction_that_says_nothing_is_refused(tmp_path: Path, correction: Correction) -> None:
    with pytest.raises(BadInput):
        memories.correct(tmp_path, "m1", correction, "")
    assert not (tmp_path / memories.FILE).exists()


def test_the_familys_own_notes_in_the_file_stay(tmp_path: Path) -> None:
    path = tmp_path / memories.FILE
    path.parent.mkdir()
    path.write_text('# by Mei\n[m7]\ntext = "Mine"  # sure\n', encoding="utf-8")
    memories.correct(tmp_path, "m1", Correction(place="Hangzhou"), "")
    assert path.read_text(encoding="utf-8").startswith('# by Mei\n[m7]\ntext = "Mine"  # sure\n')
    assert set(memories.all_of(tmp_path)) == {"m1", "m7"}


@pytest.mark.parametrize("content", [b"[m1", b"\xff\xfe\0", b"m1 = 3", b"[m1]\ntxt = 'x'"])
def test_a_file_in_another_form_is_one_clear_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / memories.FILE
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(BadInput):
        memories.all_of(tmp_path)
    assert path.read_bytes() == content


@given(st.text(min_size=1, max_size=40), st.text(max_size=80), st.sampled_from(["speakers", "kinship", "merge"]))
def test_any_name_can_be_said_and_is_read_again(tmp_path_factory: pytest.TempPathFactory, key: str, value: str,
                                                table: str) -> None:  # fmt: skip
    box = tmp_path_factory.mktemp("box")
    people.say(box, table, key, value, "")
    assert getattr(people.all_of(box), table) == {key: value}
    people.say(box, table, key, None, people.shown(box, table, key))
    assert getattr(people.all_of(box), table) == {}


def seen(path: str, faces: int) -> Seen:
    face = Face((0, 0, 1, 1), 80, 0, 1, 1, 0, 1)
    return Seen(path, "ab" * 32, 640, 480, faces=(face,) * faces)


def test_what_is_said_of_a_photograph_and_of_its_faces_stands_side_by_side(tmp_path: Path) -> None:
    photographs.tell(tmp_path, "a.jpg", "The ferry", "en", ("Lan",), False, "")
    known = {"a.jpg": seen("a.jpg", 3)}
    photographs.name(tmp_path, "f1", [("a.jpg", 2)], known, "Lan", "")
    photographs.tell(tmp_path, "a.jpg", "渡船", "zh", ("Lan", "Ting"), False, photographs.shown(tmp_path, "a.jpg"))
    told = photographs.all_of(tmp_path)["a.jpg"]
    assert told == Reviewed(en="The ferry", zh="渡船", people=("Lan", "Ting"), faces=("", "", "Lan"))
    with pytest.raises(Stale):
        photographs.tell(tmp_path, "a.jpg", "x", "en", (), False, "")


def test_photographs_of_only_a_stranger_are_left_out_until_somebody_knows_them(tmp_path: Path) -> None:
    known = {"a.jpg": seen("a.jpg", 1), "b.jpg": seen("b.jpg", 2)}
    photographs.name(tmp_path, "f1", [("a.jpg", 0), ("b.jpg", 1)], known, "", "")
    assert photographs.all_of(tmp_path) == {"a.jpg": Reviewed(exclude=True)}
    with pytest.raises(Stale):
        photographs.name(tmp_path, "f1", [("a.jpg", 0)], known, "Ting", "")
    photographs.name(
        tmp_path, "f1", [("a.jpg", 0), ("b.jpg", 1)], known, "Ting", photographs.group_shown(tmp_path, "f1")
    )
    told = photographs.all_of(tmp_path)
    assert told == {"a.jpg": Reviewed(faces=("Ting",)), "b.jpg": Reviewed(faces=("", "Ting"))}
    assert photographs.names(tmp_path) == {"f1": "Ting"}


def test_answers_are_stories_that_the_builder_reads(tmp_path: Path) -> None:
    told = "On the ferry.\n\n# she had no change\nQ: and I paid."
    answers.keep(tmp_path, ASKED, told, "en", "")
    (story,) = read_stories(tmp_path / answers.FILE, tmp_path)
    assert story.question == "How did they meet?"
    assert story.text == "On the ferry. # she had no change Q: and I paid."
    assert answers.all_of(tmp_path) == {"how-they-met": story.text}
    answers.keep(tmp_path, ASKED, " ", "en", answers.shown(tmp_path, ASKED.id))
    assert not (tmp_path / answers.FILE).exists()


@given(st.text(min_size=1, max_size=200))
def test_any_answer_is_one_story(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    if not answers.one_line(text):
        return
    box = tmp_path_factory.mktemp("box")
    answers.keep(box, ASKED, text, "zh", "")
    (story,) = read_stories(box / answers.FILE, box)
    assert story.question == ASKED.zh


def test_an_answer_written_by_hand_stays(tmp_path: Path) -> None:
    path = tmp_path / answers.FILE
    path.parent.mkdir()
    path.write_text("1956: By hand.\n\n# question: other\nQ: Why?\nA: So.\n", encoding="utf-8")
    answers.keep(tmp_path, ASKED, "On the ferry.", "en", "")
    assert [s.text for s in read_stories(path, tmp_path)] == ["By hand.", "So.", "On the ferry."]
    with pytest.raises(Stale):
        answers.keep(tmp_path, ASKED, "By train.", "en", "")


@pytest.mark.parametrize("id", ["../x", "a/b", "", ".hidden", "a..b", "x" * 200, "a\0b"])
def test_recordings_lie_only_among_the_answers(tmp_path: Path, id: str) -> None:
    with pytest.raises(BadInput):
        answers.keep_spoken(tmp_path, id, "audio/webm", b"\x1aE\xdf\xa3")
    assert not list(tmp_path.rglob("*.webm"))


def test_a_spoken_answer_is_replaced_by_a_later_one(tmp_path: Path) -> None:
    answers.keep_spoken(tmp_path, "x", "audio/webm", b"1")
    answers.keep_spoken(tmp_path, "x", "audio/ogg", b"2")
    assert answers.spoken(tmp_path, "x") == tmp_path / "voice/answers/x.ogg"
    assert [p.name for p in (tmp_path / "voice/answers").iterdir()] == ["x.ogg"]


def test_listening_counts(tmp_path: Path) -> None:
    for voice in ("T1", "T2", "T2", listening.UNSURE):
        listening.count(tmp_path, "greeting", voice)
    assert listening.all_of(tmp_path) == {"greeting": {"T1": 1, "T2": 2, "unsure": 1}}
    assert listening.turns(tmp_path, "greeting") == 4


def test_what_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    files.write(path, b"old")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Busy):
        files.write(tmp_path / "file" / "b.txt", b"new")
    assert path.read_bytes() == b"old"
    assert sorted(os.listdir(tmp_path)) == ["a.txt", "file"]


def test_digests_tell_nothing_from_empty() -> None:
    assert files.digest(None) == ""
    assert files.digest("") != ""
    assert files.digest({"a": 1}) != files.digest({"a": 2})


def test_corrections_are_toml_that_others_read(tmp_path: Path) -> None:
    memories.correct(tmp_path, "m1", Correction(text="a", when="1956", people=("x", "y"), place="p", hidden=True), "")
    plain = tomlkit.parse((tmp_path / memories.FILE).read_text(encoding="utf-8")).unwrap()
    assert plain == {"m1": {"text": "a", "when": "1956", "people": ["x", "y"], "place": "p", "hidden": True}}
    assert msgspec.toml.decode((tmp_path / memories.FILE).read_bytes()) == plain
