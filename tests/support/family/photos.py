"""Photographs as telephones, scanners and clouds leave them: dates here and there, side-cars, doubles, failures."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import ExifTags, Image, ImageDraw, ImageFilter, ImageOps

from device.face.scenes import fonts
from tests.support.family.documents import Hand, page

ART = Path(__file__).parent / "art"
SCENERY = Path(__file__).parents[3] / "demo" / "shoebox" / "photos"
SIDECAR = 46
"""Characters that Google's Takeout leaves of a side-car's name before ".json"."""
HANGZHOU = (30.3125, 120.1375)


@dataclass(frozen=True)
class Shot:
    """What a reader must find in a photograph."""

    date: str = ""
    source: str = ""
    """exif, xmp, takeout, name, file"""
    place: tuple[float, float] | None = None
    people: tuple[str, ...] = ()
    """Who is really in it, by key; "stranger" for strangers"""
    same_as: str = ""
    """Path of the picture that it doubles"""
    use: str = "album"
    """likeness, album, document, screenshot, none"""


def exif(date: str = "", orientation: int = 1, place: tuple[float, float] | None = None) -> Image.Exif:
    """`date` as YYYY:MM:DD hh:mm:ss; `place` in degrees."""
    tags = Image.Exif()
    tags[ExifTags.Base.Make], tags[ExifTags.Base.Orientation] = "Made-up", orientation
    if date:
        tags[ExifTags.Base.DateTime] = date
        tags.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = date
    if place:
        gps = tags.get_ifd(ExifTags.IFD.GPSInfo)
        for (key, letter), value in zip(((1, "N"), (3, "E")), place, strict=True):
            gps[key], gps[key + 1] = letter, _sexagesimal(value)
    return tags


def _sexagesimal(degrees: float) -> tuple[float, float, float]:
    minutes = (degrees % 1) * 60
    return (float(int(degrees)), float(int(minutes)), round((minutes % 1) * 60, 2))


def painted(name: str, width: int = 960) -> Image.Image:
    """A face of `art/`, as large as a photograph."""
    with Image.open(ART / f"{name}.jpg") as picture:
        return picture.convert("RGB").resize(
            (width, round(width * picture.height / picture.width)), Image.Resampling.LANCZOS
        )


def scenery(name: str, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """One of the demo's paintings, seen from the other side."""
    with Image.open(SCENERY / f"{name}.jpg") as picture:
        return ImageOps.mirror(picture.convert("RGB")).resize(size, Image.Resampling.LANCZOS)


def encoded(picture: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """The bytes of a file."""
    out = io.BytesIO()
    if kind == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener()
    picture.save(out, kind, **({"quality": 88} if kind in ("JPEG", "HEIF") else {}) | options)
    return out.getvalue()


def screenshot() -> Image.Image:
    """A telephone's screen with a talk on it."""
    picture = Image.new("RGB", (720, 1560), (237, 237, 237))
    pen, font = ImageDraw.Draw(picture), fonts.load(34)
    pen.rectangle((0, 0, 720, 130), fill=(246, 246, 246))
    pen.text((320, 66), "外婆", font=font, fill=(20, 20, 20))
    for n, (own, text) in enumerate(
        ((True, "外婆，你会用微信啦！"), (False, "囡囡，你娘教我的。"), (False, "字打得慢，你莫急。"))
    ):
        wide, top = int(font.getlength(text)) + 48, 200 + 150 * n
        left = 720 - 110 - wide if own else 110
        pen.rounded_rectangle((left, top, left + wide, top + 84), 14, fill=(149, 236, 105) if own else (255, 255, 255))
        pen.text((left + 24, top + 20), text, font=font, fill=(20, 20, 20))
        pen.rounded_rectangle((632, top, 704, top + 72) if own else (16, top, 88, top + 72), 8, fill=(150, 170, 190))
    return picture


XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" photoshop:DateCreated="{date}">
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{caption}</rdf:li></rdf:Alt></dc:description>
<Iptc4xmpExt:PersonInImage><rdf:Bag>{people}</rdf:Bag></Iptc4xmpExt:PersonInImage>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>
"""


def xmp(date: str, caption: str, people: tuple[str, ...]) -> bytes:
    """A side-car."""
    named = "".join(f"<rdf:li>{name}</rdf:li>" for name in people)
    return XMP.format(date=date, caption=caption, people=named).encode()


def takeout(name: str, seconds: int, caption: str, people: tuple[str, ...] = (), number: int = 0) -> tuple[str, bytes]:
    """Google's side-car of the photograph `name` -> its truncated name, and its bytes."""
    told = {
        "title": name,
        "description": caption,
        "creationTime": {"timestamp": str(seconds + 900), "formatted": ""},
        "photoTakenTime": {"timestamp": str(seconds), "formatted": ""},
        "geoData": {"latitude": HANGZHOU[0], "longitude": HANGZHOU[1], "altitude": 0.0},
        "people": [{"name": who} for who in people],
    }
    short = f"{name}.supplemental-metadata"[:SIDECAR] + (f"({number})" if number else "")
    return f"{short}.json", (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()


Files = dict[str, tuple[bytes, Shot | None]]
"""Path within the shoebox -> bytes, and what must be found (None for side-cars)."""


def people() -> Files:
    """Pictures with faces."""
    her = ("lan",)
    face = painted("yulan")
    good = encoded(face, exif=exif("2012:05:01 10:20:30", place=HANGZHOU))
    laughing = encoded(painted("yulan-laughing").rotate(90, expand=True), exif=exif("2014:10:02 15:00:00", 6))
    small = encoded(face.resize((480, 600), Image.Resampling.LANCZOS), quality=70)
    dark = Image.eval(painted("yulan-serious", 640), lambda v: int(v * 0.22))
    blurred = painted("yulan", 640).filter(ImageFilter.GaussianBlur(9))
    return {
        "photos/yulan-2012.jpg": (good, Shot("2012-05-01T10:20:30", "exif", HANGZHOU, her, use="likeness")),
        "photos/laughing.jpg": (laughing, Shot("2014-10-02T15:00:00", "exif", None, her, use="likeness")),
        "photos/turned.png": (encoded(painted("yulan-turned"), "PNG"), Shot(people=her, use="likeness")),
        "photos/serious.tif": (encoded(painted("yulan-serious", 640), "TIFF", compression="tiff_lzw"),
                               Shot(people=her, use="likeness")),
        "photos/three.jpg": (encoded(_group(), exif=exif("2016:08:12 18:40:00")),
                             Shot("2016-08-12T18:40:00", "exif", None, ("lan", "xia", "tom"))),
        "photos/dark.jpg": (encoded(dark), Shot(people=her, use="none")),
        "photos/blurred.jpg": (encoded(blurred), Shot(people=her, use="none")),
        "photos/more/yulan-2012 (1).jpg": (good, Shot("2012-05-01T10:20:30", "exif", HANGZHOU, her,
                                                      "photos/yulan-2012.jpg", "none")),
        "photos/more/WhatsApp Image 2016-10-15.jpg": (small, Shot("2016-10-15", "name", None, her,
                                                                  "photos/yulan-2012.jpg", "none")),
        "photos/xia.jpg": (encoded(painted("granddaughter", 640)), Shot(people=("xia",))),
        "photos/stranger-1.jpg": (encoded(painted("stranger", 640)), Shot(people=("stranger",), use="none")),
        "photos/stranger-2.jpg": (encoded(ImageOps.mirror(painted("stranger", 560))), Shot(people=("stranger",))),
    }  # fmt: skip


def _group() -> Image.Image:
    with Image.open(ART / "group.jpg") as picture:
        return picture.convert("RGB")


def places() -> Files:
    """Pictures without faces, and what stands beside them."""
    lake, snow = scenery("kite"), scenery("persimmon-snow")
    long, river = "family-dinner-at-the-old-house.jpg", scenery("river-ferry")
    side, side_bytes = takeout(long, 1_455_364_800, "年夜饭", ("林夏",))
    twin, twin_bytes = takeout("snow.jpg", 1_201_939_200, "大雪", number=1)
    hand = Hand(11, glyph=44, lean=1.6)
    text = "糯米泡四个钟头\n塞进藕孔，牙签封口\n红糖煮两个钟头\n最后放桂花\n\n玉兰记"
    return {
        "photos/IMG_20190405_093012.heic": (encoded(lake, "HEIF", exif=exif("2019:04:05 09:30:12").tobytes()),
                                            Shot("2019-04-05T09:30:12", "exif")),
        "photos/IMG_20180215_200245.jpg": (encoded(scenery("braised-pork")), Shot("2018-02-15T20:02:45", "name")),
        f"photos/takeout/{long}": (encoded(scenery("workshop")), Shot("2016-02-13", "takeout", HANGZHOU)),
        f"photos/takeout/{side}": (side_bytes, None),
        "photos/takeout/snow(1).jpg": (encoded(snow), Shot("2008-02-02", "takeout", HANGZHOU)),
        f"photos/takeout/{twin}": (twin_bytes, None),
        "photos/river.jpg": (encoded(river), Shot("1997-06-30", "xmp")),
        "photos/river.xmp": (xmp("1997-06-30", "码头上，轮船已经不开了。", ("周德明",)), None),
        "photos/Screenshot_20171001.png": (encoded(screenshot(), "PNG"), Shot("2017-10-01", "name", use="screenshot")),
        "photos/page.jpg": (encoded(page(text, hand), quality=82), Shot(use="document")),
    }  # fmt: skip
