"""Consent is written into persona.toml without touching anything else in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from device.errors import BadInput, Missing
from provisioning.review import agreement, files
from provisioning.review.files import Stale
from tests.fakes.workshop import PERSONA, shoebox


def heard(recording: Path, language: str) -> str:
    return "something else"


def test_only_the_changed_value_changes(tmp_path: Path) -> None:
    shoebox(tmp_path / "box")
    box = tmp_path / "box"
    agreement.change(box, {"grants": ["likeness", "voice"]}, agreement.shown(box))
    text = (box / "persona.toml").read_text(encoding="utf-8")
    assert text == PERSONA.replace('grants = ["likeness"]', 'grants = ["likeness", "voice"]')


def test_saving_the_same_again_changes_no_byte(tmp_path: Path) -> None:
    shoebox(tmp_path / "box")
    box = tmp_path / "box"
    agreement.change(box, {"basis": "relative", "grants": ["likeness"]}, agreement.shown(box))
    assert (box / "persona.toml").read_text(encoding="utf-8") == PERSONA


def test_a_file_without_the_table_gets_one(tmp_path: Path) -> None:
    text = '[person]\nname = "Ada"\nlanguages = ["en"]\n'
    (tmp_path / "persona.toml").write_text(text, encoding="utf-8")
    agreement.change(tmp_path, {"by": "Tom", "relation": "son"}, agreement.shown(tmp_path))
    assert (tmp_path / "persona.toml").read_text(encoding="utf-8").startswith(text)
    assert agreement.persona_of(tmp_path).consent.by == "Tom"


@pytest.mark.parametrize("values", [{"basis": "friend"}, {"grants": [3]}, {"nonsense": 1}, {"who": "robots"}])
def test_what_persona_toml_cannot_say_is_refused(tmp_path: Path, values: dict[str, object]) -> None:
    shoebox(tmp_path / "box")
    with pytest.raises(BadInput):
        agreement.change(tmp_path / "box", values, agreement.shown(tmp_path / "box"))
    assert (tmp_path / "box/persona.toml").read_text(encoding="utf-8") == PERSONA


def test_a_stale_form_is_told(tmp_path: Path) -> None:
    shoebox(tmp_path / "box")
    seen = agreement.shown(tmp_path / "box")
    agreement.change(tmp_path / "box", {"wishes": "Ask about the river."}, seen)
    with pytest.raises(Stale):
        agreement.change(tmp_path / "box", {"wishes": ""}, seen)


def test_no_shoebox(tmp_path: Path) -> None:
    with pytest.raises(Missing):
        agreement.persona_of(tmp_path)


@pytest.mark.parametrize("name", ["", "..", ".hidden", "a\0b", "x" * 300, "/", "a\nb"])
def test_documents_have_plain_names(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput):
        agreement.keep_evidence(tmp_path, name, b"x")
    assert not list(tmp_path.rglob("*"))


def test_a_document_never_replaces_another(tmp_path: Path) -> None:
    assert agreement.keep_evidence(tmp_path, "C:\\scans\\户口簿.pdf", b"one") == "consent/户口簿.pdf"
    assert agreement.keep_evidence(tmp_path, "../../户口簿.pdf", b"two") == "consent/户口簿-2.pdf"
    assert agreement.keep_evidence(tmp_path, "户口簿.pdf", b"one") == "consent/户口簿.pdf"
    assert agreement.evidence(tmp_path) == ("consent/户口簿-2.pdf", "consent/户口簿.pdf")


def test_what_a_frame_would_say(tmp_path: Path) -> None:
    shoebox(tmp_path / "box")
    box = tmp_path / "box"
    assert not agreement.outcome(box, heard, ("likeness", "photographs")).good
    agreement.change(box, {"grants": ["likeness", "photographs"]}, agreement.shown(box))
    assert agreement.outcome(box, heard, ("likeness", "photographs")).good
    (box / "consent/statement.txt").unlink()
    assert "evidence" in agreement.outcome(box, heard, ("likeness",)).expected


def test_a_declaration_becomes_a_recording_that_packs_take(tmp_path: Path) -> None:
    shop = shoebox(tmp_path / "box")
    sound = shop.files["voice/msg1.wav"].read_bytes()
    assert agreement.keep_declaration(tmp_path, sound, ".wav") == "consent/declaration.wav"
    other = shop.files["made/t1.wav"].read_bytes()
    assert agreement.keep_declaration(tmp_path, other, ".wav") == "consent/declaration-2.wav"
    with pytest.raises(BadInput):
        agreement.keep_declaration(tmp_path, b"\x1aE\xdf\xa3 no sound", ".webm")
    assert sorted(p.name for p in (tmp_path / "consent").iterdir()) == ["declaration-2.wav", "declaration.wav"]
    assert files.read(tmp_path / "consent/declaration.wav") is not None
