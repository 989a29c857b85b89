"""What EXIF, IPTC and XMP say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from provisioning.photos.dates import Dated
from provisioning.photos.exif import decoded, from_exif, from_iptc
from provisioning.photos.marked import marked, turned
from provisioning.photos.told import Region
from provisioning.photos.xmp import from_xmp
from tests.support.photographs import face

XMP = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:exif="http://ns.adobe.com/exif/1.0/"
 xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/"
 xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
 photoshop:DateCreated="1962-05" exif:GPSLatitude="30,14.5N" exif:GPSLongitude="120,9,30E">
<dc:description><rdf:Alt><rdf:li xml:lang="en">By the lake</rdf:li>
<rdf:li xml:lang="x-default">在西湖边</rdf:li></rdf:Alt></dc:description>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">西湖</rdf:li></rdf:Alt></dc:title>
<Iptc4xmpExt:PersonInImage><rdf:Bag><rdf:li>秀兰</rdf:li></rdf:Bag></Iptc4xmpExt:PersonInImage>
<mwg-rs:Regions rdf:parseType="Resource"><mwg-rs:RegionList><rdf:Bag>
<rdf:li><rdf:Description mwg-rs:Name="Mei" mwg-rs:Type="Face"><mwg-rs:Area stArea:x="0.5" stArea:y="0.4" stArea:w="0.2"
 stArea:h="0.2" stArea:unit="normalized"/></rdf:Description></rdf:li>
<rdf:li rdf:parseType="Resource"><mwg-rs:Name>文</mwg-rs:Name><mwg-rs:Type>Face</mwg-rs:Type>
<mwg-rs:Area rdf:parseType="Resource"><stArea:x>0.1</stArea:x><stArea:y>0.1</stArea:y><stArea:w>0.1</stArea:w>
<stArea:h>0.1</stArea:h></mwg-rs:Area></rdf:li>
<rdf:li><rdf:Description mwg-rs:Name="Rex" mwg-rs:Type="Pet"><mwg-rs:Area stArea:x="0.5" stArea:y="0.4" stArea:w="0.2"
 stArea:h="0.2"/></rdf:Description></rdf:li>
</rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""


def test_xmp_says_when_where_what_and_who() -> None:
    told = from_xmp(XMP.encode())
    assert told.dates == (Dated("1962-05", "xmp", 0.93),)
    assert told.caption == "在西湖边"
    assert told.people == ("秀兰", "Mei", "文")
    assert told.place == (30.241667, 120.158333)
    assert told.regions == (Region("Mei", (0.4, 0.3, 0.6, 0.5)), Region("文", (0.05, 0.05, 0.15, 0.15)))


def test_microsofts_regions_start_at_their_corner() -> None:
    told = from_xmp(b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:R="http://ns.microsoft.com/photo/1.2/t/Region#"><rdf:Description><R:Regions><rdf:Bag>
 <rdf:li R:PersonDisplayName="Mei" R:Rectangle="0.1, 0.2, 0.3, 0.4"/></rdf:Bag></R:Regions></rdf:Description>
</rdf:RDF>""")
    assert told.regions == (Region("Mei", (0.1, 0.2, 0.4, 0.6)),)


@pytest.mark.parametrize("raw", [
    b"", b"<x", b"<a/>", XMP.encode()[:900],
    b'<!DOCTYPE a [<!ENTITY b "bbbbbbbb">]><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>',
])  # fmt: skip
def test_what_is_no_xmp_is_said(raw: bytes) -> None:
    with pytest.raises(ValueError, match="no XMP"):
        from_xmp(raw)


@given(st.binary(max_size=60), st.integers(0, len(XMP.encode())))
def test_xmp_broken_anywhere_is_read_or_refused(put: bytes, at: int) -> None:
    raw = XMP.encode()
    try:
        told = from_xmp(raw[:at] + put + raw[at + len(put) :])
    except ValueError:
        return
    assert all(0 <= v <= 1 for region in told.regions for v in region.box)


def exif(**tags: object) -> Image.Exif:
    made = Image.Exif()
    for name, value in tags.items():
        if name in ("DateTimeOriginal", "UserComment", "ExposureTime"):
            made.get_ifd(0x8769)[{"DateTimeOriginal": 0x9003, "UserComment": 0x9286, "ExposureTime": 0x829A}[name]] = (
                value
            )
        else:
            made[
                {
                    "Make": 271,
                    "Model": 272,
                    "Software": 305,
                    "DateTime": 306,
                    "ImageDescription": 270,
                    "XPTitle": 0x9C9B,
                }[name]
            ] = value
    return made


def test_a_cameras_word() -> None:
    told = from_exif(exif(Make="Canon", DateTimeOriginal="1999:10:01 12:00:00", ExposureTime=0.01))
    assert told.dates == (Dated("1999-10-01T12:00:00", "exif", 0.95),)
    assert told.camera


def test_a_scanners_date_is_the_scans() -> None:
    told = from_exif(exif(Make="EPSON", Model="Perfection V600 Scan", DateTimeOriginal="2015:10:01 12:00:00"))
    assert told.dates[0].confidence < 0.2
    assert not told.camera


@pytest.mark.parametrize("stock", ["OLYMPUS DIGITAL CAMERA", "SONY DSC", "IMG_0001.JPG", "", "   "])
def test_what_cameras_write_by_themselves_is_no_caption(stock: str) -> None:
    assert from_exif(exif(ImageDescription=stock)).caption == ""


def test_captions_in_any_encoding() -> None:
    assert from_exif(exif(ImageDescription="在西湖边".encode().decode("latin-1"))).caption == "在西湖边"
    assert from_exif(exif(ImageDescription="在西湖边".encode("gb18030").decode("latin-1"))).caption == "在西湖边"
    assert from_exif(exif(XPTitle="西湖\0".encode("utf-16-le"))).caption == "西湖"
    assert from_exif(exif(UserComment=b"UNICODE\0" + "西湖".encode("utf-16-be"))).caption == "西湖"
    assert decoded(b"\xff\xfe\xff") == "ÿþÿ"


def test_the_globe() -> None:
    made = Image.Exif()
    made.get_ifd(0x8825).update({1: "S", 2: (30.0, 30.0, 0.0), 3: "W", 4: (120.0, 0.0, 36.0)})
    assert from_exif(made).place == (-30.5, -120.01)
    made.get_ifd(0x8825)[2] = (95.0, 0.0, 0.0)
    assert from_exif(made).place is None


def test_iptc() -> None:
    told = from_iptc({(2, 120): "在西湖边".encode(), (2, 55): b"19620501", (2, 25): [b"a", b"b"]})
    assert (told.caption, told.dates) == ("在西湖边", (Dated("1962-05-01", "iptc", 0.85),))
    assert from_iptc({}).caption == ""


@given(st.dictionaries(st.tuples(st.integers(0, 9), st.integers(0, 255)), st.binary() | st.lists(st.binary())))
def test_any_iptc_is_read(records: dict[tuple[int, int], object]) -> None:
    from_iptc(records)


def test_marks_go_to_faces_in_either_frame() -> None:
    faces = (face(box=(0.1, 0.1, 0.3, 0.3)), face(box=(0.6, 0.1, 0.8, 0.3)))
    shown = [Region("Mei", (0.58, 0.08, 0.83, 0.34))]
    assert [f.name for f in marked(faces, shown, 6)] == ["", "Mei"]
    stored = [Region("Mei", (0.1, 0.2, 0.3, 0.4))]  # what EXIF's 6 turns to the second face's place
    assert turned(stored[0].box, 6) == pytest.approx((0.6, 0.1, 0.8, 0.3))
    assert [f.name for f in marked(faces, stored, 6)] == ["", "Mei"]
    assert [f.name for f in marked(faces, [Region("Mei", (0.4, 0.6, 0.5, 0.7))], 1)] == ["", ""]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_boxes_turn_as_pictures_do(orientation: int) -> None:
    """Against Pillow's own turning of a picture with one bright spot."""
    from PIL import ImageOps

    picture = Image.new("L", (40, 20))
    picture.paste(255, (4, 2, 12, 6))
    picture.getexif()[0x0112] = orientation
    upright = ImageOps.exif_transpose(picture)
    x0, y0, x1, y1 = turned((0.1, 0.1, 0.3, 0.3), orientation)
    wide, high = upright.size
    assert upright.getbbox() == tuple(round(v) for v in (x0 * wide, y0 * high, x1 * wide, y1 * high))
