"""persona.toml of the persona: the family's own, with its id, and what was found out beside it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write_persona(inputs: Mapping[str, Path], options: Mapping[str, Any], out: Path) -> None:
    """The family's `persona.toml` with the `id` before it -> persona.toml."""
    text = inputs["persona"].read_text(encoding="utf-8-sig")
    (out / "persona.toml").write_text(f'id = "{options["id"]}"\n{text}', encoding="utf-8")
