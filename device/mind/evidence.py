"""Checks a sentence that the language model wrote against the memories it may lean on, before it is spoken. Pure.

The rule is strict, since a small model invents fluently: every word that carries meaning must stand in the evidence
(the memories, the question, the persona's own texts) or be one of the harmless words of conversation. Names, numbers
and kinship words must stand there exactly, and a statement must not turn a yes into a no or a no into a yes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from device.mind import sentences
from device.mind.lexicon import CHINESE_STOP, ENGLISH_NUMBERS, ENGLISH_STOP, HARMLESS_CHINESE, HARMLESS_ENGLISH, KIN
from device.mind.words import stem

_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?|\d+(?:[.,]\d+)*")
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
_ENGLISH_NO = re.compile(r"\b(?:not|no|never|nobody|nothing|none|neither|nor|cannot|without)\b|n['’]t\b", re.IGNORECASE)
_CHINESE_NO = re.compile(r"不(?!过|管|但|晓得你|知道你)|没|别|莫|勿|未")
_CHINESE_NUMBER = re.compile(
    r"[零〇一二两三四五六七八九十百千万半\d]+(?=[年月日号岁个回次根颗条只趟盘块张级斤两公里分钟天夜遍座桥层楼]|$)"
)
_KIN_WORDS = {word: frozenset(line.split()) for line in KIN for word in line.split()}
_NOT_NAMES = frozenset(["i", "i'm", "i'd", "i'll", "i've", "english", "chinese"])

ECHO_SHARE = 0.55
"""Of a sentence's words: with so many of them taken from what was said, it is an echo."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a sentence may be spoken, and what stands against it."""

    supported: bool
    problems: tuple[str, ...] = ()


def check(sentence: str, evidence: Sequence[str], context: Sequence[str] = ()) -> Verdict:
    """A sentence against the memories it cites. `context` (the question, the persona's texts) may lend words, not
    facts."""
    memory, known = "\n".join(evidence), "\n".join((*evidence, *context))
    problems = [
        *_numbers(sentence, memory),
        *_names(sentence, known),
        *_kin(sentence, known),
        *_english_words(sentence, known),
        *_chinese_words(sentence, known),
        *_polarity(sentence, evidence),
    ]
    return Verdict(not problems, tuple(problems))


def echoes(sentence: str, said: str) -> bool:
    """Whether a sentence only says again what was said: a small model's way of having nothing to say."""
    grams = _grams(sentence)
    return bool(grams) and len(grams & _grams(said)) >= ECHO_SHARE * len(grams)


def _numbers(sentence: str, memory: str) -> list[str]:
    lower = memory.lower()
    english = [w for w in _WORD.findall(sentence.lower()) if w[0].isdigit() or w in ENGLISH_NUMBERS]
    missing = [w for w in english if not re.search(rf"\b{re.escape(w)}\b", lower)]
    missing += [n for n in _CHINESE_NUMBER.findall(sentence) if n not in ("一", "两") and n not in memory]
    return [f"number {n}" for n in missing]


def _names(sentence: str, known: str) -> list[str]:
    """Capitalised words are names, but for the first of a sentence when it is an ordinary word."""
    problems = []
    for part in sentences.split(sentence):
        for match in _WORD.finditer(part):
            word = match.group()
            first = not part[: match.start()].strip(" \"'“(")
            plain = first and (
                word.lower() in ENGLISH_STOP
                or stem(word.lower()) in HARMLESS_ENGLISH
                or word.lower() in known.lower()
                or word.lower() in _KIN_WORDS
            )
            if (
                word[0].isupper()
                and not plain
                and word.lower() not in _NOT_NAMES
                and not re.search(rf"\b{re.escape(word)}\b", known)
            ):
                problems.append(f"name {word}")
    return problems


def _kin(sentence: str, known: str) -> list[str]:
    """A kinship word needs itself, or a word of the same relation, in the evidence."""
    words = {w.lower() for w in _WORD.findall(sentence)}
    lower = known.lower()
    said = [k for k in _KIN_WORDS if (k in words if k.isascii() else len(k) > 1 and k in sentence)]
    return [f"kin {k}" for k in said if not any(_stands(same, lower) for same in _KIN_WORDS[k])]


def _stands(word: str, text: str) -> bool:
    return bool(re.search(rf"\b{word}\b", text)) if word.isascii() else word in text


def _english_words(sentence: str, known: str) -> list[str]:
    there = {stem(w) for w in _plain_words(known)}
    said = [w for w in _plain_words(sentence) if w not in ENGLISH_STOP and not w[0].isdigit()]
    return [f"word {w}" for w in said if w not in _KIN_WORDS and stem(w) not in there | HARMLESS_ENGLISH]


def _plain_words(text: str) -> list[str]:
    return [w.lower().replace("’", "'").split("'")[0] for w in _WORD.findall(text)]


def _chinese_words(sentence: str, known: str) -> list[str]:
    """Every character must be part of a harmless word, or of two that stand together in the evidence."""
    problems = []
    for run in _HAN_RUN.findall(sentence):
        covered = [False] * len(run)
        for word in (*HARMLESS_CHINESE, *CHINESE_STOP):
            for match in re.finditer(re.escape(word), run):
                covered[match.start() : match.end()] = [True] * len(word)
        for at in range(len(run) - 1):
            if run[at : at + 2] in known:
                covered[at] = covered[at + 1] = True
        problems += [f"word {run[max(0, at - 1) : at + 2]}" for at, good in enumerate(covered) if not good]
    return problems


def _polarity(sentence: str, evidence: Sequence[str]) -> list[str]:
    """What the evidence only denies may not be affirmed, and what it only affirms may not be denied. Questions state
    nothing."""
    if sentence.rstrip().endswith(("?", "？")):
        return []
    parts = [(_grams(part), _denies(part)) for text in evidence for part in sentences.split(text)]
    stances = {gram: {denied for grams, denied in parts if gram in grams} for gram in _grams(sentence)}
    found = [stance for stance in stances.values() if stance]
    wrong = all(True not in s for s in found) if _denies(sentence) else any(s == {True} for s in found)
    return ["polarity"] if found and wrong else []


def _denies(text: str) -> bool:
    return bool(_ENGLISH_NO.search(text) or _CHINESE_NO.search(text))


def _grams(text: str) -> set[str]:
    english = {stem(w) for w in _plain_words(text) if w not in ENGLISH_STOP and not _ENGLISH_NO.fullmatch(w)}
    return english | {run[i : i + 2] for run in _HAN_RUN.findall(text) for i in range(len(run) - 1)}
