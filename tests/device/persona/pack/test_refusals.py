"""Whatever must be refused is refused, with its own code, and nothing on the frame is lost or changed by it."""

from __future__ import annotations

import io
import re
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from device.errors import BadInput, Busy, ImagoError, Missing, Refused
from device.persona.pack.refusal import told
from device.persona.pack.verify import Floor
from device.persona.store import importer, state
from device.persona.store.frame_identity import PAIRING
from device.persona.store.importer import Site
from tests.support.age_file import GREASE, Age
from tests.support.packs import CONSENTED, FRAME, SERIES, Recipe, make, site, verify
from tests.support.refused import LARGE, OUTSIDE, Case, Here
from tests.support.refused_content import ASKED, INSIDE, MEDIA, ORDERS

CLASSES: dict[str, type[ImagoError]] = {
    "damaged": BadInput,
    "malformed": BadInput,
    "signature": Refused,
    "pairing": Refused,
    "recipient": Refused,
    "rollback": Refused,
    "revoked": Refused,
    "consent": Refused,
    "device": Missing,
    "space": Busy,
}
PACKS = [*OUTSIDE, *INSIDE]
ALL = [*PACKS, *MEDIA, *ORDERS]
ELSEWHERE = {
    "damaged.store": "test_properties",
    "damaged.key": "the store's own tests",
    "malformed.frame": "pairing's own tests",
    "rollback.disk": "the store's own tests",
    "space.disk": "below",
    "damaged.read": "below",
    "damaged.unreadable": "the sticks' own tests",
    "malformed.not-a-file": "the sticks' own tests",
    "signature.frame": "the report's own tests",
    "setback.disk": "the store's own tests",
    "media.gone": "the sticks' own tests",
}


def good(here: Here, counter: int, epoch: int = 0, serial: int = 1) -> bytes:
    """A pack that this frame takes."""
    envelope = {"counter": counter, "epoch": epoch, "consent_serial": serial}
    assert here.family is not None
    consent = {**CONSENTED, "serial": serial}
    return make(
        Recipe(family=here.family, signers=here.signers, inner_signers=here.signers, envelope=envelope, consent=consent)
    )


def take(data: bytes, at: Site) -> None:
    importer.take(io.BytesIO(data).read, at, lambda stage, done, total: None)


def prepared(home: Path, here: Here) -> Site:
    """A frame that has a persona, if it has a family."""
    at = replace(site(home, here.family), vendor_keys=here.vendor)
    if here.family is not None:
        take(good(here, 5), at)
        with at.store.writing():
            at.store.change(state.passed)
            if here.mark is not None:
                mark = here.mark
                at.store.change(lambda now: state._changed(now, marks={SERIES: mark}))
    if here.pairing is not None:
        at.store.sealer.seal(PAIRING, here.pairing)
    return at


def there(home: Path) -> dict[str, bytes]:
    """Every file of the frame but those in staging, with its content."""
    files = (path for path in home.rglob("*") if path.is_file() and path.name != "lock")
    return {str(p.relative_to(home)): p.read_bytes() for p in files if p.relative_to(home).parts[1] != "staging"}


def check(error: ImagoError, code: str) -> None:
    assert error.code == code, error.line()
    assert type(error) is CLASSES[code.partition(".")[0]]
    assert error.expected
    assert error.got
    assert error.expected in error.line()
    assert error.got in error.line() or " ".join(error.got.split()) in error.line()
    assert error.line().isprintable()
    assert len(error.line()) < 1000
    assert all(told(error))


def test_names_are_used_once() -> None:
    assert len({case.name for case in ALL}) == len(ALL) >= 105


def test_every_code_is_tried() -> None:
    used = {case.code for case in ALL} | set(ELSEWHERE)
    rooms = Path(importer.__file__).parents[1]
    for path in (*(rooms / "pack").glob("*.py"), *(rooms / "store").glob("*.py")):
        for code in re.findall(rf'"((?:{"|".join(CLASSES)})\.[a-z-]+)"', path.read_text(encoding="utf-8")):
            assert code in used, f"{path.name}: {code}"


@pytest.mark.parametrize("case", [c for c in PACKS if c.here.family], ids=lambda case: case.name)
def test_verification_refuses(case: Case) -> None:
    base = verify(good(case.here, 5), family=case.here.family)
    mark = case.here.mark or state.Mark(0, 5, base.outside.digest)
    floors = {SERIES: Floor(mark.epoch, mark.counter, mark.digest, mark.revoked)}
    with pytest.raises(ImagoError) as caught:
        verify(case.data(), family=case.here.family, floors=floors, vendor_keys=case.here.vendor)
    check(caught.value, case.code)


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_an_import_refuses_and_loses_nothing(case: Case, tmp_path: Path) -> None:
    at = prepared(tmp_path, case.here)
    before = there(tmp_path)
    with pytest.raises(ImagoError) as caught:
        take(case.data(), at)
    check(caught.value, case.code)
    assert_as_before(at, tmp_path, before)
    if case.here.family is not None:
        take(good(case.here, 1000, 9, 99), at)
        assert at.store.state.personas[SERIES].trial


def assert_as_before(at: Site, home: Path, before: dict[str, bytes]) -> None:
    assert there(home) == before
    with at.store.writing():
        assert not list(at.store.staging.iterdir())
    assert there(home) == before


@pytest.mark.parametrize("files", [Recipe().files, LARGE], ids=["one chunk", "several"])
def test_a_pack_that_ends_anywhere(files: dict[str, tuple[str, bytes]]) -> None:
    data = make(Recipe(files=files))
    places = {*range(0, len(data), 997), *range(16), len(data) - 1}
    for end in sorted(places):
        with pytest.raises(BadInput) as caught:
            verify(data[:end])
        assert caught.value.code == ("damaged.cut" if end else "malformed.empty")


def pulled(data: bytes, at: int) -> Callable[[int], bytes]:
    """A stick that is pulled out when so many bytes were read."""
    stream = io.BytesIO(data[:at])

    def read(size: int) -> bytes:
        part = stream.read(size)
        if not part:
            raise OSError(5, "Input/output error")
        return part

    return read


@pytest.mark.parametrize("share", [0, 0.001, 0.01, 0.2, 0.5, 0.9, 1])
def test_a_stick_that_is_pulled_out(share: float, tmp_path: Path) -> None:
    at = prepared(tmp_path, Here())
    before = there(tmp_path)
    data = make(Recipe(files=LARGE))
    with pytest.raises(BadInput) as caught:
        importer.take(pulled(data, round(share * len(data))), at, lambda stage, done, total: None)
    check(caught.value, "damaged.read")
    assert_as_before(at, tmp_path, before)
    take(data, at)


def test_an_order_on_a_stick_that_is_pulled_out(tmp_path: Path) -> None:
    at = prepared(tmp_path, Here())
    with pytest.raises(BadInput) as caught:
        importer.take(pulled(b'{"payload', 9), at, lambda stage, done, total: None)
    check(caught.value, "damaged.read")


def test_every_byte_is_read_once_and_in_order(tmp_path: Path) -> None:
    """A stick that gives other bytes at a second reading is never asked a second time."""
    at, data = prepared(tmp_path, Here()), make(Recipe(files=LARGE))
    stream, given = io.BytesIO(data), []

    def read(size: int) -> bytes:
        given.append(stream.read(min(size, 5000)))
        return given[-1]

    importer.take(read, at, lambda stage, done, total: None)
    assert b"".join(given) == data


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """No file grows beyond so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("room", [1, 40_000, 70_000, 150_000])
def test_a_disk_that_fills_up_while_writing(room: int, tmp_path: Path) -> None:
    at = prepared(tmp_path, Here())
    before = there(tmp_path)
    data = make(Recipe(files=LARGE))
    with files_up_to(room), pytest.raises(Busy) as caught:
        take(data, at)
    check(caught.value, "space.disk")
    assert_as_before(at, tmp_path, before)
    take(data, at)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff", b'{"version":2}', b'{"active":"' + b"a" * 32 + b'\\n"}']
)
def test_a_state_that_cannot_be_read(content: bytes, tmp_path: Path) -> None:
    """Nothing is guessed and nothing is thrown away: a person must look."""
    at = prepared(tmp_path, Here())
    packs = set(there(tmp_path))
    (at.store.folder / "state.json").write_bytes(content)
    with pytest.raises(BadInput, match=r"state\.json"):
        take(make(Recipe()), at)
    assert set(there(tmp_path)) == packs


def test_a_family_that_cannot_be_read(tmp_path: Path) -> None:
    at = prepared(tmp_path, Here())
    (at.store.folder / "family").unlink()
    (at.store.folder / "family").mkdir()
    with pytest.raises(BadInput, match="family"):
        take(make(Recipe()), at)


def test_a_pack_whose_folder_was_damaged_is_made_whole(tmp_path: Path) -> None:
    at, data = site(tmp_path), make(Recipe())
    take(data, at)
    (record,) = at.store.state.personas.values()
    payload = at.store.packs / record.trial / "payload"
    whole = payload.read_bytes()
    payload.unlink()
    take(data, at)
    assert payload.read_bytes() == whole


def test_recipients_that_nobody_knows_are_passed_over() -> None:
    """What age calls grease, before and after ours; and a stanza of another kind that takes any number of lines."""
    long = b"-> plugin a b c\n" + b"A" * 64 + b"\n\n"
    verify(make(Recipe(encrypt=Age(FRAME.opening.public_key(), stanzas=lambda s: GREASE + long + s + GREASE))))


@pytest.mark.parametrize(
    "changes",
    [
        {"envelope": {"lease": 1}},
        {"envelope": {"device": ["orin-nano", "generic-x86_64"]}},
        {"envelope": {"counter": 2**53}},
        {"manifest": {"later": {"x": [1]}}},
        {"envelope_text": lambda text: b" " + text + b"\n"},
    ],
)
def test_what_a_later_version_may_add_is_taken(changes: dict[str, object]) -> None:
    verify(make(Recipe(**changes)))  # type: ignore[arg-type]


def test_a_frame_that_asked_takes_a_pack_that_introduces_its_family(tmp_path: Path) -> None:
    from device.persona.pack.family import pairing_proof
    from device.persona.pack.keys import to_base64
    from tests.support.packs import FAMILY

    at = prepared(tmp_path, ASKED)
    assert ASKED.pairing is not None
    proof = pairing_proof(ASKED.pairing, FAMILY.statement.payload, FRAME.id)
    told_ = {"root": to_base64(FAMILY.statement.encode()), "frame": FRAME.id, "proof": proof}
    take(make(Recipe(envelope={"introduction": told_})), at)
    assert at.store.family is not None
