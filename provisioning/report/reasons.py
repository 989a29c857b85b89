"""Reasons that importers give in English, in the family's other language."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from device.schema import read_toml
from provisioning.report.content import Words


@cache
def _table() -> dict[str, str]:
    return {en: str(zh) for en, zh in read_toml(Path(__file__).with_name("reasons.toml")).items()}


def reason(text: str) -> Words:
    """The reason in both languages, where it is known in Chinese."""
    return Words(text, _table().get(text, ""))
