"""Every kind of text goes to its importer, and to no other; nothing that is in a file breaks one."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from provisioning.importers.registry import importers
from tests.support import mutations
from tests.support.documents import SAMPLES
from tests.support.reading import read, source

OURS = sorted({name for name, _, _ in SAMPLES.values()})


@pytest.mark.parametrize("what", SAMPLES)
def test_a_file_goes_to_its_importer_alone(tmp_path: Path, what: str) -> None:
    name, told, made = SAMPLES[what]
    claims = {other: importer.claims(source(tmp_path, told, made())) for other, importer in importers().items()}
    assert max(claims, key=lambda other: claims[other]) == name
    assert [other for other, sure in claims.items() if sure >= claims[name] / 2] == [name]


@pytest.mark.parametrize("what", SAMPLES)
def test_a_wrong_extension_changes_nothing(tmp_path: Path, what: str) -> None:
    name, told, made = SAMPLES[what]
    folder = told.partition("/")[0]
    claims = {n: i.claims(source(tmp_path, f"{folder}/x.dat", made())) for n, i in importers().items()}
    assert max(claims, key=lambda other: claims[other]) == name


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize(
    "raw", [b"", b"\0", b"\xff" * 100, b"{", b"<", b"PK\x03\x04", b"%PDF-1.4", b"SQLite format 3\0", b"From "]
)
def test_what_is_nothing_gives_no_item_of_its_own(tmp_path: Path, name: str, raw: bytes) -> None:
    items, problems = read(importers()[name], tmp_path, "letters/x", raw)
    assert problems or items


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize("what", SAMPLES)
def test_another_kind_breaks_none(tmp_path: Path, name: str, what: str) -> None:
    given = SAMPLES[what]
    items, problems = read(importers()[name], tmp_path, given[1], given[2]())
    assert items or problems


@pytest.mark.parametrize("what", SAMPLES)
def test_damage_breaks_none(tmp_path: Path, what: str) -> None:
    name, told, made = SAMPLES[what]
    raw = made()
    for seed in range(25):
        changed = mutations.raw(raw, Random(seed))
        importer = importers()[name]
        importer.claims(source(tmp_path, told, changed))
        items, problems = read(importer, tmp_path, told, changed)
        assert items or problems


@pytest.mark.parametrize("what", SAMPLES)
def test_a_file_cut_off_keeps_what_was_read(tmp_path: Path, what: str) -> None:
    name, told, made = SAMPLES[what]
    raw = made()
    for size in {len(raw) // 3, len(raw) // 2, len(raw) - 5}:
        items, problems = read(importers()[name], tmp_path, told, raw[:size])
        assert items or problems
