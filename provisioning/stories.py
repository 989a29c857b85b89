"""Reads `stories.txt`: paragraphs parted by blank lines, each a memory in the person's own words.

A paragraph may begin with a year or date and a colon, or be a pair of lines `Q: ` and `A: `. Lines that begin with `#`
are notes; the note `# id: x | date: 1956 | place: y | people: a, b | photo: p.jpg` right above a paragraph names it, so
that the same memory can be told in several languages (`stories.zh.txt`), and ties it to places, people and pictures.
`# question: x` says which of the tool's own questions it answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from device.errors import BadInput

MAX_BYTES = 16 << 20
MAX_PARAGRAPH = 20_000
"""Characters; a longer paragraph is a book, not a memory."""

_DATE = re.compile(r"^(\d{4}(?:-\d{2}(?:-\d{2})?)?)\s*[:：]\s*")
_LANGUAGE = re.compile(r"\.([a-z]{2})$")
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Story:
    """One memory with where it was found."""

    id: str
    text: str
    language: str
    source: str
    """Path within the shoebox."""
    line: int
    """Line of its first word, from 1."""
    when: str = ""
    """YYYY, YYYY-MM or YYYY-MM-DD; "" where the family gave no date."""
    question: str = ""
    place: str = ""
    people: tuple[str, ...] = ()
    photo: str = ""
    answers: str = ""
    """Id of the tool's question that it answers"""
    named: bool = False
    """The family gave it its id; otherwise that tells the line, and changes with it"""


def read_stories(path: Path, shoebox: Path) -> list[Story]:
    """All memories of one file. Raises BadInput for what is not text, or says nothing."""
    return parse_stories(read_text(path), path.relative_to(shoebox).as_posix())


def parse_stories(text: str, source: str) -> list[Story]:
    """The same of its text; `source` is its path within the shoebox."""
    path = Path(source)
    stories = [_story(block, source, path) for block in _blocks(text)]
    if not stories:
        raise BadInput(source, expected="paragraphs parted by blank lines", got="no paragraph")
    ids = [s.id for s in stories]
    twice = sorted({i for i in ids if ids.count(i) > 1})
    if twice:
        raise BadInput(source, expected="a different id for each paragraph", got=f"{', '.join(twice[:5])} twice")
    return stories


def read_text(path: Path) -> str:
    """A text file in UTF-8 or, as old Chinese Windows writes it, GB18030. Raises BadInput."""
    raw = path.read_bytes()
    if len(raw) > MAX_BYTES:
        raise BadInput(path.name, expected=f"at most {MAX_BYTES >> 20} MiB of text", got=f"{len(raw) >> 20} MiB")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise BadInput(path.name, expected="plain text", got="something else", hint="save it as UTF-8 text")


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """(number of the first line, lines) of each run of non-blank lines that holds more than notes."""
    block: list[str] = []
    start = 0
    for number, line in enumerate([*text.splitlines(), ""], 1):
        if line.strip():
            start = start if block else number
            block.append(line.strip())
        elif block:
            if any(not line.startswith("#") for line in block):
                yield start, block
            block = []


def _story(block: tuple[int, list[str]], source: str, path: Path) -> Story:
    start, lines = block
    notes = dict(pair for line in lines if line.startswith("#") for pair in _note(line))
    words = [line for line in lines if not line.startswith("#")]
    offset = next(i for i, line in enumerate(lines) if not line.startswith("#"))
    body = _joined(words)
    question = ""
    if words[0].startswith("Q:") and any(line.startswith("A:") for line in words):
        answer = next(i for i, line in enumerate(words) if line.startswith("A:"))
        question = _joined(words[:answer])[2:].strip()
        body = _joined(words[answer:])[2:].strip()
    date = _DATE.match(body)
    if date:
        body = body[date.end() :]
    if not body or len(body) > MAX_PARAGRAPH:
        raise BadInput(
            f"{source} line {start}", expected=f"a memory of 1 to {MAX_PARAGRAPH} characters", got=f"{len(body)}"
        )
    return Story(
        id=notes.get("id") or f"{path.name.split('.')[0]}-{start + offset}",
        text=body,
        language=_language(path, body),
        source=source,
        line=start + offset,
        when=date.group(1) if date else notes.get("date", ""),
        question=question,
        place=notes.get("place", ""),
        people=tuple(p.strip() for p in re.split(r"[,，、]", notes.get("people", "")) if p.strip()),
        photo=notes.get("photo", ""),
        answers=notes.get("question", ""),
        named="id" in notes,
    )


def _note(line: str) -> Iterator[tuple[str, str]]:
    for part in line.lstrip("# ").split("|"):
        key, colon, value = part.partition(":")
        if colon and key.strip() in ("id", "date", "place", "people", "photo", "question"):
            yield key.strip(), value.strip()


def _joined(lines: list[str]) -> str:
    """Lines of a paragraph as one: with a space between words, without one between Chinese characters."""
    text = lines[0]
    for line in lines[1:]:
        text += line if _HAN.match(line) and not text[-1:].isascii() else f" {line}"
    return text


def _language(path: Path, text: str) -> str:
    named = _LANGUAGE.search(path.stem)
    if named:
        return named.group(1)
    return "zh" if len(_HAN.findall(text)) * 3 > len(text) else "en"
