"""Makes a letter or a story of a text, whatever kind of file it came from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from provisioning.importers.decoding import damage
from provisioning.importers.importer import Source
from provisioning.importers.item import Found, Item, When, Where
from provisioning.importers.letter_dates import letter_date, name_date, noted_date
from provisioning.importers.letter_frame import addressee, signature
from provisioning.importers.problems import problem

LETTERS = "letters/"
"""Where a family puts letters; texts elsewhere are stories."""
_KEYS = {"date", "from", "to", "place", "title"}
_HEADING = 3
"""Lines with words among which a letter names its addressee: place and date may stand above."""
_PARTS = re.compile(r"\s*\|\s*")
Notes = dict[str, str]


def notes_of(line: str) -> Notes:
    """What the family noted above a letter: "# date: 1986-10-04 | from: Grandpa | to: Ting | place: Hangzhou"; none
    where the line is but a heading."""
    found: Notes = {}
    for part in _PARTS.split(line.lstrip("# ").strip()) if line.startswith("#") else []:
        key, colon, value = part.partition(":")
        if not colon or len(key) > 20:
            return {}
        if key.strip().lower() in _KEYS:
            found[key.strip().lower()] = value.strip()
    return found if "date" not in found or noted_date(found["date"]).start else {}


def written(source: Source, lines: Sequence[str], line: int, notes: Notes | None = None) -> Iterator[Found]:
    """The item that `lines` are; `line`: the number of their first."""
    notes = notes or {}
    first = next((i for i, text in enumerate(lines) if text.strip()), None)
    where = Where(source.told, line + (first or 0))
    if first is None:
        yield problem(where, "a text without a word")
        return
    body = "\n".join(text.rstrip() for text in lines[first:]).rstrip()
    if not source.told.startswith(LETTERS):
        named = name_date(source.told.rpartition("/")[2]) or When(confidence=0.0)
        when = noted_date(notes["date"]) if "date" in notes else named
        yield Item("story", body, where, when, name=notes.get("from", ""), chat=notes.get("title", ""))
    else:
        item, doubt = _letter(body.split("\n"), notes, source.told.rpartition("/")[2])
        yield msgspec.structs.replace(item, text=body, where=where)
        if doubt:
            yield problem(where, doubt, item.when.text, ambiguous=True)
    if garbled := damage(body):
        yield problem(where, garbled, body, ambiguous=True)


def _letter(lines: list[str], notes: Notes, name: str) -> tuple[Item, str]:
    """(a letter without its text, what is doubtful about it)."""
    when, at, doubt = letter_date(lines, name)
    others = [line for i, line in enumerate(lines) if line.strip() and i != at]
    last = max((i for i, line in enumerate(lines) if line.strip() and i != at), default=0)
    to = notes.get("to") or next(filter(None, map(addressee, others[:_HEADING])), "")
    sender = notes.get("from") or signature(others, at > last)
    if "date" in notes:
        when, doubt = noted_date(notes["date"]), ""
    title = notes.get("title", "")
    return Item(
        "letter", "", Where(""), when, sender, sender, chat=title, to=(to,) if to else (), place=notes.get("place", "")
    ), doubt  # fmt: skip
