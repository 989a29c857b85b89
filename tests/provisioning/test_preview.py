"""The frame's own mind over a shoebox: answers with their evidence, and corrections that change them at once."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from device.errors import Usage
from device.mind.embedding import Vectors
from provisioning.commands import preview, questions, report
from provisioning.commands.preview_mind import FramesMind, KeptEmbedder, ready
from provisioning.memories.memory import Cited, Memory
from provisioning.review.agreement import persona_of
from provisioning.stories import Story, read_stories
from tests.fakes.mind import FakeEmbedder
from tests.fakes.workshop import PERSONA

STORIES = """\
Q: How did you and Lan cross the river?
A: 1957: We took the ferry across the river to Pudong. I held the umbrella, and she held me.

Q: Who taught you to carve wood?
A: My neighbour Zhou taught me to carve wood, on winter evenings, with his left hand.

The dog was called Pepper, and he was afraid of geese.
"""


class Counting(FakeEmbedder):
    """Remembers what it embedded."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def passages(self, texts: Sequence[str]) -> Vectors:
        self.seen += texts
        return super().passages(texts)


@pytest.fixture
def box(tmp_path: Path) -> Path:
    (tmp_path / "consent").mkdir()
    (tmp_path / "consent/statement.txt").write_text("Nobody real.", encoding="utf-8")
    (tmp_path / "persona.toml").write_text(PERSONA.replace('"zh", "en"', '"en", "zh"'), encoding="utf-8")
    (tmp_path / "stories.txt").write_text(STORIES, encoding="utf-8")
    return tmp_path


def mind_of(box: Path) -> tuple[FramesMind, Counting, list[Memory]]:
    engine = Counting()
    mind = FramesMind(ready(persona_of(box)), KeptEmbedder(engine))
    memories = [told(story) for story in read_stories(box / "stories.txt", box)]
    mind.learn(memories)
    engine.seen.clear()
    return mind, engine, memories


def told(story: Story) -> Memory:
    place = Cited(story.source, story.line)
    return Memory(story.id, story.language, story.text, place, "story", question=story.question, when=story.when)


def test_an_answer_rests_on_a_memory_or_says_that_there_is_none(box: Path) -> None:
    mind, _, memories = mind_of(box)
    reply = mind.ask("How did you and Lan cross the river?")
    assert "ferry" in reply.text
    assert (reply.evidence, reply.abstained, reply.route) == ((memories[0].id,), False, "fact")
    unknown = mind.ask("Which instrument did your father play in the orchestra?")
    assert unknown.abstained
    assert not unknown.evidence


def test_a_corrected_memory_changes_the_answer_and_is_all_that_is_embedded_anew(box: Path) -> None:
    mind, engine, memories = mind_of(box)
    text = memories[0].text.replace("ferry across", "steamer across")
    renewed = mind.learn([replace(memories[0], text=text), *memories[1:]])
    again = list(engine.seen)
    assert "steamer" in mind.ask("How did you and Lan cross the river?").text
    assert renewed == len(again) == 2  # the whole memory, and the one sentence of it that is another
    assert all("steamer" in text for text in again)


def test_a_hidden_memory_is_not_spoken_of(box: Path) -> None:
    mind, _, memories = mind_of(box)
    mind.learn(memories[1:])
    assert mind.ask("How did you and Lan cross the river?").abstained
    mind.learn([])
    assert mind.ask("Who taught you to carve wood?").abstained


def test_vectors_are_kept_from_one_talk_to_the_next(tmp_path: Path) -> None:
    first = KeptEmbedder(Counting(), tmp_path / "v.npz")
    one = first.passages(["a", "b", "a"])
    again = KeptEmbedder(Counting(), tmp_path / "v.npz")
    assert np.array_equal(again.passages(["a", "b", "a"]), one)
    assert (first.made, again.made) == (2, 0)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"\x93NUMPY"])
def test_a_damaged_file_of_vectors_is_made_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "v.npz").write_bytes(content)
    kept = KeptEmbedder(Counting(), tmp_path / "v.npz")
    kept.passages(["a"])
    assert kept.made == 1


def test_vectors_of_another_engine_do_not_count(tmp_path: Path) -> None:
    KeptEmbedder(Counting(), tmp_path / "v.npz").passages(["a"])
    other = Counting()
    other.name = "other"
    assert KeptEmbedder(other, tmp_path / "v.npz").passages(["a"]).shape == (1, 384)
    assert other.seen == ["a"]


def test_what_the_command_prints(box: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mind, _, memories = mind_of(box)
    told = {(memory.id, memory.language): memory for memory in memories}
    preview.answer(mind, "Who taught you to carve wood?", told, True)
    printed = json.loads(capsys.readouterr().out)
    assert printed["evidence"] == [memories[1].id]
    assert printed["sources"] == ["stories.txt:4"]
    preview.answer(mind, "Who taught you to carve wood?", told, False)
    assert "<- stories.txt:4" in capsys.readouterr().out
    empty = argparse.Namespace(shoebox=box, say=[" "], json=False, no_model=True)
    with pytest.raises(Usage):
        preview.run(empty)


def test_places_of_memories() -> None:
    assert preview.place(Memory("a", "en", "x", Cited("voice/a.wav"), "recording")) == "voice/a.wav"


def test_report_and_sheet_of_a_plain_shoebox(box: Path, tmp_path: Path) -> None:
    assert report.run(argparse.Namespace(shoebox=box, out=tmp_path / "out", lang="", no_trial=False)) == 0
    assert "3 memories" in (tmp_path / "out/report.html").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "out/report.json").read_bytes())["memories"] == 3
    assert questions.run(argparse.Namespace(shoebox=box, out=tmp_path / "sheet.html", lang="zh")) == 0
    assert "陈望川" in (tmp_path / "sheet.html").read_text(encoding="utf-8")
