"""A death at any step, others at the same time, a disk that takes no more: the old secret or the new one is there."""

from __future__ import annotations

import errno
import os
import resource
import shutil
from pathlib import Path

import pytest

from device.errors import BadInput, Broken, Busy
from device.persona.vault.own_folder import own_folder
from tests.support.children import dies_at, ended, started
from tests.support.sealers import OTHER, SECRET, Make


def test_death_at_every_step_of_sealing_leaves_the_old_or_the_new(make_often: Make, tmp_path: Path) -> None:
    seen, folder = [], tmp_path / "s"
    make_often(folder).seal("b", SECRET)
    for step in range(100):
        make_often(folder).seal("a", SECRET)
        died = dies_at(step, lambda: make_often(folder).seal("a", OTHER))
        seen.append(make_often(folder).unseal("a"))
        make_often(folder).seal("b", SECRET)  # which cleans up, and leaves the other as it is
        assert make_often(folder).unseal("a") == seen[-1]
        assert (make_often(folder).names(), make_often(folder).unseal("b")) == (("a", "b"), SECRET)
        if not died:
            break
    changed = seen.index(OTHER)
    assert seen == [SECRET] * changed + [OTHER] * (len(seen) - changed)
    assert 3 <= changed < len(seen) - 1  # it was killed on both sides of the moment that decides


def test_death_at_every_step_of_the_first_sealing_does_not_stop_the_next(make_often: Make, tmp_path: Path) -> None:
    for step in range(100):
        folder = tmp_path / str(step)
        if not dies_at(step, lambda folder=folder: make_often(folder).seal("a", OTHER)):  # type: ignore[misc]
            break
        assert make_often(folder).names() in ((), ("a",))
        make_often(folder).seal("b", SECRET)
        assert make_often(folder).unseal("b") == SECRET
    assert step > 3


def test_death_at_every_step_of_erasing_and_then_again_erases(make_often: Make, tmp_path: Path) -> None:
    folder = tmp_path / "s"
    make_often(folder).seal("b", SECRET)
    for step in range(100):
        make_often(folder).seal("a", OTHER)
        image = shutil.copytree(folder, tmp_path / f"image-{step}")
        died = dies_at(step, lambda: make_often(folder).erase("a"))
        make_often(folder).erase("a")
        if make_often(folder).kind == "tpm":
            with pytest.raises(BadInput, match="older one"):
                make_often(image).unseal("a")
        assert (make_often(folder).names(), make_often(folder).unseal("b")) == (("b",), SECRET)
        assert b"another" not in b"".join(path.read_bytes() for path in folder.iterdir())
        if not died:
            break
    assert step > 2


def test_several_at_once_lose_nothing(make: Make, tmp_path: Path) -> None:
    names = tuple(f"persona-{number}" for number in range(4))
    children = [started(lambda name=name: make(tmp_path / "s").seal(name, SECRET)) for name in names]  # type: ignore[misc]
    assert [ended(child) for child in children] == [0] * 4
    assert make(tmp_path / "s").names() == names


def test_a_disk_that_takes_no_more_loses_nothing(make: Make, tmp_path: Path) -> None:
    make(tmp_path / "s").seal("a", SECRET)

    def on_a_small_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (256, 256))
        with pytest.raises(Broken, match="File too large"):
            make(tmp_path / "s").seal("a", OTHER)
        os._exit(7)

    assert ended(started(on_a_small_disk)) == 7
    assert make(tmp_path / "s").unseal("a") == SECRET
    with pytest.raises(Busy, match="room on the disk"), own_folder(tmp_path / "s"):
        raise OSError(errno.ENOSPC, "No space left on device")
