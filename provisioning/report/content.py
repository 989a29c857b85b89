"""All that the quality report tells, as plain values; the rooms' own structs where they have them."""

from __future__ import annotations

import msgspec

from provisioning.memories.memory import Remembered
from provisioning.photos.seen import Seen
from provisioning.report.account import Account
from provisioning.style.figures import Manner


class Words(msgspec.Struct, frozen=True):
    """A sentence in both languages."""

    en: str
    zh: str = ""
    """"" where it is the same"""


class About(msgspec.Struct, frozen=True):
    """Who it is about."""

    name: str
    called: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("en",)
    born: str = ""
    died: str = ""
    """"" for the living"""
    about: str = ""
    portrait: str = ""
    """Picture beside the title; "" none"""


class Tier(msgspec.Struct, frozen=True):
    """One way to give the persona a voice."""

    code: str
    """T0 originals, T1 a stock voice in their manner, T2 a searched style, T3 weights of their own"""
    used: bool
    why: Words
    """Why it is used, or is not"""
    similarity: float | None = None
    """To held-out recordings by an encoder that it was not tuned with, -1..1"""
    errors: float | None = None
    """Share of characters or words that a transcriber hears wrongly, 0..1"""
    mos: float | None = None
    """DNSMOS overall, 1..5"""


class Pair(msgspec.Struct, frozen=True):
    """The same words twice, to be heard one after the other."""

    text: str
    original: str
    """Sound file"""
    made: str
    """Sound file"""
    tier: str = ""


class Voice(msgspec.Struct, frozen=True):
    """What recordings there are, and what they give."""

    minutes: float
    """Of the person's own clean speech"""
    passages: int = 0
    stranger: float | None = None
    """Similarity of another voice of the same kind to the person's recordings"""
    same: float | None = None
    """Similarity of the person's own second recording"""
    tiers: tuple[Tier, ...] = ()
    moods: dict[str, int] = {}
    kept_out: dict[str, int] = {}
    """Reason -> passages that were not used"""
    interjections: dict[str, int] = {}
    """laugh, cough, sigh, hum -> number that were cut out"""
    pairs: tuple[Pair, ...] = ()


class Chosen(msgspec.Struct, frozen=True):
    """A photograph that was chosen, and why."""

    path: str
    why: tuple[Words, ...] = ()
    part: Words = Words("the face", "脸")
    """What is taken of it"""


class Reason(msgspec.Struct, frozen=True):
    """Why something was not used, and how often."""

    why: Words
    count: int


class Likeness(msgspec.Struct, frozen=True):
    """What the moving face is made of."""

    chosen: tuple[Chosen, ...] = ()
    passed_over: tuple[Reason, ...] = ()
    """Why photographs were not chosen, the commonest first"""
    strip: tuple[str, ...] = ()
    """Pictures of the face as it moves"""
    compared: tuple[str, ...] = ()
    """Pictures that show how the candidates were compared"""
    weak: tuple[Words, ...] = ()
    eye_distance: float = 0.0
    """Pixels, in the photograph the face is taken of"""
    turned: float = 0.0
    """Degrees"""
    sharpness: float = 0.0
    """0..1"""
    lit: float = 0.0
    """0..1"""
    films: int = 0
    """Films whose movements were used"""


class Agreement(msgspec.Struct, frozen=True):
    """By what right, and for what."""

    basis: str = ""
    """self or relative; "" not said yet"""
    by: str = ""
    relation: str = ""
    evidence: tuple[str, ...] = ()
    grants: tuple[str, ...] = ()
    wishes: str = ""
    who: str = "family"
    lacking: tuple[Words, ...] = ()
    """What a frame would refuse it for"""


class Probe(msgspec.Struct, frozen=True):
    """A trial of the persona with questions whose answers are known."""

    answered: int
    """Rightly, of `asked`"""
    asked: int
    invented: int = 0
    """Answers that no memory supports"""


class Report(msgspec.Struct, frozen=True):
    """Everything."""

    person: About
    account: Account = Account()
    remembered: Remembered = Remembered((), (), (), (), {}, {})
    manners: tuple[Manner, ...] = ()
    voice: Voice | None = None
    likeness: Likeness | None = None
    photographs: tuple[Seen, ...] = ()
    agreement: Agreement = Agreement()
    pages_waiting: int = 0
    """Scanned pages that nobody has looked at"""
    pages_reviewed: int = 0
    speakers_waiting: int = 0
    """Chats of which nobody has said who is the person"""
    probe: Probe | None = None
