import re
from pathlib import Path

import numpy as np

from provisioning.likeness.notes import REMARKS, note
from provisioning.likeness.page import found_picture, write_page
from provisioning.likeness.report import Report
from tests.fakes.likeness import small_rig

REPORT = Report("<i>gran & co</i>.png", (160, 200), 40.0, 0.0, 0.0, 0.3, 1.0, 1.0, 2.0, True, [], [note("small")])


def test_the_page_holds_its_pictures_and_both_languages(tmp_path: Path) -> None:
    write_page(tmp_path / "a.html", REPORT, small_rig())
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert page.count("data:image/jpeg;base64,") == 8
    assert not re.search(r"https?://|src=(?!'data:)", page)
    assert note("small").en in page
    assert note("small").zh in page
    assert "<i>gran" not in page
    assert "&lt;i&gt;gran &amp; co" in page
    write_page(tmp_path / "b.html", REPORT, small_rig())
    assert (tmp_path / "b.html").read_bytes() == (tmp_path / "a.html").read_bytes()


def test_pictures_from_films_have_a_part_of_their_own(tmp_path: Path) -> None:
    picture = np.zeros((20, 20, 3), np.uint8)
    write_page(tmp_path / "a.html", REPORT, small_rig(), [(picture, "blink, 0:03", "眨眼")])
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert page.count("data:image/jpeg;base64,") == 9
    assert "blink, 0:03 眨眼" in page


def test_nothing_weak_is_said_too(tmp_path: Path) -> None:
    write_page(tmp_path / "a.html", Report("a.png", (1, 1), 90.0, 0, 0, 0.3, 1, 1, 0, False), small_rig())
    assert "Nothing." in (tmp_path / "a.html").read_text(encoding="utf-8")


def test_what_was_found_is_drawn_lightly() -> None:
    picture = found_picture(small_rig())
    assert max(picture.shape[:2]) == 640


def test_every_remark_is_in_both_languages() -> None:
    for code in REMARKS:
        remark = note(code)
        assert re.search(r"[a-z]{3}.*\.$", remark.en)
        assert re.search(r"[\u4e00-\u9fff]{4}.*。$", remark.zh)
