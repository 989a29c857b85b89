"""What was found in a photograph: when and where it was taken, who is in it, and how good it is."""

from __future__ import annotations

import msgspec


class Face(msgspec.Struct, frozen=True):
    """One face."""

    box: tuple[float, float, float, float]
    """left, top, right, bottom in shares of the picture"""
    eye_distance: float
    """Pixels"""
    turned: float
    """Degrees away from the camera, sideways"""
    sharpness: float
    """0..1"""
    lit: float
    """0..1: even light, neither dark nor burnt out"""
    smile: float
    """0..1"""
    eyes_open: float
    """0..1"""
    embedding: tuple[float, ...] = ()
    """To tell people apart; unit length; () where none was computed"""
    parted: float = 0.0
    """Between the lips, in distances of the eyes; 0.045 and more is an open mouth"""
    name: str = ""
    """As XMP or the family marked this very face"""
    unfit: str = ""
    """Why no likeness can be made of it, in English; "" where it can, or where it is too small to be asked"""
    remarks: tuple[str, ...] = ()
    """Codes of `likeness.notes` that a likeness made of it would bear"""
    judged: bool = False
    """Whether `unfit` and `remarks` were looked for"""


class Nature(msgspec.Struct, frozen=True):
    """What a file is."""

    kind: str = "photo"
    """photo, screenshot, document, drawing"""
    format: str = ""
    """jpeg, png, heic, ...: by its bytes"""
    doubts: tuple[str, ...] = ()
    """What was not believed, or could not be read, of what was told about it"""


class Seen(msgspec.Struct, frozen=True):
    """One photograph."""

    path: str
    """Within the shoebox"""
    sha256: str
    width: int
    height: int
    date: str = ""
    """As `When.start`"""
    date_source: str = ""
    """exif, xmp, takeout, name, file"""
    date_confidence: float = 0.0
    place: tuple[float, float] | None = None
    """Latitude and longitude, degrees"""
    caption: str = ""
    """From XMP, EXIF, IPTC or a side-car"""
    people: tuple[str, ...] = ()
    """Named in XMP or a side-car"""
    faces: tuple[Face, ...] = ()
    likeness_hash: int = 0
    """64 bits that are nearly the same for the same picture in another size (dHash)"""
    document: float = 0.0
    """0..1 that it is a photograph of a written page"""
    problem: str = ""
    """Why it is of no use"""
    nature: Nature = Nature()

    @property
    def kind(self) -> str:
        """See Nature."""
        return self.nature.kind

    @property
    def doubts(self) -> tuple[str, ...]:
        """See Nature."""
        return self.nature.doubts
