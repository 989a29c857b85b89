"""Packs made by the family's tool, as a frame takes them."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import msgspec
import pytest

from device.errors import BadInput, ImagoError
from device.persona.pack.consent import Consent
from device.persona.pack.envelope import CHUNK_SIZES, Envelope
from device.persona.store import frame_identity, importer, opening
from device.persona.store.frame_identity import FramePublic
from provisioning import pack
from tests.support import packs
from tests.support.packs import FAMILY, FRAME, OTHER_FRAME, PAPER, identity


def public(of: Any = FRAME, secret: bytes | None = None) -> FramePublic:
    return frame_identity.public(of, ("generic-x86_64",), secret)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An unpacked persona with files of many sizes."""
    made = tmp_path / "persona"
    for place in ("likeness/layers", "album", "consent"):
        (made / place).mkdir(parents=True)
    (made / "persona.toml").write_bytes(packs.TOML)
    (made / "likeness/layers/photo.png").write_bytes(packs.PNG)
    (made / "likeness/report.html").write_text("for the family", encoding="utf-8")
    (made / "consent/register.txt").write_text("stays at home", encoding="utf-8")
    jpeg = b"\xff\xd8\xff\xc0\x00\x11\x08\x00\x40\x00\x40\x03"
    for size in (20, 512, 65536, 200_001):
        (made / f"album/在河边{size}.jpg").write_bytes(jpeg + bytes(size - len(jpeg)))
    return made


def write(
    folder: Path, out: Path, *frames: FramePublic, consent: Any = None, counter: int = 1, chunk: int = 65536
) -> Envelope:
    agreed = msgspec.convert(consent or packs.CONSENTED, Consent)
    plan = pack.plan(folder, FAMILY, "陈望川", agreed, {}, {})
    order = pack.Order(frames or (public(),), 0, counter, chunk_size=chunk)
    signing = packs.signing((PAPER.signing(1),))
    return pack.write(plan, order, FAMILY, agreed.serial, signing, out, lambda done, total: None)


@pytest.mark.parametrize("chunk", [CHUNK_SIZES[0], CHUNK_SIZES[-1]])
def test_a_frame_takes_it_and_has_every_byte(folder: Path, tmp_path: Path, chunk: int) -> None:
    told = write(folder, tmp_path / "p.imago", chunk=chunk)
    assert told.introduction is None
    site = packs.site(tmp_path / "home")
    with (tmp_path / "p.imago").open("rb") as file:
        importer.take(file.read, site, lambda *_: None)
    opened = opening.open_pack(site.store, *importer.running(site.store))
    try:
        for path in folder.rglob("*.jpg"):
            assert opening.read_file(opened / path.relative_to(folder)) == path.read_bytes()
        assert not (opened / "consent/register.txt").exists()
        assert not (opened / "likeness/report.html").exists()
    finally:
        opening.close_all()


def test_a_pack_for_two_frames_and_the_family_itself(folder: Path, tmp_path: Path) -> None:
    import pyrage

    from device.persona.pack.bech32 import age_identity

    write(folder, tmp_path / "p.imago", public(), public(OTHER_FRAME))
    data = (tmp_path / "p.imago").read_bytes()
    for who in (FRAME, OTHER_FRAME):
        packs.verify(data, id=who.id, identity=who.opening)
    with pytest.raises(ImagoError) as caught:
        packs.verify(data, id=identity(3).id, identity=identity(3).opening)
    assert caught.value.code == "recipient.other"
    length = int.from_bytes(data[8:12], "big")
    own = pyrage.x25519.Identity.from_str(age_identity(PAPER.reading.private_bytes_raw()))
    assert b"persona.toml" in pyrage.decrypt(data[12 + length :], [own])


def test_a_frame_without_a_family_is_introduced(folder: Path, tmp_path: Path) -> None:
    told = write(folder, tmp_path / "p.imago", public(secret=bytes(32)))
    assert told.introduction is not None
    site = packs.site(tmp_path / "home", family=None)
    site.store.sealer.seal(frame_identity.PAIRING, bytes(32))
    with (tmp_path / "p.imago").open("rb") as file:
        assert importer.take(file.read, site, lambda *_: None).family_code == FAMILY.code(FRAME.id)


def test_a_file_that_no_persona_has(folder: Path, tmp_path: Path) -> None:
    (folder / "notes.txt").write_text("?", encoding="utf-8")
    with pytest.raises(BadInput):
        write(folder, tmp_path / "p.imago")


def test_a_file_that_changes_meanwhile(folder: Path, tmp_path: Path) -> None:
    plan = pack.plan(folder, FAMILY, "陈望川", msgspec.convert(packs.CONSENTED, Consent), {}, {})
    (folder / "album/在河边512.jpg").write_bytes(b"another")
    order = pack.Order((public(),), 0, 1)
    with pytest.raises(BadInput):
        pack.write(plan, order, FAMILY, 1, packs.signing((PAPER.signing(1),)), tmp_path / "p.imago", lambda *_: None)
    assert [p.name for p in tmp_path.iterdir()] == ["persona"]


def test_a_place_that_cannot_be_written_to(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        write(folder, tmp_path / "nowhere" / "p.imago")


def test_the_same_folder_gives_the_same_manifest_but_for_its_number(folder: Path) -> None:
    agreed = msgspec.convert(packs.CONSENTED, Consent)
    one, two = (pack.plan(folder, FAMILY, "陈望川", agreed, {}, {}).manifest for _ in range(2))
    assert one.pack != two.pack
    assert msgspec.structs.replace(one, pack=two.pack) == two


def test_the_counts_of_bytes_reach_the_end(folder: Path, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    plan = pack.plan(folder, FAMILY, "陈望川", msgspec.convert(packs.CONSENTED, Consent), {}, {})
    order = pack.Order((public(),), 0, 1)
    signing = packs.signing((PAPER.signing(1),))
    pack.write(plan, order, FAMILY, 1, signing, tmp_path / "p.imago", lambda done, total: seen.append((done, total)))
    assert seen[-1][0] >= seen[-1][1] > 0
    assert io.BytesIO((tmp_path / "p.imago").read_bytes()).read(8) == b"\x89IMAGO\r\n"
