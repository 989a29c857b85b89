"""How Chinese characters with several readings are read: the family's own names, and verbs that dictionaries take for
nouns. It applies to the whole process, as jieba and pypinyin keep one dictionary each."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from functools import cache

import jieba
from pypinyin import load_phrases_dict, load_single_dict
from pypinyin.contrib.tone_convert import to_tone

from device.errors import BadInput

_SYLLABLES = re.compile(r"[a-zü]+[1-5](?: [a-zü]+[1-5])*")
_VERBS = {"数": "shu3", "量": "liang2"}
"""Alone they are mostly verbs (to count, to measure); as nouns they stand in compounds."""


@cache
def prepare() -> None:
    """Loads the dictionaries, so that the first clause need not wait for them."""
    jieba.setLogLevel(logging.ERROR)
    jieba.initialize()
    nouns = {"数": "shù", "量": "liàng"}
    load_single_dict({ord(verb): f"{to_tone(reading)},{nouns[verb]}" for verb, reading in _VERBS.items()})
    first = {verb: [to_tone(reading)] for verb, reading in _VERBS.items()}
    after = {"了": "le", "着": "zhe", "过": "guò", "到": "dào", "出": "chū", "完": "wán", "清": "qīng", "好": "hǎo"}
    load_phrases_dict({verb + c: [tone, [said]] for verb, tone in first.items() for c, said in after.items()})


def learn(readings: Mapping[str, str]) -> None:
    """Words and how they are read, as {"盐船弄": "yan2 chuan2 long4"}. Raises BadInput naming the first wrong one."""
    prepare()
    for word, reading in readings.items():
        syllables = reading.split()
        if not _SYLLABLES.fullmatch(" ".join(syllables)) or len(syllables) != len(word):
            raise BadInput(
                f"reading of {word}", expected="pinyin with tone figures, a syllable a character", got=repr(reading)
            )
        jieba.add_word(word)
        load_phrases_dict({word: [[to_tone(syllable)] for syllable in syllables]})
