"""Text to search terms, the same way when a memory is written and when it is asked for. Pure.

English: lower case, light stemming, no stop words. Chinese: every character and every pair of neighbours, since
full-text
search glues Chinese runs together and three-letter windows miss words of two characters.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from device.mind.lexicon import (
    CHINESE_SAME,
    CHINESE_STOP,
    ENGLISH_IRREGULAR,
    ENGLISH_SAME,
    ENGLISH_STOP,
    OWN_GRANDPARENTS,
    PHRASES,
)

_PIECE = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]+")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_CHINESE_STOP = re.compile("|".join(map(re.escape, CHINESE_STOP)))


@dataclass(frozen=True, slots=True)
class Term:
    """One thing a question asks about, with the index terms that would show it."""

    word: str
    alternatives: frozenset[str]
    """Index terms, `word`'s own among them."""


def language_of(text: str) -> str:
    """ "zh" if any character is Chinese, else "en"."""
    return "zh" if _CHINESE.search(text) else "en"


def index_terms(text: str) -> list[str]:
    """All terms of a text in order: stems of words; characters and pairs of characters of Chinese runs."""
    terms: list[str] = []
    for piece in _PIECE.findall(_plain(_grandparents(text, ("my", "我")))):
        if _CHINESE.match(piece):
            terms += piece
            terms += (piece[i : i + 2] for i in range(len(piece) - 1))
        else:
            terms.append(stem(piece))
    return terms


def query_terms(text: str) -> list[Term]:
    """What a question asks about: content words with their synonyms, each once, in order."""
    terms: dict[str, Term] = {}
    for piece in _PIECE.findall(_plain(simplified(_grandparents(text, ("your", "你"))))):
        found = _chinese_terms(piece) if _CHINESE.match(piece) else _english_terms(piece)
        for term in found:
            terms.setdefault(term.word, term)
    return list(terms.values())


def content_words(text: str) -> set[str]:
    """Stems of the words that carry meaning, Chinese in pairs (a lone character by itself)."""
    return {term.word for term in query_terms(text)}


@functools.lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """A light English stem: irregular forms by list, then plural, -ing and -ed."""
    if word in ENGLISH_IRREGULAR:
        return _restored(ENGLISH_IRREGULAR[word])
    if len(word) <= 3:
        return word
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("shes", "sh"), ("ches", "ch"), ("xes", "x")):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word[: -len(ending)] + instead
    if word.endswith("s") and word[-2] not in "su":
        return stem(word[:-1])
    for ending in ("ing", "ed"):
        root = word[: -len(ending)]
        if word.endswith(ending) and len(root) >= 3 and re.search("[aeiouy]", root):
            return _restored(root)
    return _restored(word)


def _restored(root: str) -> str:
    """Undoes a doubled consonant; a final e is dropped everywhere, so that live, living and lived agree."""
    if len(root) > 3 and root[-1] == root[-2] and root[-1] not in "lsz":
        return root[:-1]
    return root[:-1] if len(root) > 3 and root.endswith("e") and root[-2] != "e" else root


def _grandparents(text: str, whose: tuple[str, str]) -> str:
    for (pattern, instead), owner in zip(OWN_GRANDPARENTS, whose, strict=True):
        text = re.sub(pattern.format(whose=owner), instead, text, flags=re.IGNORECASE)
    return text


def simplified(text: str) -> str:
    """Idioms put plainly, in lower case."""
    text = text.lower()
    for pattern, instead in PHRASES:
        text = re.sub(pattern, instead, text)
    return text


def _plain(text: str) -> str:
    return text.lower().replace("’", "'").replace("'s ", " ").replace("'", " ")


def _english_terms(word: str) -> Iterator[Term]:
    if word in ENGLISH_STOP:
        return
    root = stem(word)
    yield Term(root, frozenset({root, *_english_same().get(root, ())}))


def _chinese_terms(run: str) -> Iterator[Term]:
    known = _chinese_same()
    longest = max(map(len, known))
    for start, end in _content_runs(run):
        at = start
        while at < end:
            word = next(
                (run[at : at + n] for n in range(min(longest, end - at), 0, -1) if run[at : at + n] in known), ""
            )
            if not word:
                word = run[at : at + 2] if at + 2 <= end else run[at:end]
            yield Term(word, frozenset(w for same in (word, *known.get(word, ())) for w in _findable(same)))
            at += len(word)


def _content_runs(run: str) -> Iterator[tuple[int, int]]:
    """Where a Chinese run is not stop words; a known word is never cut by one (不 within 对不起)."""
    kept = [True] * len(run)
    known = sorted((w for w in _chinese_same() if len(w) > 1), key=len, reverse=True)
    shielded: set[int] = set()
    for word in known:
        if word not in CHINESE_STOP and (at := run.find(word)) >= 0:
            shielded.update(range(at, at + len(word)))
    for match in _CHINESE_STOP.finditer(run):
        if not shielded & set(range(*match.span())):
            kept[match.start() : match.end()] = [False] * len(match.group())
    start = None
    for i, keep in enumerate([*kept, False]):
        if keep and start is None:
            start = i
        elif not keep and start is not None:
            yield start, i
            start = None


def _findable(word: str) -> Iterator[str]:
    """A Chinese word as index terms: itself up to two characters, else its first pair that is not a beginning of
    another."""
    yield word if len(word) <= 2 else word[-2:]


@functools.cache
def _english_same() -> dict[str, frozenset[str]]:
    return _table([[stem(w) for w in line.split()] for line in ENGLISH_SAME])


@functools.cache
def _chinese_same() -> dict[str, frozenset[str]]:
    return _table([line.split() for line in CHINESE_SAME])


def _table(lines: list[list[str]]) -> dict[str, frozenset[str]]:
    table: dict[str, frozenset[str]] = {}
    for words in lines:
        for word in words:
            table[word] = table.get(word, frozenset()) | frozenset(words)
    return table
