"""Whom a frame belongs to: the family's root, a signed list of owners' keys, and the rules by which one root follows
another (after The Update Framework, section 5.3: version by version, signed by the old and by the new).

The frame knows no other authority over a person: the maker's key vouches for software only.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Annotated

import msgspec

from device.persona.pack import signed
from device.persona.pack.keys import checked_key, from_base64, key_id, spoken_code
from device.persona.pack.refusal import refusal
from device.persona.pack.signed import Statement
from device.persona.pack.strict_json import read

Hex32 = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}\Z")]
Hex64 = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
Key = Annotated[str, msgspec.Meta(max_length=44)]
"""An Ed25519 public key, base64."""
Version = Annotated[int, msgspec.Meta(ge=1, le=2**31)]
MOST_OWNERS = 8


class Owner(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A relative who may sign."""

    key: Key
    name: Annotated[str, msgspec.Meta(max_length=100)] = ""


class Root(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a family's root says."""

    version: Version
    owners: Annotated[tuple[Owner, ...], msgspec.Meta(min_length=1, max_length=MOST_OWNERS)]
    threshold: Annotated[int, msgspec.Meta(ge=1, le=MOST_OWNERS)]
    """So many of the owners must sign a persona or another root."""
    family: Hex64 | None = None
    """SHA-256 of the first root's payload; None in that one."""
    recovery: Key | None = None
    """A key kept on paper, which alone may sign the next root"""
    recipient: Annotated[str, msgspec.Meta(max_length=100)] = ""
    """age recipient of the family, so that it can read its own packs"""
    revoked: Annotated[tuple[Hex64, ...], msgspec.Meta(max_length=256)] = ()
    """Ids of keys that were once owners', and are never to be again"""


@dataclass(frozen=True, slots=True)
class Family:
    """A root whose signatures were found right."""

    statement: Statement
    root: Root
    keys: dict[str, bytes]
    """Owners' keys by id."""

    @property
    def id(self) -> str:
        """The same for all roots of one family."""
        return self.root.family or hashlib.sha256(self.statement.payload).hexdigest()

    @property
    def recovery(self) -> bytes | None:
        """32 bytes of the key on paper."""
        return from_base64(self.root.recovery, "a key", "root") if self.root.recovery else None

    def code(self, frame: str) -> str:
        """What a frame shows when it is told that it belongs to this family, and the tool at home shows, too."""
        # Of this very root: only a first one's id is bound to its keys, a later one says itself whose it is.
        root = hashlib.sha256(self.statement.payload).hexdigest()
        return spoken_code(b"family", root.encode(), frame.encode())


def read_root(content: bytes) -> Family:
    """A root that its own owners have signed. Raises BadInput or Refused."""
    statement = signed.parse(content, signed.ROOT, "family root")
    family = _unproven(statement)
    signed.require(statement, family.keys, family.root.threshold)
    return family


def read_known_root(content: bytes) -> Family:
    """A root that this frame accepted before, of any version. Raises BadInput."""
    return _unproven(signed.parse(content, signed.ROOT, "family root"))


def _unproven(statement: Statement) -> Family:
    root = read(statement.payload, Root, "family root")
    keys = {}
    for owner in root.owners:
        public = checked_key(from_base64(owner.key, "a key", "family root"), "family root")
        keys[key_id(public)] = public
    if len(keys) < len(root.owners):
        raise refusal("signature.twice", "each owner once", "one key twice", subject="family root")
    if root.threshold > len(keys):
        asked, there = f"at most {len(keys)} signatures asked for", f"{root.threshold}"
        raise refusal("malformed.threshold", asked, there, subject="family root")
    if (root.version == 1) != (root.family is None):
        raise refusal("malformed.family", "a family's id from the second root on", "otherwise", subject="family root")
    if set(keys) & set(root.revoked):
        raise refusal("signature.revoked-key", "owners whose keys are in force", "a revoked one", subject="family root")
    family = Family(statement, root, keys)
    if family.recovery is not None:
        checked_key(family.recovery, "family root")
    return family


def succeed(now: Family, content: bytes) -> Family:
    """The root that follows `now`, from its bytes. The owners of both must have signed it, or the key on paper.
    Raises Refused for one that does not follow: another family's, an older one, or one with a version left out."""
    statement = signed.parse(content, signed.ROOT, "family root")
    after = _unproven(statement)
    if after.id != now.id:
        raise refusal("signature.stranger", "a root of the same family", "another family's", subject="family root")
    if after.root.version <= now.root.version:
        asked = f"version {now.root.version + 1}"
        raise refusal("rollback.root", asked, f"version {after.root.version}", subject="family root")
    if after.root.version > now.root.version + 1:
        asked, hint = f"version {now.root.version + 1}", "put the roots between them on the stick, too"
        raise refusal("rollback.root-skipped", asked, f"version {after.root.version}", hint, subject="family root")
    if not set(now.root.revoked) <= set(after.root.revoked):
        raise refusal("rollback.key-revived", "revoked keys to stay so", "one left out", subject="family root")
    _signed_by_both(now, after)
    return after


def _signed_by_both(now: Family, after: Family) -> None:
    paper = {} if now.recovery is None else {key_id(now.recovery): now.recovery}
    by_paper = bool(signed.signers(after.statement, paper))
    if after.root.recovery != now.root.recovery and not by_paper:
        asked = "the recovery key's own signature for another one"
        raise refusal("signature.recovery", asked, "none", subject="family root")
    if not by_paper:
        signed.require(after.statement, now.keys, now.root.threshold, revoked=now.root.revoked)
    signed.require(after.statement, after.keys, after.root.threshold)


class Introduction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A family to a frame that has none: its root, and a proof that it holds the file which the frame gave away."""

    root: Annotated[str, msgspec.Meta(max_length=16384)]
    """The bytes of the root's statement, base64"""
    frame: Hex64
    proof: Hex64


def pairing_proof(secret: bytes, root: bytes, frame: str) -> str:
    """HMAC-SHA256 over the root's payload and the frame, by the secret of the frame's file."""
    return hmac.new(secret, b"imago-pairing-v1" + hashlib.sha256(root).digest() + frame.encode(), "sha256").hexdigest()


def introduced(told: Introduction, frame: str, secret: bytes | None) -> Family:
    """The family that introduces itself to the frame called `frame`, whose pairing's `secret` is None while nobody has
    asked it to pair. Raises Refused."""
    if told.frame != frame:
        raise refusal("pairing.other-frame", f"frame {frame[:12]}", f"frame {told.frame[:12]}")
    if secret is None:
        raise refusal(
            "pairing.closed", "a frame that was asked to pair", "one that was not", "imago pair --export FILE"
        )
    family = read_root(from_base64(told.root, "a root", "introduction"))
    if not hmac.compare_digest(told.proof, pairing_proof(secret, family.statement.payload, frame)):
        raise refusal(
            "pairing.proof", "a proof by this frame's newest file", "another", "imago pair --export FILE again"
        )
    return family
