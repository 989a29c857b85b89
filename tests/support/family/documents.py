"""Letters as text, Word, PDF and pictures of written pages."""

from __future__ import annotations

import io
import random
import zipfile
from dataclasses import dataclass
from xml.sax.saxutils import escape

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from device.face.scenes import fonts

Floats = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.uint8]
LONG_AGO = (2003, 12, 28, 10, 0, 0)
"""The time in an archive's entries, so that the same text gives the same bytes."""

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_OPEN = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_DOCX = {
    "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_OPEN}/content-types"><Default Extension="rels" ContentType='
    '"application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_OFFICE}"/></Types>',
    "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_OPEN}/relationships"><Relationship Id="rId1" Type="http://schemas.'
    'openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
}


def docx(text: str) -> bytes:
    """A Word document, a paragraph for each line; runs cut within words, as Word cuts them."""
    body = ""
    for line in text.strip().split("\n"):
        halves = (line[: len(line) // 2], line[len(line) // 2 :])
        runs = "".join(f'<w:r><w:t xml:space="preserve">{escape(half)}</w:t></w:r>' for half in halves if half)
        body += f"<w:p>{runs}</w:p>"
    whole = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="{_WORD}"><w:body>{body}</w:body>'
        "</w:document>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**_DOCX, "word/document.xml": whole}.items():
            archive.writestr(zipfile.ZipInfo(name, LONG_AGO), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def pdf(pages: list[str]) -> bytes:
    """A PDF with text that can be copied, in the Chinese font that readers bring (PDF 32000-1, 9.7.5.2)."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{' '.join(f'{5 + 2 * n} 0 R' for n in range(len(pages)))}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H /DescendantFonts [4 0 R] >>",
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /CIDSystemInfo "
        "<< /Registry (Adobe) /Ordering (GB1) /Supplement 5 >> >>",
    ]
    for n, page in enumerate(pages):
        lines = [line[k : k + 36] for line in page.split("\n") for k in range(0, max(len(line), 1), 36)]
        shown = " T* ".join(f"<{line.encode('utf-16-be').hex()}> Tj" for line in lines)
        stream = f"BT /F1 12 Tf 20 TL 72 760 Td {shown} ET"
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {6 + 2 * n} 0 R /Resources "
            "<< /Font << /F1 3 0 R >> >> >>",
            f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        ]
    raw, places = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(raw))
        raw += f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    tail = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(raw)}\n%%EOF\n"
    return raw + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{tail}".encode()


@dataclass(frozen=True)
class Hand:
    """How a page is written and photographed."""

    seed: int
    vertical: bool = False
    size: tuple[int, int] = (1240, 1600)
    glyph: int = 46
    lean: float = 1.0
    """How askew the camera is"""


def page(text: str, hand: Hand) -> Image.Image:
    """A photograph of a written page: paper, ink by an unsteady hand, perspective, a shadow, the sensor's noise."""
    rng = random.Random(hand.seed)
    sheet = Image.fromarray(_paper(hand.size, hand.seed))
    ink = Image.new("L", hand.size, 0)
    (_columns if hand.vertical else _lines)(ink, text, hand, rng)
    blue = Image.new("RGB", hand.size, (34, 40, 78) if hand.seed % 2 else (40, 34, 32))
    sheet.paste(blue, mask=ink)
    return Image.fromarray(_photographed(np.asarray(sheet), hand))


def _paper(size: tuple[int, int], seed: int) -> Pixels:
    rng = np.random.default_rng(seed)
    fibre = cv2.GaussianBlur(rng.normal(0, 1, (size[1], size[0])).astype(np.float32), (0, 0), 1.2) * 6
    stain = cv2.GaussianBlur(rng.normal(0, 1, (size[1] // 16, size[0] // 16)).astype(np.float32), (0, 0), 5)
    stain = cv2.resize(stain, size, interpolation=cv2.INTER_CUBIC) * 60
    base = np.array([238, 229, 205], np.float32)
    shade = (fibre + np.minimum(stain, 0))[..., None] * np.array([0.8, 1.0, 1.5], np.float32)
    return np.asarray(np.clip(base + shade, 0, 255), np.uint8)


def _glyph(ink: Image.Image, character: str, at: tuple[float, float], hand: Hand, rng: random.Random) -> float:
    """One character, a little turned, moved and sized -> how far the pen moved on."""
    size = round(hand.glyph * rng.uniform(0.94, 1.05))
    font = fonts.load(size, serif=True)
    wide = float(font.getlength(character))
    tile = Image.new("L", (size * 2, size * 2), 0)
    ImageDraw.Draw(tile).text((size // 2, size // 4), character, font=font, fill=rng.randint(185, 250))
    tile = tile.rotate(rng.gauss(-1, 2.2), Image.Resampling.BICUBIC, center=(size, size))
    x, y = at[0] - size // 2 + rng.gauss(0, 0.8), at[1] - size // 4 + rng.gauss(0, 1.3)
    ink.paste(255, (round(x), round(y)), tile)
    return wide * (1.06 if ord(character) > 255 else 1.0)


def _lines(ink: Image.Image, text: str, hand: Hand, rng: random.Random) -> None:
    """Lines from the left, down the page."""
    top, left = 130.0, 110.0
    for line in text.strip().split("\n"):
        x, slope = left, rng.gauss(-0.004, 0.004)
        for character in line:
            if character == " " and x == left:
                x += hand.glyph * 0.5
                continue
            x += _glyph(ink, character, (x, top + slope * (x - left)), hand, rng) if character.strip() else 16.0
        top += hand.glyph * 1.9


def _columns(ink: Image.Image, text: str, hand: Hand, rng: random.Random) -> None:
    """Columns from the right, down the page."""
    pen = ImageDraw.Draw(ink)
    x = ink.width - 190.0
    for column in text.strip().split("\n"):
        pen.line([(x + 78, 110), (x + 78, ink.height - 110)], fill=60, width=2)
        y = 140.0
        for character in column:
            _glyph(ink, character, (x, y), hand, rng)
            y += hand.glyph * 1.35
        x -= hand.glyph * 2.6


def _photographed(sheet: Pixels, hand: Hand) -> Pixels:
    rng = np.random.default_rng(hand.seed + 1)
    height, width = sheet.shape[:2]
    shift = rng.uniform(0.01, 0.035, (4, 2)) * hand.lean * width
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    inwards = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]], np.float32)
    to = (corners + inwards * (shift + 14)).astype(np.float32)
    grid = cv2.getPerspectiveTransform(corners, to)
    desk = np.array([96, 72, 52], np.float32) + 10 * np.sin(np.arange(height) / 17.0)[:, None, None]
    desk = np.broadcast_to(desk, sheet.shape).astype(np.float32)
    warped = cv2.warpPerspective(sheet.astype(np.float32), grid, (width, height), flags=cv2.INTER_AREA)
    cover = cv2.warpPerspective(np.ones((height, width), np.float32), grid, (width, height))[..., None]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    shadow = 1 - 0.28 / (1 + np.exp(-(x * 0.8 + y * 0.6 - 0.95 * width) / (0.10 * width)))
    picture = (warped + desk * (1 - cover)) * shadow[..., None]
    picture = cv2.GaussianBlur(picture, (0, 0), 0.7) + rng.normal(0, 3.0, picture.shape)
    return np.asarray(np.clip(picture, 0, 255), np.uint8)
