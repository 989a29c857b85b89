"""persona.toml of the persona: the family's own, with its id, and what was found out where the family left it out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import tomlkit

from provisioning.style.figures import Proposals
from provisioning.style.tasks import PROPOSALS

STOCK_VOICES = {"en": "piper", "zh": "fastspeech"}
"""Who speaks, and who says the wake phrases that nobody has recorded."""


def write_persona(inputs: Mapping[str, Path], options: Mapping[str, Any], out: Path) -> None:
    """`persona`: the family's persona.toml; `manner`: the folder of what was learnt of how they speak; options: `id`,
    `languages` -> persona.toml, in which all of the family's stands as it was."""
    text = inputs["persona"].read_text(encoding="utf-8-sig")
    document = tomlkit.parse(f'id = "{options["id"]}"\n{text}')
    if "manner" in inputs:
        _propose(document, msgspec.json.decode((inputs["manner"] / PROPOSALS).read_bytes(), type=Proposals))
    if "voice" not in document:
        document["voice"] = {code: STOCK_VOICES[code] for code in options["languages"]}
    (out / "persona.toml").write_text(tomlkit.dumps(document), encoding="utf-8")


def _propose(document: tomlkit.TOMLDocument, found: Proposals) -> None:
    _fill(document, "style", found.style)
    person = document["person"]
    for name in ("greeting", "farewell", "sayings", "fillers"):
        _fill(person, name, getattr(found, name))


def _fill(table: Any, name: str, values: Mapping[str, Any]) -> None:
    """Adds what is not there, language by language."""
    for code, value in sorted(values.items()):
        if not value:
            continue
        if name not in table:
            table[name] = tomlkit.table() if name == "style" else tomlkit.inline_table()
        if code not in table[name]:
            table[name][code] = list(value) if isinstance(value, tuple) else value
