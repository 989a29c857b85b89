"""What was chosen for the likeness, and why, in words for the family."""

from __future__ import annotations

import msgspec

from provisioning.photos.people import How
from provisioning.photos.told import Box

PARTS: dict[str, tuple[str, str]] = {
    "size": ("Size of the face", "脸的大小"),
    "front": ("From the front", "正面"),
    "sharp": ("Sharpness", "清晰度"),
    "light": ("Light", "光线"),
    "eyes": ("Open eyes", "睁眼"),
    "mouth": ("Closed lips", "闭唇"),
    "clear": ("Nothing in front", "无遮挡"),
    "time": ("Years", "年代"),
}
"""What is measured of each candidate, 0..1, in the order in which it is shown."""


class Candidate(msgspec.Struct, frozen=True):
    """One photograph of the person."""

    photo: str
    """Path within the shoebox"""
    face: int
    """In `Seen.faces`"""
    box: Box
    score: float
    """0..1"""
    parts: dict[str, float]
    """By the names of PARTS"""
    eye_distance: float
    """Pixels"""
    date: str
    role: str
    """portrait, portrait_smiling, portrait_2 ..; "" not chosen"""
    en: str
    """Why it was chosen, or why not"""
    zh: str


class Remark(msgspec.Struct, frozen=True):
    """Something to say to the family."""

    code: str
    en: str
    zh: str


class Choice(msgspec.Struct, frozen=True):
    """The likeness's photographs."""

    person: str
    """Id in `Everybody`; "" unknown"""
    how: How
    ask: bool
    """Whether the family has to say who it is, or agree, before a likeness is made"""
    candidates: tuple[Candidate, ...]
    """Best first; the chosen before the rest"""
    remarks: tuple[Remark, ...] = ()

    @property
    def portrait(self) -> Candidate | None:
        """The one of which the likeness is made."""
        return next((one for one in self.candidates if one.role == "portrait"), None)

    @property
    def others(self) -> tuple[Candidate, ...]:
        """Further ones, for teeth and for comparison."""
        return tuple(one for one in self.candidates if one.role not in ("", "portrait"))
