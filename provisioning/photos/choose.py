"""Which photographs of the person make the best likeness, and why."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath

import msgspec

from provisioning.photos.choice import Candidate, Choice, Remark
from provisioning.photos.people import Everybody
from provisioning.photos.review import Review
from provisioning.photos.seen import Face, Seen
from provisioning.photos.twins import kept
from provisioning.photos.why import REMARKS, why

SHOWN = 12
"""Candidates in the report."""
MORE = 5
"""Further photographs beside the portrait."""
_LEAST_EYES, _MOST_EYES = 40.0, 160.0  # pixels: no likeness below; more shows on no frame
_TURN, _FAR_TURNED = 6.0, 32.0  # degrees up to which nobody notices; from which the likeness refuses
_APART = 12.0  # years in which a face becomes another
_GOOD_ENOUGH = 0.12  # score of a portrait that is better than none
_BESIDE, _NOT_SPOILT = 0.45, 0.35  # score, and the least single measure, of a further one
_WEIGHTS = {"size": 0.22, "front": 0.2, "sharp": 0.22, "light": 0.14, "eyes": 0.16, "mouth": 0.08, "clear": 0.14,
            "time": 0.14}  # fmt: skip
_HIDES = {"spectacles": 0.75, "lids in shade": 0.75, "mouth hidden": 0.4, "side light": 0.7, "one eye closed": 0.5,
          "narrow eyes": 0.8, "blurred": 0.7}  # fmt: skip
"""What a remark of `likeness.notes` leaves of "clear"."""


def choose(photos: Sequence[Seen], everybody: Everybody, review: Review | None = None) -> Choice:
    """The portrait, up to MORE others, and the best of the rest. Photographs called portrait.* and portrait_* are the
    family's own choice and stay it; so is `review.likeness.photo`."""
    review = review or Review()
    by_path = {seen.path: seen for seen in photos}
    stands = kept(photos)
    found = [_candidate(by_path[path], face, review) for path, face in _sightings(everybody, by_path, stands, review)]
    found.sort(key=lambda one: (-one.score, one.photo))
    first = _first(found, by_path, review)
    others = _others(found, first, by_path)
    chosen = [
        msgspec.structs.replace(one, role=role) for role, one in ((first and [("portrait", first)]) or []) + others
    ]
    taken = {(one.photo, one.face) for one in chosen}
    rest = [one for one in found if (one.photo, one.face) not in taken]
    told = tuple(_told(one, by_path[one.photo]) for one in [*chosen, *rest][: SHOWN + MORE])
    return Choice(everybody.person, everybody.how, everybody.how in ("guess", "nobody"), told,
                  tuple(_remarks(everybody, told)))  # fmt: skip


def _sightings(
    everybody: Everybody, photos: Mapping[str, Seen], stands: Mapping[str, str], review: Review
) -> Iterable[tuple[str, int]]:
    """The person's, each photograph once; those without any person known are everybody's who is no stranger."""
    person = next((one for one in everybody.people if one.id == everybody.person), None)
    for sighting in person.sightings if person else ():
        seen, said = photos[sighting.photo], review.photos.get(sighting.photo)
        by_name = _portrait_name(sighting.photo) or sighting.photo == review.likeness.photo
        twin = stands[sighting.photo] != sighting.photo and not by_name
        if not twin and not (said and said.exclude) and seen.kind in ("photo", "document"):
            yield sighting.photo, sighting.face


def _portrait_name(path: str) -> bool:
    stem = PurePosixPath(path).stem.lower()
    return stem == "portrait" or stem.startswith("portrait_")


def _candidate(seen: Seen, at: int, review: Review) -> Candidate:
    face = seen.faces[at]
    parts = measures(seen, face, review.likeness.year)
    return Candidate(
        photo=seen.path,
        face=at,
        box=face.box,
        score=score(parts) if not refused(face) else 0.0,
        parts={name: round(value, 3) for name, value in parts.items()},
        eye_distance=face.eye_distance,
        date=seen.date if seen.date_confidence >= 0.3 else "",
        role="",
        en="",
        zh="",
    )


def measures(seen: Seen, face: Face, year: int | None) -> dict[str, float]:
    """Each of PARTS, 0..1."""
    size = math.log(max(face.eye_distance, 1) / _LEAST_EYES) / math.log(_MOST_EYES / _LEAST_EYES)
    clear = math.prod(_HIDES.get(code, 1.0) for code in face.remarks)
    return {
        "size": _unit(0.1 + 0.9 * size),
        "front": _unit(1 - (face.turned - _TURN) / (_FAR_TURNED - _TURN)),
        "sharp": face.sharpness,
        "light": face.lit,
        "eyes": face.eyes_open,
        "mouth": _unit(1 - (face.parted - 0.03) / 0.12),
        "clear": clear if face.judged else 0.6,
        "time": _time(seen, year),
    }


def _unit(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def _time(seen: Seen, year: int | None) -> float:
    """How near to the year that the family wishes; 0.5 where it is unknown when it was."""
    if year is None:
        return 1.0
    if not seen.date or seen.date_confidence < 0.3:
        return 0.5
    return math.exp(-abs(int(seen.date[:4]) - year) / _APART)


def score(parts: Mapping[str, float]) -> float:
    """Weighted geometric mean: what is spoilt in one way is not mended by another."""
    total = sum(_WEIGHTS.values())
    return round(math.exp(sum(w * math.log(max(parts[name], 0.01)) for name, w in _WEIGHTS.items()) / total), 4)


def refused(face: Face) -> bool:
    """The likeness would not take it."""
    return bool(face.unfit) or face.eye_distance < _LEAST_EYES or face.turned > _FAR_TURNED or face.eyes_open == 0


def _first(found: Sequence[Candidate], photos: Mapping[str, Seen], review: Review) -> Candidate | None:
    wished = review.likeness.photo
    for one in found:
        if wished and one.photo == wished:
            return one
    named = [one for one in found if PurePosixPath(one.photo).stem.lower() == "portrait"]
    if named:
        return named[0]
    good = [one for one in found if one.score >= _GOOD_ENOUGH and photos[one.photo].kind == "photo"]
    return good[0] if good else None


def _others(
    found: Sequence[Candidate], first: Candidate | None, photos: Mapping[str, Seen]
) -> list[tuple[str, Candidate]]:
    """Those that the family named so; a smile that shows teeth; then the next best, of other days first."""
    rest = [one for one in found if first is None or one.photo != first.photo]
    named = [one for one in rest if _portrait_name(one.photo)]
    picked = [(PurePosixPath(one.photo).stem.lower(), one) for one in named][:MORE]
    good = [one for one in rest if one not in named and _serves(one) and photos[one.photo].kind == "photo"]
    smiling = [one for one in rest if one not in named and _shows_teeth(photos[one.photo].faces[one.face])]
    if smiling and "portrait_smiling" not in dict(picked) and len(picked) < MORE:
        best = max(smiling, key=lambda one: (one.eye_distance * photos[one.photo].faces[one.face].sharpness, one.photo))
        picked.append(("portrait_smiling", best))
    days = {first.date[:10] if first else ""}
    for fresh in (True, False):
        for one in good:
            if len(picked) < MORE and all(one is not other for _, other in picked):
                if fresh and (not one.date or one.date[:10] in days):
                    continue
                days.add(one.date[:10])
                picked.append((f"portrait_{len(picked) + 2}", one))
    return picked


def _serves(one: Candidate) -> bool:
    """Good enough to be compared with."""
    spoilt = min(one.parts[name] for name in ("front", "sharp", "light", "eyes", "clear"))
    return one.score >= _BESIDE and spoilt >= _NOT_SPOILT


def _shows_teeth(face: Face) -> bool:
    """An open, smiling mouth, near and sharp enough for teeth to be seen in it."""
    near = face.eye_distance >= 60 and face.sharpness > 0.4 and face.turned < 20
    return near and 0.05 < face.parted < 0.3 and face.smile > 0.4


def _told(one: Candidate, seen: Seen) -> Candidate:
    en, zh = why(one, seen, refused(seen.faces[one.face]))
    return msgspec.structs.replace(one, en=en, zh=zh)


def _remarks(everybody: Everybody, told: Sequence[Candidate]) -> Iterable[Remark]:
    if everybody.how == "nobody":
        code = "nobody"
    elif everybody.how == "guess":
        code = "guess" if everybody.likely else "doubtful guess"
    else:
        code = ""
    codes = [code] if code else []
    if everybody.how != "nobody" and not any(one.role == "portrait" for one in told):
        codes.append("no portrait")
    if told and not any(one.role == "portrait_smiling" for one in told):
        codes.append("no smile")
    return [Remark(code, *REMARKS[code]) for code in codes]
