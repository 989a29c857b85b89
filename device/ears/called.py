"""Was the frame called by a name, and what was said besides? Judged from a transcript, by its sound. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from device.sounds_like import alike, match, units

_GREETING = re.compile(
    r"(?:hello|hallo|hullo|hi|hey|oh|ah|okay|ok|dear|good (?:morning|evening|afternoon)"
    r"|你好|您好|喂|嗨|哎|诶|欸|嘿|哈[喽罗啰]|早上好|晚上好|早)[\s,，.。!！、~…]*",
    re.I,
)
_TERMS = {
    "en": "Grandma Granny Nana Grandpa Papa Mama Dad Daddy Mum Mummy Mom Auntie Aunt Uncle everyone everybody",
    "zh": "外公 外婆 爷爷 奶奶 姥爷 姥姥 爸爸 妈妈 老公 老婆 太公 太婆 阿公 阿婆 公公 婆婆 舅舅 阿姨 叔叔 大家",
}
TERMS = tuple(term for terms in _TERMS.values() for term in terms.split())
"""Who is called in a house."""
_BETWEEN = " \t\n,，.。!！?？、:：;；~…-—'\"“”’"


@dataclass(frozen=True, slots=True)
class Called:
    """A name that was found."""

    name: str
    """As it was given, not as it was written in the transcript."""
    before: str
    """What was said before it, greetings left out; empty if the sentence begins with the name."""
    rest: str
    """What was said after it, without the punctuation between."""


def called(text: str, names: Sequence[str], *, anywhere: bool = False) -> Called | None:
    """The longest of `names` with which `text` begins, greetings apart; with `anywhere`, the first that it contains.

    None where none is there. A name said twice (外公外公) is one call."""
    found = list(_calls(text, names, anywhere))
    if not found:
        return None
    start, end, name = min(found, key=lambda call: (call[0], -call[1]))
    again = called(text[end:], [name]) if end < len(text) else None
    # A greeting may come after the name, too: 外公，您好.
    rest = again.rest if again is not None else _without_greetings(text[end:])
    return Called(name, _without_greetings(text[:start]).rstrip(_BETWEEN), rest)


def _calls(text: str, names: Sequence[str], anywhere: bool) -> Iterator[tuple[int, int, str]]:
    """Start, end and name of every call."""
    said = units(text)
    for name in names:
        wanted = units(name)
        for at in range(len(said) if wanted else 0):
            if not anywhere and _without_greetings(text[: said[at].start]):
                break
            length = match(said[at:], wanted)
            if length:
                yield said[at].start, said[at + length - 1].end, name


def somebody_else(text: str, names: Sequence[str]) -> str:
    """Up to the term of address with which it begins, greetings apart, if that is none of `names`, written just so;
    else empty."""
    begin = _without_greetings(text)
    low = begin.casefold()
    found = [term for term in TERMS if re.match(rf"{term.casefold()}(?![a-z])", low)]
    term = max(found, key=len, default="")
    if not term or any(alike(term, name) for name in names):
        return ""
    return text[: text.index(begin) + len(term)]


def _without_greetings(text: str) -> str:
    text = text.lstrip(_BETWEEN).rstrip()
    while text and (greeting := _GREETING.match(text)):
        text = text[greeting.end() :].lstrip(_BETWEEN)
    return text
