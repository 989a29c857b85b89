"""What was read from a picture of a written page; a person looks at it beside the picture before it counts."""

from __future__ import annotations

import msgspec


class Line(msgspec.Struct, frozen=True):
    """One line of writing."""

    text: str
    box: tuple[float, float, float, float]
    """left, top, right, bottom in shares of the picture"""
    sure: float
    """0..1"""


class Page(msgspec.Struct, frozen=True):
    """One page."""

    path: str
    """Within the shoebox; of a page of a PDF "letters/a.pdf#2" """
    sha256: str
    """Of the picture"""
    lines: tuple[Line, ...]
    """In the order of reading"""
    vertical: bool = False
    """Chinese in columns from the right"""
    problem: str = ""
