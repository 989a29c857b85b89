"""A stick's whole way in a real machine: kernel, vfat and exfat, udev, systemd, sandboxes, power. Needs minutes.

`./imago test -m long tests/guest` with what packages/guest.txt names installed. The tests go on from one another, as a
frame's days do. The portrait's own service is not started: this guest has neither a screen nor the libraries of a face;
what it would say of a persona on trial is said for it (`pass_trial`).
"""

from __future__ import annotations

import contextlib
import itertools
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from device.persona.stick import report
from device.persona.store.frame_identity import FramePublic
from tests.guest import base, family, frame
from tests.guest.guest import Guest, state_disk
from tests.guest.onlooker import Onlooker, listed, with_table
from tests.support import sticks

pytestmark = pytest.mark.long
FAT32, EXFAT = 0x0C, 0x07
SAFE_MOUNT = {"ro", "nosuid", "nodev", "noexec"}
BIG, SLOW = 6_000_000, 800_000
"""Bytes of a pack, and bytes a second of a stick, that give a test the time to come in between."""
Tell = Callable[[str], None]


class House:
    """The frame and the family's desk. Files of a stick are bytes by name."""

    def __init__(self, folder: Path, tell: Tell) -> None:
        self._folder = folder
        self._tell = tell
        self._numbers = itertools.count(1)
        self._base = base.base()
        self._first = folder / "first"
        self._first.write_bytes(frame.first_file_system(self._base))
        self._disk = state_disk(folder / "state")
        self.counter = 1

    def start(self, inside: Mapping[str, Path] | None = None) -> Onlooker:
        """The frame is switched on."""
        begun = time.monotonic()
        self.guest = Guest(self._base, self._first, self._disk, self._folder / "guest", inside or {}).__enter__()
        self._tell(f"the frame is up after {time.monotonic() - begun:.0f} s")
        self.onlooker = Onlooker(self.guest, self._tell)
        return self.onlooker

    def pair(self) -> None:
        """The family gets the frame's file."""
        self.known: FramePublic = self.onlooker.frame()

    def pack(self, size: int = 100_000) -> bytes:
        """A newer one than all before."""
        self.counter += 1
        return family.pack(self.known, self.counter, size)

    def fat32(self, files: Mapping[str, bytes], table: bool = True) -> Path:
        """Image of a stick, with a partition table or without."""
        image = sticks.fat32_image(self._desk(), files)
        return with_table(image, FAT32) if table else image

    def exfat(self, files: Mapping[str, bytes]) -> Path:
        """Image of a stick."""
        return with_table(sticks.exfat_image(self._desk(), files), EXFAT)

    def _desk(self) -> Path:
        made = self._folder / f"stick{next(self._numbers)}"
        made.mkdir()
        return made


@pytest.fixture(scope="module")
def tell(pytestconfig: pytest.Config) -> Tell:
    """Lines for whoever waits."""
    capture = pytestconfig.pluginmanager.get_plugin("capturemanager")
    begun = time.monotonic()

    def line(text: str) -> None:
        with capture.global_and_fixture_disabled() if capture else contextlib.nullcontext():
            print(f"\n  {time.monotonic() - begun:4.0f} s  {text}", end="", flush=True)

    return line


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, tell: Tell) -> Iterator[House]:
    lacking = base.lacking()
    if lacking:
        pytest.skip(f"needs a machine in software: {lacking}")
    if sys.version_info[:2] != base.PYTHON:
        pytest.skip(f"needs Python {'.'.join(map(str, base.PYTHON))}, the guest's, to lend it its libraries")
    tell("making the guest, a few minutes for the first time")
    made = House(tmp_path_factory.mktemp("house"), tell)
    try:
        made.start()
        made.pair()
        yield made
    finally:
        made.guest.cut_power()


@pytest.fixture
def guest(house: House) -> Guest:
    return house.guest


@pytest.fixture
def onlooker(house: House) -> Onlooker:
    return house.onlooker


def test_a_new_frame_listens_and_the_portrait_is_not_in_this_guest(guest: Guest) -> None:
    assert guest.read("systemctl is-active imago-import.socket").strip() == "active"
    assert guest.run("systemctl is-active imago-portrait.service").out.strip() == "inactive"
    assert guest.read("systemctl --failed --no-legend") == ""


def test_a_fat32_stick_brings_a_persona(house: House, guest: Guest, onlooker: Onlooker) -> None:
    guest.plug("first", house.fat32({"grandpa.imago": house.pack()}))
    said = onlooker.over()
    guest.pull("first")
    assert (said["stage"], said["safe"]) == ("done", True)
    assert "has arrived" in said["en"]
    (persona,) = onlooker.personas()
    assert (persona["id"], persona["active"]) == (family.PERSON, True)
    assert onlooker.look()["running"] == persona["running"]
    assert "/run/imago/stick" not in guest.read("cat /proc/mounts")


def test_an_exfat_stick_is_mounted_and_imported_behind_walls(
    house: House, guest: Guest, onlooker: Onlooker, tell: Tell
) -> None:
    guest.plug("walls", house.exfat({"grandpa.imago": house.pack(BIG)}), SLOW)
    onlooker.until_tenths(1)
    kind, options = guest.read("findmnt -n -o FSTYPE,OPTIONS /run/imago/stick/sda1").split()
    assert (kind, SAFE_MOUNT - set(options.split(","))) == ("exfat", set())
    (importer,) = onlooker.units("imago-import@*")
    pid = guest.read(f"systemctl show -P MainPID {importer}").strip()
    status = dict(line.split(":", 1) for line in guest.read(f"cat /proc/{pid}/status").splitlines())
    assert status["CapEff"].strip() == "0" * 16
    assert (status["NoNewPrivs"].strip(), status["Seccomp"].strip()) == ("1", "2")
    assert "0" not in status["Uid"].split()
    assert guest.read(f"nsenter -t {pid} -n ip -o link").count("\n") == 1  # itself alone: no network
    assert guest.read(f"nsenter -t {pid} -m ls /run/imago/stick") == ""  # nor the stick
    assert guest.run(f"nsenter -t {pid} -m touch /etc/x").code
    for unit in (importer, "imago-stick@sda1.service"):
        score = guest.read(f"systemd-analyze security --no-pager {unit}").split("level for ")[1].split()[1]
        tell(f"exposure of {unit}: {score}")
        assert float(score) <= 0.5
    assert onlooker.over()["stage"] == "done"
    guest.pull("walls")
    onlooker.pass_trial()
    assert onlooker.look()["bytes"] > BIG


def test_a_stick_that_is_pulled_changes_nothing_and_works_the_next_time(
    house: House, guest: Guest, onlooker: Onlooker
) -> None:
    image = house.fat32({"grandpa.imago": house.pack(BIG)})
    before = onlooker.store()
    guest.plug("early", image, SLOW)
    onlooker.until_tenths(3)
    guest.pull("early")
    said = onlooker.over()
    assert (said["stage"], "pulled out too early" in said["en"]) == ("gone", True)
    assert onlooker.store() == before
    assert "/run/imago/stick" not in guest.read("cat /proc/mounts; ls -d /run/imago/stick/* 2>&1 | grep -v ls:; true")
    guest.plug("again", image)
    assert onlooker.over()["stage"] == "done"
    guest.pull("again")
    onlooker.pass_trial()
    assert onlooker.look()["staging"] == []


def test_a_spoiled_pack_is_refused_and_changes_nothing(house: House, guest: Guest, onlooker: Onlooker) -> None:
    before = onlooker.store()
    guest.plug("spoiled", house.fat32({"grandpa.imago": family.spoiled(house.pack())}))
    said = onlooker.over()
    guest.pull("spoiled")
    assert (said["stage"], said["safe"], "damaged" in said["en"]) == ("refused", True, True)
    assert onlooker.store() == before


def test_a_broken_file_system_is_told_and_two_good_sticks_at_once_are_read(
    house: House, guest: Guest, onlooker: Onlooker
) -> None:
    """A chain of clusters that bites its tail: the kernel refuses to mount it, so no reader ever starts."""
    image = house.fat32({"grandpa.imago": b"x"}, table=False)
    sticks.loop_folder(image)
    guest.plug("loop", image)
    said = onlooker.over()
    guest.pull("loop")
    assert (said["stage"], said["safe"], "does not work" in said["en"]) == ("gone", True, True)
    guest.plug("one", house.fat32({"grandpa.imago": house.pack()}))
    guest.plug("two", house.exfat({"broken.imago": b"x", "grandpa.imago": house.pack(BIG // 2)}))
    onlooker.over()
    came = guest.read("cat /var/lib/imago/arrivals/log.jsonl").splitlines()[-3:]
    assert sum('"did":"installed"' in line or '"code":"rollback' in line for line in came) == 2
    assert onlooker.look()["staging"] == []
    for name in ("one", "two"):
        guest.pull(name)


def test_several_packs_photographs_and_a_report_on_a_stick_without_a_table(
    house: House, guest: Guest, onlooker: Onlooker
) -> None:
    before = onlooker.look()["running"]
    files = {
        "older.imago": house.pack(),
        "newer.imago": house.pack(),
        "broken.imago": b"no pack at all",
        "holiday/beach.jpg": b"\xff\xd8\xff",
        "cake.jpg": b"\xff\xd8\xff",
        report.REPORT_REQUEST: b"",
    }
    image = house.fat32(files, table=False)
    guest.plug("many", image)
    said = onlooker.over()
    guest.pull("many")
    assert (said["stage"], "report is on the stick" in said["en"], "has arrived" in said["en"]) == ("done", True, True)
    assert onlooker.look()["running"] != before
    onlooker.pass_trial()
    there = listed(image)
    assert report.REPORT_REQUEST not in there
    (name,) = [name for name in there if name.startswith("imago-report-")]
    told = report.read_report(there[name])
    assert told.frame == house.known.id
    assert [entry.did for entry in told.arrivals[-3:]].count("installed") == 2
    assert {name: there[name] for name in files if name in there and "/" not in name} == {
        name: files[name] for name in ("older.imago", "newer.imago", "broken.imago", "cake.jpg")
    }


def test_without_power_at_any_moment_the_old_or_the_new_one_is_there(house: House, tell: Tell) -> None:
    """Also that it is the new one once the family was told so."""
    moments: dict[str, Callable[[Onlooker], object]] = {
        "while a third was checked": lambda seen: seen.until_tenths(3),
        "while the last third was checked": lambda seen: seen.until_tenths(6),
        "when it stood in the store": lambda seen: seen.until_kept(),
        "just after that": lambda seen: (seen.until_kept(), time.sleep(0.1)),
        "when it was told to be there": lambda seen: seen.until_done(),
    }
    old = house.onlooker.look()["running"]
    for moment, until in moments.items():
        image = house.fat32({"grandpa.imago": house.pack(BIG)})
        house.guest.plug("cut", image, SLOW)
        until(house.onlooker)
        house.guest.cut_power()
        found = house.start().look()
        new = found["running"] != old
        tell(f"no power {moment}: the {'new' if new else 'old'} one, whole, {found['bytes']} bytes")
        assert found["bytes"] > 100_000
        assert set(found["packs"]) >= {old, found["running"]}  # the one before is kept
        assert new or "told" not in moment
        house.onlooker.pass_trial()
        old = found["running"]


def test_a_stick_that_was_in_when_the_frame_was_switched_on(house: House) -> None:
    before = house.onlooker.look()["running"]
    house.guest.cut_power()
    seen = house.start({"inside": house.fat32({"grandpa.imago": house.pack()})})
    assert seen.over()["stage"] == "done"
    found = seen.look()
    assert found["running"] != before
    assert found["staging"] == []
