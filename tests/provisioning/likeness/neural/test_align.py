import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.likeness.geometry import OVAL
from provisioning.likeness.neural.align import colour_of, crop_matrix, cropped, eyes_open, lips_parted
from provisioning.likeness.neural.signature import OUTPUT

FACE = np.zeros((478, 3), np.float32)
FACE[list(OVAL), 0] = 256 + 100 * np.sin(np.linspace(0, 2 * np.pi, len(OVAL), endpoint=False))
FACE[list(OVAL), 1] = 300 - 130 * np.cos(np.linspace(0, 2 * np.pi, len(OVAL), endpoint=False))
for _brow in (70, 63, 105, 66, 107, 336, 296, 334, 293, 300):
    FACE[_brow, :2] = (256 + (70 if _brow > 200 else -70), 230)
FACE[468, :2], FACE[473, :2] = (216, 250), (296, 250)
FACE[61, :2], FACE[291, :2] = (226, 350), (286, 350)


def moved(angle: float, scale: float, x: float, y: float) -> np.ndarray:
    cos, sin = np.cos(np.deg2rad(angle)) * scale, np.sin(np.deg2rad(angle)) * scale
    out = FACE.copy()
    out[:, :2] = FACE[:, :2] @ np.array([[cos, sin], [-sin, cos]]) + [x, y]
    return out


@given(st.floats(-40, 40), st.floats(0.3, 4), st.floats(-500, 500), st.floats(-500, 500))
def test_whatever_its_place_and_turn_a_face_is_framed_alike(angle: float, scale: float, x: float, y: float) -> None:
    points = moved(angle, scale, x, y)
    matrix, usual = crop_matrix(points), crop_matrix(FACE)
    mine = points[:, :2] @ matrix[:, :2].T + matrix[:, 2]
    theirs = FACE[:, :2] @ usual[:, :2].T + usual[:, 2]
    assert np.abs(mine - theirs).max() < 0.05


def test_the_frame_is_upright_around_the_face_and_has_room_above() -> None:
    matrix = crop_matrix(FACE)
    eyes, mouth = (FACE[list(i), :2] @ matrix[:, :2].T + matrix[:, 2] for i in ((468, 473), (61, 291)))
    assert eyes[0, 1] == pytest.approx(eyes[1, 1], abs=1e-3)
    assert OUTPUT * 0.4 < eyes[0, 1] < mouth[0, 1] < OUTPUT * 0.8
    assert eyes[:, 0].mean() == pytest.approx(OUTPUT / 2, abs=2)


def test_beyond_the_photograph_it_is_black() -> None:
    photo = np.full((200, 512, 3), 200, np.uint8)
    picture = cropped(photo, crop_matrix(FACE))
    assert picture.shape == (OUTPUT, OUTPUT, 3)
    assert picture[-1].max() == 0


@given(
    st.tuples(*[st.floats(0.7, 1.5)] * 3),
    st.tuples(*[st.floats(-20, 20)] * 3),
)
def test_colours_are_found_again(gain: tuple[float, ...], offset: tuple[float, ...]) -> None:
    ours = np.random.default_rng(1).integers(70, 160, (OUTPUT, OUTPUT, 3)).astype(np.uint8)
    theirs = (ours - np.array(offset)) / np.array(gain)
    found = colour_of(theirs, ours, FACE)
    assert found.gain == pytest.approx(gain, rel=1e-3)
    assert np.abs(found.matched(theirs.astype(np.float32)) - ours).max() < 0.5


def test_a_picture_of_one_colour_is_only_moved() -> None:
    ours = np.random.default_rng(1).integers(70, 160, (OUTPUT, OUTPUT, 3)).astype(np.uint8)
    found = colour_of(np.full((OUTPUT, OUTPUT, 3), 90.0), ours, FACE)
    assert found.gain == pytest.approx([1, 1, 1])
    assert np.isfinite(found.offset).all()


def test_ratios_are_heights_over_widths() -> None:
    points = FACE.copy()
    points[13, :2], points[14, :2] = (256, 345), (256, 360)
    assert lips_parted(points) == pytest.approx(15 / 60)
    points[159, :2], points[145, :2], points[33, :2], points[133, :2] = (216, 246), (216, 254), (200, 250), (232, 250)
    assert eyes_open(points)[0] == pytest.approx(0.25)
