"""The person's family, from all places where somebody is called a relative. What contradicts itself is asked. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from provisioning.memories.kin_evidence import Evidence
from provisioning.memories.kin_path import Path, Sex, word
from provisioning.memories.kinship import CHINESE_WORD, ENGLISH, ENGLISH_WORD, any_of, kin_of, narrowed, ways
from provisioning.memories.memory import Question, Relative
from provisioning.memories.questions import id_for
from provisioning.memories.review import People
from provisioning.memories.same_name import alike

CITED = 3
"""Places that are shown for each relative."""
SURE = 2
"""Places from which on a kinship is certain."""

_KIN_SAID = re.compile(
    rf"(?P<whose>[我你您])(?:们|的)?(?P<zh>{CHINESE_WORD})|"
    rf"\b(?P<en_whose>[Mm]y|[Oo]ur|[Yy]our) (?:\w+ )?(?P<en>{ENGLISH_WORD})\b"
)


@dataclass(frozen=True, slots=True)
class Kin:
    """One relative with the ways that they may be related; several where the material does not say which."""

    name: str
    also: tuple[str, ...]
    ways: tuple[Path, ...]
    contradictory: bool
    evidence: tuple[Evidence, ...]


class Family:
    """Who belongs to the person's family, and how each is called."""

    def __init__(self, kin: Sequence[Kin], sex: Sex) -> None:
        self.kin = tuple(kin)
        self._sex = sex
        self._by_name = {name: one for one in kin for name in (one.name, *one.also)}
        self._names = re.compile(any_of(n for n in self._by_name if len(n) > 1) or "(?!)")

    @property
    def names(self) -> frozenset[str]:
        """All names of relatives."""
        return frozenset(self._by_name)

    def ways_to(self, name: str) -> tuple[Path, ...]:
        """How somebody is related; () for who is not, or in contradiction."""
        one = self._by_name.get(name)
        return () if one is None or one.contradictory else one.ways

    def named_in(self, text: str, to: tuple[Path, ...] = ()) -> tuple[str, ...]:
        """Relatives whom a text of the person's names or calls by kinship, in its order: 你外婆 by her name where it is
        known, else by the word itself."""
        found: dict[str, None] = {}
        for match in self._names.finditer(text):
            around = text[match.start() - 1 : match.start()] + text[match.end() : match.end() + 1]
            if not (match[0].isascii() and any(c.isascii() and c.isalnum() for c in around)):
                found[match[0]] = None
        for match in _KIN_SAID.finditer(text):
            said = match["zh"] or match["en"]
            way = ways(said.lower())
            if (match["whose"] or match["en_whose"]).lower() in ("你", "您", "your"):
                way = kin_of(to, way, self._sex)
            if way and () not in way:
                found[self._one(way, not said.isascii()) or (said.capitalize() if said.isascii() else said)] = None
        return self.each_once(found)

    def _one(self, way: tuple[Path, ...], chinese: bool) -> str:
        """Name, in the language's letters where there is one, of the only relative who is related so; "" for none or
        several."""
        fitting = [k for k in self.kin if not k.contradictory and narrowed(k.ways, way)]
        if len(fitting) != 1:
            return ""
        names = (fitting[0].name, *fitting[0].also)
        return next((name for name in names if name.isascii() != chinese), names[0])

    def each_once(self, names: Iterable[str]) -> tuple[str, ...]:
        """The first name of each relative; of others all."""
        by_chief = {self._by_name[n].name if n in self._by_name else n: n for n in reversed(list(names))}
        return tuple(reversed(by_chief.values()))


def family(evidence: Iterable[Evidence], people: People, sex: Sex, pairs: Mapping[str, str] | None = None) -> Family:
    """The tree of all evidence; what review/people.toml says overrules it. `pairs`: see `same_name.translated`."""
    found = list(evidence)
    chief = _chiefs(found, people, pairs or {})
    told: dict[str, list[Evidence]] = {name: [] for name in people.kinship}
    for one in found:
        told.setdefault(chief[one.name], []).append(one)
    kin = []
    for name in sorted(told):
        also = {alias for alias, of in chief.items() if of == name} - {name}
        override = people.kinship.get(name)
        known = _folded(told[name], sex) if override is None else _own_sex(ways(override.lower()), sex)
        if known or override is None:
            kin.append(Kin(name, tuple(sorted(also)), known, not known, tuple(told[name])))
    return Family(kin, sex)


def relatives(tree: Family) -> tuple[Relative, ...]:
    """As they are shown to the family."""
    shown = []
    for one in tree.kin:
        sure = 0.0 if one.contradictory else min(1.0, 0.6 + 0.2 * len(one.evidence)) if one.evidence else 1.0
        cited = tuple(dict.fromkeys(e.cited for e in one.evidence))[:CITED]
        shown.append(Relative(one.name, kinship_word(one.ways), one.also, _children(tree, one), cited, round(sure, 2)))
    return tuple(shown)


def contradictions(tree: Family) -> tuple[Question, ...]:
    """What only the family can decide."""
    asked = []
    for one in tree.kin:
        if one.contradictory:
            said = sorted({kinship_word(e.ways) for e in one.evidence})
            where = "; ".join(sorted({e.cited.path for e in one.evidence})[:CITED])
            asked.append(
                Question(
                    id_for("kin", one.name),
                    "family",
                    f"How is {one.name} related? The material says {' and '.join(said)}.",
                    f"{one.name}是家里的什么人？材料里说法不一：{'、'.join(said)}。",
                    f"It says so in {where}; write the answer into review/people.toml.",
                    f"出处：{where}；请写进 review/people.toml。",
                    1.0,
                )
            )
    return tuple(asked)


def kinship_word(found: tuple[Path, ...]) -> str:
    """One word of English: the exact one, or the ordinary word that covers several ways; "" for none."""
    if len(found) == 1:
        return word(found[0])
    return next((name for name, meant in ENGLISH.items() if set(found) <= set(meant)), word(found[0])) if found else ""


def _chiefs(evidence: Sequence[Evidence], people: People, pairs: Mapping[str, str]) -> dict[str, str]:
    """Every name -> the one that somebody is known by: the family's own choice, or the one that occurs most."""
    counts = Counter(e.name for e in evidence)
    by_name: dict[str, list[Evidence]] = defaultdict(list)
    for one in evidence:
        by_name[one.name].append(one)
    chief = {name: name for name in people.kinship} | dict(people.merge) | {n: n for n in people.merge.values()}
    names = sorted({*counts, *pairs}, key=lambda n: (-counts[n], -len(n), n))
    for name in names:
        if name not in chief:
            chief[name] = next((chief[other] for other in chief if _same(name, other, by_name, pairs)), name)
    return chief


def _same(name: str, other: str, by_name: Mapping[str, list[Evidence]], pairs: Mapping[str, str]) -> bool:
    """Whether two names may be one person's, and nothing speaks against it."""
    if not (alike(name, other) or pairs.get(name) == other):
        return False
    return all(narrowed(a.ways, b.ways) for a in by_name.get(name, ()) for b in by_name.get(other, ()))


def _folded(found: Sequence[Evidence], sex: Sex) -> tuple[Path, ...]:
    """What agrees with all of the evidence; () where that contradicts itself."""
    sets = Counter(_own_sex(e.ways, sex) for e in found)
    known: tuple[Path, ...] = ()
    for at, (more, _) in enumerate(sorted(sets.items(), key=lambda item: (-item[1], item[0]))):
        known = narrowed(known, more) if at else more
        if not known:
            return ()
    return tuple(sorted(known))


def _own_sex(found: tuple[Path, ...], sex: Sex) -> tuple[Path, ...]:
    """The person's own spouse by the person's sex."""
    spouse = {"male": "w", "female": "h"}.get(sex, "p")
    return tuple((spouse, *way[1:]) if way[:1] == ("p",) else way for way in found)


def _children(tree: Family, one: Kin) -> tuple[str, ...]:
    """Names of the relatives who are one's children, where there is nobody else who could be their parent."""
    if len(one.ways) != 1:
        return ()
    way = one.ways[0]
    if way in (("w",), ("h",), ("p",)):
        return tuple(k.name for k in tree.kin if k.ways and all(len(w) == 1 and w[0] in "sdc" for w in k.ways))
    rivals = [k for k in tree.kin if k.ways == one.ways]
    if len(rivals) > 1 or way[-1][0] not in "sdc":
        return ()
    return tuple(k.name for k in tree.kin if len(k.ways) == 1 and k.ways[0][:-1] == way and k.ways[0][-1][0] in "sdc")
