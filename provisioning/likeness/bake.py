"""From one photograph to a likeness that moves: reading, judging, measuring, drawing, writing."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from device.errors import BadInput
from device.face.rig import FACE_FEATURES, Field, Mouth, Rig, save
from models_quantized import catalog
from provisioning.likeness.expressions import DROP, bases, place_of
from provisioning.likeness.eye_art import draw_eye
from provisioning.likeness.geometry import Measures, eye_slit, measure
from provisioning.likeness.grain import grain
from provisioning.likeness.head import grid_nodes, head_bases
from provisioning.likeness.landmarks import Detection, FaceReader
from provisioning.likeness.matte import background_behind, person_matte
from provisioning.likeness.mouth_art import draw_mouth
from provisioning.likeness.spectacles import CALMER_BROWS, Spectacles, find_spectacles
from provisioning.likeness.tones import tones

Image = NDArray[np.uint8]
Floats = NDArray[np.float32]

Progress = Callable[[float, str], None]
"""Called with 0..1 and what is being done."""

LONGEST = 2048
"""Pixels; a larger photograph is reduced to this: a 4K frame shows no more of a face."""
_MIN_UNIT = 40.0  # pixels between the irises: below it a mouth is a smudge
_MOST_TURN = 0.42  # nose off the middle of the cheeks, in half widths of the face: about 30 degrees
_MAX_BYTES = 200 << 20


@dataclass(frozen=True, slots=True)
class Report:
    """What was found and made, for the family to read."""

    photo: str
    size: tuple[int, int]
    """(width, height) of the likeness, pixels."""
    eye_distance: float
    """Pixels between the irises."""
    turn: float
    """-1..1: how far the head is turned, + towards the picture's right."""
    lips_parted: float
    """Gap between the lips in eye distances."""
    eyes_open: float
    """Height over width of the eyes' opening."""
    presence: float
    """0..1: the landmark graph's certainty."""
    advice: list[str] = field(default_factory=list)
    """What would make the likeness better."""
    seconds: float = 0.0
    """Time taken; not written to the report, so that the same photograph gives the same files."""


def bake(photo: Path, out: Path, progress: Progress | None = None) -> Report:
    """Writes `out`/rig.npz, layers/ and report.json. Raises BadInput, with a hint, where a photograph will not do."""
    began = time.perf_counter()
    tell = progress or (lambda share, what: None)
    tell(0.0, "reading the photograph")
    picture = read_photo(photo)
    tell(0.1, "looking for the face")
    reader = FaceReader(catalog.verified_path("face-landmarks"))
    points, presence = find_face(reader, picture, str(photo))
    face = measure(picture, points)
    report = judge(photo, picture, points, face, presence)
    rig = make_rig(picture, points, face, tell)
    tell(0.9, "writing the likeness")
    try:
        out.mkdir(parents=True, exist_ok=True)
        save(rig, out)
        lasting = {key: value for key, value in asdict(report).items() if key != "seconds"}
        (out / "report.json").write_text(json.dumps(lasting, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise BadInput(str(out), expected="a folder to write to", got=error.strerror or str(error)) from error
    tell(1.0, "done")
    return Report(**{**asdict(report), "seconds": time.perf_counter() - began})


def read_photo(path: Path) -> Image:
    """An RGB picture, turned upright as its camera says, at most LONGEST on its longer side."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise BadInput(str(path), expected="a photograph under 200 MB", got="a larger file")
        content = np.fromfile(path, np.uint8)
    except OSError as error:
        raise BadInput(str(path), expected="a photograph", got=error.strerror or str(error)) from error
    hint = "save it as JPEG or PNG and try again"
    try:
        decoded = cv2.imdecode(content, cv2.IMREAD_COLOR) if content.size else None
    except cv2.error as error:
        raise BadInput(str(path), expected="a photograph", got="a damaged picture", hint=hint) from error
    if decoded is None:
        raise BadInput(str(path), expected="a photograph", got="no picture", hint=hint)
    picture = cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB)
    if min(picture.shape[:2]) < 96:
        got = f"{picture.shape[1]} x {picture.shape[0]} pixels"
        raise BadInput(str(path), expected="at least 96 x 96 pixels", got=got, hint="scan the print at 300 dpi or more")
    scale = LONGEST / max(picture.shape[:2])
    if scale < 1:
        picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(picture, np.uint8)


def find_face(reader: FaceReader, picture: Image, name: str) -> tuple[Floats, float]:
    """The landmarks of the one face in a photograph."""
    found = reader.detect(picture)
    large = [face for face in found if face.side > 0.45 * found[0].side]
    if not found:
        hint = "use a photograph that shows the face from the front, well lit"
        raise BadInput(name, expected="a face", got="none that could be found", hint=hint)
    if len(large) > 1:
        got = f"{len(large)} faces ({', '.join(_where(face, picture) for face in large)})"
        raise BadInput(name, expected="one face", got=got, hint="cut the photograph to the one person")
    points, presence = reader.landmarks(picture, found[0])
    if presence < 0.5:
        hint = "use a photograph in which eyes and mouth are plainly seen"
        raise BadInput(name, expected="a clear face", got=f"a doubtful one ({presence:.0%})", hint=hint)
    return points, presence


def _where(face: Detection, picture: Image) -> str:
    middle = (face.box[0] + face.box[2]) / 2 / picture.shape[1]
    return "left" if middle < 0.4 else "right" if middle > 0.6 else "middle"


def judge(photo: Path, picture: Image, points: Floats, face: Measures, presence: float) -> Report:
    """Refuses what cannot become a good likeness; says what is weak in the rest."""
    inside = points[:468, :2]
    high = np.array([picture.shape[1], picture.shape[0]])
    if (inside.min(0) < -4).any() or (inside.max(0) > high + 4).any():
        raise BadInput(str(photo), expected="the whole face", got="a face cut off by the border",
                       hint="use a photograph with some room around the head")  # fmt: skip
    if face.unit < _MIN_UNIT:
        raise BadInput(str(photo), expected=f"{_MIN_UNIT:.0f} pixels between the eyes", got=f"{face.unit:.0f}",
                       hint="scan the print at a higher resolution, or use a closer photograph")  # fmt: skip
    turn = _turn(points)
    if abs(turn) > _MOST_TURN:
        raise BadInput(str(photo), expected="a face seen from the front", got="one turned far aside",
                       hint="use a photograph in which both eyes and both cheeks are seen")  # fmt: skip
    slits = [eye_slit(picture, points, side) for side in (0, 1)]
    eyes = float(np.mean([(s.lower - s.upper).max() / (2 * s.half) for s in slits]))
    advice = []
    if face.unit < 90:
        advice.append("A larger scan or a closer photograph would show eyes and teeth more clearly.")
    if abs(turn) > 0.22:
        advice.append("A photograph straight from the front would turn more naturally.")
    if eyes < 0.2:
        advice.append("The eyes are nearly closed; a photograph with open eyes would look at you.")
    if face.gap > 0.045:
        advice.append("The lips are parted; a photograph with closed lips speaks more naturally.")
    size = (picture.shape[1], picture.shape[0])
    return Report(photo.name, size, round(face.unit, 1), round(turn, 3), round(face.gap, 3), round(eyes, 3),
                  round(presence, 4), advice)  # fmt: skip


def _turn(points: Floats) -> float:
    """The nose's place between the cheeks, -1..1 (1 and 4 lie on the nose, 234 and 454 before the ears)."""
    left, right, nose = points[234, :2], points[454, :2], points[1, :2]
    along = right - left
    share = float((nose - left) @ along / max(float(along @ along), 1e-6))
    return 2 * share - 1


def make_rig(picture: Image, points: Floats, face: Measures, tell: Progress) -> Rig:
    """All layers and fields of a rig."""
    tell(0.25, "parting person and background")
    matte = person_matte(picture, catalog.verified_path("portrait-mask"))
    background, matte = background_behind(picture, matte)
    tell(0.5, "learning how the head turns")
    step = max(max(picture.shape[:2]) / 96, 4.0)
    head = Field((0.0, 0.0), step, head_bases(points, matte, face, step))
    tell(0.6, "learning how the face moves")
    glasses = find_spectacles(picture, points, face)
    upper, lower = _face_fields(points, face, glasses)
    tell(0.7, "drawing the mouth's inside")
    grains = grain(picture, points, face)
    art = draw_mouth(face, tones(picture, points, face), grains)
    mouth = Mouth(face.mouth, DROP * face.unit, art.place, art.layers)
    tell(0.8, "drawing the eyes")
    left, right = (draw_eye(picture, points, face, side, grains, glasses) for side in (0, 1))
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
    free = _border_hold(rows, columns)
    if glasses:
        free = free * glasses.free(nodes)
        brows = np.array([CALMER_BROWS if name.startswith("brow") else 1.0 for name in FACE_FEATURES], np.float32)
        copies = (copies[0] * brows[:, None, None, None], copies[1] * brows[:, None, None, None])
    fields = [face.to_pixels(copy * free[:, :, None]) for copy in copies]
    place = (float(origin[0]), float(origin[1]))
    return Field(place, step, fields[0]), Field(place, step, fields[1])


def _border_hold(rows: int, columns: int, width: int = 5) -> Floats:
    def ramp(count: int) -> Floats:
        distance = np.minimum(np.arange(count), np.arange(count)[::-1])
        t = np.clip(distance / width, 0, 1)
        return np.asarray(t * t * (3 - 2 * t), np.float32)

    return np.outer(ramp(rows), ramp(columns)).astype(np.float32)
