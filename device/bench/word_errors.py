"""How much of what was asked was heard: error rates of words (en) and characters (zh). Pure."""

from __future__ import annotations

import re

RIGHT = 0.15
"""Error rate up to which a question counts as heard right."""


def error_rate(asked: str, heard: str, language: str) -> float:
    """Word error rate (en) or character error rate (zh), 0 upwards: Levenshtein distance over the asked length."""
    a, b = (_units(text, language) for text in (asked, heard))
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (x != y))
    return row[-1] / max(1, len(a))


def _units(text: str, language: str) -> list[str]:
    return re.findall(r"[\u3400-\u9fff]|[a-z0-9']+" if language == "zh" else r"[a-z0-9']+", text.lower())
