"""The store as the keeper sees it, and what stays of an opened persona."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from device.errors import Busy
from device.face.album.slide import read
from device.keeping.packs import InstalledPacks
from device.keeping.switching import Choice
from device.persona.store import opening
from tests.support import packs
from tests.support.living_packs import install


def jpeg() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (64, 48), (200, 30, 30)).save(written, "JPEG")
    return written.getvalue()


@pytest.fixture
def ram(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A folder in RAM of the test's own: a frame may be running on this machine."""
    with tempfile.TemporaryDirectory(prefix="imago-test-", dir="/dev/shm") as folder:
        monkeypatch.setenv("RUNTIME_DIRECTORY", folder)
        yield


@pytest.fixture
def store(tmp_path: Path, ram: None) -> tuple[InstalledPacks, str]:
    recipe = packs.Recipe()
    files = {**recipe.files, "album/red.jpg": ("photographs", jpeg()), "likeness/photo.jpg": ("likeness", jpeg())}
    site = packs.site(tmp_path / "home")
    digest = install(site, packs.make(recipe.with_(files=files))).digest
    return InstalledPacks(site.store), digest


def test_one_on_trial_is_wanted_until_its_last_try_is_over(store: tuple[InstalledPacks, str]) -> None:
    installed, digest = store
    wanted = installed.wanted()
    assert wanted == Choice(packs.SERIES, digest, "陈望川", trial=True)
    for _ in range(3):
        assert installed.tried(wanted)
        assert installed.wanted() == wanted
    assert not installed.tried(wanted)
    assert installed.wanted() == Choice()
    assert not installed.has(wanted)


def test_one_that_passed_is_not_on_trial(store: tuple[InstalledPacks, str]) -> None:
    installed, digest = store
    installed.tried(installed.wanted())
    installed.passed()
    assert installed.wanted() == Choice(packs.SERIES, digest, "陈望川")
    assert installed.has(installed.wanted())


def test_nobody_else_is_disturbed(store: tuple[InstalledPacks, str], tmp_path: Path) -> None:
    installed, _ = store
    with packs.Store(tmp_path / "home", packs.FileSealer(tmp_path / "home" / "secrets")).writing(), pytest.raises(Busy):
        installed.tried(installed.wanted())


def test_a_state_that_cannot_be_read_changes_nothing(store: tuple[InstalledPacks, str], tmp_path: Path) -> None:
    installed, _ = store
    wanted = installed.wanted()
    (tmp_path / "home" / "store" / "state.json").write_bytes(b"{")
    assert installed.wanted() == wanted


def test_photographs_are_read_from_the_store_and_the_likeness_lies_in_ram(store: tuple[InstalledPacks, str]) -> None:
    installed, _ = store
    folder = installed.open(installed.wanted())
    try:
        assert opening.opened(folder)
        assert not (folder / "album" / "red.jpg").exists()
        assert np.abs(read(folder / "album" / "red.jpg", 48)[24, 32].astype(int) - (200, 30, 30)).max() < 8
        assert (folder / "likeness" / "photo.jpg").is_file(), "the screen's process reads it as it is"
        installed.close_others(Choice(digest="0" * 64, trial=True))
        assert folder.is_dir(), "it may be needed again"
    finally:
        installed.close_others(Choice())
    assert not folder.exists()
