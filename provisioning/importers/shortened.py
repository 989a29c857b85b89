"""What a Problem shows of what was there."""

from __future__ import annotations

DETAIL = 80
"""Characters"""


def shortened(text: str) -> str:
    """`text` in one line of at most 80 characters."""
    line = " ".join(text[: 4 * DETAIL].split())
    return line if len(line) <= DETAIL else line[: DETAIL - 1] + "…"
