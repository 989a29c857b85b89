"""What cameras (EXIF) and picture agencies (IPTC) write into a photograph.

Tags: CIPA DC-008 (EXIF 2.32); IPTC IIM 4.2, records 1 and 2.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping

from PIL import ExifTags, Image

from provisioning.photos.dates import Dated, iso
from provisioning.photos.told import Told, position

_SCANNERS = re.compile(
    r"scan|epson perfection|epson (?:gt|v)-?\d|plustek|vuescan|silverfast|hp (?:officejet|deskjet|laserjet)|photosmart",
    re.I,
)
"""A scanner's date is the scan's, not the photograph's."""
_SCANNED = 0.15
_STOCK = re.compile(
    r"^(?:olympus|sony dsc|minolta|kodak|samsung camera|dcim|dav|hdr|untitled|default|oznor|cof|rhdr|edf|img_|dsc|"
    r"screenshot|charset=|<.*>$|[\w-]+\.(?:jpe?g|png)$)|digital (?:still )?camera",
    re.I,
)
"""Descriptions that cameras write by themselves."""


def from_exif(exif: Image.Exif) -> Told:
    """Raises nothing: what cannot be read counts as not there."""
    base, own = dict(exif), _ifd(exif, ExifTags.IFD.Exif)
    maker = " ".join(_text(base.get(tag)) for tag in (ExifTags.Base.Make, ExifTags.Base.Model, ExifTags.Base.Software))
    scanned = _SCANNERS.search(maker) is not None
    dates = []
    for tags, tag, confidence in (
        (own, ExifTags.Base.DateTimeOriginal, 0.95),
        (own, ExifTags.Base.DateTimeDigitized, 0.8),
        (base, ExifTags.Base.DateTime, 0.4),
    ):
        start = iso(_text(tags.get(tag)))
        if start:
            dates.append(Dated(start, "exif", _SCANNED if scanned else confidence))
    captions = (
        _text(base.get(ExifTags.Base.ImageDescription)),
        _wide(base.get(ExifTags.Base.XPTitle)),
        _wide(base.get(ExifTags.Base.XPComment)),
        _comment(own.get(ExifTags.Base.UserComment)),
    )
    caption = next((text for text in captions if text and not _STOCK.search(text)), "")
    camera = bool(_text(base.get(ExifTags.Base.Make))) and not scanned and ExifTags.Base.ExposureTime in own
    return Told(tuple(dates), caption, place=_place(_ifd(exif, ExifTags.IFD.GPSInfo)), camera=camera)


def _ifd(exif: Image.Exif, which: int) -> dict[int, object]:
    try:
        return dict(exif.get_ifd(which))
    except (OSError, ValueError, SyntaxError, KeyError, TypeError, IndexError, ZeroDivisionError, OverflowError):
        return {}


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return decoded(value)
    if not isinstance(value, str):
        return ""
    if any("\x80" <= sign <= "\xff" for sign in value):  # Pillow reads bytes as Latin-1; people write UTF-8 or GB18030
        with contextlib.suppress(UnicodeEncodeError):
            value = decoded(value.encode("latin-1"))
    return value.strip("\0 \t\r\n")


def decoded(raw: bytes) -> str:
    """Bytes without a declared encoding: UTF-8, else GB18030 (Chinese programs), else Latin-1."""
    raw = raw.strip(b"\0 ")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding).strip("\0 \t\r\n")
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1").strip("\0 \t\r\n")


def _wide(value: object) -> str:
    """Windows' own tags: UTF-16."""
    if isinstance(value, tuple):
        try:
            value = bytes(value)
        except (TypeError, ValueError):
            return ""
    return value.decode("utf-16-le", "ignore").strip("\0 \t\r\n") if isinstance(value, bytes) else ""


def _comment(value: object) -> str:
    """Eight bytes name the encoding."""
    if isinstance(value, str):
        return _text(value)
    if not isinstance(value, bytes) or len(value) <= 8:
        return ""
    kind, rest = value[:8].strip(b"\0 ").upper(), value[8:]
    if kind == b"UNICODE":
        little = rest[1:2] == b"\0" or rest[:2] == b"\xff\xfe"
        return rest.decode("utf-16-le" if little else "utf-16-be", "ignore").strip("\ufeff\0 \t\r\n")
    return decoded(rest) if kind in (b"ASCII", b"") else ""


def _place(gps: Mapping[int, object]) -> tuple[float, float] | None:
    latitude = _degrees(gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef), "S")
    longitude = _degrees(gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef), "W")
    return position(latitude, longitude)


def _degrees(parts: object, side: object, negative: str) -> float | None:
    if not isinstance(parts, tuple) or len(parts) != 3:
        return None
    try:
        value = float(parts[0]) + float(parts[1]) / 60 + float(parts[2]) / 3600
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return -value if _text(side).upper().startswith(negative) else value


_CHARSET, _OBJECT, _KEYWORDS, _DATE, _HEADLINE, _CAPTION = (1, 90), (2, 5), (2, 25), (2, 55), (2, 105), (2, 120)


def from_iptc(records: Mapping[tuple[int, int], object]) -> Told:
    """What `PIL.IptcImagePlugin.getiptcinfo` gives."""
    if not records:
        return Told()
    first = {key: value[0] if isinstance(value, list) and value else value for key, value in records.items()}
    captions = [_text(first.get(key)) for key in (_CAPTION, _HEADLINE, _OBJECT)]
    caption = next((text for text in captions if text and not _STOCK.search(text)), "")
    start = iso(_text(first.get(_DATE)))
    return Told((Dated(start, "iptc", 0.85),) if start else (), caption)
