"""Archives are unpacked whole or told about; nothing in one can write elsewhere or fill the disk."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provisioning.intake.archives import Unpacked, unpack


def packed(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return stream.getvalue()


def taken(raw: bytes, folder: Path) -> tuple[Unpacked, dict[str, bytes]]:
    (folder / "a.zip").write_bytes(raw)
    out = folder / "out"
    out.mkdir(exist_ok=True)
    told = unpack(folder / "a.zip", "chats/a.zip", out)
    return told, {member.told: (out / member.file).read_bytes() for member in told.members}


def test_members_come_out_under_numbers(tmp_path: Path) -> None:
    raw = packed(
        {"WhatsApp Chat/_chat.txt": b"[1/1/20] A: hello", "IMG.jpg": b"\xff\xd8", "__MACOSX/._x": b"", "d/": b""}
    )
    told, files = taken(raw, tmp_path)
    assert files == {
        "chats/a.zip!/IMG.jpg": b"\xff\xd8",
        "chats/a.zip!/WhatsApp Chat/_chat.txt": b"[1/1/20] A: hello",
    }
    assert [member.file for member in told.members] == ["000000.jpg", "000001.txt"]
    assert told.left == ()


@pytest.mark.parametrize("name", ["../../evil.txt", "/etc/passwd", "a/../../b", "..\\..\\evil", "\x1b[2Jx", "."])
def test_names_lead_nowhere(tmp_path: Path, name: str) -> None:
    taken(packed({name: b"evil"}), tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.zip", "out"]
    assert all(p.parent == tmp_path / "out" for p in (tmp_path / "out").rglob("*"))


def test_a_link_a_bomb_and_a_password_are_left(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        link = zipfile.ZipInfo("link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        file.writestr(link, "/etc/passwd")
        file.writestr("bomb", bytes(65 << 20))
        file.writestr("good.txt", b"hello")
    raw = bytearray(stream.getvalue())
    told, files = taken(bytes(raw), tmp_path)
    assert files == {"chats/a.zip!/good.txt": b"hello"}
    assert {a.problem for a in told.left} == {"a link in an archive", "a member made to fill disks"}


def test_a_damaged_member_leaves_the_others(tmp_path: Path) -> None:
    raw = bytearray(packed({"a.txt": b"first " * 50, "b.txt": b"second " * 50}, zipfile.ZIP_STORED))
    raw[raw.index(b"first ")] = ord("F")
    told, files = taken(bytes(raw), tmp_path)
    assert list(files) == ["chats/a.zip!/b.txt"]
    assert told.left[0].path == "chats/a.zip!/a.txt"
    assert not (tmp_path / "out" / "000000.txt").exists()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.integers(0, 400), st.integers(0, 255), st.integers(0, 400))
def test_whatever_is_changed_nothing_is_raised(tmp_path: Path, at: int, value: int, cut: int) -> None:
    raw = bytearray(packed({"a.txt": b"first " * 30, "b/c.txt": b"second"}))
    raw[at % len(raw)] = value
    told, files = taken(bytes(raw[: len(raw) - cut % 60]), tmp_path)
    assert len(files) + len(told.left) >= 1
