"""album.json: read with nothing taken on trust."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.errors import BadInput
from device.persona.album import Photo, decode, encode, load

KITE = Photo(
    "kite.jpg", 1280, 960, "1994-04", ("Mei",), "kite", {"zh": "风筝", "en": "The kite."}, ((0.1, 0.2, 0.3, 0.4),)
)
PLAIN = Photo("a b 家.png", 1, 65500)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    assert decode(encode((KITE, PLAIN)), "album") == (KITE, PLAIN)
    (tmp_path / "album").mkdir()
    (tmp_path / "album/album.json").write_bytes(encode((KITE,)))
    assert load(tmp_path) == (KITE,)
    assert next(iter(load(tmp_path)[0].caption)) == "zh"  # the order is the persona's


def test_no_album_is_no_error(tmp_path: Path) -> None:
    assert load(tmp_path) == ()


@pytest.mark.parametrize(
    ("found", "instead"),
    [
        ('"kite.jpg"', '"../persona.toml"'),
        ('"kite.jpg"', '"/etc/passwd"'),
        ('"kite.jpg"', '".hidden"'),
        ('"kite.jpg"', '""'),
        ('"kite.jpg"', '"a\\u0000b"'),
        ("1280", "0"),
        ("1280", "70000"),
        ("1280", "1280.5"),
        ('"1994-04"', '"1994-13"'),
        ('"1994-04"', '"April"'),
        ('"zh"', '"fr"'),
        ("0.1", "-0.1"),
        ("0.1", "1.5"),
        ("0.1", "0.3"),
        ("0.1", "NaN"),
        ('"version": 1', '"version": 2'),
        ('"people"', '"poeple"'),
    ],
)
def test_every_mistake_is_refused(found: str, instead: str) -> None:
    text = encode((KITE,)).decode()
    assert found in text
    with pytest.raises(BadInput, match="build the persona again"):
        decode(text.replace(found, instead, 1).encode(), "album.json")


def test_no_photograph_is_there_twice() -> None:
    with pytest.raises(BadInput, match="twice"):
        decode(encode((KITE, KITE)), "album.json")


@given(st.binary(max_size=300))
def test_whatever_comes_is_refused_or_read(content: bytes) -> None:
    with pytest.raises(BadInput):
        decode(content, "album.json")
