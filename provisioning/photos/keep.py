"""Which photographs do not belong into the album, and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from provisioning.photos.people import Everybody, telling
from provisioning.photos.review import Review
from provisioning.photos.seen import Seen
from provisioning.photos.told import unique
from provisioning.photos.twins import kept

_KINDS = {"screenshot": "a screenshot", "document": "a written page", "drawing": "a drawing"}
_ENOUGH = 20
"""Photographs from which on it means something that a face was seen once."""


def left_out(
    photos: Sequence[Seen],
    everybody: Everybody | None = None,
    review: Review | None = None,
    described: Collection[str] = (),
) -> dict[str, str]:
    """Path -> reason, in plain English, the same for all of a kind. What the family described (`described`, paths, or
    in the review) stays, unless it says otherwise."""
    review, stands, found = review or Review(), kept(photos), dict[str, str]()
    known = _known(everybody) if everybody and everybody.person and len(photos) >= _ENOUGH else None
    for seen in photos:
        said = review.photos.get(seen.path)
        if said and said.exclude:
            found[seen.path] = "left out by the family"
        elif seen.problem:
            found[seen.path] = "not readable"
        elif seen.path in described or (said and (said.en or said.zh)):
            continue
        elif seen.kind in _KINDS:
            found[seen.path] = _KINDS[seen.kind]
        elif stands[seen.path] != seen.path:
            found[seen.path] = "a copy of another photograph"
        elif known is not None and _strange(seen, known):
            found[seen.path] = "only strangers on it"
    return found


def _known(everybody: Everybody) -> set[tuple[str, int]]:
    return {(s.photo, s.face) for one in everybody.people if not one.stranger for s in one.sightings}


def _strange(seen: Seen, known: set[tuple[str, int]]) -> bool:
    """Faces that can be told apart, none of them anybody's who is seen elsewhere, and nobody said a word about it."""
    told = [at for at, face in enumerate(seen.faces) if telling(face)]
    silent = not seen.people and not seen.caption
    all_told = bool(told) and len(told) == len(seen.faces)  # one that cannot be told may be anybody's
    return all_told and silent and not any((seen.path, at) in known for at in told)


def names(photos: Sequence[Seen], everybody: Everybody | None) -> Mapping[str, tuple[str, ...]]:
    """Path -> who is on it, as named beside faces, elsewhere in the group of a face, or for the picture."""
    of = {(s.photo, s.face): one.name for one in (everybody.people if everybody else ()) for s in one.sightings}
    return {
        seen.path: unique(
            [*seen.people, *(face.name or of.get((seen.path, at), "") for at, face in enumerate(seen.faces))]
        )
        for seen in photos
    }
