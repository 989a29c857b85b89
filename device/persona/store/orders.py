"""What a family orders beside bringing personas: new owners, and consent that is withdrawn. Signed, one file each."""

from __future__ import annotations

from typing import Annotated

import msgspec

from device.persona.pack import signed
from device.persona.pack.envelope import Read, Serial, read_exactly
from device.persona.pack.family import Family, Hex32, Hex64, Introduction, introduced, succeed
from device.persona.pack.keys import key_id
from device.persona.pack.refusal import refusal
from device.persona.pack.signed import Statement
from device.persona.pack.strict_json import read
from device.persona.store import opening, state
from device.persona.store.frame_identity import FrameIdentity, pairing_secret
from device.persona.store.outcome import Outcome
from device.persona.store.remains import remains
from device.persona.store.store import Store


class Revocation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Consent is withdrawn: the persona goes, and does not come back by an older consent."""

    family: Hex64
    series: Hex32
    serial: Serial
    """Consents up to this one"""
    reason: Annotated[str, msgspec.Meta(max_length=1000)] = ""


def take(read_some: Read, store: Store, identity: FrameIdentity) -> Outcome:
    """Obeys one order. Raises an ImagoError; then nothing has changed."""
    content = read_exactly(read_some, signed.MAX_BYTES + 1)
    kind = signed.type_of(content)
    if kind == signed.INTRODUCTION:
        return _introduce(content, store, identity)
    family = store.family
    if family is None:
        raise refusal(
            "pairing.none", "a frame that knows this family", "one that knows nobody", "imago pair --export FILE"
        )
    if kind == signed.ROOT:
        return _change_owners(content, family, store, identity)
    return _revoke(signed.parse(content, signed.REVOCATION, "order"), family, store)


def _introduce(content: bytes, store: Store, identity: FrameIdentity) -> Outcome:
    statement = signed.parse(content, signed.INTRODUCTION, "introduction")
    known = store.family
    told = read(statement.payload, Introduction, "introduction")
    if known is not None:
        raise refusal("signature.stranger", "this frame's own family", "another, or the same again")
    family = introduced(told, identity.id, pairing_secret(store.sealer))
    signed.require(statement, family.keys, 1)
    with store.writing():
        store.belong_to(family)
        store.sealer.erase("pairing")
    return Outcome("paired", family_code=family.code(identity.id))


def _change_owners(content: bytes, family: Family, store: Store, identity: FrameIdentity) -> Outcome:
    with store.writing():
        after = succeed(store.family or family, content)
        store.belong_to(after)
    return Outcome("owners changed", family_code=after.code(identity.id))


def _revoke(statement: Statement, family: Family, store: Store) -> Outcome:
    """Any one of the owners may withdraw consent, and so may the key on paper."""
    keys = dict(family.keys)
    if family.recovery is not None:
        keys[key_id(family.recovery)] = family.recovery
    signed.require(statement, keys, 1, revoked=family.root.revoked)
    order = read(statement.payload, Revocation, "order")
    if order.family != family.id:
        raise refusal("signature.family", "an order of this family", "another family's")
    record = store.state.personas.get(order.series)
    with store.writing():
        store.change(lambda now: state.revoked(now, order.series, order.serial))
    if record is None:
        return Outcome("nothing to revoke")
    opening.close_all(but=store.state.digests)
    left = remains(store, order.series, record)
    return Outcome("revoked", record.persona, record.name, removed=tuple(sorted(record.digests)), left=left)
