"""Checks a sentence that the language model wrote against the memories it may lean on, before it is spoken. Pure.

The rule is strict, since a small model invents fluently: nearly every word that carries meaning must stand in the evidence
(the memories, the question, the persona's own texts) or be one of the harmless words of conversation. Names, numbers and
kinship words must stand there exactly, and a statement must not turn a yes into a no or a no into a yes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from device.mind import sentences
from device.mind.lexicon import CHINESE_STOP, ENGLISH_STOP, KIN
from device.mind.words import stem

_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?|\d+(?:[.,]\d+)*")
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
_ENGLISH_NO = re.compile(r"\b(?:not|no|never|nobody|nothing|none|neither|nor|cannot|without)\b|n['’]t\b", re.IGNORECASE)
_CHINESE_NO = re.compile(r"不(?!过|管|但|晓得你|知道你)|没|别|莫|勿|未")
_CHINESE_NUMBER = re.compile(r"[零〇一二两三四五六七八九十百千万半\d]+(?=[年月日号岁个回次根颗条只趟盘块张级斤两公里分钟天夜遍座桥层楼]|$)")
_ENGLISH_NUMBER = frozenset(
    """two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty
    thirty forty fifty sixty seventy eighty ninety hundred thousand million dozen second third fourth fifth twice half monday tuesday
    wednesday thursday friday saturday sunday january february march april june july august september october november december""".split()
)
_KIN_WORDS = {word: frozenset(line.split()) for line in KIN for word in line.split()}
_NOT_NAMES = frozenset("i i'm i'd i'll i've english chinese".split())

HARMLESS_ENGLISH = frozenset(
    stem(w)
    for w in """sit come stay listen hear talk ask think want like love see look good well fine nice kind dear glad happy warm quiet today here
    time day word thought mind question chat smile welcome please sorry tell slow slowly hurry little bit small try let wait course maybe
    perhaps sure yes old long away back home near together still always often sometimes enough lot thank thanks true right wrong need
    feel heart moment company visit miss hope mean make take thing way tea cup drink eat hungry rest tired morning evening""".split()
)
"""Words of talk that claim nothing about a life. "Home" and "tea" are offers, not facts."""

HARMLESS_CHINESE = tuple(
    sorted(
        """坐 坐下 来 来啦 听 听听 听着 讲话 聊 聊聊 问 想想 看 看看 好 好的 蛮好 高兴 开心 慢慢 慢慢来 莫急 不急 今天 现在 这里 这样 那样 喜欢 陪 陪我 陪你 等 等等 茶 喝茶 吃饭 饭 吃
        谢谢 对 对的 是的 没关系 不要紧 放心 当然 也许 大概 有空 常来 多 多来 一起 说话 说 话 心里 舒服 难过 累 歇歇 歇 休息 天气 冷 热 路上 小心 当心 身体 伢儿 孩子 有 呢 呀 啦 哦 嗯 吧 人""".split(),
        key=len,
        reverse=True,
    )
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a sentence may be spoken, and what stands against it."""

    supported: bool
    problems: tuple[str, ...] = ()


def check(sentence: str, evidence: Sequence[str], context: Sequence[str] = ()) -> Verdict:
    """A sentence against the memories it cites. `context` (the question, the persona's texts) may lend words, not facts."""
    memory, known = "\n".join(evidence), "\n".join((*evidence, *context))
    problems = [
        *_numbers(sentence, memory),
        *_names(sentence, known),
        *_kin(sentence, known),
        *_english_words(sentence, known),
        *_chinese_words(sentence, known),
        *_polarity(sentence, evidence),
    ]
    return Verdict(not problems, tuple(problems))


def _numbers(sentence: str, memory: str) -> list[str]:
    lower = memory.lower()
    english = [w for w in _WORD.findall(sentence.lower()) if w[0].isdigit() or w in _ENGLISH_NUMBER]
    missing = [w for w in english if not re.search(rf"\b{re.escape(w)}\b", lower)]
    missing += [n for n in _CHINESE_NUMBER.findall(sentence) if n not in ("一", "两") and n not in memory]
    return [f"number {n}" for n in missing]


def _names(sentence: str, known: str) -> list[str]:
    """Capitalised words are names, but for the first of a sentence when it is an ordinary word."""
    problems = []
    for part in sentences.split(sentence):
        for match in _WORD.finditer(part):
            word = match.group()
            first = not part[: match.start()].strip(" \"'“(")
            plain = first and (word.lower() in ENGLISH_STOP or stem(word.lower()) in HARMLESS_ENGLISH or word.lower() in known.lower())
            if word[0].isupper() and not plain and word.lower() not in _NOT_NAMES and not re.search(rf"\b{re.escape(word)}\b", known):
                problems.append(f"name {word}")
    return problems


def _kin(sentence: str, known: str) -> list[str]:
    """A kinship word needs itself, or a word of the same relation, in the evidence."""
    words = {w.lower() for w in _WORD.findall(sentence)}
    lower = known.lower()
    said = [k for k in _KIN_WORDS if (k in words if k.isascii() else len(k) > 1 and k in sentence)]
    return [f"kin {k}" for k in said if not any(_stands(same, lower) for same in _KIN_WORDS[k])]


def _stands(word: str, text: str) -> bool:
    return bool(re.search(rf"\b{word}\b", text)) if word.isascii() else word in text


def _english_words(sentence: str, known: str) -> list[str]:
    there = {stem(w) for w in _plain_words(known)}
    said = [w for w in _plain_words(sentence) if w not in ENGLISH_STOP and not w[0].isdigit()]
    return [f"word {w}" for w in said if stem(w) not in there and stem(w) not in HARMLESS_ENGLISH]


def _plain_words(text: str) -> list[str]:
    return [w.lower().replace("’", "'").split("'")[0] for w in _WORD.findall(text)]


def _chinese_words(sentence: str, known: str) -> list[str]:
    """Every character must be part of a harmless word, or of two that stand together in the evidence (or stand there alone)."""
    problems = []
    for run in _HAN_RUN.findall(sentence):
        covered = [False] * len(run)
        for word in (*HARMLESS_CHINESE, *CHINESE_STOP):
            for match in re.finditer(re.escape(word), run):
                covered[match.start() : match.end()] = [True] * len(word)
        for at in range(len(run) - 1):
            if run[at : at + 2] in known:
                covered[at] = covered[at + 1] = True
        alone = [not good and all(covered[max(0, at - 1) : at]) and all(covered[at + 1 : at + 2]) for at, good in enumerate(covered)]
        wrong = [at for at, good in enumerate(covered) if not good and not (alone[at] and run[at] in known)]
        problems += [f"word {run[max(0, at - 1) : at + 2]}" for at in wrong]
    return problems


def _polarity(sentence: str, evidence: Sequence[str]) -> list[str]:
    """What the evidence only denies may not be affirmed, and what it only affirms may not be denied. Questions state nothing."""
    if sentence.rstrip().endswith(("?", "？")):
        return []
    parts = [(_grams(part), _denies(part)) for text in evidence for part in sentences.split(text)]
    stances = {gram: {denied for grams, denied in parts if gram in grams} for gram in _grams(sentence)}
    found = [stance for stance in stances.values() if stance]
    wrong = all(True not in s for s in found) if _denies(sentence) else any(s == {True} for s in found)
    return ["polarity"] if found and wrong else []


def _denies(text: str) -> bool:
    return bool(_ENGLISH_NO.search(text) or _CHINESE_NO.search(text))


def _grams(text: str) -> set[str]:
    english = {stem(w) for w in _plain_words(text) if w not in ENGLISH_STOP and not _ENGLISH_NO.fullmatch(w)}
    return english | {run[i : i + 2] for run in _HAN_RUN.findall(text) for i in range(len(run) - 1)}
