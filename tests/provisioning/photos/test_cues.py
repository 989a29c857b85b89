"""Screenshots, pages and drawings told from photographs; the same picture known again."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from provisioning.photos import cues
from provisioning.photos.twins import kept
from tests.support.likeness_inputs import ELDER, ELDER_SMILING, GOOD, PHOTOS, read
from tests.support.photographs import face, in_a_hall, screenshot, seen
from tests.support.written_pages import CHINESE, ENGLISH, columns, photographed, rows, scanned

ALBUM = sorted(path for path in PHOTOS.iterdir() if path.suffix == ".jpg")


def jpeg(picture: np.ndarray, quality: int = 85, scale: float = 1.0) -> np.ndarray:
    image = Image.fromarray(picture)
    out = BytesIO()
    image.resize((round(image.width * scale), round(image.height * scale))).save(out, "JPEG", quality=quality)
    return np.asarray(Image.open(out))


@pytest.mark.parametrize("path", ALBUM, ids=lambda path: path.stem)
def test_photographs_are_photographs(path: Path) -> None:
    assert cues.kind(read(path), False, False, False) == "photo"


@pytest.mark.parametrize("name", sorted(set(GOOD) - {"turned"}))
def test_portraits_are_photographs(name: str) -> None:
    assert cues.kind(GOOD[name](), False, True, False) == "photo"


def test_screens_are_screenshots() -> None:
    screen = np.asarray(screenshot())
    assert cues.kind(screen, False, True, False) == "screenshot"
    assert cues.kind(jpeg(screen), True, False, False) == "screenshot", "by its name"


@pytest.mark.parametrize(
    "page",
    [rows(CHINESE), rows(ENGLISH), scanned(rows(CHINESE)), columns(CHINESE), photographed(rows(ENGLISH), shade=0.3)],
    ids=["zh", "en", "scan", "columns", "photograph"],
)
def test_pages_are_documents(page: np.ndarray) -> None:
    assert cues.kind(page, False, False, True) == "document"


def test_drawings() -> None:
    picture = Image.new("RGB", (500, 400), (255, 210, 60))
    picture.paste((30, 90, 200), (120, 80, 380, 330))
    assert cues.kind(np.asarray(picture), False, True, False) == "drawing"


@pytest.mark.parametrize("path", ALBUM, ids=lambda path: path.stem)
def test_a_smaller_and_poorer_copy_has_the_same_fingerprint(path: Path) -> None:
    whole = read(path)
    own = cues.fingerprint(whole)
    assert cues.far(own, cues.fingerprint(jpeg(whole, 40, 0.4))) <= cues.NEAR
    others = [cues.fingerprint(read(other)) for other in ALBUM if other != path]
    assert min(cues.far(own, other) for other in others) > cues.NEAR
    assert 0 <= own < 1 << 64


def test_copies_stand_behind_the_best_one() -> None:
    mark = cues.fingerprint(read(ELDER))
    a = seen("a.jpg", likeness_hash=mark, width=800, height=1000)
    b = seen("b.png", likeness_hash=mark ^ 0b101, width=1600, height=2000)
    c = seen("c.jpg", likeness_hash=mark, width=1600, height=1000)
    d = seen("d.jpg", sha256=c.sha256, width=1600, height=1000)
    assert kept([a, b, c, d]) == {"a.jpg": "b.png", "b.png": "b.png", "c.jpg": "c.jpg", "d.jpg": "c.jpg"}


def test_a_second_shot_with_a_smile_is_no_copy() -> None:
    rest, smile = (cues.fingerprint(read(path)) for path in (ELDER, ELDER_SMILING))
    assert cues.far(rest, smile) <= cues.NEAR, "the pictures are as alike as copies are"
    a = seen("a.jpg", face(parted=0.0), likeness_hash=rest)
    b = seen("b.jpg", face(parted=0.09), likeness_hash=smile)
    assert kept([a, b]) == {"a.jpg": "a.jpg", "b.jpg": "b.jpg"}


def test_walls_are_not_all_one_picture() -> None:
    assert kept([seen("a.jpg", likeness_hash=0), seen("b.jpg", likeness_hash=0)])["b.jpg"] == "b.jpg"


def test_somebody_small_in_a_hall_is_a_photograph() -> None:
    assert cues.kind(in_a_hall(read(ELDER)), False, False, False) == "photo"


def test_a_kite_over_a_meadow_is_no_page() -> None:
    for scale in (0.5, 0.7, 1.0):
        assert cues.document(jpeg(read(PHOTOS / "kite.jpg"), 80, scale)) < 0.1


def test_of_equals_the_plainest_name_stays() -> None:
    twins = [seen(path, sha256="1") for path in ("photos/a (1).jpg", "photos/a.jpg", "photos/x/a.jpg")]
    assert set(kept(twins).values()) == {"photos/a.jpg"}
