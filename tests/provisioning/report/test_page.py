"""The quality report: whole, in both languages, honest with little, and nothing from the material is markup."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.errors import BadInput
from provisioning.report.content import Report
from provisioning.report.files import pictures_of, sounds_of
from provisioning.report.page import SECTIONS, TEMPLATES, page, summary
from provisioning.report.sheet import sheet
from provisioning.report.tasks import report as run
from tests.fakes.reports import poor, rich
from tests.fakes.workshop import shoebox

CANARY = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&{{7*7}}"


class Tags(HTMLParser):
    """Every tag with its attributes, and all text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def parsed(text: str) -> Tags:
    reader = Tags()
    reader.feed(text)
    reader.close()
    return reader


def with_canaries(value: Any, text: str) -> Any:
    """The same content with every text replaced; numbers and lengths stay."""
    if isinstance(value, str):
        return text
    if isinstance(value, msgspec.Struct):
        return type(value)(**{name: with_canaries(v, text) for name, v in msgspec.structs.asdict(value).items()})
    if isinstance(value, dict):
        return dict.fromkeys([text], with_canaries(list(value.values())[-1], text)) if value else {}
    if isinstance(value, tuple):
        return tuple(with_canaries(v, text) for v in value)
    return value


@pytest.mark.parametrize("made", [rich, poor])
def test_the_page_is_whole_and_needs_nothing_from_outside(made: Any) -> None:
    text = page(made())
    told = parsed(text)
    assert not [tag for tag, _ in told.tags if tag in ("script", "link", "iframe", "object", "base", "form")]
    assert not re.search(r"https?://|url\(|@import", text)
    for _, attributes in told.tags:
        assert (attributes.get("src") or "data:").startswith("data:")
        assert not [name for name in attributes if name.startswith("on")]
    assert page(made()) == text


def test_every_section_has_its_template_and_its_place() -> None:
    text = page(rich())
    assert text.count('<section class="card">') == len(SECTIONS)
    for name in SECTIONS:
        assert (TEMPLATES / f"{name}.html").is_file()


def test_both_languages_are_there_and_one_is_chosen() -> None:
    told = parsed(page(rich(), language="zh"))
    checked = [a["id"] for tag, a in told.tags if tag == "input" and "checked" in a]
    assert checked == ["zh"]
    en = sum(a.get("lang") == "en" for tag, a in told.tags if tag == "span")
    zh = sum(a.get("lang") == "zh" for tag, a in told.tags if tag == "span")
    assert en == zh > 60


def test_little_is_said_to_be_little() -> None:
    told = parsed(page(poor())).text
    assert "A stock voice speaks, and imitates nobody." in told
    assert "Nobody has said who agrees." in told
    assert "2 memories" in told
    assert "measured" not in told.split("What one more thing")[0].split("How they sound")[0]


def test_nothing_at_all_is_a_page_too() -> None:
    from provisioning.report.content import About

    told = parsed(page(Report(About("Ada")))).text
    assert "There is no memory yet" in told
    assert "No files were brought." in told


@pytest.mark.parametrize("made", [rich, poor])
def test_every_text_of_the_material_is_escaped(made: Any) -> None:
    text = page(with_canaries(made(), CANARY), language=CANARY)
    assert "<script" not in text
    assert "<img src=x" not in text
    assert CANARY in parsed(text).text
    assert parsed(text).text.count("{{7*7}}") > 20


@settings(max_examples=25)
@given(st.text(min_size=1, max_size=60))
def test_any_text_comes_out_as_it_went_in(text: str) -> None:
    """As text, whatever it is: the tags of the page are the same for every name."""
    plain = parsed(page(msgspec.structs.replace(poor(), person=msgspec.structs.replace(poor().person, name="Ada"))))
    person = msgspec.structs.replace(poor().person, name=text, about=text)
    odd = parsed(page(msgspec.structs.replace(poor(), person=person)))
    plain_tags = [tag for tag, _ in plain.tags]
    assert [tag for tag, _ in odd.tags if tag != "p"] == [tag for tag in plain_tags if tag != "p"]


def test_the_sheet_numbers_its_questions_and_escapes_them() -> None:
    told = rich()
    text = sheet(told.person, told.remembered.questions)
    assert [int(n) for n in re.findall(r"<b>(\d+)</b>", text)] == [1, 2, 3]
    first = msgspec.structs.replace(told.remembered.questions[0], en=CANARY, topic=CANARY)
    assert "<script" not in sheet(told.person, [first])
    assert "There is nothing to ask just now." in sheet(told.person, [])


def test_pictures_and_sounds_come_inside_small_and_without_their_metadata(tmp_path: Path) -> None:
    from PIL import Image

    exif = Image.Exif()
    exif[0x010E] = "taken at Lane 5, Number 12"
    Image.new("RGB", (3000, 2000), "red").save(tmp_path / "a.jpg", exif=exif)
    (tmp_path / "b.jpg").write_bytes(b"no picture")
    shown = pictures_of({"a": tmp_path / "a.jpg", "b": tmp_path / "b.jpg"})
    import base64

    content = base64.b64decode(shown("a").partition(",")[2])
    assert b"Lane 5" not in content
    assert len(content) < 40_000
    assert shown("b") == shown("c") == ""
    assert sounds_of({"b": tmp_path / "b.jpg"})("b") == ""


def test_the_task_writes_page_and_figures_and_the_same_ones_again(tmp_path: Path) -> None:
    shop = shoebox(tmp_path / "box")
    (tmp_path / "content.json").write_bytes(msgspec.json.encode(rich()))
    inputs = {"content": tmp_path / "content.json", "photos/portrait.png": shop.files["photos/a.jpg"]}
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        run(inputs, {"language": "zh"}, tmp_path / name)
    for name in ("report.html", "report.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert "data:image/jpeg" in (tmp_path / "one/report.html").read_text(encoding="utf-8")
    told = msgspec.json.decode((tmp_path / "one/report.json").read_bytes())
    assert set(told["fidelity"]) == {"memory", "manner", "voice", "face"}
    assert summary(rich()) == (tmp_path / "one/report.json").read_bytes()


def test_a_content_that_is_none_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "content.json").write_bytes(b'{"person": 3}')
    with pytest.raises(BadInput, match="a report's content"):
        run({"content": tmp_path / "content.json"}, {}, tmp_path)
