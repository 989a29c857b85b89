"""What is looked at on a stick, what is not, and in which order the rest is taken."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.errors import BadInput, ImagoError
from device.persona.pack import signed
from device.persona.stick.stick import MOST_ENTRIES, MOST_FILES, Listing, Stick, printable
from tests.support import packs


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    root = tmp_path / "stick"
    root.mkdir()
    return root


def look(root: Path, **options: float) -> Listing:
    opened = Stick(root)
    try:
        return opened.look(itertools.count(0.0, 1e-6).__next__, **options)
    finally:
        opened.close()


def paths(listing: Listing) -> list[str]:
    return [found.path for found in listing.found]


def test_files_of_the_first_two_levels_are_found(stick: Path) -> None:
    for name in ("b.imago", "A.IMAGO", "family/c.imago", "family/deep/d.imago", "x.imago.txt", "o.imago-order"):
        (stick / name).parent.mkdir(parents=True, exist_ok=True)
        (stick / name).write_bytes(b"x")
    assert paths(look(stick)) == ["o.imago-order", "A.IMAGO", "b.imago", "family/c.imago"]


def test_what_computers_leave_on_sticks_is_passed_over(stick: Path) -> None:
    for name in ("._a.imago", ".hidden.imago", ".Trashes/a.imago", "$RECYCLE.BIN/b.imago"):
        (stick / name).parent.mkdir(parents=True, exist_ok=True)
        (stick / name).write_bytes(b"x")
    (stick / "System Volume Information").mkdir()
    (stick / "System Volume Information/c.imago").write_bytes(b"x")
    listing = look(stick)
    assert listing.empty
    assert not listing.refused


@pytest.mark.parametrize("kind", ["link", "dangling", "pipe", "device", "socket"])
def test_nothing_but_an_ordinary_file_is_opened(stick: Path, kind: str) -> None:
    path, secret = stick / "a.imago", stick.parent / "secret"
    secret.write_bytes(b"secret")
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        try:
            os.mknod(path, 0o020666, os.makedev(1, 5))
        except PermissionError:
            pytest.skip("needs the right to make devices")
    elif kind == "socket":
        import socket

        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(path))
    else:
        path.symlink_to(secret if kind == "link" else "nowhere")
    listing = look(stick)
    assert not listing.found
    ((name, error),) = listing.refused
    assert name == "a.imago"
    assert error.code == "malformed.not-a-file"
    opened = Stick(stick)
    with pytest.raises((ImagoError, OSError)):  # nor when it took a file's place since
        opened.open("a.imago")
    opened.close()


def test_a_folder_that_is_a_link_is_not_entered(stick: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/a.imago").write_bytes(b"x")
    (stick / "folder").symlink_to(tmp_path / "elsewhere")
    assert look(stick).empty
    opened = Stick(stick)
    with pytest.raises(OSError, match="directory"):
        opened.open("folder/a.imago")
    opened.close()


def test_photographs_are_counted_and_a_request_for_a_report_is_seen(stick: Path) -> None:
    (stick / "2019").mkdir()
    for name in ("a.JPG", "2019/b.heic", "2019/c.png", "2019/d.txt"):
        (stick / name).write_bytes(b"x")
    (stick / "imago-report-request").touch()
    (stick / "2019/imago-report-request").touch()
    listing = look(stick)
    assert (listing.photographs, listing.report_wanted, listing.found) == (3, True, [])


def test_orders_come_first_and_packs_of_a_persona_by_age(stick: Path) -> None:
    def order(kind: str, payload: bytes) -> bytes:
        return signed.sign(kind, payload, packs.signing((packs.PAPER.signing(1),))).encode()

    def pack(**envelope: object) -> bytes:
        return packs.make(packs.Recipe().with_(envelope=envelope))

    (stick / "a-newest.imago").write_bytes(pack(counter=30))
    (stick / "b-oldest.imago").write_bytes(pack(counter=20))
    (stick / "c-epoch.imago").write_bytes(pack(counter=1, epoch=1))
    (stick / "b-other.imago").write_bytes(pack(series="ef" * 16))
    (stick / "0-broken.imago").write_bytes(b"\x89IMAGO\r\n\0\0\1\0{")
    (stick / "1.imago-order").write_bytes(order(signed.REVOCATION, b"{}"))
    (stick / "2.imago-order").write_bytes(order(signed.ROOT, b'{"version": 3}'))
    (stick / "3.imago-order").write_bytes(order(signed.ROOT, b'{"version": 2}'))
    (stick / "4.imago-order").write_bytes(order(signed.INTRODUCTION, b"{}"))
    (stick / "0.imago-order").write_bytes(b"[" * 70000)
    orders = ["4.imago-order", "3.imago-order", "2.imago-order", "1.imago-order", "0.imago-order"]
    theirs = ["b-oldest.imago", "a-newest.imago", "c-epoch.imago", "b-other.imago"]
    assert paths(look(stick)) == [*orders, "0-broken.imago", *theirs]


def test_a_stick_without_an_end_is_looked_at_only_so_far(stick: Path) -> None:
    for number in range(MOST_FILES + 5):
        (stick / f"{number:03}.imago").write_bytes(b"x")
    listing = look(stick)
    assert len(listing.found) == MOST_FILES
    assert listing.cut
    assert look(stick, most_s=5e-6).cut
    assert look(stick, most_s=5e-6).entries < 10
    assert MOST_ENTRIES < 100_000


def test_a_file_larger_than_any_pack_is_refused_by_its_size(stick: Path) -> None:
    with (stick / "a.imago").open("wb") as file:
        file.truncate(4 << 30)
    ((_, error),) = look(stick).refused
    assert error.code == "malformed.length"


def test_a_stick_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        Stick(tmp_path / "nowhere")


@given(st.text(max_size=300))
def test_a_name_is_shown_as_one_line_whatever_it_is(name: str) -> None:
    shown = printable(name)
    assert shown.isprintable()
    assert len(shown) <= 80


@given(st.binary(max_size=200))
def test_any_bytes_have_a_place_in_the_order(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    root = tmp_path_factory.mktemp("stick")
    (root / "a.imago").write_bytes(content)
    (root / "b.imago-order").write_bytes(content)
    assert paths(look(root)) == ["b.imago-order", "a.imago"]
