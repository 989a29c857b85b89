"""The short form of `fuzz.py`."""

from __future__ import annotations

from pathlib import Path

from provisioning.importers.registry import importers
from tests.provisioning.importers.fuzz import cases, check


def test_changed_files_never_raise_and_stay_as_they_are(tmp_path: Path) -> None:
    folder = tmp_path / "one"
    folder.mkdir()
    assert sum(check(name, raw, folder / "chat.txt") for name, raw in cases(300, seed=6)) > 300


def test_changed_files_of_one_kind_are_read_by_all(tmp_path: Path) -> None:
    folder = tmp_path / "one"
    folder.mkdir()
    for _, raw in cases(25, seed=7):
        for name in importers():
            check(name, raw, folder / "chat.txt")
