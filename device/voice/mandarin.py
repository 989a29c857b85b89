"""Chinese text, with English words in it, to the phonemes that Kokoro was trained on.

Words by jieba, pinyin with tone sandhi by pypinyin, pinyin to Kokoro's phonemes by misaki; English by espeak-ng (of
Piper), whose diphthongs and affricates Kokoro writes as single letters.
"""

from __future__ import annotations

import re
from functools import lru_cache

import jieba
from misaki.zh import ZHG2P
from pypinyin import Style, lazy_pinyin

from device.voice import espeak, readings

_PART = re.compile(r"[\u3400-\u9fff]+|[A-Za-z][A-Za-z' -]*|[^A-Za-z\u3400-\u9fff]+")
_SPACING_BELOW = "\u032f"

ENGLISH = {"eɪ": "A", "aɪ": "I", "oʊ": "O", "əʊ": "Q", "aʊ": "W", "ɔɪ": "Y"}
ENGLISH |= {"dʒ": "ʤ", "tʃ": "ʧ", "ɜː": "ɜɹ", "ɚ": "əɹ"}
"""espeak-ng's signs -> Kokoro's."""


def prepare() -> None:
    """Loads dictionaries, so that the first clause need not wait for them."""
    readings.prepare()
    phonemes("你好 hello")


def phonemes(text: str) -> str:
    """One clause -> Kokoro's phonemes, tones as arrows, words parted by spaces."""
    spoken = []
    for part in _PART.findall(ZHG2P.map_punctuation(text)):
        if "\u3400" <= part[0] <= "\u9fff":
            spoken.append(_hanzi(part))
        elif part[0].isascii() and part[0].isalpha():
            spoken.append(f" {_english(part)} ")
        else:
            spoken.append(part)
    return re.sub(r" +", " ", "".join(spoken)).strip()


def _hanzi(text: str) -> str:
    words = jieba.lcut(text)
    pinyin = lazy_pinyin(words, style=Style.TONE3, neutral_tone_with_five=True, tone_sandhi=True, errors="ignore")
    sounds = [_syllable(p) for p in pinyin]
    if len(sounds) != sum(map(len, words)):  # a character without a reading: word limits are lost
        return " ".join(sounds)
    result = []
    for word in words:
        result.append("".join(sounds[: len(word)]))
        sounds = sounds[len(word) :]
    return " ".join(result)


@lru_cache(maxsize=2048)
def _syllable(pinyin: str) -> str:
    try:
        return str(ZHG2P.py2ipa(pinyin)).replace(_SPACING_BELOW, "")
    except (ValueError, AssertionError, IndexError):  # an interjection misaki does not know
        return ""


def _english(text: str) -> str:
    spoken = espeak.phonemes(text)
    for sign, kokoro in ENGLISH.items():
        spoken = spoken.replace(sign, kokoro)
    return spoken.replace("ː", "").strip()
