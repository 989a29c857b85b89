"""Every reason that the tool itself writes down in plain words is there in Chinese too."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioning.report.reasons import reason

ROOMS = Path(__file__).parents[3] / "provisioning"


def reasons() -> Iterator[str]:
    """Keys of what is counted as left out, and problems of files, as they stand in the code."""
    for path in (*sorted((ROOMS / "memories").glob("*.py")), *sorted((ROOMS / "intake").glob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Subscript) and "left_out" in ast.unparse(node.value):
                yield from constants(node.slice)
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "FileAccount":
                yield from (text for word in node.keywords if word.arg == "problem" for text in constants(word.value))


def constants(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value


def test_there_are_many() -> None:
    assert len(set(reasons())) >= 12


@pytest.mark.parametrize("text", sorted(set(reasons())))
def test_it_is_known_in_chinese(text: str) -> None:
    assert reason(text).zh
