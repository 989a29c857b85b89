"""Side-cars find their photographs, whatever Takeout did to their names."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.photos.dates import Dated
from provisioning.photos.sidecars import CUT, TAIL, from_takeout, match


@pytest.mark.parametrize(
    ("picture", "side"),
    [
        ("IMG_1.jpg", "IMG_1.jpg.supplemental-metadata.json"),
        ("IMG_1.jpg", "IMG_1.jpg.supplemental-me.json"),
        ("IMG_1.jpg", "IMG_1.jpg.s.json"),
        ("IMG_1.jpg", "IMG_1.jpg..json"),
        ("IMG_1.jpg", "IMG_1.jpg.json"),
        ("IMG_1(2).jpg", "IMG_1.jpg.supplemental-metadata(2).json"),
        ("IMG_1(2).jpg", "IMG_1.jpg(2).json"),
        ("IMG_1-edited.jpg", "IMG_1.jpg.supplemental-metadata.json"),
        ("IMG_1-已修改.jpg", "IMG_1.jpg.supplemental-metadata.json"),
        ("外婆在西湖边上和大家一起.jpg", "外婆在西湖边上和大.json"),
        ("IMG_1.HEIC", "IMG_1.HEIC.supplemental-metadata.json"),
        ("IMG_1.jpg", "IMG_1.jpg.xmp"),
        ("IMG_1.jpg", "IMG_1.xmp"),
        ("IMG_1.jpg", "IMG_1.JPG.XMP"),
    ],
)
def test_names_that_belong_together(picture: str, side: str) -> None:
    assert match([f"photos/{picture}", f"photos/{side}"]) == {f"photos/{picture}": (f"photos/{side}",)}


def test_namesakes_keep_their_own() -> None:
    names = ["a/IMG_1.jpg", "a/IMG_1(1).jpg", "a/IMG_1.jpg.supplemental-metadata.json", "a/IMG_12.jpg",
             "a/IMG_1.jpg.supplemental-metadata(1).json", "a/IMG_12.jpg.suppl.json", "b/IMG_1.jpg"]  # fmt: skip
    assert match(names) == {
        "a/IMG_1.jpg": ("a/IMG_1.jpg.supplemental-metadata.json",),
        "a/IMG_1(1).jpg": ("a/IMG_1.jpg.supplemental-metadata(1).json",),
        "a/IMG_12.jpg": ("a/IMG_12.jpg.suppl.json",),
    }


def test_one_that_fits_two_goes_with_neither() -> None:
    assert match(["summer holiday 1.jpg", "summer holiday 2.jpg", "summer holid.json"]) == {}


@pytest.mark.parametrize("side", ["IMG.json", "metadata.json", "IMG_2.jpg.json", "IMG_1.jpg.supplemental(1).json",
                                  "IMG_1.png.json", "IMG_1.jpg.supplementary.json", "IMG_2.xmp"])  # fmt: skip
def test_others_are_left(side: str) -> None:
    assert match(["IMG_1.jpg", side]) == {}


LETTERS = st.characters(exclude_characters="/()-", exclude_categories=("Cs", "Cc"))
NAMES = st.text(LETTERS, min_size=CUT, max_size=40).filter(lambda name: name.strip(". ") == name)


@given(NAMES, st.sampled_from([".jpg", ".png", ".heic"]), st.integers(CUT, 80), st.integers(0, 3))
def test_a_name_cut_anywhere_is_found(stem: str, suffix: str, length: int, number: int) -> None:
    mark = f"({number})" if number else ""
    picture, side = f"{stem}{mark}{suffix}", f"{(stem + suffix + TAIL)[:length]}{mark}.json"
    assert match([picture, side, "something else entirely.jpg"]).get(picture) == (side,)


@given(
    st.lists(st.text(max_size=30) | st.sampled_from(["a.jpg", "a.jpg.json", "a(1).jpg", "a.jpg(1).json"]), max_size=12)
)
def test_any_names_are_taken(names: list[str]) -> None:
    for picture, sides in match(names).items():
        assert picture in names
        assert set(sides) <= set(names)


def test_takeout_says_when_where_and_who() -> None:
    told = from_takeout(json.dumps({
        "title": "IMG_1.jpg", "description": "西湖", "photoTakenTime": {"timestamp": "1549281791", "formatted": "x"},
        "geoData": {"latitude": 30.25, "longitude": 120.15, "altitude": 3}, "people": [{"name": "Mei"}, {"name": " "}],
    }).encode())  # fmt: skip
    assert told.dates == (Dated("2019-02-04T20:03:11", "takeout", 0.85),)
    assert (told.caption, told.people, told.place) == ("西湖", ("Mei",), (30.25, 120.15))


def test_takeouts_zeros_are_no_place() -> None:
    zero = {"latitude": 0.0, "longitude": 0.0}
    told = from_takeout(json.dumps({"title": "a", "photoTakenTime": {"timestamp": "0"}, "geoData": zero}).encode())
    assert told.place is None


@given(st.binary(max_size=200) | st.recursive(st.none() | st.text(), st.lists).map(lambda v: json.dumps(v).encode()))
def test_anything_else_is_said_to_be_none(raw: bytes) -> None:
    with pytest.raises(ValueError, match="Takeout"):
        from_takeout(raw)
