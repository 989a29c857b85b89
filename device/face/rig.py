"""A likeness on disk: `rig.npz` (numbers) and `layers/*.png` (pictures), read back with nothing taken on trust.

All positions are in pixels of the photograph `layers/photo.png`, pixel centres at whole numbers. A grid of step s has
its nodes at (k + 0.5) * s - 0.5 from its origin, which is how an image resize sees the centres of its pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from device.errors import BadInput
from device.face.atlas import Region, load_atlas, save_atlas
from device.face.features import FACE_FEATURES, HEAD_FEATURES
from device.face.rig_files import read_arrays, read_png, write_arrays, write_png
from device.face.slit import SAMPLES, Slit, slit_through

__all__ = [  # what the bake needs to know of a rig comes from here
    "FACE_FEATURES",
    "HEAD_FEATURES",
    "SAMPLES",
    "Eye",
    "Field",
    "Mouth",
    "Region",
    "Rig",
    "Slit",
    "load",
    "save",
    "slit_through",
]

Image = NDArray[np.uint8]
Floats = NDArray[np.float32]

VERSION = 1
LANDMARKS = 478
_SLIT = 4 + 2 * SAMPLES
_HINT = "bake the likeness again"
MOUTH_LAYERS = ("cavity", "tongue", "lower", "upper")
EYE_SIDES = ("left", "right")


@dataclass(frozen=True, slots=True)
class Field:
    """Displacement bases on a grid."""

    origin: tuple[float, float]
    """x, y of the grid's outer corner, pixels."""
    step: float
    """Pixels between nodes."""
    bases: Floats
    """(features, rows, columns, 2): dx, dy in pixels at weight 1; forward, at the place it moves from."""


@dataclass(frozen=True, slots=True)
class Mouth:
    """What parts when the mouth opens and what then is seen."""

    slit: Slit
    drop: float
    """Pixels that the lower lip's middle goes down at jawOpen 1; the lower teeth and the tongue go with it."""
    place: Floats
    """(2, 3) affine from pixels of the mouth layers to pixels of the photograph."""
    layers: tuple[Image, ...]
    """MOUTH_LAYERS, each RGBA (h, w, 4), all of one size."""


@dataclass(frozen=True, slots=True)
class Eye:
    """One eye, by the picture's side."""

    slit: Slit
    rect: tuple[int, int, int, int]
    """x, y, width, height of the eye's layers in the photograph."""
    iris: tuple[float, float, float]
    """Centre x, y and radius, pixels."""
    reach: tuple[float, float]
    """Pixels above the upper and below the lower lid over which the skin gives way."""
    ball: Image
    """RGB (h, w, 3): the eye without its iris."""
    disc: Image
    """RGBA (h, w, 4): the whole iris with its catchlight."""


@dataclass(frozen=True, slots=True)
class Rig:
    """Everything that moves one photograph."""

    photo: Image
    """RGB (H, W, 3)"""
    matte: Image
    """(H, W), 255 where the person is."""
    background: Image
    """RGB (H, W, 3), the person filled in."""
    landmarks: Floats
    """(478, 3), z + towards the viewer."""
    head: Field
    """HEAD_FEATURES over the whole photograph."""
    upper: Field
    """FACE_FEATURES around the face, as what lies above the lip line moves."""
    lower: Field
    """The same grid, as what lies below the lip line moves."""
    mouth: Mouth
    eyes: tuple[Eye, Eye]
    atlas: tuple[Region, ...] = ()
    """What a portrait network drew of it, if one was asked; see atlas.py."""


def save(rig: Rig, folder: Path) -> None:
    """Writes `rig.npz`, `layers/` and the atlas into `folder`, byte for byte the same for the same rig."""
    arrays = {
        "version": np.array([VERSION], np.int32),
        "landmarks": rig.landmarks,
        "head": rig.head.bases,
        "upper": rig.upper.bases,
        "lower": rig.lower.bases,
        "grids": np.array([[*f.origin, f.step] for f in (rig.head, rig.upper)], np.float32),
        "mouth": np.concatenate([_flat(rig.mouth.slit), [rig.mouth.drop], rig.mouth.place.ravel()]),
        "eyes": np.stack([np.concatenate([_flat(e.slit), e.rect, e.iris, e.reach]) for e in rig.eyes]),
    }
    write_arrays(folder / "rig.npz", arrays)
    layers = folder / "layers"
    layers.mkdir(parents=True, exist_ok=True)
    write_png(layers / "photo.png", rig.photo)
    write_png(layers / "matte.png", rig.matte)
    write_png(layers / "background.png", rig.background)
    for name, picture in zip(MOUTH_LAYERS, rig.mouth.layers, strict=True):
        write_png(layers / f"mouth_{name}.png", picture)
    for side, eye in zip(EYE_SIDES, rig.eyes, strict=True):
        write_png(layers / f"eye_{side}_ball.png", eye.ball)
        write_png(layers / f"eye_{side}_disc.png", eye.disc)
    save_atlas(folder, rig.atlas)


def load(folder: Path) -> Rig:
    """Reads a likeness. Raises BadInput for anything missing, malformed, of a wrong shape or not finite."""
    arrays = read_arrays(
        folder / "rig.npz",
        {
            "version": (1,),
            "landmarks": (LANDMARKS, 3),
            "head": (len(HEAD_FEATURES), None, None, 2),
            "upper": (len(FACE_FEATURES), None, None, 2),
            "lower": (len(FACE_FEATURES), None, None, 2),
            "grids": (2, 3),
            "mouth": (_SLIT + 7,),
            "eyes": (2, _SLIT + 9),
        },
    )
    version = int(arrays["version"][0])
    if version != VERSION:
        raise BadInput(str(folder / "rig.npz"), expected=f"version {VERSION}", got=f"version {version}", hint=_HINT)
    layers = folder / "layers"
    photo = read_png(layers / "photo.png", 3)
    size = photo.shape[:2]
    if arrays["upper"].shape != arrays["lower"].shape:
        raise BadInput(str(folder), expected="upper and lower fields of one shape", got="two shapes", hint=_HINT)
    head, face = arrays["grids"]
    return Rig(
        photo=photo,
        matte=read_png(layers / "matte.png", 1, size),
        background=read_png(layers / "background.png", 3, size),
        landmarks=arrays["landmarks"],
        head=_field(folder, head, arrays["head"], size),
        upper=_field(folder, face, arrays["upper"], size),
        lower=_field(folder, face, arrays["lower"], size),
        mouth=_mouth(folder, arrays["mouth"], size),
        eyes=(_eye(folder, "left", arrays["eyes"][0], size), _eye(folder, "right", arrays["eyes"][1], size)),
        atlas=load_atlas(folder),
    )


def _flat(slit: Slit) -> Floats:
    return np.concatenate([[*slit.centre, slit.angle, slit.half], slit.upper, slit.lower]).astype(np.float32)


def _slit(folder: Path, values: Floats, size: tuple[int, int]) -> Slit:
    x, y, angle, half = (float(v) for v in values[:4])
    inside = 0 <= x < size[1] and 0 <= y < size[0]
    if not inside or not 1 <= half <= max(size) or abs(angle) > np.pi:
        raise BadInput(str(folder), expected="mouth and eyes within the photograph", got=f"{x:g}, {y:g}", hint=_HINT)
    upper, lower = values[4 : 4 + SAMPLES], values[4 + SAMPLES : _SLIT]
    if max(np.abs(upper).max(), np.abs(lower).max()) > 4 * half:
        raise BadInput(str(folder), expected="lips and lids near their corners", got="stray curves", hint=_HINT)
    return Slit((x, y), angle, half, upper, lower)


def _field(folder: Path, grid: Floats, bases: Floats, size: tuple[int, int]) -> Field:
    x, y, step = (float(v) for v in grid)
    rows, columns = bases.shape[1:3]
    longest = max(size)
    if not 0.5 <= step <= longest or max(abs(x), abs(y)) > 2 * longest or max(rows, columns) * step > 4 * longest:
        raise BadInput(str(folder), expected="grids about as large as the photograph", got=f"step {step:g}", hint=_HINT)
    if np.abs(bases).max(initial=0.0) > 4 * longest:
        raise BadInput(str(folder), expected="displacements within the photograph", got="larger ones", hint=_HINT)
    return Field((x, y), step, bases)


def _mouth(folder: Path, values: Floats, size: tuple[int, int]) -> Mouth:
    drop, place = float(values[_SLIT]), values[_SLIT + 1 :].reshape(2, 3)
    if not 0 <= drop <= max(size) or not 1e-3 < abs(float(np.linalg.det(place[:, :2]))) < 1e3:
        raise BadInput(str(folder), expected="a placeable mouth", got=f"drop {drop:g}", hint=_HINT)
    first = read_png(folder / "layers" / f"mouth_{MOUTH_LAYERS[0]}.png", 4)
    rest = [read_png(folder / "layers" / f"mouth_{name}.png", 4, first.shape[:2]) for name in MOUTH_LAYERS[1:]]
    return Mouth(_slit(folder, values, size), drop, place, (first, *rest))


def _eye(folder: Path, side: str, values: Floats, size: tuple[int, int]) -> Eye:
    x, y, width, height = (int(v) for v in np.clip(values[_SLIT : _SLIT + 4], -1, 65536))
    if x < 0 or y < 0 or width < 4 or height < 4 or x + width > size[1] or y + height > size[0]:
        raise BadInput(
            str(folder), expected="eyes within the photograph", got=f"{x}, {y}, {width}, {height}", hint=_HINT
        )
    cx, cy, radius = (float(v) for v in values[_SLIT + 4 : _SLIT + 7])
    above, below = (float(v) for v in values[_SLIT + 7 :])
    if not (x <= cx <= x + width and y <= cy <= y + height and 0.5 <= radius <= max(width, height)):
        raise BadInput(str(folder), expected="an iris within its eye", got=f"{cx:g}, {cy:g}, {radius:g}", hint=_HINT)
    if not (1 <= above <= size[0] and 1 <= below <= size[0]):
        raise BadInput(str(folder), expected="eyelids of some height", got=f"{above:g}, {below:g}", hint=_HINT)
    layers = folder / "layers"
    ball = read_png(layers / f"eye_{side}_ball.png", 3, (height, width))
    disc = read_png(layers / f"eye_{side}_disc.png", 4, (height, width))
    slit = _slit(folder, values, size)
    return Eye(slit, (x, y, width, height), (cx, cy, radius), (above, below), ball, disc)
