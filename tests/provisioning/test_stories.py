"""Paragraphs in, memories out; nothing a family types may crash it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.errors import BadInput
from provisioning.stories import Story, read_stories


def stories(tmp_path: Path, text: str | bytes, name: str = "stories.txt") -> list[Story]:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_stories(path, tmp_path)


def test_a_paragraph_is_a_memory(tmp_path: Path) -> None:
    one, two = stories(tmp_path, "I was born by\nthe river.\n\n\n1956: The flood came.\n")
    assert one.text == "I was born by the river."
    assert (two.text, two.when, two.line) == ("The flood came.", "1956", 5)


def test_question_and_answer(tmp_path: Path) -> None:
    (story,) = stories(tmp_path, "Q: What did you eat?\nA: Braised pork,\nalways.\n")
    assert (story.question, story.text) == ("What did you eat?", "Braised pork, always.")


def test_notes_name_and_tie(tmp_path: Path) -> None:
    (story,) = stories(tmp_path, "# id: tea | place: 龙井 | people: 秀兰, Wen | photo: tea.jpg\n我爱喝茶。\n")
    assert (story.id, story.place, story.people, story.photo) == ("tea", "龙井", ("秀兰", "Wen"), "tea.jpg")
    assert (story.language, story.line) == ("zh", 2)


def test_the_file_name_decides_the_language(tmp_path: Path) -> None:
    assert stories(tmp_path, "OK.\n", "stories.zh.txt")[0].language == "zh"


def test_old_windows_text_is_read(tmp_path: Path) -> None:
    assert stories(tmp_path, "我在江边长大。".encode("gb18030"))[0].text == "我在江边长大。"


NO_STORIES = [b"", b"\n\n# only a note\n", b"\xff\xff\xff\xff", b"a\0b", b"# id: x\na\n\n# id: x\nb\n"]


@pytest.mark.parametrize("raw", NO_STORIES)
def test_what_is_no_story_is_refused_in_one_line(tmp_path: Path, raw: bytes) -> None:
    with pytest.raises(BadInput) as caught:
        stories(tmp_path, raw)
    assert "\n" not in caught.value.line()


@settings(max_examples=200)
@given(st.binary(max_size=400))
def test_any_bytes_give_memories_or_one_error(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    folder = tmp_path_factory.mktemp("box")
    try:
        found = stories(folder, raw)
    except BadInput:
        return
    assert all(s.text and s.line > 0 for s in found)
