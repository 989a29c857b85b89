"""Kinship as ways through a family, which can be joined, turned round and shortened. Pure.

A way is a tuple of steps from one person to another: f father, m mother, a a parent, s son, d daughter, c a child,
h husband, w wife, p a spouse, b brother, z sister, x a brother or sister; + elder, - younger. My mother's father is
("m", "f"); said by a man's daughter's child it ends at the man himself: ("d", "c", "m", "f") shortens to ().
"""

from __future__ import annotations

from typing import Literal

Path = tuple[str, ...]
Sex = Literal["male", "female", ""]

_MALE, _FEMALE = frozenset("fhsb"), frozenset("mwdz")
_PARENTS, _CHILDREN, _SPOUSES, _SIBLINGS = frozenset("fma"), frozenset("sdc"), frozenset("hwp"), frozenset("bzx")
_BY_SEX: dict[frozenset[str], dict[Sex, str]] = {
    _PARENTS: {"male": "f", "female": "m", "": "a"},
    _CHILDREN: {"male": "s", "female": "d", "": "c"},
    _SPOUSES: {"male": "h", "female": "w", "": "p"},
    _SIBLINGS: {"male": "b", "female": "z", "": "x"},
}
_GENERAL = {"a": _PARENTS, "c": _CHILDREN, "p": _SPOUSES, "x": _SIBLINGS}
_WORDS = {
    "f": "father",
    "m": "mother",
    "a": "parent",
    "s": "son",
    "d": "daughter",
    "c": "child",
    "h": "husband",
    "w": "wife",
    "p": "spouse",
    "b": "brother",
    "z": "sister",
    "x": "sibling",
    "+": "elder-",
    "-": "younger-",
}


def sex_at(path: Path, ego: Sex = "") -> Sex:
    """Of who stands at a way's end; `ego` stands at its beginning."""
    if not path:
        return ego
    return "male" if path[-1][0] in _MALE else "female" if path[-1][0] in _FEMALE else ""


def reduced(path: Path, ego: Sex = "") -> Path | None:
    """The shortest way to the same person; () is who stands at the beginning. None where it cannot be told: the mother
    of a child of somebody whose sex is unknown."""
    done: Path = ()
    for step in path:
        joined = _joined(done, step, ego)
        if joined is None:
            return None
        done = joined
    return done


def _joined(done: Path, step: str, ego: Sex) -> Path | None:
    if not done:
        return (step,)
    last, here, before = done[-1][0], step[0], done[:-1]
    if last in _CHILDREN and here in _PARENTS:
        return _parent_of_child(before, here, ego)
    if last in _SIBLINGS and here in (_PARENTS | _SIBLINGS):
        return (*before, step)
    if last in _SPOUSES and here in _CHILDREN:
        return (*before, step)
    if last in _SPOUSES and here in _SPOUSES:
        return before
    if last in _CHILDREN and here in _SIBLINGS:
        return (*before, {"b": "s", "z": "d", "x": "c"}[here])
    if last in _PARENTS and here in _SPOUSES:
        return (*before, {"f": "m", "m": "f", "a": "a"}[last])
    if last in _PARENTS and here in _CHILDREN:
        return (*before, {"s": "b", "d": "z", "c": "x"}[here])
    return (*done, step)


def _parent_of_child(parent: Path, step: str, ego: Sex) -> Path | None:
    sex = sex_at(parent, ego)
    if step == "a" or not sex:
        return None
    if (step == "f") == (sex == "male"):
        return parent
    return _joined(parent, "h" if step == "f" else "w", ego)


def inverse(path: Path, ego: Sex = "") -> Path:
    """The way back; `ego` is the sex of who stood at the beginning."""
    back: list[str] = []
    for at in range(len(path) - 1, -1, -1):
        sex = sex_at(path[:at], ego)
        step = path[at][0]
        kind = next(k for k in (_PARENTS, _CHILDREN, _SPOUSES, _SIBLINGS) if step in k)
        turned = {_PARENTS: _CHILDREN, _CHILDREN: _PARENTS}.get(kind, kind)
        age = {"+": "-", "-": "+"}.get(path[at][1:], "")
        back.append(_BY_SEX[turned][sex] + age)
    return tuple(back)


def agreed(one: Path, other: Path) -> Path | None:
    """The more exact of two ways that may be the same, such as child and daughter; None where they cannot be."""
    if len(one) != len(other):
        return None
    steps = [_agreed_step(a, b) for a, b in zip(one, other, strict=True)]
    return None if None in steps else tuple(s for s in steps if s)


def _agreed_step(one: str, other: str) -> str | None:
    if one[1:] and other[1:] and one[1:] != other[1:]:
        return None
    age = one[1:] or other[1:]
    if one[0] == other[0] or one[0] in _GENERAL.get(other[0], ()):
        return one[0] + age
    return other[0] + age if other[0] in _GENERAL.get(one[0], ()) else None


def word(path: Path) -> str:
    """In one word of English: mothers-father, elder-brother; "self" for ()."""
    if not path:
        return "self"
    parts = [_WORDS.get(step[1:], "") + _WORDS[step[0]] for step in path]
    return "-".join([f"{part}s" for part in parts[:-1]] + parts[-1:])


def parsed(text: str) -> Path | None:
    """`word` turned round: what a family writes in review/people.toml; None for what is no such word."""
    names = {name: step for step, name in _WORDS.items() if step.isalpha()}
    ages = {"elder": "+", "younger": "-"}
    path: list[str] = []
    age = ""
    for part in text.lower().replace("'", "").replace(" ", "-").split("-"):
        step = names.get(part) or names.get(part.removesuffix("s"))
        if part in ages:
            age = ages[part]
        elif step:
            path.append(step + age)
            age = ""
        else:
            return None
    return tuple(path) if path else None
