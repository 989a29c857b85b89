"""XMP, within a photograph or beside it: title, description, dates, place, and whose faces were marked.

Properties: ISO 16684-1 (Dublin Core, XMP), Metadata Working Group 2.0 (regions, whose areas are given by their middle),
IPTC Extension (PersonInImage), Microsoft Photo 1.2 (regions given by their corner).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from provisioning.photos.dates import Dated, iso
from provisioning.photos.told import Box, Region, Told, position, unique

MAX_BYTES = 4 << 20
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_DATES = (("DateTimeOriginal", 0.93), ("DateCreated", 0.93), ("CreateDate", 0.75))
_NOBODY = frozenset({"", "unknown", "stop_face", "未命名"})


def from_xmp(raw: bytes) -> Told:
    """Raises ValueError for what is no XMP."""
    if len(raw) > MAX_BYTES or b"<!DOCTYPE" in raw or b"<!ENTITY" in raw:
        raise ValueError("no XMP")
    start, end = raw.find(b"<x:xmpmeta"), raw.rfind(b"</x:xmpmeta>")
    body = raw[start : end + 12] if 0 <= start < end else raw.strip(b"\0 \r\n\t")
    try:
        root = ElementTree.fromstring(body)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise ValueError("no XMP") from error
    described = [node for node in root.iter() if node.tag == f"{_RDF}Description"]
    if not described:
        raise ValueError("no XMP")
    values: dict[str, list[ElementTree.Element | str]] = {}
    for node in described:
        for key, text in node.attrib.items():
            values.setdefault(_short(key), []).append(text)
        for child in node:
            values.setdefault(_short(child.tag), []).append(child)
    return _told(values, list(_regions(root)))


def _told(values: dict[str, list[ElementTree.Element | str]], regions: list[Region]) -> Told:
    def words(key: str) -> list[str]:
        return [text for value in values.get(key, ()) for text in _texts(value)]

    dates = []
    for key, confidence in _DATES:
        start = next((start for text in words(key) if (start := iso(text))), "")
        if start:
            dates.append(Dated(start, "xmp", confidence))
    title, description = (next(iter(words(key)), "") for key in ("title", "description"))
    named = unique([*words("PersonInImage"), *(region.name for region in regions)])
    place = position(*(_degrees(next(iter(words(key)), "")) for key in ("GPSLatitude", "GPSLongitude")))
    return Told(tuple(dates), description or title, named, tuple(regions), place)


def _short(tag: str) -> str:
    return tag.rsplit("}", 1)[-1]


def _texts(value: ElementTree.Element | str) -> Iterator[str]:
    """All strings of a simple value, a list, or a choice of languages (the default first)."""
    if isinstance(value, str):
        if value.strip():
            yield value.strip()
        return
    items = [node for node in value.iter(f"{_RDF}li")] or [value]
    items.sort(key=lambda node: node.get(_XML_LANG, "x-default") != "x-default")
    for node in items:
        text = (node.text or "").strip()
        if text:
            yield text


def _degrees(text: str) -> float | None:
    """ "30,14.5N", "30,14,30N" or "30.24" -> degrees."""
    match = re.fullmatch(r"\s*(-?[0-9.]+)(?:,([0-9.]+))?(?:,([0-9.]+))?\s*([NSEW]?)\s*", text, re.I | re.ASCII)
    if match is None:
        return None
    try:
        degrees, minutes, seconds = (float(part or 0) for part in match.groups()[:3])
    except ValueError:
        return None
    value = degrees + minutes / 60 + seconds / 3600
    return -value if match[4].upper() in ("S", "W") else value


def _regions(root: ElementTree.Element) -> Iterator[Region]:
    """Faces that bear a name."""
    for item in root.iter(f"{_RDF}li"):
        values = dict(_fields(item))
        name = " ".join((values.get("Name") or values.get("PersonDisplayName") or "").split())
        if name.lower() in _NOBODY or values.get("Type", "Face") not in ("Face", ""):
            continue
        box = _middle(values) or _corner(values.get("Rectangle", ""))
        if box:
            yield Region(name, box)


def _fields(item: ElementTree.Element) -> Iterator[tuple[str, str]]:
    """Attributes and simple elements of an entry, whichever way it is written; those of entries within not."""
    for key, text in item.attrib.items():
        yield _short(key), text
    for child in item:
        if child.tag in (f"{_RDF}Bag", f"{_RDF}Seq"):
            continue
        if child.text and child.text.strip():
            yield _short(child.tag), child.text.strip()
        yield from _fields(child)


def _middle(values: dict[str, str]) -> Box | None:
    try:
        x, y, w, h = (float(values[key]) for key in ("x", "y", "w", "h"))
    except (KeyError, ValueError):
        return None
    return _box(x - w / 2, y - h / 2, w, h)


def _corner(text: str) -> Box | None:
    try:
        x, y, w, h = (float(part) for part in text.split(","))
    except ValueError:
        return None
    return _box(x, y, w, h)


def _box(x: float, y: float, w: float, h: float) -> Box | None:
    if not (0 < w <= 1 and 0 < h <= 1 and -w < x < 1 and -h < y < 1):
        return None
    low, high = (max(x, 0.0), max(y, 0.0)), (min(x + w, 1.0), min(y + h, 1.0))
    return (round(low[0], 4), round(low[1], 4), round(high[0], 4), round(high[1], 4))
