from pathlib import Path

import cv2
import numpy as np
import pytest

from device.config import Hologram
from device.face.figure import GuardedCutout, StillCutout, best_figure, choked, still_figure
from device.face.pose import INDEX, neutral
from device.face.render import Cutout
from device.face.render_cpu import RenderCpu
from device.face.rig import save
from device.face.wardrobe import hologram
from tests.fakes.cutout import FakeCutout, silhouette
from tests.fakes.likeness import HEIGHT, WIDTH, small_rig

SCREEN = (320, 240)


@pytest.fixture
def persona(tmp_path: Path) -> Path:
    save(small_rig(), tmp_path / "likeness")
    return tmp_path


SIZE = (WIDTH, HEIGHT)
CUTOUTS = {
    "fake": FakeCutout(SIZE),
    "cpu": RenderCpu(small_rig(), SIZE),
    "still": StillCutout(still_figure(None, "x"), (96, 72)),
}


@pytest.mark.parametrize("cutout", CUTOUTS.values(), ids=CUTOUTS.keys())
def test_a_cutout_keeps_its_contract(cutout: Cutout) -> None:
    width, height = cutout.size
    pose = neutral()
    pose[INDEX["headYaw"]], pose[INDEX["breath"]] = 6, 1
    first = cutout.person(pose)
    assert first.shape == (height, width, 4)
    assert first.dtype == np.uint8
    assert (first[..., :3].max(2).astype(int) <= first[..., 3].astype(int) + 2).all(), "premultiplied"
    assert not first[first[..., 3] == 0].any()
    cutout.person(neutral())[:] = 9
    np.testing.assert_array_equal(cutout.person(pose), first)


def test_the_moving_person_over_its_background_is_the_renderers_frame() -> None:
    renderer, rig = RenderCpu(small_rig(), (WIDTH, HEIGHT)), small_rig()
    for name, value in (("jawOpen", 0.8), ("headYaw", 8.0), ("eyeBlinkLeft", 1.0), ("breath", 0.0)):
        pose = neutral()
        pose[INDEX[name]] = value
        person, frame = renderer.person(pose), renderer.render(pose)
        inside, outside = person[..., 3] == 255, person[..., 3] == 0
        np.testing.assert_array_equal(person[inside][:, :3], frame[inside])
        assert not person[outside].any()
        assert outside.sum() > 1000
        assert inside.sum() > 5000
    assert rig.matte.max() == 255


def test_the_mouth_opens_in_the_dark_too() -> None:
    renderer = RenderCpu(small_rig(), (WIDTH, HEIGHT))
    wide = neutral()
    wide[INDEX["jawOpen"]] = 1
    assert renderer.person(wide)[135, 80, :3].max() < 40
    assert renderer.person(neutral())[135, 80, :3].min() > 60


def test_the_matte_is_drawn_in_and_surer_of_itself() -> None:
    matte = silhouette((240, 300))
    smudge = matte.copy()
    smudge[40:60, 10:30], smudge[20:26, 200:206] = 40, 255
    drawn = choked(smudge)
    assert not drawn[40:60, 10:30].any()
    assert not drawn[:60, 190:].any(), "a speck in the air"
    assert (drawn <= smudge).all()
    assert 0.9 < (drawn > 127).sum() / (matte > 127).sum() < 1.0
    assert drawn[-1, 120] == 255, "where the photograph cuts through the person it stays"


def test_a_persona_with_a_rig_moves_in_the_dark(persona: Path) -> None:
    figure = best_figure(persona, "外公")
    assert figure.rig is not None
    scene = hologram(figure, SCREEN, Hologram(rim=0))
    pose = neutral()
    pose[INDEX["headYaw"]] = 8
    still, turned = scene.frame(neutral()), scene.frame(pose)
    assert not np.array_equal(still, turned)
    assert not still[:, :40].any()
    assert still[120:200, 130:190].mean() > 60


@pytest.mark.parametrize("junk", [b"", b"PK\x03\x04" + bytes(200)])
def test_a_broken_rig_still_shows_the_person_alone(persona: Path, junk: bytes) -> None:
    (persona / "likeness" / "rig.npz").write_bytes(junk)
    figure = best_figure(persona, "外公")
    assert figure.rig is None
    frame = hologram(figure, SCREEN, Hologram(rim=0)).frame(neutral())
    assert not frame[:, :40].any()
    assert frame[120:200, 130:190].mean() > 60


def test_a_photograph_without_a_matte_melts_away_in_an_oval(tmp_path: Path) -> None:
    (tmp_path / "likeness").mkdir()
    assert cv2.imwrite(str(tmp_path / "likeness" / "photo.png"), np.full((300, 240, 3), 200, np.uint8))
    figure = still_figure(tmp_path, "")
    assert not figure.outlined
    frame = hologram(figure, SCREEN, Hologram()).frame(neutral())
    assert tuple(frame[130, 160]) == (200, 200, 200)
    assert frame[-1].max() < 25
    assert np.abs(np.diff(frame[130, :, 0].astype(int))).max() < 20


def test_no_likeness_is_the_name_on_black() -> None:
    frame = hologram(still_figure(None, "外公"), SCREEN, Hologram()).frame(neutral())
    assert (frame.min(2) > 150).sum() > 30
    assert (frame == 0).mean() > 0.9


def test_a_renderer_that_breaks_leaves_the_still_person(persona: Path) -> None:
    figure = best_figure(persona, "")
    guarded = GuardedCutout(FakeCutout((WIDTH, HEIGHT), fail_after=1), figure)
    guarded.person(neutral())
    assert not guarded.broken
    seen = guarded.person(neutral())
    assert guarded.broken
    assert seen[110, 80, 3] == 255


def test_relief_is_known_from_the_rig_alone(persona: Path) -> None:
    assert still_figure(persona, "").relief == 0.0
    assert best_figure(persona, "").relief == 0.0, "the small rig is flat"
