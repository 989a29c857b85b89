"""How far up or down the family a relative stands, from kinship in one word of English."""

from __future__ import annotations

from functools import cache

from provisioning.memories import kin_path
from provisioning.memories.kinship import CHINESE

UP = {
    "father": 1,
    "mother": 1,
    "parent": 1,
    "grandfather": 2,
    "grandmother": 2,
    "grandparent": 2,
    "uncle": 1,
    "aunt": 1,
}
SAME = dict.fromkeys(("wife", "husband", "spouse", "partner", "brother", "sister", "sibling", "cousin"), 0)
DOWN = {"son": -1, "daughter": -1, "child": -1, "grandson": -2, "granddaughter": -2, "grandchild": -2}
DOWN |= {"nephew": -1, "niece": -1}
STEPS = {**UP, **SAME, **DOWN}
SPOUSES = frozenset({"wife", "husband", "spouse", "partner"})

OTHERS = {
    "friend": "朋友",
    "neighbour": "邻居",
    "colleague": "同事",
    "cousin": "表亲",
    "grandfather": "祖父",
    "grandmother": "祖母",
    "grandson": "孙子",
    "granddaughter": "孙女",
    "uncle": "叔伯舅",
    "aunt": "姑姨",
    "brother": "兄弟",
    "sister": "姐妹",
    "sibling": "兄弟姐妹",
    "child": "孩子",
    "parent": "父母",
    "nephew": "侄子",
    "niece": "侄女",
    "grandchild": "孙辈",
    "daughters-child": "外孙辈",
    "sons-child": "孙辈",
    "childs-child": "孙辈",
    "grandparent": "祖辈",
    "son-in-law": "女婿",
    "daughter-in-law": "儿媳",
    "father-in-law": "岳父",
    "mother-in-law": "岳母",
}


@cache
def _chinese() -> dict[str, str]:
    """Kinship in one word of English -> the first Chinese word that means just that."""
    found: dict[str, str] = {}
    for chinese_word, ways in CHINESE.items():
        if len(ways) == 1:
            found.setdefault(kin_path.word(ways[0]), chinese_word)
    return {**found, **OTHERS}


def generation(kinship: str) -> int | None:
    """Generations above (+) or below (-) the person: mothers-father 2, daughters-son -2; None for none of the
    family or an unknown word."""
    words = [w for w in kinship.lower().replace("_", "-").split("-") if w not in ("elder", "younger", "in", "law")]
    total = 0
    for part in words:
        step = STEPS.get(part, STEPS.get(part.removesuffix("s")))
        if step is None:
            return None
        total += step
    return total if words else None


def chinese(kinship: str) -> str:
    """The kinship in Chinese; "" where there is no word for it."""
    return _chinese().get(kinship.lower().replace("_", "-"), "")


def english(kinship: str) -> str:
    """The kinship as one says it: mother's father."""
    words = kinship.lower().replace("_", "-").split("-")
    told = [
        f"{w[:-1]}'s" if w.endswith("s") and w[:-1] in STEPS and n < len(words) - 1 else w for n, w in enumerate(words)
    ]
    return " ".join(told).replace(" in law", "-in-law")


def whose(kinship: str) -> str:
    """Through whom they are related: the mother's for mothers-father, the son's for sons-daughter; "" directly."""
    first, dash, _ = kinship.lower().replace("_", "-").partition("-")
    return first[:-1] if dash and first.endswith("s") and first[:-1] in STEPS else ""


def is_spouse(kinship: str) -> bool:
    """Whether it is the person's husband or wife."""
    return kinship.lower() in SPOUSES
