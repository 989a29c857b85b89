"""What films give to a likeness: the person's smile, their teeth, how they move; and what the family reads about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from device.errors import BadInput
from device.face.manner import Manner
from device.face.rig import Rig
from provisioning.likeness.film.ruler import Ruler, ruler
from provisioning.likeness.film.smile import Smile, measured, with_smile
from provisioning.likeness.film.study import Study, cut_sip, picture_of, study
from provisioning.likeness.film.tracks import manner
from provisioning.likeness.judge import Found
from provisioning.likeness.landmarks import FaceReader
from provisioning.likeness.mouth_art import MouthArt
from provisioning.likeness.notes import Note, note
from provisioning.likeness.teeth import borrowed

Image = NDArray[np.uint8]
Floats = NDArray[Any]
Tell = Callable[[float, str], None]

CLIPS = "clips"
"""Folder of a likeness."""
LABELS = {
    "rest": ("at rest", "平静"),
    "blink": ("blink", "眨眼"),
    "smile": ("smile", "微笑"),
    "mouth": ("open mouth", "张嘴"),
    "nod": ("nod", "点头"),
    "lowered": ("head lowered", "低头"),
    "sip": ("something before the mouth", "嘴前有东西"),
}
"""Moments, in the order in which the family sees them."""
_BLINKS = 3
_COARSE = 45.0  # pixels between the eyes


@dataclass(slots=True)
class Films:
    """All films of one person."""

    studies: list[Study] = field(default_factory=list)
    used: list[Note] = field(default_factory=list)
    weak: list[Note] = field(default_factory=list)
    strip: list[tuple[Image, str, str]] = field(default_factory=list)
    """Pictures for the report, with their names in both languages."""
    manner: Manner = field(default_factory=Manner)


def look_at(needed: Sequence[Path], more: Sequence[Path], found: Found, reader: FaceReader, tell: Tell) -> Films:
    """Studies all films. Raises BadInput for a needed one that will not do; one of the others is told."""
    out = Films()
    paths = [*needed, *more]
    for number, path in enumerate(paths):

        def share(part: float, number: int = number, name: str = path.name) -> None:
            tell((number + part) / len(paths), f"watching {name}")

        try:
            out.studies.append(study(path, found, reader, share))
        except BadInput as error:
            if number < len(needed):
                raise
            out.weak.append(_unused(path.name, error))
    return out


def teeth(films: Films, drawn: MouthArt, found: Found) -> tuple[MouthArt, Note] | None:
    """The upper teeth of the sharpest open mouth that fits."""
    for one in films.studies:
        for moment in one.of("mouth"):
            art = borrowed(drawn, found, moment.picture, moment.points)
            if art:
                at = _clock(moment.t)
                return art, Note("film teeth", f"The upper teeth are from {one.name}, at {at}.",
                                 f"上排牙齿取自 {one.name} 的 {at} 处。")  # fmt: skip
    return None


def moved(films: Films, rig: Rig, found: Found, reader: FaceReader) -> Rig:
    """The rig with the person's own smile; `films` then knows their manner, its notes and pictures."""
    if not films.studies:
        return rig
    own = ruler(rig, reader)
    films.manner = manner([one.face for one in films.studies], own)
    smile = _smile(films, found, own)
    if smile is not None:
        rig = with_smile(rig, smile, found.face, found.glasses)
    _tell_manner(films, smile is not None)
    for one in films.studies:
        films.weak += weaknesses(one)
        shown = [moment for what in LABELS for moment in one.of(what)[:1]]
        films.strip += [
            (picture_of(moment, found), f"{LABELS[moment.what][0]}, {_clock(moment.t)}", LABELS[moment.what][1])
            for moment in shown
        ]
    return rig


def cut(films: Films, found: Found, folder: Path) -> list[Note]:
    """Writes the clips of what can only be shown as pictures -> what is to be said of them."""
    for one in films.studies:
        if cut_sip(one, found, folder / CLIPS):
            return [note("sip")]
    return []


def _smile(films: Films, found: Found, own: Ruler) -> Smile | None:
    """The plainest one that can be measured."""
    pieces = [(piece.size, one, piece) for one in films.studies for piece in one.found["smile"]]
    for _, one, piece in sorted(pieces, key=lambda row: -row[0]):
        smile = measured(one.face, piece, found.face, found.points, own.smile)
        if smile is not None:
            return smile
    return None


def _tell_manner(films: Films, smile: bool) -> None:
    names = ", ".join(one.name for one in films.studies)
    own = films.manner
    counts = {kind: len(own.of(kind)) for kind in ("nod", "lowered", "calm")}
    many = len(own.blinks) >= _BLINKS
    closing, opening = (round(1000 * float(v)) for v in np.median(own.blinks, axis=0)) if many else (0, 0)
    told = [
        (many, "film blink", f"It blinks as in {names}: the lids close in {closing} ms and open in {opening} ms.",
         f"眨眼照着 {names}：{closing} 毫秒合上，{opening} 毫秒睁开。"),
        (smile, "film smile", f"The smile goes as it does in {names}.", f"微笑的样子照着 {names}。"),
        (counts["nod"] > 0, "film nod", f"It nods as in {names}.", f"点头照着 {names}。"),
        (counts["lowered"] > 0, "film lowered", f"It lowers its head as in {names}.", f"低头照着 {names}。"),
        (counts["calm"] > 0, "film calm", f"Sitting still, its head moves as in {names}.",
         f"静坐时头部的细微动作照着 {names}。"),
    ]  # fmt: skip
    films.used += [Note(code, en, zh) for true, code, en, zh in told if true]
    there = {
        "few blinks": many,
        "no smile": smile,
        "no gesture": counts["nod"] + counts["lowered"] > 0,
        "no calm": counts["calm"] > 0,
    }
    films.weak += [note(code) for code, true in there.items() if not true]


def weaknesses(one: Study) -> list[Note]:
    """What makes a film less useful than it could be."""
    scale = np.hypot(*(one.track.points[:, 473, :2] - one.track.points[:, 468, :2]).T)
    codes = {
        "film broken": one.film.broken,
        "film slow": one.face.rate < 24,
        "film far": float(np.nanmedian(scale)) < _COARSE,
        "film aside": float(one.face.seen.mean()) < 0.5,
        "film unlike": one.track.unlike > 0.06,
    }
    return [note(code) for code, true in codes.items() if true]


def _unused(name: str, error: BadInput) -> Note:
    hint = f" {error.hint[:1].upper()}{error.hint[1:]}." if error.hint else ""
    return Note("film unused", f"{name} could not be used: expected {error.expected}, got {error.got}.{hint}",
                f"{name} 没有用上：不是能读的影片，或者看不清本人的脸。")  # fmt: skip


def _clock(t: float) -> str:
    return f"{int(t) // 60}:{int(t) % 60:02d}"
