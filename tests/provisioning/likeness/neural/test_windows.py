from pathlib import Path

import numpy as np
import pytest

from device.face.atlas import REGIONS, TEXTURE, packed
from device.face.rig import Rig
from models_quantized import catalog
from provisioning.likeness.bake import find
from provisioning.likeness.geometry import LIPS
from provisioning.likeness.judge import Found
from provisioning.likeness.landmarks import FaceReader
from provisioning.likeness.mouth_art import draw_mouth
from provisioning.likeness.neural.plan import plan
from provisioning.likeness.neural.windows import MOST, Window, windows
from provisioning.likeness.photograph import read_photo
from provisioning.likeness.rigging import make_rig


@pytest.fixture(scope="module")
def found(portrait: Path) -> Found:
    reader = FaceReader(catalog.verified_path("face-landmarks"))
    return find(reader, read_photo(portrait), "portrait")


@pytest.fixture(scope="module")
def rig(found: Found) -> Rig:
    return make_rig(found, draw_mouth(found.face, found.tones, found.grain), lambda share, what: None)


@pytest.fixture(scope="module")
def cut(found: Found, rig: Rig) -> dict[str, Window]:
    return windows(rig, found.face)


def counts(window: Window, points: np.ndarray) -> np.ndarray:
    """How much of a window counts at places of the photograph."""
    at = np.round((points[:, :2] - window.place[:, 2]) / window.place[0, 0]).astype(int)
    return np.asarray(window.mask[at[:, 1], at[:, 0]])


def test_the_whole_plan_fits_one_texture_even_of_the_largest_photograph() -> None:
    sizes = [(MOST[name][1], MOST[name][0]) for name in REGIONS for request in plan() if name in request.regions]
    assert packed(sizes)[1] <= TEXTURE


@pytest.mark.parametrize("name", REGIONS)
def test_windows_lie_in_the_photograph_and_fade_before_their_borders(
    cut: dict[str, Window], rig: Rig, name: str
) -> None:
    window = cut[name]
    high, wide = window.mask.shape
    assert wide <= MOST[name][0]
    assert high <= MOST[name][1]
    x0, y0 = window.place[:, 2]
    x1, y1 = window.place @ [wide - 1, high - 1, 1]
    assert min(x0, y0) >= -0.5
    assert x1 <= rig.photo.shape[1] - 0.5
    assert y1 <= rig.photo.shape[0] - 0.5
    edge = np.concatenate([window.mask[0], window.mask[-1], window.mask[:, 0], window.mask[:, -1]])
    assert edge.max() == 0
    assert window.mask.max() > 0.9


def test_lips_are_the_mouths_lids_the_eyes_and_the_rest_the_faces(
    cut: dict[str, Window], rig: Rig, found: Found
) -> None:
    lips, irises = found.points[list(LIPS)], found.points[[468, 473]]
    assert counts(cut["mouth"], lips).min() > 0.9
    assert counts(cut["face"], lips).max() == 0
    assert counts(cut["face"], irises).max() == 0
    assert counts(cut["eyeRight"], irises[:1]) > 0.9, "the person's right eye is the picture's left"
    assert counts(cut["eyeLeft"], irises[1:]) > 0.9
    assert counts(cut["face"], found.points[[195, 50, 280]]).min() > 0.5, "nose and cheeks"


def test_nothing_is_laid_over_the_background(cut: dict[str, Window], rig: Rig) -> None:
    for window in cut.values():
        solid = window.seen((rig.matte >= 250).astype(np.float32))
        assert (window.mask[solid < 0.2] == 0).all()


def test_a_window_sees_the_photograph_where_it_is(cut: dict[str, Window], rig: Rig) -> None:
    window = cut["mouth"]
    x, y = (int(v) for v in window.place[:, 2])
    high, wide = window.mask.shape
    assert window.place[0, 0] == 1.0
    assert np.array_equal(window.seen(rig.photo), rig.photo[y : y + high, x : x + wide])
