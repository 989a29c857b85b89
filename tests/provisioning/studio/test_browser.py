"""The pages in a real browser: their scripts work under their own policy, and fit telephones as well as desks."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

import av
import pytest

from provisioning.report.page import page as report_page
from provisioning.report.sheet import sheet
from provisioning.studio.desk import MENU
from tests.fakes.reports import poor, rich
from tests.provisioning.studio.conftest import TOKEN, Client
from tests.support.browser import Browser, missing

pytestmark = pytest.mark.slow
PHONE, DESK = (390, 800), (1280, 900)
TOO_WIDE = """
const wide = [...document.querySelectorAll("body *")].filter((e) => !e.closest(".scroll, .menu div, datalist") &&
  e.getBoundingClientRect().right > innerWidth + 1 && getComputedStyle(e).visibility !== "hidden");
return document.documentElement.scrollWidth > innerWidth + 1 ? wide.map((e) => e.outerHTML.slice(0, 120)) : [];"""
TOO_SMALL = """
return [...document.querySelectorAll("main *")].filter((e) => !e.closest("svg, option") && e.childNodes.length &&
  [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()) && e.offsetParent !== null &&
  parseFloat(getComputedStyle(e).fontSize) < 14.5).map((e) => e.outerHTML.slice(0, 100));"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    lacking = missing()
    if lacking:
        told = f"NOT TRIED IN A BROWSER: {' and '.join(lacking)} not installed (apt install chromium chromium-driver)"
        warnings.warn(told, stacklevel=1)
        pytest.skip(told)
    opened = Browser()
    yield opened
    opened.close()


def address(client: Client, page: str) -> str:
    return f"{client.origin}/{TOKEN}/{page}"


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("page", [page for page, _, _ in MENU])
def test_pages_fit_and_complain_of_nothing(client: Client, browser: Browser, page: str, size: tuple[int, int]) -> None:
    client.post("preview", question="How did you and Lan cross the river?")
    for language in ("en", "zh"):
        browser.open(address(client, f"{page}?lang={language}"), *size)
        assert browser.run(TOO_WIDE) == []
        assert browser.run(TOO_SMALL) == []
        assert browser.complaints() == []


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("made", [rich, poor])
def test_the_report_fits(browser: Browser, tmp_path: Path, made: object, size: tuple[int, int]) -> None:
    assert callable(made)
    (tmp_path / "report.html").write_text(report_page(made()), encoding="utf-8")
    (tmp_path / "sheet.html").write_text(sheet(made().person, made().remembered.questions), encoding="utf-8")
    for name in ("report.html", "sheet.html"):
        browser.open((tmp_path / name).as_uri(), *size)
        assert browser.run(TOO_WIDE) == []
        assert browser.run(TOO_SMALL) == []
        assert browser.complaints() == []


def test_the_reports_language_is_chosen_without_a_script(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text(report_page(rich()), encoding="utf-8")
    browser.open((tmp_path / "report.html").as_uri(), *DESK)
    told = "return document.querySelector('h2').innerText"
    assert browser.run(told) == "How like them it will probably be"
    browser.click("label[for=zh]")
    assert browser.run(told) == "大概会有多像"


def test_the_line_that_is_read_is_marked_in_the_picture(client: Client, browser: Browser) -> None:
    browser.open(address(client, "letters"), *DESK)
    marked = "return [...document.querySelectorAll('.scan rect')].findIndex((r) => r.classList.contains('here'))"
    browser.run("document.querySelectorAll('.scan rect')[3].dispatchEvent(new MouseEvent('click'))")
    assert browser.run(marked) == 3
    caret = "const t = document.getElementById('text'); return t.value.slice(0, t.selectionStart).split('\\n').length"
    assert browser.run(caret) == 4
    browser.type("#text", "")  # the down key
    assert browser.run(marked) in (3, 4)
    browser.type("#text", "x")
    browser.click(".desk button")
    browser.find(".plain .good")
    assert (client.shop.shoebox / "review/letters" / f"{'a1' * 8}.txt").is_file()


def test_an_answer_is_said_aloud_and_kept(client: Client, browser: Browser) -> None:
    browser.open(address(client, "questions"), *DESK)
    browser.click(".recorder button")
    browser.find(".recorder button.on")
    browser.run("return new Promise((done) => setTimeout(done, 1500))")  # of sound, not of waiting
    browser.click(".recorder button.on")
    browser.find(".card > audio")
    (kept,) = (client.shop.shoebox / "voice/answers").iterdir()
    with av.open(str(kept)) as sound:
        samples = sum(frame.samples for frame in sound.decode(audio=0))
        assert samples > 0.5 * 48_000
    assert browser.complaints() == []


def test_a_document_is_added(client: Client, browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "户口簿.pdf").write_bytes(b"%PDF-1.7")
    browser.open(address(client, "consent"), *DESK)
    browser.type(".upload input", str(tmp_path / "户口簿.pdf"))
    browser.find("input[value='consent/户口簿.pdf']")
    assert (client.shop.shoebox / "consent/户口簿.pdf").read_bytes() == b"%PDF-1.7"


def test_a_correction_in_the_talk(client: Client, browser: Browser) -> None:
    browser.open(address(client, "preview"), *PHONE)
    browser.type("#end input", "How did you and Lan cross the river?")
    browser.click("#end button")
    browser.click(".cited summary")
    browser.run("document.querySelector('.cited textarea').value = 'We swam across the river.'")
    browser.run("document.querySelector('.cited form').requestSubmit()")
    browser.find(".before")
    assert browser.run("return document.querySelector('.reply .words').innerText") == "We swam across the river."
