"""Places named in a text: those of a list, those that the family named, and words that end as places do. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from device.schema import read_toml

_TABLE = read_toml(Path(__file__).with_name("places.toml"))
CHINESE = frozenset(_TABLE["zh"].split())
ENGLISH = frozenset(name.replace("_", " ") for name in _TABLE["en"].split())

_NO_PLACE = frozenset(_TABLE["no_places"].split())
_HAN = r"[\u4e00-\u9fff]"
_ENDING = re.compile(
    rf"(?:(?<=[在到去从回住过来是叫])|(?<![\u4e00-\u9fff]))"
    rf"({_HAN}{{2,4}}?(?:弄堂|胡同|弄|巷|里弄|大街|街|大道|路|新村|大队|公社|农场|林场|村|镇|乡|县|码头|渡口|车站|中学|小学|大学|"
    rf"公园|寺|塔|大桥|厂))(?!上课|灯|边摊|费)"
)
_STREET = re.compile(
    r"\b((?:[A-Z][a-z]+ ){1,3}(?:Street|Road|Lane|Avenue|Square|Bridge|Park|Hill|Village|River|Lake|Island|Bay|Harbour|"
    r"Harbor|School|College|University|Station|Market|Pagoda|Temple|Church|Hospital|Factory))\b"
)
_NEAR = re.compile(r"\b(?:in|to|from|near|at) ((?:[A-Z][a-z]+)(?: (?:[A-Z][a-z]+))?)\b")
_VERBS = re.compile(r"[我你您他她它是说讲的了不就要来去被把给让会能都很]")
_LEAD = re.compile(r"^(?:我们?|看|找|进|就|一直|那时|后来|以前|当时|都|又|常|就在|去|在|到|从|回|住|和|跟|过|来)+")


def place_of(text: str, known: Iterable[str] = ()) -> str:
    """The most exact place that a text names; "" for none. `known`: what the family itself calls places."""
    for name in sorted(known, key=lambda n: (-len(n), n)):
        if name and _stands(name, text):
            return name
    for match in _ENDING.finditer(text):
        name = _LEAD.sub("", match.group(1))
        if (
            len(name) >= 3
            and name not in _NO_PLACE
            and not _VERBS.search(name)
            and not name.startswith(("一", "这", "那", "两", "几", "的"))
        ):
            return name
    street = _STREET.search(text)
    if street:
        return re.sub(r"^(?:The|In|At|On|From|To) ", "", street.group(1))
    return _listed(text)


def is_place(name: str) -> bool:
    """Whether a name is one of the list: no third party's."""
    return name in CHINESE or name in ENGLISH or bool(_STREET.fullmatch(name))


def _listed(text: str) -> str:
    chinese = min(((text.find(n), -len(n), n) for n in CHINESE if n in text), default=(0, 0, ""))[2]
    english = next((m.group(1) for m in _NEAR.finditer(text) if m.group(1) in ENGLISH), "")
    if not english:
        words = (m.group() for m in _CAPITALS.finditer(text))
        english = next((w for w in words if w in ENGLISH), "")
    return chinese or english


_CAPITALS = re.compile("|".join(re.escape(n) for n in sorted(ENGLISH, key=len, reverse=True)) + r"(?!\w)")


def _stands(name: str, text: str) -> bool:
    if not name.isascii():
        return name in text
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None
