"""The measuring of the provisioning tool: what is measured on, and that sizes are told as they are."""

from __future__ import annotations

import argparse
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from device.persona.unpacked import PersonaFile
from device.schema import convert, read_toml
from docs import figures, provisioning_speed, speed_material
from provisioning.importers.item import Item
from provisioning.importers.registry import importers
from provisioning.intake.digests import Digests
from provisioning.intake.speakers import guesses
from provisioning.intake.talks import count
from provisioning.intake.tasks import source_of
from provisioning.intake.walk import walk
from provisioning.recipe.material import importer_of


def sizes(**given: float) -> argparse.Namespace:
    return argparse.Namespace(**{**provisioning_speed.FULL, **given})


def test_chats_are_of_all_formats_and_in_all_it_is_known_who_she_is(tmp_path: Path) -> None:
    provisioning_speed.put_persona(tmp_path)
    made = speed_material.chats(tmp_path, 1000)
    persona = convert({"id": "lan", **read_toml(tmp_path / "persona.toml")}, PersonaFile, "persona.toml")
    files = [file for file in walk(tmp_path, Digests()).files if file.told in made]
    assert len(files) == len(speed_material.CHATS)
    names, found = set(), 0
    for file in files:
        name = importer_of(file)
        items = [one for one in importers()[name].read(source_of(file.given.path, file.told)) if isinstance(one, Item)]
        (guess,) = guesses(persona, {}, count(file.told, items, persona.person.called))
        assert guess.counts, file.told
        names.add(name)
        found += len(items)
    assert names == {"wechat-csv", "whatsapp", "qq", "line", "telegram"}
    assert 900 < found <= 1000, "stickers may be left out"


def test_a_conversation_has_so_many_messages_in_sittings_and_hardly_any_twice() -> None:
    talk = speed_material.conversation(3000, "xia", 1)
    assert len(talk) == 3000
    assert talk == speed_material.conversation(3000, "xia", 1)
    assert talk != speed_material.conversation(3000, "xia", 2)
    gaps = [(b.time - a.time).total_seconds() for a, b in pairwise(talk)]
    assert 0.7 < sum(gap <= 90 for gap in gaps) / len(gaps) < 0.999
    assert len({m.text for m in talk}) > 800


def test_photographs_are_of_twelve_megapixels_and_no_two_alike(tmp_path: Path) -> None:
    size = speed_material.photographs(tmp_path, 3)
    paths = sorted((tmp_path / "photos").iterdir())
    assert size == sum(path.stat().st_size for path in paths)
    assert len({path.read_bytes() for path in paths}) == 3
    for path in paths:
        with Image.open(path) as picture:
            assert picture.size == (4000, 3000)
            assert picture.getexif()


def test_a_part_of_the_full_size_is_told_as_an_extrapolation() -> None:
    part = provisioning_speed.at_full_size("photos", {"seconds": 6.0}, sizes(photos=10))
    assert part["full_size_s"] == 600.0
    assert part["extrapolated"]
    whole = provisioning_speed.at_full_size("photos", {"seconds": 6.0}, sizes())
    assert (whole["full_size_s"], whole["extrapolated"]) == (6.0, False)
    assert not provisioning_speed.at_full_size("demo", {"seconds": 6.0}, sizes(photos=1))["extrapolated"]


def test_memory_is_the_most_that_was_seen_within_a_step() -> None:
    taken = [provisioning_speed.Sample(float(at), 100.0 * at, 0.0) for at in range(10)]
    assert provisioning_speed.in_step(taken, 2.0, 4.0) == {"seconds": 2.0, "memory_mb": 400.0}
    assert provisioning_speed.in_step([], 2.0, 4.0)["memory_mb"] == 0.0


def test_a_command_is_timed_from_outside_and_its_error_is_its_own(tmp_path: Path, capfd: Any) -> None:
    (tmp_path / "box").mkdir()
    with pytest.raises(SystemExit) as left:
        provisioning_speed.watched("build", tmp_path)
    assert left.value.code == 4
    assert "expected a shoebox with persona.toml" in capfd.readouterr().err


MACHINE = {"cores": 2, "load_before": 0.5}
PHOTOS = {"machine": MACHINE, "photographs": 500, "megapixels": 12.0, "seconds": 240.0, "memory_mb": 900.0}
DEMO = {"machine": MACHINE, "seconds": 90.0, "extrapolated": False, "full_size_s": 90.0}


@pytest.mark.parametrize("code", ["en", "zh"])
def test_sentences_say_what_was_measured(code: str) -> None:
    words = figures.WORDS[code]
    part = {**PHOTOS, "full_size_s": 480.0, "extrapolated": True}
    said = words["provisioning_photos"].format(**figures.worded(part, words))
    assert "500" in said
    assert "8.0" in said
    said = words["provisioning_photos"].format(**figures.worded({**part, "extrapolated": False}, words))
    assert "8.0" not in said
    built = {**DEMO, "one_letter": {"seconds": 3.25}, "unchanged": {"seconds": 0.5}}
    assert "3.2" in words["provisioning_demo"].format(**figures.worded(built, words))


def test_every_part_has_its_sentences_and_its_limit() -> None:
    for code in ("en", "zh"):
        assert {f"provisioning_{part}" for part in provisioning_speed.PARTS} <= figures.WORDS[code].keys()
    assert provisioning_speed.LIMITS.keys() == provisioning_speed.PARTS.keys()
    assert json.loads(json.dumps(provisioning_speed.LIMITS)) == provisioning_speed.LIMITS
