"""From one photograph to a likeness that moves: reading, judging, measuring, drawing, writing."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from device.errors import BadInput
from device.face.manner import save as save_manner
from device.face.rig import FACE_FEATURES, Field, Mouth, Rig, save
from models_quantized import catalog
from provisioning.likeness.expressions import DROP, bases, border_hold, place_of
from provisioning.likeness.eye_art import draw_eye
from provisioning.likeness.film.gather import Films, cut, look_at, moved, teeth
from provisioning.likeness.geometry import Measures, measure
from provisioning.likeness.grain import grain
from provisioning.likeness.head import grid_nodes, head_bases
from provisioning.likeness.judge import Found, eyes_open, refuse, turn, weaknesses
from provisioning.likeness.landmarks import FaceReader
from provisioning.likeness.matte import background_behind, person_matte
from provisioning.likeness.mouth_art import MouthArt, draw_mouth
from provisioning.likeness.notes import Note, note
from provisioning.likeness.page import write_page
from provisioning.likeness.photograph import find_face, read_photo
from provisioning.likeness.report import Report
from provisioning.likeness.spectacles import CALMER_BROWS, Spectacles, find_spectacles
from provisioning.likeness.teeth import borrowed
from provisioning.likeness.tones import tones

Image = NDArray[np.uint8]
Floats = NDArray[Any]

Progress = Callable[[float, str], None]
"""Called with 0..1 and what is being done."""


def bake(
    photo: Path,
    out: Path,
    progress: Progress | None = None,
    *,
    face: str = "",
    others: Sequence[Path] = (),
    films: Sequence[Path] = (),
    more_films: Sequence[Path] = (),
) -> Report:
    """Writes `out`/rig.npz, layers/, report.json and report.html; where films show how they move, manner.npz, clips/.

    `face` says whose portrait it is where there are several: left, middle, right or a number from the left. `others`
    are further photographs of the same person; teeth that they show are used. `films` and `more_films` show the
    same person; one of the latter that will not do is told in the report. Raises BadInput, with a hint, where the
    photograph or one of `films` will not do, and Usage for a `face` that is no choice."""
    began = time.perf_counter()
    tell = progress or (lambda share, what: None)
    tell(0.0, "reading the photograph")
    picture = read_photo(photo)
    tell(0.1, "looking for the face")
    reader = FaceReader(catalog.verified_path("face-landmarks"))
    found = find(reader, picture, str(photo), face)
    refuse(found)
    watched = look_at(films, more_films, found, reader, _part(tell, 0.2, begun := 0.8 if films or more_films else 0.2))
    rest = _part(tell, begun, 1.0)
    rest(0.0, "looking for teeth in other photographs")
    art, notes = _mouth(reader, found, photo, others, watched)
    rig = moved(watched, make_rig(found, art, rest), found, reader)
    used, weak = [*notes[0], *watched.used], [*notes[1], *watched.weak]
    rest(0.85, "writing the likeness")
    try:
        out.mkdir(parents=True, exist_ok=True)
        save(rig, out)
        if not watched.manner.empty:
            save_manner(watched.manner, out)
        weak += cut(watched, found, out)
        report = _report(photo.name, found, rig, used, weak)
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


def _report(name: str, found: Found, rig: Rig, used: list[Note], weak: list[Note]) -> Report:
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
    )


def make_rig(found: Found, art: MouthArt, tell: Progress) -> Rig:
    """All layers and fields of a rig."""
    picture, points, face = found.picture, found.points, found.face
    tell(0.1, "parting person and background")
    matte = person_matte(picture, catalog.verified_path("portrait-mask"))
    background, matte = background_behind(picture, matte)
    tell(0.35, "learning how the head turns")
    step = max(max(picture.shape[:2]) / 96, 4.0)
    head = Field((0.0, 0.0), step, head_bases(points, matte, face, step))
    tell(0.5, "learning how the face moves")
    upper, lower = _face_fields(points, face, found.glasses)
    mouth = Mouth(face.mouth, DROP * face.unit, art.place, art.layers)
    tell(0.65, "drawing the eyes")
    left, right = (draw_eye(found, side) for side in (0, 1))
    return Rig(picture, matte, background, points.astype(np.float32), head, upper, lower, mouth, (left, right))


def _face_fields(points: Floats, face: Measures, glasses: Spectacles | None) -> tuple[Field, Field]:
    """Both copies of the expressions on a grid around the face; nothing moves at the grid's border."""
    step = face.unit / 18
    low, high = points[:468, :2].min(0), points[:468, :2].max(0)
    margin = np.array([0.35, 0.45]) * face.unit
    origin = low - margin
    extent = high - low + 2 * margin + np.array([0, 0.55 * face.unit])
    columns, rows = (int(n) for n in np.ceil(extent / step))
    nodes = grid_nodes((float(origin[0]), float(origin[1])), step, rows, columns)
    copies = bases(place_of(face, points, nodes))
    free = border_hold(rows, columns)
    if glasses:
        free = free * glasses.free(nodes)
        brows = np.array([CALMER_BROWS if name.startswith("brow") else 1.0 for name in FACE_FEATURES], np.float32)
        copies = (copies[0] * brows[:, None, None, None], copies[1] * brows[:, None, None, None])
    fields = [face.to_pixels(copy * free[:, :, None]) for copy in copies]
    place = (float(origin[0]), float(origin[1]))
    return Field(place, step, fields[0]), Field(place, step, fields[1])
