"""The memory's contract on the fake and on SQLite alike; what the file refuses; searching."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.errors import BadInput, Missing
from device.mind.memory import SqliteMemory
from device.mind.memory_file import MemoryRow, Origin, build
from device.ports import Hit, Memory
from tests.fakes.mind import FakeEmbedder, FakeMemory

ROWS = [
    MemoryRow(
        "dog", "en", "We never had a dog. Lan was bitten as a girl.", people=("Lan",), origin=Origin("stories.txt", 3)
    ),
    MemoryRow("dog", "zh", "我没养过狗，一只也没有。", people=("Lan",)),
    MemoryRow("cat", "en", "We had a grey cat called Cement. She slept on my drawings."),
    MemoryRow("cat", "zh", "我们家养过一只灰猫，名字叫水泥。"),
    MemoryRow(
        "ting", "en", "My daughter Ting was born with the great tide.", people=("Ting",), time_start="1963-10-05"
    ),
    MemoryRow("ting", "zh", "我女儿听潮，是大潮那天生的。", people=("Ting",)),
    MemoryRow(
        "radio",
        "en",
        "I repaired our radio three times.",
        origin=Origin("voice/a.m4a", confidence=0.8, grant="voice", told="2010-05-01"),
        recording="voice/originals/a.opus",
        start=3.25,
        end=7.5,
    ),
    MemoryRow("exam", "zh", "考试前，吃一个鸡蛋，削两支铅笔。", question="明天要考试了怎么办？"),
    *(
        MemoryRow(f"other-{n}", "en", f"The {word} was {colour}.")
        for n, (word, colour) in enumerate(
            [
                ("door", "green"),
                ("lamp", "old"),
                ("bridge", "long"),
                ("boat", "slow"),
                ("tea", "hot"),
                ("snow", "deep"),
                ("road", "wet"),
                ("hill", "steep"),
            ]
        )
    ),
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("memory") / "memory.sqlite"
    build(file, ROWS, FakeEmbedder())
    return file


@pytest.fixture(scope="module")
def sqlite(path: Path) -> SqliteMemory:
    return SqliteMemory(path, FakeEmbedder())


@pytest.fixture(params=["fake", "sqlite"])
def memory(request: pytest.FixtureRequest) -> Memory:
    if request.param == "fake":
        hits = [
            Hit("cat", "We had a grey cat called Cement.", "en", 2.0, 0.9),
            Hit("dog", "We never had a dog.", "en", 1.0, 0.2),
        ]
        return FakeMemory({"cat": hits})
    real: SqliteMemory = request.getfixturevalue("sqlite")
    return real


class TestContract:
    def test_finds_the_best_first(self, memory: Memory) -> None:
        hits = memory.search("What was your cat called?", "en", 2)
        assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
        assert hits[0].id == "cat"
        assert len(hits) <= 2
        assert all(0 <= h.support <= 1 for h in hits)

    def test_nothing_for_nothing(self, memory: Memory) -> None:
        assert memory.search("", "en", 5) == []


@pytest.mark.parametrize(
    ("question", "language", "id"),
    [
        ("Did you ever have a dog?", "en", "dog"),
        ("你养过狗吗？", "zh", "dog"),
        ("When was your daughter born?", "en", "ting"),
        ("你女儿是哪天生的？", "zh", "ting"),
        ("我明天要考试", "zh", "exam"),
        ("Did you mend the radio?", "en", "radio"),
        ("What did Ting's birth bring?", "en", "ting"),
    ],
)
def test_finds(sqlite: SqliteMemory, question: str, language: str, id: str) -> None:
    hit = sqlite.search(question, language, 5)[0]
    assert (hit.id, hit.language) == (id, language)


def test_a_memory_told_only_in_another_language_is_given_in_that(sqlite: SqliteMemory) -> None:
    hits = sqlite.search("收音机 radio", "zh", 3)
    assert next(h for h in hits if h.id == "radio").language == "en"


def test_what_it_was_told_supports_more_than_what_it_was_not(sqlite: SqliteMemory) -> None:
    told = sqlite.search("Did you ever have a cat?", "en", 1)[0].support
    untold = sqlite.search("Which football team did you support?", "en", 1)[0].support
    assert told > 0.6 > untold


def test_provenance_is_kept(sqlite: SqliteMemory) -> None:
    assert sqlite.rows == ROWS


@settings(max_examples=30, deadline=None)
@given(query=st.text(max_size=40))
def test_any_question_can_be_asked(sqlite: SqliteMemory, query: str) -> None:
    assert len(sqlite.search(query, "en", 3)) <= 3


def test_refuses_what_is_no_memory(tmp_path: Path, path: Path) -> None:
    with pytest.raises(Missing):
        SqliteMemory(tmp_path / "none.sqlite")
    for name, raw in (("text", b"hello" * 500), ("empty", b""), ("cut", path.read_bytes()[: path.stat().st_size // 2])):
        file = tmp_path / name
        file.write_bytes(raw)
        with pytest.raises(BadInput):
            SqliteMemory(file, FakeEmbedder())
    foreign = sqlite3.connect(tmp_path / "foreign")
    foreign.execute("create table x (y)")
    foreign.commit()
    with pytest.raises(BadInput, match="another program"):
        SqliteMemory(tmp_path / "foreign", FakeEmbedder())


def test_refuses_vectors_of_another_model(path: Path) -> None:
    class Other(FakeEmbedder):
        name = "other"

    with pytest.raises(BadInput, match="vectors"):
        SqliteMemory(path, Other())


def test_a_memory_told_twice_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="dog"):
        build(tmp_path / "m.sqlite", [ROWS[0], ROWS[0]], FakeEmbedder())
    assert list(tmp_path.iterdir()) == []


def test_no_memories_at_all(tmp_path: Path) -> None:
    build(tmp_path / "m.sqlite", [], FakeEmbedder())
    assert SqliteMemory(tmp_path / "m.sqlite", FakeEmbedder()).search("anything?", "en", 5) == []
