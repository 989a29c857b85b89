"""The family's photographs made ready for the frame."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from device.errors import BadInput
from device.persona.album import Photo, load
from models_quantized import catalog
from provisioning.album import LONGEST, build
from provisioning.likeness.landmarks import FaceReader

FACE = Path(__file__).parents[1] / "data" / "face" / "gentle.jpg"
GREY = Image.new("RGB", (64, 48), (90, 90, 90))


def reader() -> FaceReader:
    return FaceReader(catalog.verified_path("face-landmarks"))


@pytest.fixture
def shoebox(tmp_path: Path) -> Path:
    (tmp_path / "photos").mkdir()
    return tmp_path


def built(shoebox: Path) -> tuple[tuple[Photo, ...], str]:
    told = build(shoebox, shoebox / "album", ("zh", "en"), reader)
    return load(shoebox), told


def test_the_familys_words_stay_with_the_photograph(shoebox: Path) -> None:
    GREY.save(shoebox / "photos/a.jpg")
    words = '["a.jpg"]\ndate = "1994-04"\npeople = ["Mei"]\nmemory = "kite"\nen = "The kite."\nzh = "风筝。"\n'
    (shoebox / "album.toml").write_text(words, encoding="utf-8")
    (photo,), _ = built(shoebox)
    assert photo == Photo("a.jpg", 64, 48, "1994-04", ("Mei",), "kite", {"zh": "风筝。", "en": "The kite."})
    assert next(iter(photo.caption)) == "zh", "the persona's first language comes first"
    assert (shoebox / "album/a.jpg").read_bytes() == (shoebox / "photos/a.jpg").read_bytes()


def test_faces_are_found(shoebox: Path) -> None:
    with Image.open(FACE) as image:
        image.save(shoebox / "photos/a.jpg")
    (photo,), told = built(shoebox)
    ((x0, y0, x1, y1),) = photo.faces
    assert 0.2 < x0 < 0.5 < x1 < 0.8
    assert y0 < y1
    assert "1 with faces" in told


def test_what_nobody_described_is_there_too_with_the_cameras_date(shoebox: Path) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2004:02:29 12:00:00"
    GREY.save(shoebox / "photos/b.jpg", exif=exif)
    GREY.save(shoebox / "photos/a.png")
    GREY.save(shoebox / "photos/portrait.jpg")  # the likeness is made of it
    GREY.save(shoebox / "photos/c.png")
    (shoebox / "album.toml").write_text('["c.png"]\nen = "First."\n')
    photos, _ = built(shoebox)
    assert [(photo.file, photo.date) for photo in photos] == [("c.png", ""), ("a.png", ""), ("b.jpg", "2004-02-29")]


def test_one_on_its_side_is_turned_and_a_huge_one_made_smaller(shoebox: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    x = np.linspace(0, 255, 64).astype(np.uint8)
    Image.fromarray(np.repeat(np.repeat(x[None, :, None], 48, 0), 3, 2)).save(shoebox / "photos/a.jpg", exif=exif)
    Image.new("RGB", (LONGEST + 10, 50)).save(shoebox / "photos/b.png")
    (a, b), _ = built(shoebox)
    assert (a.width, a.height) == (48, 64)
    with Image.open(shoebox / "album/a.jpg") as image:
        upright = np.asarray(image)
    assert upright.shape[:2] == (64, 48)
    assert upright[-1].mean() > 200 > 60 > upright[0].mean()
    assert (b.file, b.width) == ("b.jpg", LONGEST)


def test_what_cannot_be_read_is_named(shoebox: Path) -> None:
    GREY.save(shoebox / "photos/a.jpg")
    (shoebox / "photos/letter.doc").write_bytes(b"not a picture")
    photos, told = built(shoebox)
    assert [photo.file for photo in photos] == ["a.jpg"]
    assert "not readable: letter.doc" in told


def test_no_photographs_are_no_error(shoebox: Path) -> None:
    assert built(shoebox) == ((), "no photographs")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ('["gone.jpg"]\nen = "x"\n', "gone.jpg"),
        ('["../persona.toml"]\nen = "x"\n', "names of files"),
        ('["a.jpg"]\ndate = "April"\n', "date"),
        ('["a.jpg"]\npeople = "Mei"\n', "people"),
        ('["a.jpg"]\nfr = "x"\n', "unknown fr"),
        ("[", "a table"),
        ("x = 3", "a table"),
    ],
)
def test_mistakes_are_told(shoebox: Path, words: str, message: str) -> None:
    GREY.save(shoebox / "photos/a.jpg")
    (shoebox / "album.toml").write_text(words)
    with pytest.raises(BadInput, match=message):
        built(shoebox)
