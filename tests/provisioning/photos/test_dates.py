"""When a photograph was taken, from what machines and names say."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.photos.dates import DOUBTED, Dated, best, from_name, from_seconds, iso


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("2004:02:29 12:00:05", "2004-02-29T12:00:05"),
        ("2004-02-29T12:00:05.123+08:00", "2004-02-29T12:00:05"),
        ("2004-02-29T12:00", "2004-02-29T12:00:00"),
        ("20040229", "2004-02-29"),
        ("1962", "1962"),
        ("1962-05", "1962-05"),
        ("1962:05:00 00:00:00", "1962-05"),
        ("1962:00:00", "1962"),
        ("2004:02:29 25:61:00", "2004-02-29"),
        ("2003:02:29 12:00:00", ""),
        ("0000:00:00 00:00:00", ""),
        ("    :  :     :  :  ", ""),
        ("", ""),
        ("yesterday", ""),
    ],
)
def test_dates_as_programs_write_them(text: str, start: str) -> None:
    assert iso(text) == start


@pytest.mark.parametrize(
    ("name", "start", "confidence"),
    [
        ("IMG_20190204_210311.jpg", "2019-02-04T21:03:11", 0.85),
        ("PXL_20210704_101530123.jpg", "2021-07-04T10:15:30", 0.85),
        ("IMG-20190204-WA0003.jpg", "2019-02-04", 0.5),
        ("2019-02-04 21.03.11.png", "2019-02-04T21:03:11", 0.85),
        ("mmexport1549281791000.jpg", "2019-02-04", 0.5),
        ("mmexport1549296191000.jpg", "2019-02-05", 0.5),  # past midnight in China, not in Europe
        ("1549281791000.jpg", "2019-02-04", 0.5),
        ("微信图片_20190204210311.jpg", "2019-02-04T21:03:11", 0.5),
        ("WeChat Image_20190204210311.jpg", "2019-02-04T21:03:11", 0.5),
        ("Screenshot_20190204-210311_WeChat.png", "2019-02-04T21:03:11", 0.85),
        ("Screenshot_2019-02-04-21-03-11.png", "2019-02-04T21:03:11", 0.85),
        ("Screenshot 2019-02-04 at 21.03.11.png", "2019-02-04T21:03:11", 0.85),
        ("1962年春节.jpg", "1962", 0.7),
        ("1962年5月 杭州.jpg", "1962-05", 0.7),
        ("外婆1984年10月1日.jpg", "1984-10-01", 0.7),
        ("1984-10 Hangzhou.jpg", "1984-10", 0.4),
        ("Hangzhou 1984.jpg", "1984", 0.4),
    ],
)
def test_names_tell_dates(name: str, start: str, confidence: float) -> None:
    assert from_name(name) == Dated(start, "name", confidence)


@pytest.mark.parametrize("name", ["IMG_0012.jpg", "DSC01984.JPG", "portrait.jpg", "20191345_1.jpg", "12345678901.jpg"])
def test_numbers_are_no_dates(name: str) -> None:
    assert from_name(name) is None


@given(st.text(max_size=60))
def test_any_name_gives_a_date_that_can_be_or_none(name: str) -> None:
    found = from_name(name)
    if found:
        assert iso(found.start) == found.start
        assert 0 < found.confidence < 1


@given(st.text(alphabet="0123456789:- T./Z+\0", max_size=30) | st.text(max_size=30))
def test_any_text_gives_a_date_that_can_be_or_none(text: str) -> None:
    start = iso(text)
    assert iso(start) == start
    if len(start) >= 10:
        date.fromisoformat(start[:10])


@given(st.dates(min_value=date(1826, 1, 1), max_value=date(2099, 12, 31)))
def test_what_a_camera_writes_comes_back(day: date) -> None:
    assert iso(f"{day:%Y:%m:%d} 10:20:30") == f"{day.isoformat()}T10:20:30"


@given(st.floats(allow_nan=True), st.floats(-180, 180) | st.none())
def test_any_number_of_seconds_is_a_date_or_none(seconds: float, longitude: float | None) -> None:
    start = from_seconds(seconds, longitude)
    assert iso(start) == start


def test_the_place_tells_the_hour() -> None:
    assert from_seconds(1549281791, 120.2) == "2019-02-04T20:03:11"
    assert from_seconds(1549281791) == "2019-02-04"


@pytest.mark.parametrize(
    "start", ["1970-01-01T08:00:00", "1980-01-01", "2000-01-01T00:00:00", "2004-01-01T00:03:12", "1904-01-01"]
)
def test_unset_clocks_are_doubted(start: str) -> None:
    doubted = best([Dated(start, "exif", 0.95)])
    assert doubted is not None
    assert doubted.confidence == DOUBTED
    named = Dated("1998", "name", 0.4)
    assert best([Dated(start, "exif", 0.95), named]) == named


def test_new_years_noon_is_believed() -> None:
    assert best([Dated("2004-01-01T12:30:00", "exif", 0.95)]) == Dated("2004-01-01T12:30:00", "exif", 0.95)


def test_what_cannot_be_is_left() -> None:
    future, before = Dated("2087-03-01", "exif", 0.95), Dated("1802-03-01", "exif", 0.95)
    assert best([future], latest="2026-12-31") is None
    assert best([future]) == future
    assert best([before]) is None
    assert best([Dated("2199", "xmp", 0.9)]) is None
    assert best([]) is None
