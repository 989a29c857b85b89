"""Chinese text to the symbols of the CSMSC corpus: initials, finals with their tone, prosodic breaks.

Words by jieba, pinyin with tone sandhi by pypinyin; the corpus marks the end of a word with #1 and that of an
intonational phrase with #3 (#2, between them, would need a parse).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import jieba
from pypinyin import Style, lazy_pinyin

from device.voice import loanwords
from device.voice.phones import Phone

SILENCE, SYLLABLE, WORD, PHRASE = "sil", "#0", "#1", "#3"

_PART = re.compile(r"[\u3400-\u9fff]+|[A-Za-z][A-Za-z' -]*|[^A-Za-z\u3400-\u9fff]+")
_PAUSE = re.compile(r"[,.;:!?，。；：！？、…—]")
_SYLLABLE = re.compile(r"([a-zü]+)([1-5])")
_GRUNTS = {"n": "en", "ng": "en", "m": "mu", "hm": "hen", "hng": "heng", "ê": "ei", "yo": "you", "lo": "luo"}
"""Interjections (嗯, 呣, 哼, 诶, 哟, 咯) -> the nearest syllable of the corpus."""

Syllables = Mapping[str, tuple[str, str]]
"""Pinyin without a tone -> initial ("^" where there is none) and final."""


def symbols(text: str, syllables: Syllables) -> list[str]:
    """One clause -> the corpus's symbols between two silences; none if there is nothing to pronounce."""
    spoken = list(_spoken(text, syllables))
    while spoken and spoken[-1].startswith("#"):
        spoken.pop()
    return [SILENCE, *spoken, SILENCE] if spoken else []


def _spoken(text: str, syllables: Syllables) -> Iterator[str]:
    begun = False
    for part in _PART.findall(text):
        if "\u3400" <= part[0] <= "\u9fff":
            yield from _hanzi(part, syllables)
        elif part[0].isascii() and part[0].isalpha():
            yield from loanwords.symbols(part)
            yield WORD
        elif begun and _PAUSE.search(part):
            yield PHRASE
        begun = True


def _hanzi(text: str, syllables: Syllables) -> Iterator[str]:
    words = jieba.lcut(text)
    pinyin = lazy_pinyin(words, style=Style.TONE3, neutral_tone_with_five=True, tone_sandhi=True, errors="ignore")
    ends: set[int] = set()
    for word in words:
        ends.add(max(ends, default=0) + len(word))
    for at, reading in enumerate(pinyin, 1):
        match = _SYLLABLE.fullmatch(reading)
        plain = match[1].replace("ü", "v") if match else ""
        parts = syllables.get(plain) or syllables.get(_GRUNTS.get(plain, ""))
        if match and parts:
            yield from (parts[0], parts[1] + match[2], WORD if at in ends else SYLLABLE)


# --- mouth shapes ---

_BREAKS = {SILENCE: "_", SYLLABLE: " ", WORD: " ", PHRASE: ","}
_IPA_INITIALS = {
    "^": "h", "b": "p", "p": "p", "m": "m", "f": "f", "d": "t", "t": "t", "n": "n", "l": "l", "g": "k", "k": "k",
    "h": "x", "j": "ʨ", "q": "ʨ", "x": "ɕ", "zh": "ꭧ", "ch": "ꭧ", "sh": "ʂ", "r": "ʐ", "z": "ʦ", "c": "ʦ", "s": "s",
}  # fmt: skip
_IPA_FINALS = {
    "ai": "ai", "an": "an", "ang": "aŋ", "ao": "au", "ei": "ei", "en": "ən", "eng": "əŋ", "er": "ɚ", "ia": "ia",
    "ian": "iɛn", "iang": "iaŋ", "iao": "iau", "ie": "iɛ", "ii": "ɨ", "iii": "ɨ", "in": "in", "ing": "iŋ",
    "iong": "yʊŋ", "iou": "iou", "ong": "ʊŋ", "ou": "ou", "ua": "ua", "uai": "uai", "uan": "uan", "uang": "uaŋ",
    "uei": "uei", "uen": "uən", "ueng": "uəŋ", "uo": "uo", "v": "y", "van": "yɛn", "ve": "yɛ", "vn": "yn", "e": "ɤ",
}  # fmt: skip
_OPEN = "aoeɛəʊɤɚ"
_TONE = "→"


def phones(symbol: str, seconds: float) -> list[Phone]:
    """A symbol of the corpus that lasts `seconds` -> its sounds; the main vowel has twice the time of what glides to it
    and from it."""
    alone = _BREAKS.get(symbol) or _IPA_INITIALS.get(symbol)
    if alone:
        return [Phone(alone, seconds)]
    sounds = _IPA_FINALS.get(symbol[:-1], symbol[:-1])
    main = next((at for at, sound in enumerate(sounds) if sound in _OPEN), 0)
    shares = [2 if at == main else 1 for at in range(len(sounds))]
    spoken = [Phone(sound, seconds * share / sum(shares)) for sound, share in zip(sounds, shares, strict=True)]
    return spoken if symbol[-1] == "5" else [*spoken, Phone(_TONE, 0.0)]
