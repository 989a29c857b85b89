"""Opens a photograph: by its first bytes, whatever it is called; upright, in sRGB, no larger than wanted."""

from __future__ import annotations

import struct
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageCms, ImageFile, ImageOps, IptcImagePlugin

from device.errors import BadInput

MAX_BYTES = 500 << 20
MAX_PIXELS = 150_000_000
"""What a sheet of A4 has at 1200 dpi; more is taken for an attack or a mistake."""
FORMS = {
    "jpeg": "JPEG", "png": "PNG", "heic": "HEIF", "avif": "AVIF", "tiff": "TIFF", "webp": "WEBP", "gif": "GIF",
    "bmp": "BMP",
}  # fmt: skip
"""What kinds of picture are read -> Pillow's name of each."""
UNREADABLE = (
    OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError, TypeError, OverflowError, RuntimeError,
    ZeroDivisionError, AttributeError, MemoryError, struct.error, Image.DecompressionBombError,
)  # fmt: skip
"""What Pillow's readers raise for damaged files."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A photograph and what it says about itself."""

    image: Image.Image
    """RGB, upright"""
    size: tuple[int, int]
    """Width and height of the whole photograph, upright"""
    kind: str
    """One of FORMS"""
    orientation: int
    """As EXIF has it, 1..8"""
    exif: Image.Exif
    xmp: bytes
    iptc: Mapping[tuple[int, int], object]
    frames: int


def sniff(head: bytes) -> str:
    """What kind of picture begins with these bytes (16 are enough), as in FORMS; "" for none."""
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head[:4] in (b"II*\0", b"MM\0*"):
        return "tiff"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"):
        return "heic"
    if head[4:12] == b"ftypavif":
        return "avif"
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return "gif"
    return "bmp" if head.startswith(b"BM") and head[6:10] == b"\0\0\0\0" else ""


def open_picture(path: Path, name: str, longest: int = 0) -> Opened:
    """The first frame, at most `longest` pixels on its longer side (0: as it is). `name` is for the error. Raises
    BadInput, which says what is wrong, and nothing else."""
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            head = stream.read(16)
    except OSError as error:
        raise _bad(name, error.strerror or str(error)) from None
    if not size:
        raise _bad(name, "an empty file")
    if size > MAX_BYTES:
        raise _bad(name, f"a file of {size >> 20} MB")
    kind = sniff(head)
    if not kind:
        raise _bad(name, "no picture, whatever its name says")
    return _opened(path, name, kind, longest)


def _bad(name: str, got: str) -> BadInput:
    hint = "save it as JPEG or PNG and try again"
    return BadInput(name, expected="a photograph", got=got, hint=hint)


def _opened(path: Path, name: str, kind: str, longest: int) -> Opened:
    _heif()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of large and of slightly damaged files
        try:
            with Image.open(path, formats=[FORMS[kind]]) as image:
                width, height = image.size
                if width * height > MAX_PIXELS:
                    raise _bad(name, f"{width} x {height} pixels")
                return _read(image, path, kind, longest)
        except BadInput:
            raise
        except Image.DecompressionBombError:
            raise _bad(name, "hundreds of millions of pixels") from None
        except UNREADABLE as error:
            told = str(error).splitlines()[0][:80] if str(error) else type(error).__name__
            raise _bad(name, f"a damaged picture: {told.replace(str(path), name)}") from None


@cache
def _heif() -> None:
    """Teaches Pillow HEIC, once a process."""
    import pillow_heif

    pillow_heif.register_heif_opener()


def _read(image: ImageFile.ImageFile, path: Path, kind: str, longest: int) -> Opened:
    exif = image.getexif()
    orientation = _orientation(exif)
    frames = int(getattr(image, "n_frames", 1))
    xmp, iptc = _xmp(image), IptcImagePlugin.getiptcinfo(image) or {}
    sides = image.size
    if longest and kind == "jpeg":
        image.draft("RGB", _at_least(sides, longest))
    rgb = _rgb(image, path)
    if longest and max(rgb.size) > longest:
        rgb.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=2.0)
    upright = _turned(rgb, orientation)
    whole = sides[::-1] if orientation >= 5 else sides
    return Opened(upright, whole, kind, orientation, exif, xmp, iptc, frames)


def _at_least(sides: tuple[int, int], longest: int) -> tuple[int, int]:
    """A draft is never smaller than what is asked for."""
    scale = min(longest / max(sides), 1.0)
    return max(round(sides[0] * scale), 1), max(round(sides[1] * scale), 1)


def _orientation(exif: Image.Exif) -> int:
    value = exif.get(ExifTags.Base.Orientation)
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _turned(image: Image.Image, orientation: int) -> Image.Image:
    image.getexif()[ExifTags.Base.Orientation] = orientation
    turned = ImageOps.exif_transpose(image)
    turned.info = {}
    return turned


def _xmp(image: Image.Image) -> bytes:
    raw = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    return raw if isinstance(raw, bytes) else str(raw).encode()


def _rgb(image: Image.Image, path: Path) -> Image.Image:
    """In sRGB; what is transparent lies on white."""
    if image.format == "TIFF" and image.mode in ("F", "I", "I;16", "I;16B", "I;16L"):
        return _deep(np.asarray(image, np.float32))
    try:
        image.load()
    except (OSError, SyntaxError, KeyError, ValueError):
        if image.format != "TIFF":
            raise
        return _by_opencv(path)
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return _deep(np.asarray(image, np.float32))
    profile = image.info.get("icc_profile")
    if image.mode in ("RGBA", "LA", "PA", "RGBa") or "transparency" in image.info:
        seen = image.convert("RGBA")
        white = Image.new("RGBA", seen.size, (255, 255, 255, 255))
        image = Image.alpha_composite(white, seen)
    if isinstance(profile, bytes) and image.mode in ("RGB", "CMYK"):
        image = _srgb(image, profile)
    return image.convert("RGB")


def _deep(values: NDArray[np.float32]) -> Image.Image:
    """Grey of 16 bits or more -> 8 bits; by its own range where it is no full 16 bits."""
    if values.ndim != 2 or not np.isfinite(values).all():
        raise ValueError("grey values that are none")
    high = 65535.0 if values.min() >= 0 and 255 < values.max() <= 65535 else float(values.max())
    low = min(float(values.min()), 0.0)
    grey = np.clip((values - low) / max(high - low, 1e-6) * 255, 0, 255).round().astype(np.uint8)
    return Image.fromarray(grey).convert("RGB")


def _by_opencv(path: Path) -> Image.Image:
    """TIFFs of 16 bits a colour, which Pillow does not read."""
    try:
        found = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
    except cv2.error:
        found = None
    if found is None:
        raise ValueError("a TIFF of an unknown kind")
    return Image.fromarray(cv2.cvtColor(np.asarray(found, np.uint8), cv2.COLOR_BGR2RGB))


def _srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Telephones write Display P3, scanners Adobe RGB: taken for sRGB, skin is pale."""
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(source):
            return image
        turned = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image
    return turned or image
