"""From one photograph to a likeness that moves: reading, judging, measuring, drawing, writing."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from device.errors import BadInput
from device.face.rig import Rig, save
from models_quantized import catalog
from provisioning.likeness.baker import Baker, Progress
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
) -> Report:
    """Writes `out`/rig.npz, layers/, report.json and report.html.

    `face` says whose portrait it is where there are several: left, middle, right or a number from the left. `others`
    are further photographs of the same person; teeth that they show are used. `baker` makes what moves; by default the
    photograph alone does. Raises BadInput, with a hint, where the
    photograph will not do, and Usage for a `face` that is no choice."""
    began = time.perf_counter()
    tell = progress or (lambda share, what: None)
    tell(0.0, "reading the photograph")
    picture = read_photo(photo)
    tell(0.1, "looking for the face")
    reader = FaceReader(catalog.verified_path("face-landmarks"))
    found = find(reader, picture, str(photo), face)
    refuse(found)
    tell(0.2, "looking for teeth in other photographs")
    art, notes = _mouth(reader, found, photo, others)
    made = baker or PhotographBaker()
    baked = made.bake(found, art, tell)
    rig = baked.rig
    report = _report(photo.name, found, rig, [*notes[0], *baked.used], [*notes[1], *baked.weak], made.name)
    tell(0.85, "writing the likeness")
    try:
        out.mkdir(parents=True, exist_ok=True)
        save(rig, out)
        report.write(out)
        tell(0.9, "drawing the report")
        write_page(out / "report.html", report, rig)
    except OSError as error:
        raise BadInput(str(out), expected="a folder to write to", got=error.strerror or str(error)) from error
    tell(1.0, "done")
    return replace(report, seconds=time.perf_counter() - began)


def find(reader: FaceReader, picture: Image, name: str, choice: str = "") -> Found:
    """All measures of the one face that is meant. Raises BadInput or Usage."""
    alone, points, presence = find_face(reader, picture, name, choice)
    face = measure(alone, points)
    glasses = find_spectacles(alone, points, face)
    return Found(name, alone, points, presence, face, tones(alone, points, face), grain(alone, points, face), glasses)


def _mouth(
    reader: FaceReader, found: Found, photo: Path, others: Sequence[Path]
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
