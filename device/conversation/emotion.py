"""What a clause feels like, by its words: so that eyes and the corners of the mouth speak, too. Pure.

Few words, and only such as carry a feeling of their own; what is denied ("I was never sad") carries none. Where nothing
is found the face stays calm: a smile in the wrong place hurts more than none in the right one.
"""

from __future__ import annotations

import re

GRAVE = ("crisis",)
"""Routes on which nothing is smiled about."""

_FEELINGS: tuple[tuple[str, str, str], ...] = (
    ("laughing", r"\bha(?:\W?ha)+\b", r"哈哈|呵呵"),
    (
        "sad",
        r"\b(?:died|dead|death|funeral|graves?|cr(?:y|ied|ying)|wept|tears|mourn\w*|sad|sorry|lost (?:her|him|them)|"
        r"buried|passed away)\b",
        r"去世|过世|病逝|葬礼|坟|眼泪|流泪|哭|难过|伤心|可怜|对不起",
    ),
    (
        "moved",
        r"\b(?:miss(?:ed)? (?:you|her|him|them|home)|proud|grateful|thankful|never forget|forgive|homesick)\b",
        r"想你|想她|想他|想念|挂念|舍不得|骄傲|感激|忘不了|原谅|想家",
    ),
    (
        "serious",
        r"\b(?:afraid|danger\w*|wars?|flood\w*|accident|storm|typhoon|hunger|hungry|frightened|be careful|sign only)\b",
        r"害怕|危险|打仗|战争|洪水|大水|事故|台风|饥荒|饿|当心|小心",
    ),
    (
        "happy",
        r"\b(?:laugh\w*|funny|jokes?|happy|happiest|glad|joy|danc\w+|wedding|birthday|delicious|sang|smil\w+)\b",
        r"高兴|开心|快活|快乐|好笑|笑|好玩|结婚|婚礼|生日|好吃|唱歌|跳舞",
    ),
    (
        "surprised",
        r"\b(?:imagine|would you believe|suddenly|all at once|unbelievable)\b",
        r"居然|没想到|想不到|忽然|突然|哎呀",
    ),
    (
        "warm",
        r"\b(?:love[ds]?|dear|darling|sweet\w*|hug\w*|kiss\w*|kind|there you are|sit down|my (?:girl|boy|child))\b",
        r"爱|亲爱|宝贝|乖|疼你|喜欢|来啦|好孩子|坐",
    ),
)  # fmt: skip
_DENIED = {
    "en": re.compile(
        r"\b(?:not|never|no|nobody|without|n't|cannot|don't|didn't|wasn't|isn't|hardly)\W+(?:\w+\W+){0,2}$"
    ),
    "zh": re.compile(r"(?:没有?|不|别|莫|勿|未)[^，。！？；]{0,2}$"),
}


def emotion_of(text: str, language: str, route: str = "") -> str:
    """One of `face.motion.EMOTIONS` for a clause in "en" or "zh"; "neutral" where no word speaks of one."""
    if route in GRAVE:
        return "serious"
    plain = text.lower().replace("’", "'")
    for name, english, chinese in _FEELINGS:
        for found in re.finditer(chinese if language == "zh" else english, plain):
            if not _DENIED["zh" if language == "zh" else "en"].search(plain[: found.start()]):
                return name
    return "neutral"
