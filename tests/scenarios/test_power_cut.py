"""Whatever is done to an import, afterwards the frame has the old persona or the new one, whole, and can import again.

Killed at each writing call, killed at any moment, without power at each change of the disk with what was not synced
lost, with a full disk, and with another import beside it.
"""

from __future__ import annotations

import errno
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from device.errors import ImagoError
from device.persona.pack import signed
from device.persona.store import importer, opening, state
from device.persona.store.importer import Site
from device.persona.store.orders import Revocation
from device.persona.store.remains import remains
from device.persona.store.store import SPARE
from tests.support import killing, lossy_fs, lossy_record, packs
from tests.support.packs import FAMILY, PAPER, SERIES, Recipe

ROOT = Path(__file__).resolve().parents[2]
OLD, NEW = 10, 11
NONE = ""


@dataclass(frozen=True)
class Case:
    """A frame before an import, and how it may be afterwards."""

    home: Path
    pack: Path
    allowed: frozenset[str]
    """Digests of the packs that it may run; "" for nobody"""
    new: str

    def command(self, home: Path) -> list[str]:
        return [sys.executable, "-m", "device", "import", str(self.pack)]

    def env(self, home: Path) -> dict[str, str]:
        return {**os.environ, "IMAGO_HOME": str(home), "PYTHONPATH": str(ROOT), "TPM2TOOLS_TCTI": ""}


def make_pack(counter: int, size: int) -> bytes:
    photograph = b"\xff\xd8\xff\xc0\x00\x11\x08\x00\x40\x00\x40\x03" + random.Random(counter).randbytes(size)
    files = {**Recipe().files, "album/river.jpg": ("photographs", photograph)}
    return packs.make(Recipe(files=files, envelope={"counter": counter}))


def take(site: Site, data: bytes) -> str:
    import io

    return importer.take(io.BytesIO(data).read, site, lambda stage, done, total: None).digest


def prepared(folder: Path, *, old: bool, size: int = 300_000) -> Case:
    """A frame in `folder` with a good pack, or with none, and another one to come."""
    home = folder / "home"
    home.mkdir()
    site = packs.site(home)
    digests = {NONE}
    if old:
        digests = {take(site, make_pack(OLD, size))}
        with site.store.writing():
            site.store.change(state.passed)
    data = make_pack(NEW, size)
    (folder / "new.imago").write_bytes(data)
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    new = take(packs.site(elsewhere), data)
    return Case(home, folder / "new.imago", frozenset({*digests, new}), new)


def is_whole(case: Case, home: Path) -> str:
    """Checks the frame in `home` -> the pack that it runs."""
    site = packs.site_again(home)
    try:
        running = importer.running(site.store)[1]
    except ImagoError:
        running = NONE
    assert running in case.allowed
    if running:
        opening.close_all()
        folder = opening.open_pack(site.store, SERIES, running)
        assert (folder / "persona.toml").read_bytes() == packs.TOML
        assert opening.read_file(folder / "album/river.jpg").startswith(b"\xff\xd8\xff")
    assert take(site, case.pack.read_bytes()) == case.new
    assert importer.running(site.store)[1] == case.new
    assert list(site.store.staging.iterdir()) == []
    assert {p.name for p in site.store.packs.iterdir()} == site.store.state.digests
    return running


@pytest.fixture(params=[False, True], ids=["first", "second"])
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Case]:
    yield prepared(tmp_path, old=request.param)
    opening.close_all()


def renewed(case: Case, folder: Path) -> Callable[[], None]:
    def renew() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(case.home, folder)

    return renew


@pytest.mark.skipif(bool(killing.why_not()), reason=killing.why_not())
@pytest.mark.parametrize("torn", [False, True], ids=["between", "torn"])
def test_killed_at_every_writing_call(case: Case, tmp_path: Path, torn: bool) -> None:
    home = tmp_path / "now"
    ends = []
    for outcome in killing.killed_at_every_call(case.command(home), home, renewed(case, home), case.env(home), torn):
        ends.append(is_whole(case, home))
        assert outcome.killed_at or outcome.returncode == 0
    assert ends[-1] == case.new
    assert len(ends) > 20
    assert ends == sorted(ends, key=lambda end: end == case.new)  # from some call on it is the new one


@pytest.mark.skipif(bool(lossy_fs.why_not()), reason=lossy_fs.why_not())
def test_no_power_at_every_change_of_the_disk(case: Case, tmp_path: Path) -> None:
    """What was not synced is lost, wholly or in part."""
    start = lossy_record.take(case.home)
    with lossy_fs.lossy_fs(tmp_path / "disk", start) as disk:
        done = subprocess.run(case.command(disk.folder), env=case.env(disk.folder), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        record = disk.record()
    ends = set()
    for number, crash in enumerate(record.crashes(random.Random(1))):
        home = tmp_path / f"left{number}"
        lossy_record.lay_out(crash.left, home)
        ends.add(is_whole(case, home))
        shutil.rmtree(home)
    assert ends == case.allowed


@pytest.mark.skipif(bool(lossy_fs.why_not()), reason=lossy_fs.why_not())
def test_once_it_says_so_the_new_one_is_there_whatever_happens(case: Case, tmp_path: Path) -> None:
    with lossy_fs.lossy_fs(tmp_path / "disk", lossy_record.take(case.home)) as disk:
        subprocess.run(case.command(disk.folder), env=case.env(disk.folder), check=True, capture_output=True)
        record = disk.record()
    last = len(record.steps)
    for number, crash in enumerate(record.crashes(random.Random(2), at={last})):
        home = tmp_path / f"left{number}"
        lossy_record.lay_out(crash.left, home)
        assert is_whole(case, home) == case.new


@pytest.mark.skipif(bool(killing.why_not()), reason=killing.why_not())
@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO])
def test_a_disk_that_takes_no_more_at_any_call(case: Case, tmp_path: Path, error: int) -> None:
    home = tmp_path / "now"
    for n in range(1, 200):
        renewed(case, home)()
        outcome = killing.run_failing(case.command(home), home, n, error, case.env(home))
        assert "Traceback" not in outcome.stderr
        if outcome.returncode == 0:
            break
        assert outcome.returncode == 4, outcome.stderr
        assert len(outcome.stderr.strip().splitlines()) == 1
        is_whole(case, home)
    assert n > 10


def test_two_imports_at_once(case: Case, tmp_path: Path) -> None:
    both = [
        subprocess.Popen(case.command(case.home), env=case.env(case.home), stderr=subprocess.PIPE) for _ in range(2)
    ]
    codes = sorted(process.wait(60) for process in both)
    for process in both:
        process.stderr.close()  # type: ignore[union-attr]
    assert codes in ([0, 0], [0, 4])
    assert is_whole(case, case.home) == case.new


@pytest.mark.skipif(bool(lossy_fs.why_not()), reason=lossy_fs.why_not())
@pytest.mark.parametrize(
    "step", [pytest.param(4 << 20, id="few"), pytest.param(64 << 10, id="all", marks=pytest.mark.long)]
)
def test_a_disk_of_any_size(tmp_path: Path, step: int) -> None:
    """What does not fit is refused before a byte of it is written; what is not refused fits."""
    case = prepared(tmp_path, old=True)
    start = lossy_record.take(case.home)
    with lossy_fs.lossy_fs(tmp_path / "disk", start) as disk:
        used = disk.used()
    ends = []
    for room in (*range(0, SPARE + 1_000_000, step), SPARE + 1_500_000):
        with lossy_fs.lossy_fs(tmp_path / "disk", start, limit=used + room) as disk:
            done = subprocess.run(case.command(disk.folder), env=case.env(disk.folder), capture_output=True, text=True)
            steps = len(disk.record().steps)
            left = disk.record().tree().crash(lossy_record.Survival.NOTHING, random.Random(0))
        ends.append(done.returncode)
        assert done.returncode in (0, 4), done.stderr
        assert done.returncode == 0 or (steps == 0 and "MB free" in done.stderr)
        home = tmp_path / "left"
        lossy_record.lay_out(left, home)
        is_whole(case, home)
        shutil.rmtree(home)
    assert ends[0] == 4
    assert ends[-1] == 0
    assert ends == sorted(ends, reverse=True)


@pytest.mark.skipif(bool(killing.why_not()), reason=killing.why_not())
@pytest.mark.parametrize("what", ["forget", "revoke"])
def test_killed_while_erasing(tmp_path: Path, what: str) -> None:
    """The persona is there, or it is gone; and once anything is written again, nothing of it is left."""
    case = prepared(tmp_path, old=True)
    order = tmp_path / "gone.imago-order"
    told = msgspec.json.encode(Revocation(FAMILY.id, SERIES, 1))
    order.write_bytes(signed.sign(signed.REVOCATION, told, packs.signing((PAPER.signing(1),))).encode())
    home = tmp_path / "now"
    words = ["forget", packs.PERSONA] if what == "forget" else ["import", str(order)]
    command = [sys.executable, "-m", "device", *words]
    record = packs.site_again(case.home).store.state.personas[SERIES]
    gone = []
    for outcome in killing.killed_at_every_call(command, home, renewed(case, home), case.env(home)):
        assert outcome.killed_at or outcome.returncode == 0, outcome.stderr
        site = packs.site_again(home)
        gone.append(SERIES not in site.store.state.personas)
        if not gone[-1]:
            folder = opening.open_pack(site.store, *importer.running(site.store))
            assert opening.read_file(folder / "album/river.jpg").startswith(b"\xff\xd8\xff")
        else:
            with site.store.writing():
                opening.close_all()
            assert remains(site.store, SERIES, record) == ()
        opening.close_all()
    assert gone[0] is False
    assert gone[-1] is True
    assert gone == sorted(gone)


@pytest.mark.skipif(not shutil.which("faketime"), reason="faketime is not here")
@pytest.mark.parametrize("clock", ["1970-01-01 00:00:10", "2038-01-19 03:14:10", "2106-02-07 06:28:20"])
def test_whatever_the_clock_says(case: Case, clock: str) -> None:
    done = subprocess.run(["faketime", clock, *case.command(case.home)], env=case.env(case.home), capture_output=True)
    assert done.returncode == 0, done.stderr
    assert is_whole(case, case.home) == case.new


@pytest.mark.parametrize("count", [pytest.param(10, id="few"), pytest.param(500, id="many", marks=pytest.mark.long)])
def test_killed_at_random_moments(tmp_path: Path, count: int) -> None:
    case = prepared(tmp_path, old=True, size=4_000_000)
    home, rng = tmp_path / "now", random.Random(count)
    ends = set()
    for _ in range(count):
        renewed(case, home)()
        killing.run_killed_at_random(case.command(home), 0.6, rng, case.env(home))
        ends.add(is_whole(case, home))
    assert ends <= case.allowed
    opening.close_all()
