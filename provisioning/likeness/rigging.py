"""The usual baker: everything that moves comes from the photograph, and what it hides is drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from device.face.rig import FACE_FEATURES, Field, Mouth, Rig
from models_quantized import catalog
from provisioning.likeness.baker import Baked, Progress
from provisioning.likeness.expressions import DROP, bases, border_hold, place_of
from provisioning.likeness.eye_art import draw_eye
from provisioning.likeness.geometry import Measures
from provisioning.likeness.head import grid_nodes, head_bases
from provisioning.likeness.judge import Found
from provisioning.likeness.matte import background_behind, person_matte
from provisioning.likeness.mouth_art import MouthArt
from provisioning.likeness.spectacles import CALMER_BROWS, Spectacles

Floats = NDArray[Any]


class PhotographBaker:
    """Implements `Baker`."""

    name = "photograph"

    def bake(self, found: Found, art: MouthArt, tell: Progress) -> Baked:
        return Baked(make_rig(found, art, tell))


def make_rig(found: Found, art: MouthArt, tell: Progress) -> Rig:
    """All layers and fields of a rig."""
    picture, points, face = found.picture, found.points, found.face
    tell(0.3, "parting person and background")
    matte = person_matte(picture, catalog.verified_path("portrait-mask"))
    background, matte = background_behind(picture, matte)
    tell(0.5, "learning how the head turns")
    step = max(max(picture.shape[:2]) / 96, 4.0)
    head = Field((0.0, 0.0), step, head_bases(points, matte, face, step))
    tell(0.6, "learning how the face moves")
    upper, lower = _face_fields(points, face, found.glasses)
    mouth = Mouth(face.mouth, DROP * face.unit, art.place, art.layers)
    tell(0.7, "drawing the eyes")
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
