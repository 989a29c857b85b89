"""Whether two names may be one person's: a pet name, a spelling in Latin letters, or the same place in a translation.
Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import combinations

from provisioning.stories import Story


def alike(one: str, other: str) -> bool:
    """阿潮 and 听潮, Ting and 听潮, Xiulan and Shen Xiulan, Lan and Xiulan."""
    return one == other or any(
        test(a, b) for test in (_pet_name, _spelled, _short) for a, b in ((one, other), (other, one))
    )


def spelled(latin: str, chinese: str) -> bool:
    """Whether a whole Latin name is a whole Chinese one in pinyin, surname first or last: Chen Wangchuan, 陈望川."""
    parts = _pinyin(chinese)
    words = latin.lower().replace("-", "").split()
    return len(parts) > 1 and "".join(words) in ("".join(parts), "".join((*parts[1:], parts[0])))


def translated(stories: Iterable[Story]) -> Mapping[str, str]:
    """Name -> the same person's in another language: the same memory, told in both, names its people in one order."""
    by_id: dict[str, dict[str, tuple[str, ...]]] = {}
    for story in stories:
        if story.named and story.people:
            by_id.setdefault(story.id, {})[story.language] = story.people
    votes: Counter[tuple[str, str]] = Counter()
    for told in by_id.values():
        for (_, here), (_, there) in combinations(sorted(told.items()), 2):
            if len(here) == len(there):
                votes.update(zip(here, there, strict=True))
    found: dict[str, str] = {}
    for (one, other), _ in sorted(votes.items(), key=lambda vote: (-vote[1], vote[0])):
        if one not in found and other not in found:
            found[one], found[other] = other, one
    return found


def _pet_name(short: str, full: str) -> bool:
    if short.isascii():
        return full.isascii() and short in full.split()
    core = re.sub(r"^[阿小老]|儿$", "", short)
    core = core[0] if len(set(core)) == 1 and core else core
    return not full.isascii() and bool(core) and full.endswith(core)


def _spelled(latin: str, chinese: str) -> bool:
    parts = _pinyin(chinese) if latin.isascii() else []
    if not parts:
        return False
    given = parts[1:] if len(parts) > 2 else parts
    words = latin.lower().split()
    return "".join(given) in words or "".join(parts) == "".join(words) or (len(words) == 1 and words[0] in given)


def _short(short: str, full: str) -> bool:
    """Lan for Xiulan."""
    if not (short.isascii() and full.isascii() and len(short) > 2):
        return False
    return any(
        w != short.lower() and (w.startswith(short.lower()) or w.endswith(short.lower())) for w in full.lower().split()
    )


def _pinyin(chinese: str) -> list[str]:
    if not re.fullmatch(r"[\u4e00-\u9fff]{2,4}", chinese):
        return []
    from pypinyin import lazy_pinyin

    return list(lazy_pinyin(chinese))
