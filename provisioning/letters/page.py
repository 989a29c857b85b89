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
    paragraph: int = 0
    """From 0, over the whole page"""


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
    turned: int = 0
    """Degrees by which the picture was turned to the right to be read: 0, 90, 180, 270"""

    @property
    def sure(self) -> float:
        """0..1, the mean over all signs; 0 for an empty page"""
        signs = sum(len(line.text) for line in self.lines)
        return sum(line.sure * len(line.text) for line in self.lines) / signs if signs else 0.0
