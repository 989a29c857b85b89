"""Talking about photographs: "tell me about this picture", 给我看看老房子. By rule and by the family's own words. Pure.

What a photograph shows is what the family wrote about it and the memory it belongs to; nobody looks at the picture and
guesses.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence

from device.mind.memory_file import MemoryRow
from device.mind.words import Term, index_terms, query_terms
from device.persona.album import Photo

MOST = 12
"""Photographs that are shown for one wish."""
ENOUGH = 0.6
"""Share of what was wished for that must stand in the family's words for a photograph."""

_PICTURE = r"(?:pictures?|photos?|photographs?|images?)"
_THIS = re.compile(
    rf"\b(?:this|that|the) {_PICTURE}\b(?! (?:of|from|with)\b)|\b(?:in|on) (?:it|here)\b.*\b{_PICTURE}|"
    r"^(?:who|what|where|when) (?:is|was|are|were) (?:this|that|these|those)$|"
    r"这(?:一)?(?:张|幅)(?:照片|相片|图片|画)?|(?:照片|相片)(?:里|上)(?!有没有)|^这(?:里|儿)?是(?:哪里|哪儿|谁|什么地方|什么时候)",
    re.IGNORECASE,
)
_SHOW = re.compile(
    r"^(?:please |can you |could you |will you )*(?:show (?:me|us)|let (?:me|us) see|i (?:want|would like) to see) "
    r"(?:(?:some|a|the|any|your|our) )?"
    rf"(?:{_PICTURE} (?:of|from|with) )?(?P<en>.+)$|"
    r"^(?:do you have|have you got|are there|is there) (?:a|any|some) "
    rf"{_PICTURE} (?:of|from|with) (?P<have>.+)$|"
    r"^(?:请|我想|我要|能不能|可以)*(?:给我|让我|给我们|让我们)?(?:再)?(?:看看|看一看|看一下|看)(?P<zh>.+?)的?(?:照片|相片)?$|"
    r"^有没有(?P<you>.+?)的?(?:照片|相片)$",
    re.IGNORECASE,
)
_ENDS = re.compile(r"(?:[\s.?!,。？！，吗呢吧啊了]|\bplease)+$", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(s|年代)?年?(?!\d)|(?<!\d)(\d)0(?:s|年代)", re.IGNORECASE)
_EMPTY = frozenset(("what", "how", "where", "it", "that", "this", "there", "书", "电视", "医生", "病", "你", "我"))
"""What "show me" or 看 is said of besides photographs."""


def wished(text: str) -> str:
    """What is to be shown, where a turn asks for nothing else; "" otherwise."""
    bare = _ENDS.sub("", text.strip())
    found = _SHOW.match(bare)
    if found is None:
        return ""
    what = next((group for group in found.groups() if group), "").strip()
    first = what.lower().split()[0] if what else ""
    return "" if first in _EMPTY or what in _EMPTY else what


def asks_about_it(text: str) -> bool:
    """The turn is about a photograph that is to be seen."""
    return _THIS.search(_ENDS.sub("", text.strip())) is not None


class Photographs:
    """The album as the mind knows it."""

    def __init__(self, photos: Sequence[Photo], memories: Sequence[MemoryRow] = ()) -> None:
        """`memories`: of the same persona; what a photograph belongs to helps to find it and to talk about it."""
        self._photos = {photo.file: photo for photo in photos}
        self._told = {(row.id, row.language): row.text for row in memories}
        self._of: dict[str, list[str]] = defaultdict(list)
        self._words: dict[str, frozenset[str]] = {}
        for photo in photos:
            if photo.memory:
                self._of[photo.memory].append(photo.file)
            texts = (self._told.get((photo.memory, language), "") for language in ("en", "zh"))
            words = " ".join((*photo.caption.values(), *photo.people, *texts))
            self._words[photo.file] = frozenset(index_terms(words))

    def get(self, file: str) -> Photo | None:
        """By its name."""
        return self._photos.get(file)

    def of(self, memory: str) -> tuple[str, ...]:
        """Files of the photographs that belong to a memory."""
        return tuple(self._of.get(memory, ()))

    def memory(self, photo: Photo, language: str) -> str:
        """The text of the memory that a photograph belongs to; "" for none in that language."""
        return self._told.get((photo.memory, language), "")

    def find(self, what: str, memories: Collection[str] = ()) -> tuple[str, ...]:
        """Files of what was wished for, best first: by the family's words and dates, and those of `memories`, which a
        search found for the same words."""
        years = [_dated(match) for match in _YEAR.finditer(what)]
        wanted = query_terms(_YEAR.sub(" ", what))
        scores = {
            file: self._score(file, wanted, memories)
            for file, photo in self._photos.items()
            if not years or any(re.match(year, photo.date) for year in years)
        }
        best = sorted((file for file, score in scores.items() if score >= ENOUGH), key=lambda file: -scores[file])
        return tuple(best[:MOST])

    def _score(self, file: str, wanted: Sequence[Term], memories: Collection[str]) -> float:
        """Of the words that were wished for the share that is there; all of it where there was only a year."""
        there = sum(bool(term.alternatives & self._words[file]) for term in wanted)
        share = there / len(wanted) if wanted else 1.0
        return share + (ENOUGH if self._photos[file].memory in memories else 0.0)


def _dated(year: re.Match[str]) -> str:
    """A year or decade that was spoken of, as a pattern of dates."""
    whole, decade, short = year.groups()
    if short:
        return rf"\d\d{short}"
    return whole[:3] if decade else str(whole)
