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
_LAST = re.compile(r"(?:[-_ .]+(?:page|p)?|page|第)[-_ .]*(\d{1,2}|[a-h])[-_ .]*页?$", re.I)
Rules = Callable[[Sequence[str], str], Head]
"""Lines of a letter and the name of its file -> its head."""
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


def items(pages: Sequence[Page], corrected: Mapping[str, str], rules: Rules = head) -> list[Found]:
    """One item for each page that was looked over, in the order of their names; pages of one letter ("wen-1.jpg" and
    "wen-2.jpg", or of one PDF) share its date, addressee and writer, and the first page's path as their `chat`.

    `corrected`: a page's sha256 -> its text. A page without one is a Problem: nothing vanishes silently; an empty one
    was blank."""
    found: list[Found] = []
    for group in _letters(pages, corrected, rules):
        known = [page for page in group if corrected.get(page.sha256, "").strip()]
        lines = [line for page in known for line in corrected[page.sha256].splitlines()]
        told = rules(lines, _file(group[0]))
        if told.doubt and known:
            found.append(Problem(Where(known[0].path), told.doubt, told.when.text, ambiguous=True))
        for page in group:
            text = corrected.get(page.sha256, "")
            found.append(_item(page, text, group[0], told) if page in known else _problem(page, corrected))
    return found


def _letters(pages: Sequence[Page], corrected: Mapping[str, str], rules: Rules) -> list[list[Page]]:
    """Pages whose names go together, parted before each that addresses somebody: there a letter begins."""
    groups: list[list[Page]] = []
    for page in sorted(pages, key=_order):
        begins = bool(rules(corrected.get(page.sha256, "").splitlines(), "").to)
        if groups and not begins and title(groups[-1][0].path) == title(page.path):
            groups[-1].append(page)
        else:
            groups.append([page])
    return groups


def _file(page: Page) -> str:
    """Its file's name, which may tell the date."""
    return PurePosixPath(page.path.partition("#")[0]).name


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
    return f"{folder}/{_LAST.sub('', name).rstrip(' -_.') or name}"


def _item(page: Page, text: str, first_page: Page, told: Head) -> Item:
    body = text.replace("\r\n", "\n").strip("\n")
    first = next((number for number, line in enumerate(text.splitlines(), 1) if line.strip()), 1)
    when = told.when
    if when.start:
        when = When(when.start, when.text, round(when.confidence * _READ, 3))
    return Item(kind="letter", text=body, where=Where(page.path, first), when=when, speaker=told.name, name=told.name,
                chat=first_page.path, to=told.to)  # fmt: skip


def _problem(page: Page, corrected: Mapping[str, str]) -> Problem:
    if page.sha256 in corrected:
        return Problem(Where(page.path), "a page that is blank, as a person said")
    if page.problem:
        return Problem(Where(page.path), "a page that could not be read", page.problem[:80])
    return Problem(Where(page.path), "a page that nobody has looked over yet", draft(page).replace("\n", " ")[:80])
