"""The house rules that a machine can check: sizes, cycles, broad excepts, words that do not belong here."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("device", "models_quantized", "provisioning", "demo")
MAX_FILE, MAX_FUNCTION, MAX_ATTRIBUTES = 500, 80, 15

TRACKED = [
    ROOT / name
    for name in subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
]
SOURCES = [p for p in TRACKED if p.suffix == ".py" and p.exists()]
PROSE = {".py", ".md", ".toml", ".txt", ".sh", ".cfg", ".service", ""}


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in SOURCES:
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def test_files_are_short() -> None:
    long = {str(p): n for p in SOURCES if (n := len(p.read_text(encoding="utf-8").splitlines())) > MAX_FILE}
    assert not long


def test_functions_are_short() -> None:
    long = [
        f"{path}:{node.lineno} {node.name}"
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno + 1 > MAX_FUNCTION
    ]
    assert not long


def attributes(node: ast.ClassDef) -> set[str]:
    """Names assigned on self anywhere in the class, and annotated in its body."""
    on_self = {
        target.attr
        for inner in ast.walk(node)
        for target in ([inner] if isinstance(inner, ast.Attribute) and isinstance(inner.ctx, ast.Store) else [])
        if isinstance(target.value, ast.Name) and target.value.id == "self"
    }
    declared = {s.target.id for s in node.body if isinstance(s, ast.AnnAssign) and isinstance(s.target, ast.Name)}
    return on_self | declared


def test_classes_hold_few_attributes() -> None:
    large = [
        f"{path}:{node.lineno} {node.name} {len(attributes(node))}"
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and len(attributes(node)) > MAX_ATTRIBUTES
    ]
    assert not large


def test_broad_excepts_stand_only_at_edges() -> None:
    """`except Exception` must say which edge it is: a thread's, a process's or a callback's."""
    loose = []
    for path, tree in trees():
        lines = path.read_text(encoding="utf-8").splitlines()
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler):
                names = {n.id for n in ast.walk(node.type) if isinstance(n, ast.Name)} if node.type else {"Exception"}
                if names & {"Exception", "BaseException"} and " edge" not in lines[node.lineno - 1]:
                    loose.append(f"{path}:{node.lineno}")
    assert not loose


def test_no_import_cycles() -> None:
    graph = grimp.build_graph(*PACKAGES, include_external_packages=False)
    edges = {m: graph.find_modules_directly_imported_by(m) for m in graph.modules}
    finished: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " -> ".join((*path[path.index(module) :], module))
        if module not in finished:
            for other in edges[module]:
                visit(other, (*path, module))
            finished.add(module)

    for module in edges:
        visit(module, ())


FORBIDDEN = re.compile(
    r"/wor[k]/|/far[m]/|\bpypi\.or[g]|registry\.npmj[s]|deb\.debia[n]\.org|files\.pythonhoste[d]|\bsubagen[t]|\bclaud[e]\b",
    re.I,
)
UNFINISHED = re.compile(r"\b(TOD[O]|FIXM[E]|XX[X]|NotImplementedErro[r])\b")


@pytest.mark.parametrize("pattern", [FORBIDDEN, UNFINISHED], ids=["words", "unfinished"])
def test_texts_are_clean(pattern: re.Pattern[str]) -> None:
    found = [
        f"{path}:{number}: {line.strip()}"
        for path in TRACKED
        if path.suffix in PROSE and path.is_file() and path.name != "requirements.lock"
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]
    assert not found
