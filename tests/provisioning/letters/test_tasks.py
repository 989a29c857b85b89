"""Pages are read by the models themselves. The limits leave room; what was measured stands in the commit's message."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from device.errors import BadInput, Missing
from provisioning.letters.models import FILES, checked, verified
from provisioning.letters.page import Page
from provisioning.letters.pdf import page_picture, pages_without_text
from provisioning.letters.reviewed import draft
from provisioning.letters.tasks import decoded, read_page
from tests.support.photographs import save
from tests.support.written_pages import CHINESE, ENGLISH, columns, error_rate, photographed, rows, scanned

COLUMNS = [line.strip("　") for line in CHINESE]


def page_of(picture: np.ndarray, tmp_path: Path, name: str = "a.jpg") -> Page:
    out = tmp_path / "out"
    out.mkdir(exist_ok=True)
    read_page({"picture": save(picture, tmp_path / name)}, {"told": f"letters/{name}"}, out)
    return decoded(out / "page.json")


@pytest.mark.parametrize(
    ("picture", "written", "most"),
    [
        (rows(CHINESE), CHINESE, 0.02),
        (scanned(rows(CHINESE), 3.0), CHINESE, 0.03),
        (scanned(rows(ENGLISH), -4.0), ENGLISH, 0.03),
        (photographed(rows(CHINESE)), CHINESE, 0.03),
        (photographed(rows(ENGLISH)), ENGLISH, 0.03),
        (columns(COLUMNS), COLUMNS, 0.05),
        (photographed(columns(COLUMNS)), COLUMNS, 0.08),
    ],
    ids=["zh", "zh scan", "en scan", "zh photo", "en photo", "columns", "columns photo"],
)
def test_pages_are_read(picture: np.ndarray, written: list[str], most: float, tmp_path: Path) -> None:
    page = page_of(picture, tmp_path)
    assert error_rate(draft(page), "".join(written)) <= most
    assert len(page.lines) == len(written)
    assert page.vertical == (written is COLUMNS)
    assert page.sure > 0.85


@pytest.mark.parametrize("quarter", [1, 2, 3])
@pytest.mark.parametrize("lines", [CHINESE, ENGLISH], ids=["zh", "en"])
def test_pages_on_their_side_or_head(quarter: int, lines: tuple[str, ...], tmp_path: Path) -> None:
    page = page_of(np.rot90(scanned(rows(lines)), quarter).copy(), tmp_path)
    assert page.turned == 90 * quarter
    assert error_rate(draft(page), "".join(lines)) <= 0.03


def test_boxes_lie_on_the_words_of_the_straightened_picture(tmp_path: Path) -> None:
    page = page_of(photographed(rows(ENGLISH)), tmp_path)
    with Image.open(tmp_path / "out" / "page.jpg") as image:
        sheet = np.asarray(image.convert("L"), np.float32)
    high, wide = sheet.shape
    ink = sheet < 160
    inside = np.zeros_like(ink)
    for line in page.lines:
        x0, y0, x1, y1 = (round(v * s) for v, s in zip(line.box, (wide, high, wide, high), strict=True))
        inside[y0:y1, x0:x1] = True
    assert (ink & inside).sum() > 0.97 * ink.sum()
    assert inside.mean() < 0.5


def test_the_same_again_gives_the_same_bytes(tmp_path: Path) -> None:
    page_of(scanned(rows(ENGLISH)), tmp_path)
    first = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    page_of(scanned(rows(ENGLISH)), tmp_path)
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == first


def test_a_blank_page_says_so(tmp_path: Path) -> None:
    assert page_of(np.full((400, 300, 3), 240, np.uint8), tmp_path).problem == "no writing was found"


def test_what_is_no_picture_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_text("Dear Wen,")
    read_page({"picture": tmp_path / "a.jpg"}, {"told": "letters/a.jpg"}, tmp_path)
    page = decoded(tmp_path / "page.json")
    assert page.problem.startswith("no picture")
    assert not (tmp_path / "page.jpg").exists()


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """A PDF of two scans."""
    pages = [Image.fromarray(scanned(rows(lines))) for lines in (CHINESE, ENGLISH)]
    pages[0].save(tmp_path / "scan.pdf", "PDF", save_all=True, append_images=pages[1:], resolution=150)
    return tmp_path / "scan.pdf"


def test_scanned_pdfs(scan: Path, tmp_path: Path) -> None:
    assert pages_without_text(scan, "letters/scan.pdf") == [1, 2]
    read_page({"picture": scan}, {"told": "letters/scan.pdf#2"}, tmp_path)
    page = decoded(tmp_path / "page.json")
    assert page.path == "letters/scan.pdf#2"
    assert error_rate(draft(page), "".join(ENGLISH)) <= 0.03
    read_page({"picture": scan}, {"told": "letters/scan.pdf#1"}, tmp_path)
    assert decoded(tmp_path / "page.json").sha256 != page.sha256


def test_pdfs_that_are_none(scan: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="page 3"):
        page_picture(scan, "a.pdf", 3)
    for content in (b"", b"%PDF-1.7\n", scan.read_bytes()[:900]):
        (tmp_path / "b.pdf").write_bytes(content)
        with pytest.raises(BadInput, match="a PDF"):
            pages_without_text(tmp_path / "b.pdf", "b.pdf")
        read_page({"picture": tmp_path / "b.pdf"}, {"told": "letters/b.pdf#1"}, tmp_path)
        assert decoded(tmp_path / "page.json").problem


def test_models_are_the_ones_that_were_tried(tmp_path: Path) -> None:
    assert set(verified()) == set(FILES)
    with pytest.raises(Missing, match="rapidocr"):
        checked(tmp_path / "a.onnx", "00")
    (tmp_path / "a.onnx").write_bytes(b"another")
    with pytest.raises(BadInput, match="SHA-256"):
        checked(tmp_path / "a.onnx", "00")
