"""Pages that a person has looked over become letters; what nobody has looked over becomes none."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath

from provisioning.importers.item import Found, Item, Problem, When, Where
from provisioning.letters.heads import Head, head
from provisioning.letters.page import Page

FOLDER = "review/letters"
"""Holds `<first 16 of the page's sha256>.txt`: its text as a human corrected it."""
_LAST = re.compile(r"[-_ .]*(?:page|p|第)?[-_ .]*(\d{1,3}|[a-h])[-_ .]*(?:页)?$", re.I)
_READ = 0.9
"""What a date is worth that was read from a page and looked over, against the same in typed text."""


def place(page: Page) -> str:
    """Where the page's corrected text lies, within the shoebox."""
    return f"{FOLDER}/{page.sha256[:16]}.txt"


def draft(page: Page) -> str:
    """The page's text as it was read, to be corrected: a line for each line, a blank one between paragraphs."""
    out: list[str] = []
    for number, line in enumerate(page.lines):
        if number and line.paragraph != page.lines[number - 1].paragraph:
            out.append("")
        out.append(line.text)
    return "\n".join(out) + "\n" if out else ""


def items(
    pages: Sequence[Page], corrected: Mapping[str, str], rules: Callable[[Sequence[str]], Head] = head
) -> list[Found]:
    """One letter for each page that was looked over, in the order of their paths; pages of one letter ("letters/1.jpg"
    and "letters/2.jpg" of a name, or of one PDF) share its date, addressee and writer. `corrected`: a page's sha256 ->
    its text. A page without one is a Problem: nothing vanishes silently; an empty one was blank."""
    found: list[Found] = []
    groups: dict[str, list[Page]] = {}
    for page in sorted(pages, key=_order):
        groups.setdefault(title(page.path), []).append(page)
    for name, group in groups.items():
        known = [page for page in group if corrected.get(page.sha256, "").strip()]
        told = rules([line for page in known for line in corrected[page.sha256].splitlines()])
        found += [_item(page, corrected[page.sha256], name, told) if page in known else _problem(page, corrected)
                  for page in group]  # fmt: skip
    return found


def _order(page: Page) -> tuple[str, int, str]:
    name = _name(page.path)
    match = _LAST.search(name)
    number = int(match[1]) if match and match[1].isdigit() else 0
    return title(page.path), number, page.path


def _name(path: str) -> str:
    """Its name without ending; of a PDF's page with its number."""
    file, _, number = path.partition("#")
    return f"{PurePosixPath(file).stem} {number}" if number else PurePosixPath(file).stem


def title(path: str) -> str:
    """What a letter's pages have in common: "letters/1997-03-02 a.jpg" -> "letters/1997-03-02". A number alone, or a
    date's last part, is the letter's own."""
    folder = PurePosixPath(path.partition("#")[0]).parent.as_posix()
    name = _name(path)
    if "#" in path:
        return f"{folder}/{name.rpartition(' ')[0]}"
    if re.search(r"\d{4}[-_.]\d{1,2}(?:[-_.]\d{1,2})?$", name):
        return f"{folder}/{name}"
    return f"{folder}/{_LAST.sub('', name) or name}"


def _item(page: Page, text: str, name: str, told: Head) -> Item:
    body = text.replace("\r\n", "\n").strip("\n")
    first = next((number for number, line in enumerate(text.splitlines(), 1) if line.strip()), 1)
    when = told.when
    if when.start:
        when = When(when.start, when.text, round(when.confidence * _READ, 3))
    return Item(kind="letter", text=body, where=Where(page.path, first), when=when, speaker=told.name, name=told.name,
                chat=name, to=told.to)  # fmt: skip


def _problem(page: Page, corrected: Mapping[str, str]) -> Problem:
    if page.sha256 in corrected:
        return Problem(Where(page.path), "a page that is blank, as a person said")
    if page.problem:
        return Problem(Where(page.path), "a page that could not be read", page.problem[:80])
    return Problem(Where(page.path), "a page that nobody has looked over yet", draft(page).replace("\n", " ")[:80])
