"""Tasks: files in, the same files out each time; the demo's box as an example."""

from __future__ import annotations

import contextlib
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.errors import BadInput
from device.mind.memory_file import MemoryRow
from provisioning.importers.item import Found, Item, Problem, When, Where
from provisioning.importers.stream import read_found, write_found
from provisioning.memories import tasks
from provisioning.memories.review import parse_people
from provisioning.style import tasks as style_tasks
from provisioning.style.figures import Manner, Proposals

BOX = Path(__file__).parents[3] / "demo" / "shoebox"
ITEM = Item(
    "letter", "听潮：\n\n走路当心，鞋子里有东西，不要告诉你娘。\n\n爹", Where("letters/a.txt", 1), When("1986-10-04")
)


def remembered(tmp_path: Path, name: str = "out", **more: Path) -> Path:
    items, out = tmp_path / "items.bin", tmp_path / name
    write_found(items, [ITEM, Problem(Where("letters/b.txt"), "an empty file")])
    out.mkdir()
    stories = {f"stories/{p.name}": p for p in BOX.glob("stories*.txt")}
    tasks.remember({"persona": BOX / "persona.toml", "items/a": items, **stories, **more}, {}, out)
    return out


def test_the_same_files_come_out_each_time(tmp_path: Path) -> None:
    one, two = remembered(tmp_path, "one"), remembered(tmp_path, "two")
    assert {p.name: p.read_bytes() for p in one.iterdir()} == {p.name: p.read_bytes() for p in two.iterdir()}


def test_the_demo_becomes_memories_questions_and_manner(tmp_path: Path) -> None:
    folder = remembered(tmp_path)
    found = tasks.read_remembered(folder)
    kinships = {name: r.kinship for r in found.relatives for name in (r.name, *r.words)}
    assert (kinships["秀兰"], kinships["听潮"], kinships["Wen"]) == ("wife", "daughter", "son")
    assert len({m.id for m in found.memories if m.kind == "story"}) > 100
    (letter,) = (m for m in found.memories if m.kind == "letter")
    assert (letter.text, letter.people) == ("走路当心，鞋子里有东西，不要告诉你娘。", ("秀兰",))
    out = tmp_path / "more"
    out.mkdir()
    tasks.rows({"remembered": folder}, {"grants": ["letters"]}, out)
    style_tasks.manner({"persona": BOX / "persona.toml", "remembered": folder}, {"model": ""}, out)
    assert found.questions[0].topic == "grandchildren"
    made = msgspec.json.decode((out / tasks.ROWS).read_bytes(), type=list[MemoryRow])
    assert len(made) == len(found.memories)
    english, chinese = msgspec.json.decode((out / style_tasks.MANNER).read_bytes(), type=list[Manner])
    assert english.sentences > 300
    assert "吴语" in chinese.dialects
    proposed = msgspec.json.decode((out / style_tasks.PROPOSALS).read_bytes(), type=Proposals)
    assert proposed.style == {}  # the family wrote it


CANARIES = ["13987654321", "王建国", "Alice Brown", "6222021234567890128", "浙A98765", "采荷三区"]


def test_canaries_reach_neither_rows_nor_manner_nor_the_prompt(tmp_path: Path) -> None:
    texts = [f"哎呀，那年{c}九幢二〇一室的事情，我记得清清楚楚呢，后来大家都笑了很久。" for c in CANARIES] * 4
    items = [
        Item("message", text, Where("chats/a", at), When(f"2019-03-{1 + at:02d}T20:00:00"), "外公", chat="a")
        for at, text in enumerate(texts)
    ]
    path, persona, out = tmp_path / "i.bin", tmp_path / "p.toml", tmp_path / "out"
    persona.write_text('[person]\nname = "陈望川"\nlanguages = ["zh"]\ncalled = ["外公"]\n', encoding="utf-8")
    write_found(path, items)
    out.mkdir()
    tasks.remember({"persona": persona, "items/a": path}, {}, out)
    tasks.rows({"remembered": out}, {}, out)
    style_tasks.manner({"persona": persona, "remembered": out}, {"model": ""}, out)
    files = (tasks.REMEMBERED, tasks.ROWS, style_tasks.MANNER, style_tasks.PROPOSALS)
    told = "".join((out / name).read_text(encoding="utf-8") for name in files)
    assert "哎呀" in told
    assert "大家都笑了很久" in told
    assert not [c for c in CANARIES if c in told]


def test_corrections_reach_the_memories(tmp_path: Path) -> None:
    first = tasks.read_remembered(remembered(tmp_path)).memories[-1]
    people, memories = tmp_path / "people.toml", tmp_path / "memories.toml"
    people.write_text('[kinship]\n"听潮" = "外甥女"\n', encoding="utf-8")
    memories.write_text(f'[{first.id}]\nplace = "厨房"\n[gone]\nhidden = true\n', encoding="utf-8")
    found = tasks.read_remembered(
        remembered(tmp_path, "again", **{"review/people.toml": people, "review/memories.toml": memories})
    )
    assert found.memories[-1].place == "厨房"
    assert found.lost == ("gone",)
    assert {r.name: r.kinship for r in found.relatives}["听潮"] == "sisters-daughter"


@pytest.mark.parametrize("raw", [b"\xff", b"[kinship]\nTing = 'neighbourish'\n", b"sex = 'x'\n", b"kinship = 1\n"])
def test_people_that_cannot_be_read_are_one_line(raw: bytes) -> None:
    with pytest.raises(BadInput) as caught:
        parse_people(raw)
    assert "\n" not in caught.value.line()


def test_corrections_that_cannot_be_read_are_one_line(tmp_path: Path) -> None:
    bad = tmp_path / "memories.toml"
    bad.write_text("[x]\nwen = '1956'\n", encoding="utf-8")
    with pytest.raises(BadInput):
        remembered(tmp_path, **{"review/memories.toml": bad})


ITEMS: st.SearchStrategy[Found] = st.one_of(
    st.builds(Item, st.just("message"), st.text(max_size=20), st.builds(Where, st.text(max_size=5))),
    st.builds(Problem, st.builds(Where, st.text(max_size=5)), st.text(max_size=9)),
)


@settings(max_examples=50)
@given(st.lists(ITEMS, max_size=5))
def test_items_go_through_a_file(tmp_path_factory: pytest.TempPathFactory, found: list[Found]) -> None:
    path = tmp_path_factory.mktemp("stream") / "items.bin"
    assert write_found(path, found) == len(found)
    assert list(read_found(path)) == found


@settings(max_examples=100)
@given(st.binary(max_size=60))
def test_any_bytes_are_items_or_one_error(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    path = tmp_path_factory.mktemp("stream") / "items.bin"
    path.write_bytes(raw)
    with contextlib.suppress(BadInput):
        assert all(isinstance(one, (Item, Problem)) for one in read_found(path))


def test_a_file_that_is_cut_off_is_told(tmp_path: Path) -> None:
    path = tmp_path / "items.bin"
    write_found(path, [ITEM])
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(BadInput):
        list(read_found(path))
