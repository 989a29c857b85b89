"""Cuts a letter, or any long text, into pieces of one to four sentences that can be told by themselves. Pure.

A paragraph is mostly about one thing and stays whole where it is short. A long one is cut between sentences, never
before one that leans on the sentence before ("She said ..."). Salutation and signature are no pieces; they say to whom
and by whom.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from device.mind import sentences
from device.mind.quote import leans
from device.mind.words import language_of

MOST = 4
"""Sentences of a piece; a fifth only where it leans."""
LIKED = 3
SHORT_MOST, SHORT_CHARACTERS = 6, 110
"""A paragraph of so many sentences is still whole where they are so short."""
MAX_CHARACTERS = 400
"""What the language model is shown of a memory (`device.mind.prompt.MAX_QUOTED`)."""
SHORT = {"en": 10, "zh": 18}
"""Words, Chinese characters: a paragraph below it is told with its neighbour."""
TITLE_LINES = 4
AT_ONCE = 120
"""Sentences among which the best cuts are looked for; only a book's paragraph has more."""
CLOSING_LINES = 6
LEANING = 5.0
"""What a piece that begins leaning costs, against one sentence more or less than LIKED."""

_HAN = re.compile(r"[\u3400-\u9fff]")
_ENDED = re.compile(r"[.!?。！？…~～][”’」』\"')）]*$")
_GREETED = re.compile(r"^(?:(?:my )?dear(?:est)? |亲爱的|敬爱的|致)?\s*(.{1,24}?)\s*[,，:：!！]?$", re.IGNORECASE)
_CLOSING = re.compile(
    r"^(?:此致|敬礼|祝(?:好|安|你|您|全家|身体)|顺颂|即颂|敬上|盼(?:复|回信)|love|with love|best|kind regards|regards|"
    r"warmly|sincerely|yours\b|always|x+$)",
    re.IGNORECASE,
)
_WRITTEN = re.compile(
    r"[(\[（【][^()\[\]（）【】]{0,8}(?:表情|图片|照片|语音|动画)[^()\[\]（）【】]{0,8}[)\]）】]|\[[^\[\]\n]{1,8}\]"
)
_URL = re.compile(r"https?://\S+|www\.\S+")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some sentences, and the line (from 0) of the text on which they begin."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter taken apart."""

    to: str
    signature: str
    pieces: tuple[Piece, ...]
    title: str = ""


def take_apart(text: str) -> Letter:
    """A letter's pieces, whom it greets and who signs it."""
    lines, signature = _unsigned(text.splitlines())
    lines, title = _untitled(lines)
    paragraphs = list(_paragraphs(lines))
    to = _greeting(paragraphs[0].text) if len(paragraphs) > 1 else ""
    return Letter(to, signature, tuple(_cut_all(paragraphs[1:] if to else paragraphs)), title)


def _untitled(lines: list[str]) -> tuple[list[str], str]:
    """Without the title and the date above a letter: short lines that end no sentence, or whatever stands above its
    salutation. Lines keep their numbers. And the title, where there is one."""
    words = [at for at, line in enumerate(lines) if line.strip()]
    head = words[:TITLE_LINES]
    greeted = next((at for at in head if _greeting(lines[at].strip())), None)
    first = greeted if greeted is not None else next((at for at in head if not _titles(lines[at].strip())), None)
    if first is None:
        return lines, ""
    above = [lines[at].strip(" #　") for at in words if at < first]
    title = next((line for line in above if size(line) and not any(c.isdigit() or c in "年月" for c in line)), "")
    return [""] * first + lines[first:], title


def _titles(line: str) -> bool:
    return len(line) <= 40 and size(line) <= 12 and not _ENDED.search(line) and line[-1] not in ",，:：;；"


def _unsigned(lines: list[str]) -> tuple[list[str], str]:
    """A letter's lines without those that close it, and who signs."""
    end, signature = len(lines), ""
    for line in reversed(lines[-CLOSING_LINES:]):
        if line.strip() and not _closes(line.strip()):
            break
        name = re.sub(r"^[Yy]our ", "", line.strip(" ,，.。—-"))
        if name and not _CLOSING.match(name) and not any(c.isdigit() or c in "年月" for c in name) and len(name) <= 24:
            signature = name
        end -= 1
    return (lines[:end], signature) if any(line.strip() for line in lines[:end]) else (lines, "")


def cut(text: str) -> list[str]:
    """One text of any length in pieces."""
    return [" ".join(p.text.split()) for p in _cut_all([Piece(text, 0)])]


def spoken(text: str) -> str:
    """As it can be said aloud: no emoji, no names of stickers, no addresses of pages; one line."""
    plain = _URL.sub("", _WRITTEN.sub("", text))
    kept = "".join(c for c in plain if unicodedata.category(c) not in ("So", "Sk", "Cf", "Co", "Cs", "Cn", "Mn"))
    return " ".join(kept.split())


def joined(texts: Sequence[str]) -> str:
    """Messages sent one after the other as one text, each a sentence."""
    parts: list[str] = []
    for text in filter(None, texts):
        if parts:
            last = parts[-1]
            stop = "" if _ENDED.search(last) else "。" if language_of(last[-2:] + text[:2]) == "zh" else "."
            parts[-1] = last.rstrip(",，、;； ") + stop
        parts.append(text)
    return together(parts)


def together(parts: Iterable[str]) -> str:
    """Sentences as one text, with a space between two of Latin letters."""
    whole: list[str] = []
    for part in filter(None, parts):
        if whole and whole[-1][-1].isascii() and part[0].isascii():
            whole.append(" ")
        whole.append(part)
    return "".join(whole)


def size(text: str) -> int:
    """Words, or Chinese characters where it has any."""
    return len(_HAN.findall(text)) or len(text.split())


def _paragraphs(lines: Sequence[str]) -> Iterator[Piece]:
    blank_between = any(not line.strip() for line in lines[1:-1])
    block: list[str] = []
    start = 0
    for number, line in enumerate([*lines, ""]):
        new = not line.strip() or (not blank_between and block and _begins(line, block[-1]))
        if new and block:
            yield Piece(_together(block), start)
            block = []
        if line.strip() and not (line.startswith("#") and not block):
            start = start if block else number
            block.append(line)


def _begins(line: str, before: str) -> bool:
    """Whether a line opens a paragraph, in a text without empty lines."""
    short = size(before) < 12 and not _ENDED.search(before.strip())
    return line.startswith(("　", "  ", "\t")) or short or bool(_ENDED.search(before.strip()))


def _together(lines: Sequence[str]) -> str:
    text = lines[0].strip()
    for line in map(str.strip, lines[1:]):
        text += line if _HAN.match(line) and not text[-1:].isascii() else f" {line}"
    return text


def _greeting(text: str) -> str:
    """Who is greeted by a letter's first paragraph; "" where it is no greeting."""
    match = _GREETED.match(text) if len(text) <= 40 and text[-1:] in ",，:：!！" else None
    return match.group(1).strip() if match else ""


def _closes(line: str) -> bool:
    return len(line) <= 60 and (not _ENDED.search(line) or (len(line) <= 24 and bool(_CLOSING.match(line))))


def _cut_all(paragraphs: Sequence[Piece]) -> Iterator[Piece]:
    held: list[tuple[str, int]] = []
    for at, paragraph in enumerate(paragraphs):
        held += [(s, paragraph.line) for s in sentences.split(paragraph.text)]
        following = sentences.split(paragraphs[at + 1].text) if at + 1 < len(paragraphs) else []
        fits = len(held) + len(following) <= MOST and sum(len(s) for s, _ in held) <= MAX_CHARACTERS
        short = size("".join(s for s, _ in held)) < SHORT[language_of(paragraph.text)]
        if following and fits and (short or leans(following[0]) or size(paragraphs[at + 1].text) < SHORT["en"]):
            continue
        yield from _chunks(held)
        held = []


def _chunks(parts: Sequence[tuple[str, int]]) -> Iterator[Piece]:
    for first in range(0, len(parts), AT_ONCE):
        texts = [text for text, _ in parts[first : first + AT_ONCE]]
        start = 0
        for end in _ends(texts):
            yield Piece(together(texts[start:end]), parts[first + start][1])
            start = end


def _ends(parts: Sequence[str]) -> list[int]:
    """Where to cut, by the least cost over all ways to cut: dynamic programming over the sentences."""
    best: list[tuple[float, list[int]]] = [(0.0, [])]
    for end in range(1, len(parts) + 1):
        ways = [
            (best[start][0] + _cost(parts, start, end), [*best[start][1], end])
            for start in range(max(0, end - SHORT_MOST), end)
        ]
        best.append(min(ways, key=lambda way: way[0]))
    return best[-1][1]


def _cost(parts: Sequence[str], start: int, end: int) -> float:
    short = end <= SHORT_MOST and sum(map(len, parts[start:end])) <= SHORT_CHARACTERS
    whole = start == 0 and end == len(parts) and (end <= MOST or short)
    many = 3.0 if end - start > MOST and not whole else 0.0
    long = 4.0 if end - start > 1 and sum(map(len, parts[start:end])) > MAX_CHARACTERS else 0.0
    leaning = LEANING if start and leans(parts[start]) else 0.0
    return (0.0 if whole else float((end - start - LIKED) ** 2)) + many + long + leaning
