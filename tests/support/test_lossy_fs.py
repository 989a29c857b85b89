"""The mounted file system behaves as one, and finds the writers that a power cut breaks, and only those."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import mmap
import os
import random
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.lossy_fs import ROOT, LossyDisk, lossy_fs, why_not
from tests.support.lossy_record import Record
from tests.support.lossy_tree import EXCHANGE, Item, Snapshot, Survival
from tests.support.toy_writers import NEW, OLD, RIGHT, WRONG_AT_A_POWER_CUT

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not())
START: Snapshot = {"incoming": Item(stat.S_IFDIR | 0o755, b""), "kept": Item(stat.S_IFREG | 0o644, OLD)}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[LossyDisk]:
    with lossy_fs(tmp_path / "disk", START) as mounted:
        yield mounted


def toy(writer: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.support.toy_writers", writer, str(folder)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def faults(record: Record) -> list[str]:
    """The crashes after which neither the old nor the new content is there, or after the end not the new."""
    found = []
    for crash in record.crashes(random.Random(1), draws=8):
        finished = crash.after == len(record.steps)
        kept = crash.left.get("kept")
        if kept is None or kept.content not in ((NEW,) if finished else (OLD, NEW)):
            found.append(f"after {crash.last}: {crash.survival.value}")
    return found


@pytest.mark.parametrize("writer", RIGHT)
def test_who_syncs_everything_in_order_survives_every_power_cut(writer: str, disk: LossyDisk) -> None:
    assert toy(writer, disk.folder).returncode == 0
    assert faults(disk.record()) == []


@pytest.mark.parametrize("writer", WRONG_AT_A_POWER_CUT)
def test_every_mistake_is_found(writer: str, disk: LossyDisk) -> None:
    assert toy(writer, disk.folder).returncode == 0
    assert (disk.folder / "kept").read_bytes() == NEW
    assert faults(disk.record())


def test_which_mistake_is_told(disk: LossyDisk) -> None:
    toy("folder not synced", disk.folder)
    assert faults(disk.record())[0] == f"after rename 1 draft 1 kept 0: {Survival.NOTHING.value}"


@pytest.mark.parametrize("step", range(1, 9))
def test_from_a_broken_step_on_everything_fails(step: int, tmp_path: Path) -> None:
    with lossy_fs(tmp_path / "disk", START, trip_at=step) as disk:
        done = toy("right", disk.folder)
        assert (done.returncode, "Input/output error" in done.stderr) == ((0, False) if step == 8 else (1, True))
        record = disk.record()
        with pytest.raises(OSError, match="Input/output") if step < 8 else pytest.raises(FileExistsError):
            (disk.folder / "incoming").mkdir()
    assert len(record.steps) == step - 1


@pytest.mark.parametrize("writer", RIGHT)
def test_a_full_disk_at_every_page_leaves_the_old(writer: str, disk: LossyDisk) -> None:
    before = disk.used()
    for more in range(0, len(NEW), 4096):
        disk.limit(before + more)
        assert "No space left on device" in toy(writer, disk.folder).stderr
        assert (disk.folder / "kept").read_bytes() == OLD
        (disk.folder / "incoming" / "draft").unlink(missing_ok=True)
    disk.limit(before + len(NEW) + 4096)
    assert toy(writer, disk.folder).returncode == 0


def test_the_free_space_is_told(disk: LossyDisk) -> None:
    disk.limit(1 << 20)
    usage = shutil.disk_usage(disk.folder)
    assert usage.total == 1 << 20
    assert usage.used == disk.used() == 2 * 4096 + 12288
    with (disk.folder / "f").open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, usage.free)
        assert shutil.disk_usage(disk.folder).free == 0
        (disk.folder / "f").unlink()
        assert shutil.disk_usage(disk.folder).free == 0  # still open
    assert shutil.disk_usage(disk.folder).free == usage.free


def test_locks_work(disk: LossyDisk) -> None:
    with (disk.folder / "lock").open("w") as one, (disk.folder / "lock").open("w") as other:
        fcntl.flock(one, fcntl.LOCK_EX)
        with pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.lockf(one, fcntl.LOCK_EX | fcntl.LOCK_NB)
        probe = "import fcntl, sys; fcntl.lockf(open(sys.argv[1], 'w'), fcntl.LOCK_EX | fcntl.LOCK_NB)"
        done = subprocess.run([sys.executable, "-c", probe, disk.folder / "lock"], capture_output=True, text=True)
        assert "BlockingIOError" in done.stderr


def test_names_can_be_exchanged(disk: LossyDisk) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    old, new = os.fsencode(disk.folder / "kept"), os.fsencode(disk.folder / "incoming")
    assert libc.renameat2(-100, old, -100, new, EXCHANGE) == 0
    assert (disk.folder / "incoming").read_bytes() == OLD
    assert (disk.folder / "kept").is_dir()


def test_a_link_is_replaced_atomically(disk: LossyDisk) -> None:
    (disk.folder / "current").symlink_to("kept")
    (disk.folder / "next").symlink_to("incoming")
    (disk.folder / "next").replace(disk.folder / "current")
    assert (disk.folder / "current").readlink() == Path("incoming")
    os.link(disk.folder / "kept", disk.folder / "twin")
    assert (disk.folder / "twin").stat().st_nlink == 2


def test_what_is_removed_while_open_can_still_be_read_and_written(disk: LossyDisk) -> None:
    with (disk.folder / "kept").open("r+b") as file:
        (disk.folder / "kept").unlink()
        file.seek(0)
        file.write(b"new")
        file.flush()
        assert os.fstat(file.fileno()).st_size == len(OLD)
        file.seek(0)
        assert file.read() == b"new" + OLD[3:]
    assert os.listdir(disk.folder) == ["incoming"]


def test_a_large_folder_is_listed_and_removed(disk: LossyDisk) -> None:
    for number in range(400):
        (disk.folder / "incoming" / f"{number:050}").touch()
    assert len(os.listdir(disk.folder / "incoming")) == 400
    shutil.rmtree(disk.folder / "incoming")
    assert os.listdir(disk.folder) == ["kept"]


def test_a_mapping_is_seen_when_it_is_synced(disk: LossyDisk) -> None:
    with (disk.folder / "kept").open("r+b") as file, mmap.mmap(file.fileno(), 0) as mapped:
        mapped[:4] = b"mmap"
        mapped.flush()
    (crash,) = disk.record().crashes(random.Random(1), [Survival.NOTHING], at=[len(disk.record().steps)])
    assert crash.left["kept"].content == b"mmap" + OLD[4:]


def test_large_files_come_back_as_written(disk: LossyDisk) -> None:
    content = random.Random(1).randbytes(8 << 20)
    (disk.folder / "large").write_bytes(content)
    shutil.copyfile(disk.folder / "large", disk.folder / "copy")
    assert (disk.folder / "copy").read_bytes() == content
    with (disk.folder / "copy").open("r+b") as file:
        file.truncate(5000)
    assert (disk.folder / "copy").read_bytes() == content[:5000]


def test_devices_other_owners_and_holes_are_refused(disk: LossyDisk) -> None:
    with pytest.raises(PermissionError):
        os.mkfifo(disk.folder / "pipe")
    with pytest.raises(PermissionError):
        os.chown(disk.folder / "kept", 12345, -1)
    os.chown(disk.folder / "kept", os.getuid(), os.getgid())
    with pytest.raises(OSError, match="not supported") as caught:
        os.getxattr(disk.folder / "kept", "user.x")
    assert caught.value.errno == errno.EOPNOTSUPP


def test_it_is_gone_afterwards_even_with_a_file_open(tmp_path: Path) -> None:
    with lossy_fs(tmp_path / "disk", START) as disk:
        file = os.open(disk.folder / "kept", os.O_RDONLY)
    assert os.listdir(tmp_path / "disk") == []
    with pytest.raises(OSError, match="not connected"):
        os.close(file)
