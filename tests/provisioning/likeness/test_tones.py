import cv2
import numpy as np
import pytest

from provisioning.likeness.bake import find
from provisioning.likeness.grain import Grain, grain
from provisioning.likeness.judge import Found
from provisioning.likeness.landmarks import FaceReader
from provisioning.likeness.tones import LUMA, Tones, tones
from tests.support.likeness_inputs import elder

ENAMEL = np.array([1.1, 0.97, 0.79], np.float32)


@pytest.fixture(scope="session")
def found(reader: FaceReader) -> Found:
    return find(reader, elder(), "elder")


def seen(found: Found, picture: np.ndarray) -> Tones:
    """The tones of another print of the same picture."""
    return tones(np.clip(np.round(picture), 0, 255).astype(np.uint8), found.points, found.face)


def test_a_toned_print_has_no_colour_of_its_own(found: Found) -> None:
    grey = (found.picture @ LUMA)[:, :, None]
    for print_ in (np.repeat(grey, 3, 2), grey * [1.0, 0.86, 0.66] + [14, 9, 2], 255 * (grey / 255) ** [0.7, 1, 1.5]):
        toned = seen(found, print_)
        assert toned.colour < 0.05
    grey_tones = seen(found, np.repeat(grey, 3, 2))
    assert np.ptp(grey_tones.of(ENAMEL, 1.0)) < 0.5
    assert found.tones.colour == 1


def test_half_the_colour_is_between(found: Found) -> None:
    grey = (found.picture @ LUMA)[:, :, None]
    shares = [seen(found, s * found.picture + (1 - s) * grey).colour for s in (0.0, 0.2, 0.4, 1.0)]
    assert shares == sorted(shares)
    assert 0.05 < shares[1] < 0.7


def test_drawn_colours_go_with_the_lights_colour_and_with_exposure(found: Found) -> None:
    light = np.array([0.6, 0.5, 0.35])
    day, lamp = found.tones, seen(found, found.picture * light)
    ratio = lamp.of(ENAMEL, 1.0) / day.of(ENAMEL, 1.0)
    assert ratio / ratio[1] == pytest.approx(light / light[1], rel=0.08)
    assert ratio @ LUMA / (light @ LUMA) == pytest.approx(1, rel=0.2)


def test_nothing_drawn_is_whiter_than_white(found: Found) -> None:
    t = found.tones
    assert float((t.black + t.of(ENAMEL, 50.0)) @ LUMA) < float(t.white @ LUMA)


@pytest.mark.parametrize("sigma", [4.0, 9.0])
def test_grain_is_measured(found: Found, sigma: float) -> None:
    noise = np.random.default_rng(2).normal(0, sigma, found.picture.shape[:2])[:, :, None]
    noisy = np.clip(np.round(found.picture + noise), 0, 255).astype(np.uint8)
    assert grain(noisy, found.points, found.face).strength == pytest.approx(sigma, rel=0.25)


@pytest.mark.parametrize("sigma", [2.0, 3.0, 4.0])
def test_blur_is_measured(found: Found, sigma: float) -> None:
    soft = np.asarray(cv2.GaussianBlur(found.picture, (0, 0), sigma), np.uint8)
    assert grain(soft, found.points, found.face).blur == pytest.approx(sigma, rel=0.3)
    assert grain(found.picture, found.points, found.face).blur < 0.7


def test_fresh_grain_has_the_samples_strength_and_colour_and_is_always_the_same() -> None:
    rng = np.random.default_rng(1)
    sample = cv2.GaussianBlur(rng.normal(0, 6, (25, 25, 1)).astype(np.float32), (0, 0), 0.8)[:, :, None] * [
        1.0,
        0.5,
        0.2,
    ]
    made = Grain(np.asarray(sample - sample.mean((0, 1)), np.float32), 0.0)
    field = made.field(120, 200)
    assert field.shape == (120, 200, 3)
    assert field.std((0, 1)) == pytest.approx(made.sample.std((0, 1)), rel=0.2)
    assert np.corrcoef(field[..., 0].ravel(), field[..., 2].ravel())[0, 1] > 0.99
    assert np.array_equal(field, made.field(120, 200))
