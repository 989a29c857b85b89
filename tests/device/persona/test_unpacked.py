"""persona.toml: strict, all mistakes at once, missing parts reported."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.errors import BadInput, ImagoError, Missing
from device.persona.unpacked import load
from tests.scenarios.evaluate_memory import SHOEBOX

GOOD = """
id = "ada"
[person]
name = "Ada"
languages = ["en"]
born = 1930
greeting = { en = "Hello." }
farewell = { en = "Bye." }
[person.dont_know]
en = ["I do not know."]
"""


def write(folder: Path, text: str) -> Path:
    (folder / "persona.toml").write_text(text, encoding="utf-8")
    return folder


def test_reads_a_persona_and_says_what_is_missing(tmp_path: Path) -> None:
    persona = load(write(tmp_path, GOOD))
    assert (persona.id, persona.languages, persona.file.person.born) == ("ada", ("en",), 1930)
    assert persona.missing == ("likeness", "memory", "voice")
    assert all("ada" in line for line in persona.warnings())


def test_parts_that_are_there_are_not_missing(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    (tmp_path / "likeness").mkdir()
    (tmp_path / "likeness/rig.npz").touch()
    (tmp_path / "memory.sqlite").touch()
    (tmp_path / "voice").mkdir()
    assert load(tmp_path).missing == ()


def test_all_mistakes_at_once(tmp_path: Path) -> None:
    text = GOOD.replace('name = "Ada"', 'nmae = "Ada"').replace("born = 1930", 'born = "long ago"')
    with pytest.raises(BadInput) as caught:
        load(write(tmp_path, text))
    assert all(word in caught.value.got for word in ("nmae", "name", "born"))


def test_every_language_has_ready_words_and_the_familys_own_come_first(tmp_path: Path) -> None:
    person = load(write(tmp_path, GOOD.replace('["en"]\nborn', '["en", "zh"]\nborn'))).file.person
    assert (person.greeting["en"], person.dont_know["en"]) == ("Hello.", ("I do not know.",))
    assert all((person.greeting["zh"], person.farewell["zh"], person.dont_know["zh"]))


def test_a_family_need_not_write_more_than_who_it_is(tmp_path: Path) -> None:
    least = 'id = "lan"\n[person]\nname = "李玉兰"\nlanguages = ["zh", "en"]\n'
    person = load(write(tmp_path, least)).file.person
    assert person.greeting.keys() == person.farewell.keys() == person.dont_know.keys() == {"en", "zh"}


def test_no_persona(tmp_path: Path) -> None:
    with pytest.raises(Missing):
        load(tmp_path / "nobody")


def test_the_demo_persona_is_one(tmp_path: Path) -> None:
    persona = load(write(tmp_path, 'id = "demo"\n' + (SHOEBOX / "persona.toml").read_text(encoding="utf-8")))
    assert set(persona.languages) == {"en", "zh"}


@given(st.text(max_size=200))
def test_any_text_is_a_persona_or_one_of_our_errors(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    with contextlib.suppress(ImagoError):
        load(write(tmp_path_factory.mktemp("p"), text))
