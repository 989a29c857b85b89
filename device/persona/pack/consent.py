"""By what right a persona may be: who agreed, to what, for whom and until when. Pure rules over `consent/consent.json`.

The living agree themselves, by reading a sentence aloud that nobody could have recorded before. For the dead their
spouse, children and parents do, after them their other near relatives (Civil Code of the PRC, articles 994 and 1045),
with evidence whose hashes are kept. What was not granted cannot be in the pack.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

import msgspec

from device.persona.pack.family import Hex64
from device.persona.pack.manifest import GRANT_OF, Grant, Manifest
from device.persona.pack.refusal import refusal
from device.persona.pack.strict_json import LARGEST, read
from device.persona.unpacked import Id

MAX_BYTES = 256 << 10
Text = Annotated[str, msgspec.Meta(max_length=4000)]

NEAREST = frozenset(
    {"spouse", "husband", "wife", "partner", "child", "son", "daughter", "parent", "father", "mother"}
    | {"配偶", "丈夫", "妻子", "老公", "老婆", "爱人", "子女", "儿子", "女儿", "父母", "父亲", "母亲", "爸爸", "妈妈"}
)
NEAR = frozenset(
    {"sibling", "brother", "sister", "grandparent", "grandfather", "grandmother"}
    | {"grandchild", "grandson", "granddaughter"}
    | {"兄弟", "姐妹", "哥哥", "弟弟", "姐姐", "妹妹", "祖父", "祖母", "外祖父", "外祖母"}
    | {"爷爷", "奶奶", "外公", "外婆", "孙子", "孙女", "外孙", "外孙女"}
)
"""Relatives who may agree where there is nobody nearer."""
LEAST_MATCH = 0.8
"""Share of the sentence's words or characters that must be heard in the declaration. Whisper base writes clear reading
with fewer errors than one in five; another sentence has hardly a word in common."""


class Declaration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The person's own voice saying a sentence made up for this."""

    nonce: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}\Z")]
    """What the sentence was drawn by"""
    sentence: Text
    heard: Text
    match: Annotated[float, msgspec.Meta(ge=0, le=1)]
    recording: str
    sha256: Hex64


class Evidence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A document that was shown; it need not travel."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=255)]
    sha256: Hex64


class Audience(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who may speak with the persona."""

    who: Literal["family", "adults", "everyone"] = "family"
    names: Annotated[tuple[Text, ...], msgspec.Meta(max_length=100)] = ()
    """Those of the family who are meant; none: all of them"""


class Consent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of `consent/consent.json`."""

    persona: Id
    subject: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    """Whose likeness it is"""
    basis: Literal["self", "relative"]
    by: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    """Who agrees"""
    serial: Annotated[int, msgspec.Meta(ge=0, le=LARGEST)]
    """Higher than that of any revocation before"""
    relation: Annotated[str, msgspec.Meta(max_length=100)] = ""
    """Of who agrees to the person"""
    grants: tuple[Grant, ...] = ()
    died: Annotated[str, msgspec.Meta(pattern=r"^\Z|^[0-9]{4}(-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))?\Z")] = ""
    """YYYY or YYYY-MM-DD; "" for the living"""
    declaration: Declaration | None = None
    evidence: Annotated[tuple[Evidence, ...], msgspec.Meta(max_length=100)] = ()
    wishes: Text = ""
    """What they said in their lifetime about being remembered so"""
    audience: Audience = Audience()
    until: Annotated[str, msgspec.Meta(pattern=r"^\Z|^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])\Z")] = ""
    """YYYY-MM-DD; "" without an end"""


def rank(relation: str) -> int:
    """1 for those whom the law asks first, 2 for other near relatives, 0 for all others."""
    word = relation.strip().lower()
    return 1 if word in NEAREST else 2 if word in NEAR else 0


def read_consent(content: bytes, manifest: Manifest, serial: int) -> Consent:
    """The consent that a manifest rests on; `serial` is the envelope's. Raises BadInput or Refused."""
    if len(content) > MAX_BYTES:
        raise refusal("malformed.length", f"a consent of up to {MAX_BYTES} bytes", f"{len(content)}")
    consent = read(content, Consent, "consent")
    if consent.persona != manifest.persona:
        raise refusal("consent.other-person", f"consent for {manifest.persona}", f"for {consent.persona}")
    if consent.serial != serial:
        raise refusal("consent.serial", f"serial {serial}", f"{consent.serial}")
    _check_basis(consent, manifest)
    _check_grants(consent, manifest)
    return consent


def _check_basis(consent: Consent, manifest: Manifest) -> None:
    if consent.basis == "self":
        _check_declaration(consent.declaration, manifest)
        return
    if not consent.died:
        raise refusal("consent.living", "the living person's own declaration", f"a {consent.relation[:40]}'s word")
    if not rank(consent.relation):
        asked = "a spouse, child, parent or other near relative"
        raise refusal("consent.relation", asked, consent.relation[:40] or "nobody")
    if not consent.evidence:
        raise refusal("consent.evidence", "evidence of the relation and the death", "none")


def _check_declaration(made: Declaration | None, manifest: Manifest) -> None:
    if made is None:
        raise refusal("consent.declaration", "a recorded declaration", "none")
    recording = manifest.entry(made.recording)
    if recording is None or recording.kind != "consent" or recording.sha256 != made.sha256:
        raise refusal("consent.recording", f"the recording {made.recording[:60]}", "another or none")
    if made.match < LEAST_MATCH:
        raise refusal("consent.match", f"{LEAST_MATCH:.0%} of the sentence heard in it", f"{made.match:.0%}")


def _check_grants(consent: Consent, manifest: Manifest) -> None:
    granted = set(consent.grants)
    for entry in manifest.files:
        needed = {*entry.needs, *([GRANT_OF[entry.kind]] if entry.kind in GRANT_OF else [])}
        if needed - granted:
            lacking = sorted(needed - granted)[0]
            raise refusal(f"consent.grant-{lacking}", f"a grant of {lacking} for {entry.path[:60]}", "none")


def ended(consent: Consent, today: datetime.date, built: datetime.date) -> bool:
    """Whether the time that was agreed to is over, as far as a frame without a trusted clock can tell: a day before its
    software was `built` proves that its clock is wrong, and then nothing is said."""
    return bool(consent.until) and today >= built and today.isoformat() > consent.until
