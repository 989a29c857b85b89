"""Who is who over all photographs: faces of one person together, and which of them is the one whose persona it is.

Only a portrait, the family's word or a name says who the person is. Else whoever is on most photographs, largest, is a
guess that the family is asked about; who was seen once is a stranger, and never guessed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from provisioning.photos.review import Review
from provisioning.photos.seen import Face, Seen
from provisioning.photos.twins import kept

Floats = NDArray[Any]

How = Literal["portrait", "review", "named", "guess", "nobody"]

_JOIN, _MERGE = 0.25, 0.24
"""Distances to a group's mean up to which a face joins it, and two groups become one. Far below
`identity.SAME_PERSON`: relatives and old people of one country come as near as 0.27, and taking two for one is worse
than asking about one twice."""
_TELLING, _TURNED, _SHARP = 18.0, 45.0, 0.2
"""Pixels between the eyes, degrees, and sharpness within which a face's numbers tell anything."""
_LEAD = 1.5
"""How far ahead of the next a guess must be to be called likely."""


class Sighting(msgspec.Struct, frozen=True):
    """A face on a photograph."""

    photo: str
    face: int
    """In `Seen.faces`"""


class Somebody(msgspec.Struct, frozen=True):
    """Faces that seem to be one person's."""

    id: str
    name: str
    """As XMP, a side-car or the family has it; "" where nobody said"""
    sightings: tuple[Sighting, ...]
    """Best face first"""
    photos: int
    """Different photographs, twins counted once"""
    weight: float
    """How much of the photographs they are: by number, size and place"""
    stranger: bool


class Everybody(msgspec.Struct, frozen=True):
    """All of them, who is on most photographs first."""

    people: tuple[Somebody, ...]
    person: str
    """Id of the person; "" unknown"""
    how: How
    likely: bool
    """False where the family must be asked before anything is made of it"""


def everybody(photos: Sequence[Seen], names: Collection[str], review: Review | None = None) -> Everybody:
    """`photos` with the family's corrections in them; `names` of the person."""
    review = review or Review()
    stands = kept(photos)
    by_path = {seen.path: seen for seen in photos}
    faces = [(Sighting(seen.path, at), face) for seen in sorted(photos, key=lambda s: s.path) if not seen.problem
             for at, face in enumerate(seen.faces)]  # fmt: skip
    groups = [[faces[i] for i in members] for members in grouped([f for _, f in faces], [s.photo for s, _ in faces])]
    people = [_somebody(members, stands, by_path) for members in groups]
    people.sort(key=lambda one: (-one.weight, one.id))
    return _who(people, by_path, names, review)


def grouped(faces: Sequence[Face], photos: Sequence[str]) -> list[list[int]]:
    """Numbers of faces that seem to be one person's. Equal names bind, different ones part; two faces of one photograph
    are never one person's. A face without telling numbers and without a name stands alone."""
    order = sorted(range(len(faces)), key=lambda i: (-_quality(faces[i]), photos[i], i))
    groups: list[_Group] = []
    for i in order:
        fit = _fitting(groups, faces[i], photos[i])
        if fit is None:
            groups.append(fit := _Group())
        fit.add(i, faces[i], photos[i])
    return [sorted(group.members) for group in _merged(groups)]


class _Group:
    """A person in the making."""

    def __init__(self) -> None:
        self.members: list[int] = []
        self.photos: set[str] = set()
        self.name = ""
        self.total: Floats = np.zeros(0)

    def add(self, number: int, face: Face, photo: str) -> None:
        self.members.append(number)
        self.photos.add(photo)
        self.name = self.name or face.name
        if telling(face):
            self.total = np.array(face.embedding) + (self.total if self.total.size else 0)

    def join(self, other: _Group) -> None:
        """Takes all of `other`, which is empty then."""
        self.members += other.members
        self.photos |= other.photos
        self.name = self.name or other.name
        if other.total.size:
            self.total = other.total + (self.total if self.total.size else 0)
        other.members, other.total = [], np.zeros(0)

    @property
    def middle(self) -> Floats:
        return self.total / max(float(np.linalg.norm(self.total)), 1e-9)


def telling(face: Face) -> bool:
    """Whether its numbers say anything about who it is."""
    seen = face.eye_distance >= _TELLING and face.turned <= _TURNED and face.sharpness >= _SHARP
    return bool(face.embedding) and seen


def _quality(face: Face) -> float:
    size = float(np.clip(face.eye_distance / 60, 0, 1))
    return float(size * (0.2 + face.sharpness) * max(1 - face.turned / 60, 0.05) * (0.3 + face.lit))


def _fitting(groups: Sequence[_Group], face: Face, photo: str) -> _Group | None:
    if face.name:
        same = next((group for group in groups if group.name == face.name), None)
        if same is not None:
            return same
    if not telling(face):
        return None
    own, best, least = np.array(face.embedding), None, _JOIN
    for group in groups:
        if not group.total.size or photo in group.photos or (face.name and group.name):
            continue
        away = float(np.linalg.norm(group.middle - own))
        if away < least:
            best, least = group, away
    return best


def _merged(groups: list[_Group]) -> list[_Group]:
    """The nearest two become one, until none are near."""
    able = [group for group in groups if group.total.size]
    if len(able) < 2:
        return groups
    away = np.stack([_distances(able, at) for at in range(len(able))])
    while True:
        a, b = sorted(int(i) for i in np.unravel_index(int(away.argmin()), away.shape))
        if away[a, b] >= _MERGE:
            gone = {id(group) for group in able if not group.members}
            return [group for group in groups if id(group) not in gone]
        able[a].join(able[b])
        away[b, :] = away[:, b] = np.inf
        away[a, :] = away[:, a] = _distances(able, a)


def _distances(groups: Sequence[_Group], at: int) -> Floats:
    """From one group's mean to all; infinite where they cannot be one person."""
    own = groups[at]
    found = np.full(len(groups), np.inf)
    for number, other in enumerate(groups):
        if number == at or not other.total.size or own.photos & other.photos or (own.name and other.name):
            continue
        found[number] = float(np.linalg.norm(own.middle - other.middle))
    return found


def _somebody(members: list[tuple[Sighting, Face]], stands: Mapping[str, str], by_path: Mapping[str, Seen]) -> Somebody:
    best = sorted(members, key=lambda one: (-_quality(one[1]), one[0].photo, one[0].face))
    names = Counter(face.name for _, face in members if face.name)
    distinct = {stands[sighting.photo] for sighting, _ in members}
    share: dict[str, float] = {}
    for sighting, face in members:  # a twin does not count twice
        key = stands[sighting.photo]
        share[key] = max(share.get(key, 0.0), _share(face, by_path[sighting.photo]))
    name = names.most_common(1)[0][0] if names else ""
    first = best[0][0]
    return Somebody(
        id=f"face-{by_path[first.photo].sha256[:12]}-{first.face}",
        name=name,
        sightings=tuple(sighting for sighting, _ in best),
        photos=len(distinct),
        weight=round(sum(share.values()), 4),
        stranger=len(distinct) < 2 and not name,
    )


def _share(face: Face, seen: Seen) -> float:
    """1 for the only face, large and in the middle; less for one of many, small, at the side."""
    others = max((other.eye_distance for other in seen.faces), default=face.eye_distance)
    size = face.eye_distance / max(others, 1e-6)
    middle = 1 - abs((face.box[0] + face.box[2]) / 2 - 0.5)
    return float((0.3 + 0.7 * size) * middle / len(seen.faces) ** 0.5)


def _who(people: list[Somebody], photos: Mapping[str, Seen], names: Collection[str], review: Review) -> Everybody:
    told = tuple(people)
    for how, found in (("review", _reviewed(people, review)), ("portrait", _portrayed(people, photos)),
                       ("named", _named(people, names))):  # fmt: skip
        if found:
            return Everybody(told, found.id, how, True)  # type: ignore[arg-type]
    known = [one for one in people if not one.stranger]
    if not known:
        return Everybody(told, "", "nobody", False)
    ahead = len(known) == 1 or known[0].weight > _LEAD * known[1].weight
    return Everybody(told, known[0].id, "guess", ahead and known[0].photos >= 3)


def _reviewed(people: Sequence[Somebody], review: Review) -> Somebody | None:
    """Whom the family pointed at, on most photographs."""
    votes = Counter(
        one.id for one in people for s in one.sightings
        if s.photo in review.photos and review.photos[s.photo].person == s.face + 1
    )  # fmt: skip
    return next((one for one in people if votes and one.id == votes.most_common(1)[0][0]), None)


def _portrayed(people: Sequence[Somebody], photos: Mapping[str, Seen]) -> Somebody | None:
    """Whose face is the largest on photos/portrait.*."""
    for path in sorted(photos):
        seen = photos[path]
        if PurePosixPath(path).stem.lower() == "portrait" and seen.faces:
            at = max(range(len(seen.faces)), key=lambda i: seen.faces[i].eye_distance)
            return next((one for one in people if Sighting(path, at) in one.sightings), None)
    return None


def _named(people: Sequence[Somebody], names: Collection[str]) -> Somebody | None:
    wanted = {name.casefold() for name in names}
    return next((one for one in people if one.name and one.name.casefold() in wanted), None)


def distance(a: Face, b: Face) -> float:
    """Between two faces' numbers; up to identity.SAME_PERSON dlib takes them for one person's."""
    return float(np.linalg.norm(np.array(a.embedding) - np.array(b.embedding)))


__all__ = ["Everybody", "Sighting", "Somebody", "distance", "everybody", "grouped"]
