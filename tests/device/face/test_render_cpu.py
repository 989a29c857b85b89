import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from device.face.canvas import fit, scaled, surround
from device.face.composite import over, parted
from device.face.eyes import meeting
from device.face.pose import INDEX, PARAMETERS, Pose, neutral
from device.face.render import Renderer
from device.face.render_cpu import RenderCpu
from device.face.slit import SAMPLES, Slit
from device.face.viseme_poses import VISEME_POSES
from tests.fakes.face_renderer import FakeRenderer
from tests.fakes.likeness import HEIGHT, MOUTH, WIDTH, small_rig

RENDERER = RenderCpu(small_rig(), (WIDTH, HEIGHT))


def pose(**weights: float) -> Pose:
    out = neutral()
    for name, weight in weights.items():
        out[INDEX[name]] = weight
    return out


@pytest.mark.parametrize("renderer", [FakeRenderer((160, 200)), RENDERER], ids=["fake", "cpu"])
def test_a_renderer_keeps_its_contract(renderer: Renderer) -> None:
    width, height = renderer.size
    first = renderer.render(pose(jawOpen=0.6))
    assert first.shape == (height, width, 3)
    assert first.dtype == np.uint8
    again = renderer.render(neutral())
    again[:] = 0  # a frame is the caller's to keep and to spoil
    assert np.array_equal(renderer.render(pose(jawOpen=0.6)), first)
    assert not np.array_equal(renderer.render(neutral()), first)


def test_the_neutral_pose_is_the_photograph() -> None:
    assert np.array_equal(RENDERER.render(neutral()), small_rig().photo)


def test_what_does_not_move_stays_the_photograph_bit_for_bit() -> None:
    frame = RENDERER.render(pose(jawOpen=0.8))
    assert np.array_equal(frame[:60], small_rig().photo[:60])
    assert not np.array_equal(frame[120:160], small_rig().photo[120:160])


def test_the_same_pose_gives_the_same_frame_whatever_came_before() -> None:
    want = RENDERER.render(pose(jawOpen=0.3, eyeBlinkLeft=0.4, gazeX=0.2, headYaw=3))
    RENDERER.render(pose(eyeBlinkLeft=1, eyeBlinkRight=1, headRoll=5))
    assert np.array_equal(RENDERER.render(pose(jawOpen=0.3, eyeBlinkLeft=0.4, gazeX=0.2, headYaw=3)), want)


def test_the_mouth_opens_dark_and_pressed_lips_hide_it() -> None:
    x, y = int(MOUTH[0]), int(MOUTH[1]) + 5
    assert RENDERER.render(pose(jawOpen=1))[y, x].max() < 40
    assert RENDERER.render(pose(jawOpen=1, mouthClose=1))[y, x].min() > 60


def test_the_lips_stay_joined_at_their_corners_at_any_size() -> None:
    """A thin dark hook there is the first thing that is seen on a large screen."""
    renderer = RenderCpu(small_rig(), (4 * WIDTH, 4 * HEIGHT))
    dark = np.flatnonzero((renderer.render(pose(jawOpen=0.6)).max(2) < 45).any(0))
    reach = np.abs((dark + 0.5) / 4 - 0.5 - MOUTH[0]) / small_rig().mouth.slit.half
    assert 0.8 < reach.max() < 0.9


@given(arrays(np.float32, SAMPLES, elements=st.floats(-0.5, 0.5, width=32)))
def test_closing_lids_meet_in_one_arc(waves: NDArray[np.float32]) -> None:
    x = np.linspace(-1, 1, SAMPLES, dtype=np.float32)
    upper, lower = -6 * (1 - x * x) + waves, 5 * (1 - x * x) + waves
    line = meeting(Slit((0.0, 0.0), 0.0, 20.0, upper, lower))
    assert line[[0, -1]] == pytest.approx(waves[[0, -1]], abs=1e-4)
    inner = line[SAMPLES // 5 : -(SAMPLES // 5)]
    assert np.ptp(np.diff(inner, 2)) < 1e-3


def test_a_blink_covers_the_iris() -> None:
    def dark(frame: np.ndarray) -> int:
        return int((frame[79:92, 54:66].max(2) < 60).sum())

    assert dark(RENDERER.render(pose(gazeX=0.05))) > 40
    assert dark(RENDERER.render(pose(eyeBlinkRight=1))) == 0


def test_left_is_the_persons_left() -> None:
    rest, frame = RENDERER.render(neutral()), RENDERER.render(pose(eyeBlinkLeft=1))
    assert np.array_equal(frame[:, :80], rest[:, :80])
    assert not np.array_equal(frame[:, 80:], rest[:, 80:])


@settings(max_examples=40, deadline=None)
@given(arrays(np.float32, len(PARAMETERS), elements=st.floats(-1e6, 1e6, width=32)))
def test_any_numbers_give_a_frame(values: Pose) -> None:
    assert RENDERER.render(values).shape == (HEIGHT, WIDTH, 3)


def test_what_is_no_number_counts_as_rest() -> None:
    assert np.array_equal(RENDERER.render(np.full(len(PARAMETERS), np.nan, np.float32)), small_rig().photo)


def test_every_viseme_is_there_and_speaks_in_known_parameters() -> None:
    assert list(VISEME_POSES) == ["sil", "PP", "FF", "TH", "DD", "kk", "CH", "SS", "nn", "RR", "aa", "E", "I", "O", "U"]
    for weights in VISEME_POSES.values():
        assert set(weights) <= set(PARAMETERS)
        assert all(0 <= weight <= 1 for weight in weights.values())


@pytest.mark.parametrize("size", [(320, 180), (180, 320), (64, 64), (331, 77)])
def test_the_frame_is_filled_at_any_shape_and_the_photograph_kept(size: tuple[int, int]) -> None:
    rig = small_rig()
    place = fit((WIDTH, HEIGHT), size, (40, 30, 120, 170))
    frame = surround(scaled(rig.photo, place), scaled(rig.background, place), place)
    assert frame.shape == (size[1], size[0], 3)
    rows, columns, own_rows, own_columns = place.window()
    assert np.array_equal(frame[rows, columns], scaled(rig.photo, place)[own_rows, own_columns])
    assert frame.min() > 20, "no black bars"
    assert RenderCpu(rig, size).render(pose(jawOpen=0.5, headYaw=4)).shape == frame.shape


def test_a_wide_frame_shows_the_photograph_in_full_height_without_a_hard_edge() -> None:
    smooth = np.repeat(np.linspace(60, 180, HEIGHT)[:, None], WIDTH, 1)[:, :, None].repeat(3, 2).astype(np.uint8)
    place = fit((WIDTH, HEIGHT), (640, 400), (40, 30, 120, 170))
    assert (place.height, place.dx) == (400, 160)
    frame = surround(scaled(smooth, place), scaled(smooth, place), place).astype(int)
    assert np.abs(np.diff(frame, axis=1)).max() <= 4


bytes_ = st.integers(0, 255)


@given(base=bytes_, behind=bytes_, alpha=bytes_)
def test_parting_and_putting_together_gives_the_same_pixel(base: int, behind: int, alpha: int) -> None:
    pixel = np.full((1, 1, 3), base, np.uint8)
    person, background = parted(pixel, np.full((1, 1, 3), behind, np.uint8), np.full((1, 1), alpha, np.uint8))
    assert np.array_equal(over(person, background), pixel)
