"""Whom a frame belongs to, and how one root follows another."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from device.errors import ImagoError
from device.persona.pack import signed
from device.persona.pack.family import Family, Introduction, Owner, Root, introduced, pairing_proof, read_root, succeed
from device.persona.pack.keys import key_id, to_base64
from tests.support.packs import FAMILY, PAPER, STRANGER, signing


def key(name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())


def public(of: Ed25519PrivateKey) -> str:
    return to_base64(of.public_key().public_bytes_raw())


def id_of(of: Ed25519PrivateKey) -> str:
    return key_id(of.public_key().public_bytes_raw())


OWNER, OTHER, THIRD = PAPER.signing(1), key("uncle"), key("aunt")


def root(*by: Ed25519PrivateKey, **fields: Any) -> bytes:
    """The bytes of a root that follows FAMILY's."""
    usual = {
        "version": 2,
        "owners": (Owner(public(OWNER)), Owner(public(OTHER))),
        "threshold": 1,
        "family": FAMILY.id,
        "recovery": FAMILY.root.recovery,
        "recipient": FAMILY.root.recipient,
    }
    return signed.sign(signed.ROOT, msgspec.json.encode(Root(**{**usual, **fields})), signing(by)).encode()


def code_of(content: bytes, now: Family = FAMILY) -> str:
    with pytest.raises(ImagoError) as caught:
        succeed(now, content)
    return caught.value.code


def test_an_owner_adds_a_relative() -> None:
    after = succeed(FAMILY, root(OWNER))
    assert after.id == FAMILY.id
    assert set(after.keys) == {id_of(OWNER), id_of(OTHER)}


def test_the_new_owners_must_agree_too() -> None:
    two = {"threshold": 2}
    assert code_of(root(OWNER, **two)) == "signature.threshold"
    assert succeed(FAMILY, root(OWNER, OTHER, **two)).root.threshold == 2


def test_a_threshold_holds_for_the_next_root() -> None:
    now = succeed(FAMILY, root(OWNER, OTHER, threshold=2))
    third = {"version": 3, "owners": (Owner(public(OTHER)), Owner(public(THIRD))), "threshold": 2}
    assert code_of(root(OTHER, THIRD, **third), now) == "signature.threshold"
    assert succeed(now, root(OWNER, OTHER, THIRD, **third)).root.version == 3


def test_the_paper_alone_puts_another_key_in_the_place_of_a_stolen_one() -> None:
    fresh = PAPER.signing(2)
    stolen = {"owners": (Owner(public(fresh)),), "revoked": (id_of(OWNER),)}
    after = succeed(FAMILY, root(PAPER.recovery, fresh, **stolen))
    assert set(after.keys) == {id_of(fresh)}
    assert code_of(root(STRANGER.recovery, fresh, **stolen)) == "signature.stranger"


def test_a_thief_with_the_file_cannot_change_the_paper() -> None:
    assert code_of(root(OWNER, recovery=public(THIRD))) == "signature.recovery"
    assert code_of(root(OWNER, recovery=None)) == "signature.recovery"
    assert succeed(FAMILY, root(OWNER, PAPER.recovery, recovery=public(THIRD))).recovery is not None


def test_a_revoked_key_stays_so() -> None:
    gone = {"owners": (Owner(public(OTHER)),), "revoked": (id_of(OWNER),)}
    now = succeed(FAMILY, root(OWNER, OTHER, **gone))
    back = {"version": 3, "owners": (Owner(public(OTHER)), Owner(public(OWNER)))}
    assert code_of(root(OTHER, **back), now) == "rollback.key-revived"
    assert code_of(root(OTHER, **back, revoked=(id_of(OWNER),)), now) == "signature.revoked-key"
    assert code_of(root(OWNER, version=3, owners=(Owner(public(OTHER)),), revoked=(id_of(OWNER),)), now) == (
        "signature.revoked-key"
    )


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"version": 1, "family": None}, "signature.stranger"),
        ({"version": 3}, "rollback.root-skipped"),
        ({"family": "0" * 64}, "signature.stranger"),
        ({"threshold": 3}, "malformed.threshold"),
        ({"owners": (Owner(public(OWNER)), Owner(public(OWNER)))}, "signature.twice"),
        ({"family": None}, "malformed.family"),
        ({"owners": (Owner(to_base64(bytes(32))),)}, "signature.key"),
        ({"owners": (Owner(to_base64(b"\x01" + bytes(31))),)}, "signature.key"),
        ({"owners": (Owner(to_base64(b"\xff" * 32)),)}, "signature.key"),
        ({"owners": (Owner("AAAA"),)}, "malformed.key"),
    ],
)
def test_what_does_not_follow_is_refused(fields: dict[str, Any], code: str) -> None:
    assert code_of(root(OWNER, **fields)) == code


def test_the_same_root_again_is_refused() -> None:
    now = succeed(FAMILY, root(OWNER))
    assert code_of(root(OWNER), now) == "rollback.root"


def test_a_root_must_be_signed_by_its_own_owners() -> None:
    foreign = signed.sign(signed.ROOT, FAMILY.statement.payload, signing((OTHER,)))
    with pytest.raises(ImagoError) as caught:
        read_root(foreign.encode())
    assert caught.value.code == "signature.stranger"


SECRET, FRAME_ID = bytes(range(32)), "ab" * 32


def hello(secret: bytes = SECRET, frame: str = FRAME_ID) -> Introduction:
    proof = pairing_proof(secret, FAMILY.statement.payload, frame)
    return Introduction(to_base64(FAMILY.statement.encode()), frame, proof)


def test_who_holds_the_frames_file_becomes_its_family() -> None:
    family = introduced(hello(), FRAME_ID, SECRET)
    assert family.id == FAMILY.id
    assert len(family.code(FRAME_ID)) == 9
    assert family.code(FRAME_ID) != family.code("cd" * 32)


@pytest.mark.parametrize(
    ("told", "secret", "code"),
    [
        (hello(), None, "pairing.closed"),
        (hello(), bytes(32), "pairing.proof"),
        (hello(bytes(32)), SECRET, "pairing.proof"),
        (hello(frame="cd" * 32), SECRET, "pairing.other-frame"),
        (msgspec.structs.replace(hello(), proof="0" * 64), SECRET, "pairing.proof"),
    ],
)
def test_who_does_not_is_refused(told: Introduction, secret: bytes | None, code: str) -> None:
    with pytest.raises(ImagoError) as caught:
        introduced(told, FRAME_ID, secret)
    assert caught.value.code == code
