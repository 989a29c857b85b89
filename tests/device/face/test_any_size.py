"""Every scene on every screen: from a badge of 64 pixels to 7680, and as narrow as a ribbon."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from device.config import Hologram
from device.face.booth import Booth
from device.face.likeness import still_portrait
from device.face.pose import neutral
from device.face.scenes.photographs import Photographs
from device.face.scenes.portrait import Portrait, place
from device.face.settings import Settings
from device.face.stage import Stage
from device.face.wardrobe import stage_for
from device.link import Heard, Mood, Notice, Photos
from device.persona.album import Photo, encode
from tests.device.face.speech import clause
from tests.fakes.face_renderer import FakeRenderer

SIZES = [(64, 64), (64, 7680), (7680, 64), (65, 97), (1024, 600), (719, 1279)]
LARGE = pytest.param((7680, 4320), marks=pytest.mark.slow)
PHOTO = (400, 500)


@pytest.fixture
def persona(tmp_path: Path) -> Path:
    (tmp_path / "album").mkdir()
    Image.new("RGB", (640, 480), (30, 30, 220)).save(tmp_path / "album" / "blue.png")
    (tmp_path / "album" / "album.json").write_bytes(encode((Photo("blue.png", 640, 480),)))
    return tmp_path


def talk(stage: Stage) -> None:
    stage.tell(Mood("speaking", 0.0), 0.0)
    stage.tell(Heard("你还记得那年的婚礼吗？", "zh"), 0.0)
    stage.tell(clause(0.2, text="当然记得 and the whole village came to see us"), 0.0)
    stage.tell(Notice("One moment", "请稍等"), 0.0)


def portrait(size: tuple[int, int]) -> Portrait:
    photo, where = FakeRenderer(PHOTO).render(neutral()), place(PHOTO, size)
    return Portrait(FakeRenderer((where.width, where.height)), photo, size)


@pytest.mark.parametrize("size", [*SIZES, LARGE])
def test_portrait_words_print_and_album(persona: Path, size: tuple[int, int]) -> None:
    width, height = size
    stage = Stage(size, still_portrait(None, "外公", size), 1, album_after_s=5.0)
    assert stage.frame(0.0).shape == (height, width, 3)
    stage.wear(portrait(size), 0.0, Photographs(persona, size, at_once=True))
    talk(stage)
    stage.tell(Photos(("blue.png",), beside=True, t=0.5), 0.5)
    for t in (0.4, 1.0, 2.0):
        frame = stage.frame(t)
        assert frame.shape == (height, width, 3)
        assert frame.any()
    stage.tell(Photos(("blue.png",), beside=False, t=3.0), 3.0)
    assert stage.frame(3.5).shape == (height, width, 3)
    assert stage.frame(5.0).shape == (height, width, 3)


@pytest.mark.parametrize("layout", ["sheet", "pyramid", "quilt"])
@pytest.mark.parametrize("size", [*SIZES, LARGE])
def test_hologram(tmp_path: Path, size: tuple[int, int], layout: str) -> None:
    chosen = Hologram(layout=layout)
    booth = Booth(chosen, size, None)
    stage = stage_for(Settings(tmp_path, scene="hologram", hologram=chosen, size=size), booth.view, None)
    talk(stage)
    frames = [booth.show(stage.frame(t)) for t in (0.0, 1.0)]
    booth.key("c", 1.0)
    frames.append(booth.show(stage.frame(1.1)))
    assert {frame.shape for frame in frames} == {(size[1], size[0], 3)}
    assert np.any(frames[-1])
