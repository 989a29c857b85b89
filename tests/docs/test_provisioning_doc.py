"""docs/provisioning.md tells the formats that are read and the rooms that there are."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from device.schema import parse_toml
from provisioning.memories.review import parse_people
from provisioning.photos.review import parse as parse_photos
from provisioning.review import answers
from provisioning.review.memories import Correction

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "provisioning.md").read_text(encoding="utf-8")


def example(of: str) -> bytes:
    """The first block of code after a file's name."""
    found = re.search(r"```\w+\n(.*?)```", TEXT[TEXT.index(f"`{of}`") :], re.S)
    assert found is not None
    return found[1].encode()


def test_examples_of_corrections_are_ones_that_are_read() -> None:
    people = parse_people(example("review/people.toml"))
    assert all(msgspec.structs.astuple(people))
    photos = parse_photos(example("review/photos.toml"))
    assert photos.likeness.photo in photos.photos
    raw = parse_toml(example("review/memories.toml"), "memories.toml")
    corrections = msgspec.convert(raw, dict[str, Correction])
    assert sum(one.hidden for one in corrections.values()) == 1
    assert any(one.texts and one.text and one.when for one in corrections.values())


def test_the_example_of_an_answer_is_one_that_is_read(tmp_path: Path) -> None:
    (tmp_path / "review").mkdir()
    (tmp_path / answers.FILE).write_bytes(example("review/answers.txt"))
    assert answers.all_of(tmp_path) == {"how-they-met": "On the ferry. She had no change, and I paid."}


def test_rooms_and_commands_that_it_names_are_there() -> None:
    table = TEXT[TEXT.index("| room |") : TEXT.index("**Tasks.**")]
    named = re.findall(r"`([a-z_]+(?:/|\.py))`", table)
    assert len(named) > 12
    assert all((ROOT / "provisioning" / name).exists() for name in named)
    rooms = {path.name for path in (ROOT / "provisioning").iterdir() if (path / "__init__.py").is_file()}
    assert rooms - {name.rstrip("/") for name in named} == {"looks"}, "the looks of pages are not worth a row"
    commands = set(re.findall(r"`(?:imago-provision )?([a-z]+) SHOEBOX", TEXT))
    assert commands >= {"new", "studio", "questions", "preview", "report", "build", "batch"}
    assert all((ROOT / "provisioning" / "commands" / f"{name}.py").is_file() for name in commands - {"add"})
