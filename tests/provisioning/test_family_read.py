"""The importers against the made-up family's shoebox, whose writers know nothing of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisioning.importers.importer import HEAD, Importer, Source
from provisioning.importers.item import Item, Problem
from provisioning.importers.registry import importers
from provisioning.memories.review import parse_people
from provisioning.photos.review import parse as parse_photos
from tests.support.family import bad, exports, shoebox

READ = {"chat", "letter"}


def source(box: Path, name: str) -> Source:
    path = box / name
    with path.open("rb") as file:
        return Source(path, name, file.read(HEAD), path.stat().st_size)


def surest(given: Source) -> Importer | None:
    claims = {name: each.claims(given) for name, each in importers().items()}
    name = max(claims, key=lambda each: claims[each])
    return importers()[name] if claims[name] > 0 else None


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, shoebox.Account]:
    folder = tmp_path_factory.mktemp("read") / "box"
    return folder, shoebox.write(folder, sound=False)


def test_every_chat_and_letter_is_read_to_its_last_record(box: tuple[Path, shoebox.Account]) -> None:
    wrong = {}
    for name, entry in box[1].items():
        if entry["kind"] in READ:
            given = source(box[0], name)
            importer = surest(given)
            assert importer is not None, name
            found = list(importer.read(given))
            items = [each for each in found if isinstance(each, Item)]
            left = [each for each in found if isinstance(each, Problem) and not each.ambiguous]
            either, skipped = entry.get("either", 0), entry.get("skipped", 0)
            whole = len(items) + len(left) == entry["items"] + either + skipped
            if not whole or not entry["items"] <= len(items) <= entry["items"] + either:
                wrong[name] = (len(items), len(left), entry)
    assert not wrong


def test_she_is_found_by_the_account_that_the_export_tells(box: tuple[Path, shoebox.Account]) -> None:
    for name, entry in box[1].items():
        if entry["kind"] == "chat" and entry["person"]:
            given = source(box[0], name)
            importer = surest(given)
            assert importer is not None
            items = [each for each in importer.read(given) if isinstance(each, Item)]
            assert entry["person"] in {who for each in items for who in (each.speaker, each.name)}, name


def test_nothing_bad_makes_an_importer_fall(tmp_path: Path) -> None:
    account = bad.write(tmp_path / "bad", lines=500)
    for name, entry in account.items():
        given = source(tmp_path / "bad", name)
        importer = surest(given)
        found = list(importer.read(given)) if importer else []
        items = [each for each in found if isinstance(each, Item)]
        if importer and "items" in entry:
            assert len(items) == entry["items"], name
        assert len(items) >= entry.get("least", 0), name


def test_the_expected_persons_differ_by_format() -> None:
    assert len({export.person for export in exports.exports(1, False).values()}) > 5


def test_what_the_family_corrected_is_read(box: tuple[Path, shoebox.Account]) -> None:
    people = parse_people((box[0] / "review/people.toml").read_bytes())
    photos = parse_photos((box[0] / "review/photos.toml").read_bytes())
    assert people.kinship["周文琴"] == "daughter"
    assert all((box[0] / name).is_file() for name in photos.photos)
