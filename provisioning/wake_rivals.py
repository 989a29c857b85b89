"""What is called in a house and sounds almost like the persona's name: other people's, in its own phrases."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from device.sounds_like import alike

_TERMS = {
    "en": "Grandma Grandpa Granny Granddad Papa Mama Dad Mum Auntie Uncle everyone",
    "zh": "外公 外婆 爷爷 奶奶 姥爷 姥姥 爸爸 妈妈 老公 老婆 太公 阿公 阿婆 公公 舅舅 阿姨 大家",
}
TERMS = {language: terms.split() for language, terms in _TERMS.items()}
"""Terms of address."""


def rivals_of(phrase: str, names: Sequence[str]) -> Iterator[str]:
    """The phrase with somebody else in it; nothing where it holds no term of address and none of the persona's
    `names`. "外公你好" -> "外婆你好", "爷爷你好" ..."""
    language = "zh" if re.search("[\u3400-\u9fff]", phrase) else "en"
    there = [name for name in (*names, *TERMS[language]) if name.casefold() in phrase.casefold()]
    if not there:
        return
    name = max(there, key=len)
    for term in TERMS[language]:
        if not any(alike(term, other) for other in (name, *names)):
            yield re.sub(re.escape(name), term, phrase, count=1, flags=re.I)
