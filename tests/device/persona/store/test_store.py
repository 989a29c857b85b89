"""The whole way of packs and orders on a real disk: trial, good, previous, rollback, forgetting, and what is left."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import msgspec
import pytest

from device.errors import Busy, ImagoError, Missing
from device.persona.pack import signed
from device.persona.pack.family import Introduction, pairing_proof
from device.persona.pack.keys import to_base64
from device.persona.store import importer, opening, state
from device.persona.store.frame_identity import open_pairing
from device.persona.store.importer import Site
from device.persona.store.orders import Revocation
from device.persona.store.outcome import Outcome
from device.persona.store.store import Store
from tests.support import packs
from tests.support.packs import FAMILY, FRAME, PAPER, SERIES, Recipe


@pytest.fixture
def site(tmp_path: Path) -> Any:
    made = packs.site(tmp_path)
    yield made
    opening.close_all()


def nothing(stage: str, done: int, total: int) -> None:
    """Progress that nobody looks at."""


def take(site: Site, data: bytes) -> Outcome:
    return importer.take(io.BytesIO(data).read, site, nothing)


def pack(counter: int, **envelope: Any) -> bytes:
    return packs.make(Recipe(envelope={"counter": counter, **envelope}))


def order(payload_type: str, told: Any) -> bytes:
    return signed.sign(payload_type, msgspec.json.encode(told), packs.signing((PAPER.signing(1),))).encode()


def change(site: Site, how: Any) -> None:
    with site.store.writing():
        site.store.change(how)


def code_of(site: Site, data: bytes) -> str:
    with pytest.raises(ImagoError) as caught:
        take(site, data)
    return caught.value.code


def test_a_pack_arrives_on_trial_and_is_opened(site: Site) -> None:
    outcome = take(site, pack(10))
    assert (outcome.did, outcome.persona) == ("installed", packs.PERSONA)
    assert state.on_trial(site.store.state) == outcome.digest
    folder = opening.open_pack(site.store, *importer.running(site.store))
    assert (folder / "persona.toml").read_bytes() == packs.TOML
    assert not (folder / "voice/originals/river.wav").exists()
    assert opening.read_file(folder / "voice/originals/river.wav") == packs.sound()
    with pytest.raises(FileNotFoundError):
        opening.read_file(folder / "voice/originals/sea.wav")


def test_nothing_of_it_is_in_the_clear_on_the_disk(site: Site, tmp_path: Path) -> None:
    take(site, pack(10))
    stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and path.name != "state.json")
    for secret in (packs.TOML[10:40], packs.sound()[:60], b"originals/river.wav", b"Lin Mei"):
        assert secret not in stored
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "store").rglob("*"))


def test_the_frames_own_key_does_not_open_what_it_keeps(site: Site) -> None:
    """What once opened the pack is not kept: erasing the persona's key is enough."""
    digest = take(site, pack(10)).digest
    payload = (site.store.packs / digest / "payload").read_bytes()
    assert b"age-encryption" not in payload
    assert b"X25519" not in payload


def test_a_second_pack_leaves_the_first_one_to_go_back_to(site: Site) -> None:
    first = take(site, pack(10)).digest
    change(site, state.passed)
    second = take(site, pack(11)).digest
    change(site, state.passed)
    record = site.store.state.personas[SERIES]
    assert (record.good, record.previous) == (second, first)
    third = take(site, pack(12)).digest
    change(site, state.passed)
    assert sorted(p.name for p in site.store.packs.iterdir()) == sorted([second, third])
    change(site, state.rolled_back)
    assert importer.running(site.store)[1] == second


def test_three_tries_then_the_last_good_one_is_back(site: Site) -> None:
    good = take(site, pack(10)).digest
    change(site, state.passed)
    bad = take(site, pack(11)).digest
    for _ in range(3):
        change(site, state.tried)
        assert state.on_trial(site.store.state) == bad
    change(site, state.tried)
    assert importer.running(site.store) == (SERIES, good)
    assert not site.store.has(bad)
    assert take(site, pack(11, epoch=0)).did == "installed"  # the floor had not risen to it


def test_a_first_persona_that_fails_leaves_nobody(site: Site) -> None:
    take(site, pack(10))
    change(site, state.failed)
    with pytest.raises(Missing):
        importer.running(site.store)
    assert list(site.store.packs.iterdir()) == []
    assert [name for name in site.store.sealer.names() if "persona" in name] == []


def test_of_two_that_were_never_run_the_first_one_can_be_gone_back_to(site: Site) -> None:
    first, second = take(site, pack(10)).digest, take(site, pack(11)).digest
    change(site, state.rolled_back)
    assert importer.running(site.store) == (SERIES, first)
    change(site, state.rolled_back)
    assert importer.running(site.store) == (SERIES, second)
    change(site, state.failed)
    assert importer.running(site.store) == (SERIES, first)
    assert not site.store.has(second)
    change(site, state.passed)
    assert site.store.state.marks[SERIES].counter == 10
    assert code_of(site, pack(9)) == "rollback.counter"
    assert take(site, pack(11)).did == "installed"


def test_the_floor_is_that_of_the_pack_on_trial_while_it_is(site: Site) -> None:
    take(site, pack(10))
    change(site, state.passed)
    take(site, pack(20))
    assert code_of(site, pack(15)) == "rollback.counter"
    change(site, state.failed)
    assert take(site, pack(15)).did == "installed"


def test_old_packs_do_not_come_back_but_by_a_signed_epoch(site: Site) -> None:
    ten = pack(10)
    take(site, ten)
    change(site, state.passed)
    assert code_of(site, pack(9)) == "rollback.counter"
    twin = packs.make(Recipe(envelope={"counter": 10, "device": ["any", "jetson-orin"]}))
    assert code_of(site, twin) == "rollback.twin"
    assert take(site, ten).did == "already here"
    assert take(site, pack(3, epoch=1)).did == "installed"
    change(site, state.passed)
    assert code_of(site, pack(30)) == "rollback.epoch"


def test_revoking_erases_and_no_older_consent_brings_it_back(site: Site) -> None:
    digest = take(site, pack(10)).digest
    opened = opening.open_pack(site.store, SERIES, digest)
    told = take(site, order(signed.REVOCATION, Revocation(FAMILY.id, SERIES, 1)))
    assert (told.did, told.removed, told.left) == ("revoked", (digest,), ())
    assert not opened.exists()
    assert list(site.store.packs.iterdir()) == []
    assert code_of(site, pack(99)) == "revoked.consent"
    again = packs.CONSENTED | {"serial": 2}
    assert (
        take(site, packs.make(Recipe(consent=again, envelope={"counter": 99, "consent_serial": 2}))).did == "installed"
    )


def test_a_revocation_for_somebody_unknown_holds_for_later(site: Site) -> None:
    assert take(site, order(signed.REVOCATION, Revocation(FAMILY.id, SERIES, 1))).did == "nothing to revoke"
    assert code_of(site, pack(10)) == "revoked.consent"


def test_a_revocation_by_a_stranger_does_nothing(site: Site) -> None:
    take(site, pack(10))
    told = msgspec.json.encode(Revocation(FAMILY.id, SERIES, 1))
    forged = signed.sign(signed.REVOCATION, told, packs.signing((packs.STRANGER.signing(1),)))
    assert code_of(site, forged.encode()) == "signature.stranger"
    assert site.store.state.active == SERIES


def test_forgetting_keeps_how_old_a_pack_must_not_be(site: Site) -> None:
    ten = pack(10)
    take(site, ten)
    change(site, state.passed)
    change(site, lambda now: state.forgotten(now, SERIES))
    assert code_of(site, pack(9)) == "rollback.counter"
    assert take(site, ten).did == "installed"


def test_a_kept_pack_that_rots_is_noticed(site: Site) -> None:
    digest = take(site, pack(10)).digest
    path = site.store.packs / digest / "payload"
    spoilt = bytearray(path.read_bytes())
    spoilt[len(spoilt) // 2] ^= 1
    path.write_bytes(bytes(spoilt))
    with pytest.raises(ImagoError) as caught:
        opening.open_pack(site.store, SERIES, digest)
    assert caught.value.code == "damaged.store"


def test_two_imports_at_once(site: Site) -> None:
    with site.store.writing(), pytest.raises(Busy):
        take(site, pack(10))
    assert take(site, pack(10)).did == "installed"


def test_rubbish_is_swept_away(site: Site) -> None:
    digest = take(site, pack(10)).digest
    (site.store.packs / ("0" * 64)).mkdir()
    (site.store.staging / "half").mkdir()
    (site.store.staging / "half" / "payload").write_bytes(b"half")
    site.store.sealer.seal("persona-" + "0" * 32, bytes(32))
    with site.store.writing():
        pass
    assert [p.name for p in site.store.packs.iterdir()] == [digest]
    assert list(site.store.staging.iterdir()) == []
    assert "persona-" + "0" * 32 not in site.store.sealer.names()


def test_a_frame_of_nobody_takes_the_family_that_holds_its_file(tmp_path: Path) -> None:
    site = packs.site(tmp_path, family=None)
    assert code_of(site, pack(10)) == "pairing.none"
    secret = open_pairing(site.store.sealer)
    proof = pairing_proof(secret, FAMILY.statement.payload, FRAME.id)
    hello = Introduction(to_base64(FAMILY.statement.encode()), FRAME.id, proof)
    outcome = take(site, pack(10, introduction=msgspec.to_builtins(hello)))
    assert (outcome.did, outcome.family_code) == ("installed", FAMILY.code(FRAME.id))
    assert "pairing" not in site.store.sealer.names()
    assert code_of(site, order(signed.INTRODUCTION, hello)) == "signature.stranger"


def test_an_introduction_alone_pairs(tmp_path: Path) -> None:
    site = packs.site(tmp_path, family=None)
    proof = pairing_proof(open_pairing(site.store.sealer), FAMILY.statement.payload, FRAME.id)
    hello = Introduction(to_base64(FAMILY.statement.encode()), FRAME.id, proof)
    assert take(site, order(signed.INTRODUCTION, hello)).did == "paired"
    assert take(site, pack(10)).did == "installed"


def test_a_refused_pack_does_not_pair(tmp_path: Path) -> None:
    site = packs.site(tmp_path, family=None)
    proof = pairing_proof(open_pairing(site.store.sealer), FAMILY.statement.payload, FRAME.id)
    hello = msgspec.to_builtins(Introduction(to_base64(FAMILY.statement.encode()), FRAME.id, proof))
    lacking = Recipe(consent=packs.CONSENTED | {"grants": []}, envelope={"introduction": hello})
    assert code_of(site, packs.make(lacking)) == "consent.grant-likeness"
    assert site.store.family is None


def test_a_full_disk_is_said_before_a_byte_is_written(tmp_path: Path) -> None:
    class Small(Store):
        def make_room(self, series: str, needed: int) -> None:
            super().make_room(series, 1 << 60)

    whole = packs.site(tmp_path)
    site = Site(Small(tmp_path, whole.store.sealer), whole.identity, whole.kinds, whole.models)
    assert code_of(site, pack(10)) == "space.disk"
    assert list(site.store.staging.iterdir()) == []


class Counted:
    """A TPM's counter."""

    def __init__(self) -> None:
        self.count = 1

    def value(self) -> int:
        return self.count

    def increment(self) -> int:
        self.count += 1
        return self.count


def test_a_disk_that_was_exchanged_for_an_older_copy_is_noticed(tmp_path: Path) -> None:
    plain, counter = packs.site(tmp_path), Counted()
    site = Site(Store(tmp_path, plain.store.sealer, counter), plain.identity, plain.kinds, plain.models)
    take(site, pack(10))
    change(site, state.passed)
    copy = (site.store.folder / "state.json").read_bytes()
    for number in (11, 12):
        take(site, pack(number))
        change(site, state.passed)
    (site.store.folder / "state.json").write_bytes(copy)
    assert code_of(site, pack(11)) == "setback.disk"
    with site.store.writing():
        site.store.begin_anew()
    assert take(site, pack(13)).did == "installed"


def test_a_power_cut_between_counting_and_writing_is_no_older_copy(tmp_path: Path) -> None:
    plain, counter = packs.site(tmp_path), Counted()
    site = Site(Store(tmp_path, plain.store.sealer, counter), plain.identity, plain.kinds, plain.models)
    take(site, pack(10))
    change(site, state.passed)
    counter.increment()
    assert take(site, pack(11)).did == "installed"


def test_an_opened_persona_is_its_owners_alone(site: Site) -> None:
    take(site, pack(10))
    folder = opening.open_pack(site.store, *importer.running(site.store))
    for path in (folder, *folder.rglob("*")):
        assert path.stat().st_mode & 0o077 == 0
    assert os.path.ismount("/dev/shm") or "shm" not in str(folder)


def test_what_was_read_of_a_stick_that_was_pulled_out_does_not_stay(site: Site) -> None:
    data = pack(10)

    def pulled(size: int) -> bytes:
        nonlocal data
        if not data[:-500]:
            raise OSError(5, "Input/output error")
        part, data = data[: min(size, 1000)], data[min(size, 1000) :]
        return part

    with pytest.raises(ImagoError) as caught:
        importer.take(pulled, site, nothing)
    assert caught.value.code == "damaged.read"
    assert list(site.store.staging.iterdir()) == []


def test_what_somebody_else_is_just_opening_is_left_to_them(site: Site) -> None:
    digest = take(site, pack(10)).digest
    folder = opening.in_ram()
    theirs, abandoned = folder / f".{digest[:16]}-0.{os.getppid()}", folder / f".{digest[:16]}-0.4194304"
    for draft in (theirs, abandoned):
        draft.mkdir(mode=0o700, exist_ok=True)
    opening.close_all()
    assert theirs.exists()
    assert not abandoned.exists()
    theirs.rmdir()
