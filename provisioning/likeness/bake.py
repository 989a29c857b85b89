"""From one photograph to a likeness that moves: reading, judging, measuring, drawing, writing."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from device.errors import BadInput
from device.face.manner import save as save_manner
from device.face.rig import Rig, save
from models_quantized import catalog
from provisioning.likeness.baker import Baker, Progress
from provisioning.likeness.film.gather import Films, cut, look_at, moved, teeth
from provisioning.likeness.geometry import measure
from provisioning.likeness.grain import grain
from provisioning.likeness.judge import Found, eyes_open, refuse, turn, weaknesses
from provisioning.likeness.landmarks import FaceReader
from provisioning.likeness.mouth_art import MouthArt, draw_mouth
from provisioning.likeness.notes import Note, note
from provisioning.likeness.page import write_page
from provisioning.likeness.photograph import find_face, read_photo
from provisioning.likeness.report import Report
from provisioning.likeness.rigging import PhotographBaker
from provisioning.likeness.spectacles import find_spectacles
from provisioning.likeness.teeth import borrowed
from provisioning.likeness.tones import tones

Image = NDArray[np.uint8]


def bake(
    photo: Path,
    out: Path,
    progress: Progress | None = None,
    *,
    face: str = "",
    others: Sequence[Path] = (),
    baker: Baker | None = None,
    films: Sequence[Path] = (),
    more_films: Sequence[Path] = (),
) -> Report:
    """Writes `out`/rig.npz, layers/, report.json and report.html; where films show how they move, manner.npz, clips/.

    `face` says whose portrait it is where there are several: left, middle, right or a number from the left. `others`
    are further photographs of the same person; teeth that they show are used. `baker` makes what moves; by default the
    photograph alone does. `films` and `more_films` show the same person; one of the latter that will not do is told in
    the report. Raises BadInput, with a hint, where the photograph or one of `films` will not do, and Usage for a `face`
    that is no choice."""
    began = time.perf_counter()
    tell = progress or (lambda share, what: None)
    tell(0.0, "reading the photograph")
    picture = read_photo(photo)
    tell(0.1, "looking for the face")
    reader = FaceReader(catalog.verified_path("face-landmarks"))
    found = find(reader, picture, str(photo), face)
    refuse(found)
    watched = look_at(films, more_films, found, reader, _part(tell, 0.2, begun := 0.8 if films or more_films else 0.0))
    rest = _part(tell, begun, 1.0)
    rest(0.2, "looking for teeth in other photographs")
    art, notes = _mouth(reader, found, photo, others, watched)
    made = baker or PhotographBaker()
    baked = made.bake(found, art, rest)
    rig = moved(watched, baked.rig, found, reader)
    used, weak = [*notes[0], *watched.used, *baked.used], [*notes[1], *watched.weak, *baked.weak]
    rest(0.85, "writing the likeness")
    try:
        out.mkdir(parents=True, exist_ok=True)
        save(rig, out)
        if not watched.manner.empty:
            save_manner(watched.manner, out)
        weak += cut(watched, found, out)
        report = _report(photo.name, found, rig, used, weak, made.name)
        report.write(out)
        rest(0.9, "drawing the report")
        write_page(out / "report.html", report, rig, watched.strip)
    except OSError as error:
        raise BadInput(str(out), expected="a folder to write to", got=error.strerror or str(error)) from error
    tell(1.0, "done")
    return replace(report, seconds=time.perf_counter() - began)


def _part(tell: Progress, start: float, end: float) -> Progress:
    """A part of the whole work, told as 0..1."""
    return lambda share, what: tell(start + (end - start) * share, what)


def find(reader: FaceReader, picture: Image, name: str, choice: str = "") -> Found:
    """All measures of the one face that is meant. Raises BadInput or Usage."""
    alone, points, presence = find_face(reader, picture, name, choice)
    face = measure(alone, points)
    glasses = find_spectacles(alone, points, face)
    return Found(name, alone, points, presence, face, tones(alone, points, face), grain(alone, points, face), glasses)


def _mouth(
    reader: FaceReader, found: Found, photo: Path, others: Sequence[Path], films: Films
) -> tuple[MouthArt, tuple[list[Note], list[Note]]]:
    """The mouth's layers, what was used for them and what is weak about them."""
    drawn = draw_mouth(found.face, found.tones, found.grain)
    own = borrowed(drawn, found, found.picture, found.points)
    if own:
        return own, ([_teeth_of(photo)], [])
    for path in others:
        try:
            picture, points, _ = find_face(reader, read_photo(path), str(path))
        except BadInput:
            continue
        art = borrowed(drawn, found, picture, points)
        if art:
            return art, ([_teeth_of(path)], [])
    filmed = teeth(films, drawn, found)
    if filmed:
        return filmed[0], ([filmed[1]], [])
    return drawn, ([], [note("smile unused" if others else "teeth drawn")])


def _teeth_of(path: Path) -> Note:
    return Note("teeth", f"The upper teeth are from {path.name}.", f"上排牙齿取自 {path.name}。")


def _report(name: str, found: Found, rig: Rig, used: list[Note], weak: list[Note], baker: str) -> Report:
    face = found.face
    main = Note(
        "portrait",
        f"The face is that of {name}, pixel by pixel; only what lips and lids hide is drawn.",
        f"面容逐像素取自 {name}，只有嘴唇和眼皮遮住的部分是补画的。",
    )
    return Report(
        photo=name,
        size=(rig.photo.shape[1], rig.photo.shape[0]),
        eye_distance=round(face.unit, 1),
        turn=round(turn(found.points), 3),
        lips_parted=round(face.gap, 3),
        eyes_open=round(eyes_open(found), 3),
        presence=round(found.presence, 4),
        colour=round(found.tones.colour, 2),
        grain=round(found.grain.strength, 1),
        spectacles=found.glasses is not None,
        used=[main, *used],
        weak=[*weaknesses(found, rig.matte), *weak],
        baker=baker,
    )
