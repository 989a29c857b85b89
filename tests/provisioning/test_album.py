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
from provisioning.photos.keep import left_out
from provisioning.photos.people import everybody
from provisioning.photos.review import Review, Reviewed
from tests.support.photographs import face, screenshot, seen

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


def no_reader() -> FaceReader:
    raise AssertionError("what was looked at before is not looked at again")


def test_what_was_seen_before_is_told(shoebox: Path) -> None:
    GREY.save(shoebox / "photos/a.jpg")
    one = face(box=(0.1, 0.2, 0.3, 0.4), name="Mei")
    told_before = {"caption": "在 西湖\n边", "date": "1984-05-02T10:00:00", "date_confidence": 0.9, "people": ("文",)}
    before = seen("photos/a.jpg", one, **told_before)
    told = build(shoebox, shoebox / "album", ("zh", "en"), no_reader, seen=[before])
    (photo,) = load(shoebox)
    assert photo == Photo(
        "a.jpg", 64, 48, "1984-05-02", ("文", "Mei"), "", {"zh": "在 西湖 边"}, ((0.1, 0.2, 0.3, 0.4),)
    )
    assert told == "1 photographs, 1 with faces"


@pytest.mark.parametrize(("confidence", "date"), [(0.6, "1984-05-02"), (0.4, "1984"), (0.1, "")])
def test_no_more_of_a_date_than_can_be_believed(shoebox: Path, confidence: float, date: str) -> None:
    GREY.save(shoebox / "photos/a.jpg")
    before = seen("photos/a.jpg", date="1984-05-02T10:00:00", date_confidence=confidence)
    build(shoebox, shoebox / "album", ("en",), no_reader, seen=[before])
    assert load(shoebox)[0].date == date


def test_the_family_is_believed_first(shoebox: Path) -> None:
    for name in ("a.jpg", "b.jpg"):
        GREY.save(shoebox / "photos" / name)
    (shoebox / "album.toml").write_text('["a.jpg"]\nen = "The kite."\ndate = "1960"\n')
    before = [
        seen(f"photos/{name}", caption="IMG", date="1999-01-02", date_confidence=1.0) for name in ("a.jpg", "b.jpg")
    ]
    review = Review(photos={f"photos/{name}": Reviewed(zh="风筝。", date="1961") for name in ("a.jpg", "b.jpg")})
    build(shoebox, shoebox / "album", ("zh", "en"), no_reader, seen=before, review=review)
    a, b = load(shoebox)
    assert (a.caption, a.date) == ({"en": "The kite."}, "1960")
    assert (b.caption, b.date) == ({"zh": "风筝。"}, "1961")


def test_what_does_not_belong_is_left_out_with_a_reason(shoebox: Path) -> None:
    names = ["known0.jpg", "known1.jpg", "known2.jpg", "stranger.jpg", "copy.jpg", "page.jpg", "hidden.jpg", "told.jpg"]
    names += [f"view{n}.jpg" for n in range(14)]
    for name in names:
        GREY.save(shoebox / "photos" / name)
    screenshot((270, 585)).save(shoebox / "photos/screen.png")
    kinds = {"page.jpg": "document", "told.jpg": "document"}
    photos = [seen(f"photos/{name}", kind=kinds.get(name, "photo")) for name in names if "known" not in name]
    photos = [one for one in photos if one.path not in ("photos/stranger.jpg", "photos/copy.jpg")]
    known = [seen(f"photos/known{n}.jpg", face(1, seed=n)) for n in range(3)]
    photos += [*known, seen("photos/stranger.jpg", face(2)), seen("photos/screen.png", kind="screenshot"),
               seen("photos/copy.jpg", face(1, seed=0), sha256=known[0].sha256)]  # fmt: skip
    review = Review(photos={"photos/hidden.jpg": Reviewed(exclude=True)})
    (shoebox / "album.toml").write_text('["told.jpg"]\nen = "Her school report."\n')
    told = build(shoebox, shoebox / "album", ("en",), no_reader, seen=photos, everybody=everybody(photos, (), review),
                 review=review)  # fmt: skip
    kept = {photo.file for photo in load(shoebox)}
    assert kept == {"told.jpg", "known0.jpg", "known1.jpg", "known2.jpg", *(f"view{n}.jpg" for n in range(14))}
    assert told.endswith(
        "left out: 1 x a copy of another photograph, 1 x a screenshot, 1 x a written page, 1 x left out by the family, "
        "1 x only strangers on it"
    )


def test_a_face_that_cannot_be_told_may_be_anybodys(shoebox: Path) -> None:
    photos = [seen(f"photos/{n}.jpg", face(1, seed=n)) for n in range(19)]
    photos.append(seen("photos/blurred.jpg", face(2, sharpness=0.1)))
    assert left_out(photos, everybody(photos, ())) == {}
    photos[-1] = seen("photos/sharp.jpg", face(2))
    assert left_out(photos, everybody(photos, ())) == {"photos/sharp.jpg": "only strangers on it"}


def test_telephones_photographs_and_scans_in_folders(shoebox: Path) -> None:
    import pillow_heif

    pillow_heif.register_heif_opener()
    (shoebox / "photos/1984").mkdir()
    GREY.save(shoebox / "photos/a.heic")
    GREY.save(shoebox / "photos/1984/a.tif")
    GREY.save(shoebox / "photos/1984/a.jpg")
    (shoebox / "photos/1984/a.jpg.json").write_text("{}")
    photos, told = built(shoebox)
    assert sorted(photo.file for photo in photos) == ["a-2.jpg", "a-3.jpg", "a.jpg"]
    assert "not readable" not in told


def test_a_picture_called_by_a_wrong_name_keeps_its_kind(shoebox: Path) -> None:
    GREY.save(shoebox / "photos/a.png")
    (shoebox / "photos/a.png").rename(shoebox / "photos/b.txt")
    (photo,), _ = built(shoebox)
    assert photo.file == "b.png"
