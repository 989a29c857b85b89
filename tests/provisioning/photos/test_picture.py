"""Pictures of every kind are opened, and what is broken is said in one line."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from device.errors import BadInput
from provisioning.photos.picture import FORMS, open_picture, sniff
from tests.support.likeness_inputs import elder

PICTURE = elder()[100:420, 150:450]
HIGH, WIDE = PICTURE.shape[:2]


def stored(form: str, **options: object) -> bytes:
    out = BytesIO()
    if form == "HEIF":
        pillow_heif.register_heif_opener()
    Image.fromarray(PICTURE).save(out, form, **options)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["jpeg", "png", "heic", "tiff", "webp", "bmp", "gif"])
def test_kinds_are_told_by_their_bytes(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "called.txt"
    path.write_bytes(stored(FORMS[kind]))
    opened = open_picture(path, "photos/called.txt")
    assert (opened.kind, opened.size, opened.image.mode) == (kind, (WIDE, HIGH), "RGB")
    off = np.abs(np.asarray(opened.image, np.int16) - PICTURE).mean()
    assert off < (12 if kind == "gif" else 6)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_all_stand_upright(orientation: int, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / "a.jpg"
    Image.fromarray(PICTURE).save(path, exif=exif, quality=95)
    opened = open_picture(path, "a.jpg")
    swapped = orientation >= 5
    assert opened.size == ((HIGH, WIDE) if swapped else (WIDE, HIGH)) == opened.image.size
    assert opened.orientation == orientation
    with Image.open(path) as image:
        from PIL import ImageOps

        assert np.abs(np.asarray(ImageOps.exif_transpose(image), np.int16) - np.asarray(opened.image)).max() == 0


def test_a_telephones_heic_is_upright_too(tmp_path: Path) -> None:
    path = tmp_path / "a.heic"
    exif = Image.Exif()
    exif[0x0112] = 6
    pillow_heif.register_heif_opener()
    Image.fromarray(PICTURE).save(path, "HEIF", exif=exif.tobytes())
    opened = open_picture(path, "a.heic")
    assert opened.image.size == opened.size == (HIGH, WIDE)


def test_a_large_one_is_reduced_and_its_size_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    Image.fromarray(PICTURE).resize((3000, 3200)).save(path)
    opened = open_picture(path, "a.jpg", 400)
    assert (max(opened.image.size), opened.size) == (400, (3000, 3200))


def tiff_of(values: np.ndarray, path: Path) -> Path:
    assert cv2.imwrite(str(path), values)
    return path


def test_sixteen_bits(tmp_path: Path) -> None:
    grey = cv2.cvtColor(PICTURE, cv2.COLOR_RGB2GRAY)
    deep = open_picture(tiff_of(grey.astype(np.uint16) * 257, tmp_path / "grey.tif"), "grey.tif")
    assert np.abs(np.asarray(deep.image, np.int16)[..., 0] - grey).max() <= 1
    colours = PICTURE[..., ::-1].astype(np.uint16) * 257
    deep = open_picture(tiff_of(colours, tmp_path / "colour.tif"), "colour.tif")
    assert np.abs(np.asarray(deep.image, np.int16) - PICTURE).max() <= 1
    Image.fromarray(grey.astype(np.uint16) * 257).save(tmp_path / "deep.png")
    assert np.abs(np.asarray(open_picture(tmp_path / "deep.png", "p").image, np.int16)[..., 0] - grey).max() <= 1
    assert open_picture(tiff_of(grey.astype(np.float32) / 255, tmp_path / "float.tif"), "f").image.size == (WIDE, HIGH)


def test_printers_colours(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    Image.fromarray(PICTURE).convert("CMYK").save(path, quality=95)
    assert np.abs(np.asarray(open_picture(path, "a.jpg").image, np.int16) - PICTURE).mean() < 4


def test_other_colour_spaces_become_srgb(tmp_path: Path) -> None:
    own = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = own.replace(b"rXYZ", b"xXYZ").replace(b"gXYZ", b"rXYZ").replace(b"xXYZ", b"gXYZ")
    profile = swapped.replace("sRGB".encode("utf-16-be"), "GRBs".encode("utf-16-be"))
    path = tmp_path / "a.png"
    Image.fromarray(PICTURE).save(path, icc_profile=profile)
    changed = np.abs(np.asarray(open_picture(path, "a.png").image, np.int16) - PICTURE).mean()
    Image.fromarray(PICTURE).save(path, icc_profile=b"no profile")
    kept = np.abs(np.asarray(open_picture(path, "a.png").image, np.int16) - PICTURE).mean()
    assert changed > 5 > kept == 0


def test_the_transparent_lies_on_white(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("RGBA", (8, 8), (10, 20, 30, 0)).save(path)
    assert open_picture(path, "a.png").image.getpixel((3, 3)) == (255, 255, 255)


def test_of_the_animated_the_first(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue", "green")]
    frames[0].save(tmp_path / "a.webp", save_all=True, append_images=frames[1:], lossless=True)
    opened = open_picture(tmp_path / "a.webp", "a.webp")
    assert (opened.frames, opened.image.getpixel((5, 5))) == (3, (255, 0, 0))


def test_one_pixel_is_a_picture(tmp_path: Path) -> None:
    Image.new("RGB", (1, 1), "red").save(tmp_path / "a.png")
    assert open_picture(tmp_path / "a.png", "a.png", 400).image.size == (1, 1)


def bomb(side: int) -> bytes:
    """A PNG that says it is this large, of a few bytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("content", "got"),
    [
        (b"", "an empty file"),
        (b"My dear Wen,\n", "no picture"),
        (b"\xff\xd8\xff", "damaged"),
        (bomb(30_000), "millions of pixels"),
        (bomb(12_500), "12500 x 12500 pixels"),
        (bomb(3_000), "damaged"),
        (b"II*\0" + bytes(40), "damaged"),
        (b"\0\0\0\x18ftypheic" + bytes(40), "damaged"),
    ],
)
def test_what_is_none_is_said(content: bytes, got: str, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=got) as refused:
        open_picture(path, "photos/a.jpg")
    assert str(tmp_path) not in refused.value.line()


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    for path in (tmp_path / "none.jpg", tmp_path):
        with pytest.raises(BadInput):
            open_picture(path, "none.jpg")


WHOLE = {form: stored(form) for form in ("JPEG", "PNG", "HEIF", "TIFF", "WEBP", "BMP", "GIF")}


@settings(max_examples=150)
@given(st.sampled_from(sorted(WHOLE)), st.floats(0, 1), st.binary(max_size=12), st.booleans())
def test_broken_anywhere_it_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, form: str, where: float, put: bytes, cut: bool
) -> None:
    whole = WHOLE[form]
    at = int(where * len(whole))
    content = whole[:at] + put + (b"" if cut else whole[at + len(put) :])
    path = tmp_path_factory.getbasetemp() / "broken"
    path.write_bytes(content)
    try:
        opened = open_picture(path, "broken", 200)
    except BadInput:
        return
    assert opened.image.mode == "RGB"


@given(st.binary(max_size=20))
def test_any_first_bytes_are_some_kind_or_none(head: bytes) -> None:
    assert sniff(head) in {"", *FORMS}
