"""Do the words themselves say whether somebody has finished? A question asks for its answer; "because" promises more.

The sound does not always tell: before a pause in mid-sentence many voices sink as they do at its end. What has been
understood so far helps, however roughly. Pure; English and Chinese, everything else counts as told.
"""

from __future__ import annotations

import re
from typing import Literal

Ending = Literal["asked", "told", "open"]
"""asked: a question that is whole, people wait for its answer. told: a statement or a request; they may go on. open: it
breaks off in the middle."""

_OPEN_WORDS = """a an the this my your his her our their its some any every and or but because so if when while that
which who whose although though unless until since as than like of to in at on with about for from into by after
before over under between without i we they he she it's i'm is are was were am be been has have had do does did can
could will would should may might must not very also just still um uh er erm well then there's say says said think
thought remember know wonder mean tell ask asked told want wanted going"""
_OPEN_EN = frozenset(_OPEN_WORDS.split())
"""Last words after which English goes on. Many may end a question ("Where is he from?", "What did he say?"), which is
why a question word at its beginning lets them pass."""
_OPEN_ZH = re.compile(
    r"(?:和|跟|与|或者?|还是|因为|所以|但是?|可是|不过|如果|要是|虽然|既然|而且|然后|还有|的时候|以[后前]|之[后前]|的话"
    r"|是|的是|就是|说|想|想问你?的?|觉得|在想|把|被|给|对|从|到|在|那个|这个|有没有|是不是|能不能|会不会|记不记得|还记得"
    r"|知不知道|知道|告诉我|问你?|嗯|呃|额)$"
)
_IF_EN = re.compile(r"(?:if|when|while|because|since|although|though|after|before|as soon as|whenever|once)\b")
_IF_ZH = re.compile(r"(?:如果|要是|因为|虽然|既然|自从|等到?|每当|当)")
_WH_WORDS = "what who whom whose which where when why how what's who's where's how's"
_AUXILIARIES = """is are was were am do does did can could will would shall should have has had may isn't aren't wasn't
don't doesn't didn't can't couldn't won't wouldn't"""
_WH_EN, _AUXILIARY_EN = frozenset(_WH_WORDS.split()), frozenset(_AUXILIARIES.split())
_ASKING_EN = _WH_EN | _AUXILIARY_EN
_DETERMINER_WORDS = "the a an my your his her its our their this that these those"
_DETERMINERS_EN = frozenset(_DETERMINER_WORDS.split())
_TOLD_NOTHING_EN = re.compile(
    r"\b(?:(?:tell|show|teach|ask|give|promise|remind)|(?:explain|describe|say) to) (?:me|us|him|her|them)$"
)
_INVERTED_EN = re.compile(r"\b(?:did|do|does|can|could|will|would|should|have|are|were) (?:i|you|he|she|it|we|they)\b")
_ASKING_ZH = re.compile(r"什么|谁|哪|怎么|为何|几[个点年岁次时]|多少|多[大久远长高]|[吗呢么]$|(.)不\1|有没有|是否")
_UNASKED_ZH = re.compile(r"不知道|不晓得|没想好|在想|想问")

SURE = 0.6
"""Confidence of the transcriber from which a question is believed: what it makes of half a sentence that it did not
understand is often a question, but hardly ever a sure one."""
_LEAST_WORDS = 3
"""Fewer words before a comma are a name or an interjection, not a clause."""


def ending(text: str, language: str, confidence: float = 1.0) -> Ending:
    """How what was said so far ends; `confidence`: the transcriber's, 0..1."""
    said = _said(text, language)
    return "told" if said == "asked" and confidence < SURE else said


def _said(text: str, language: str) -> Ending:
    bare = text.strip()
    if language not in ("en", "zh") or not bare:
        return "told"
    if bare.endswith(("...", "…", ",", "，", "、", "-", "—", ":", "：")):
        return "open"
    last = re.split(r"[.!?。！？]\s*(?=\S)", bare)[-1]
    return _chinese(last) if language == "zh" else _english(last)


def _english(sentence: str) -> Ending:
    clauses = [re.findall(r"[a-z'’]+", clause) for clause in sentence.lower().replace("’", "'").split(",")]
    while len(clauses) > 1 and len(clauses[0]) < _LEAST_WORDS:
        clauses.pop(0)  # "Grandpa, ...", "Well, ..."
    if not clauses[-1]:
        return "told"
    first, final = clauses[0], clauses[-1][-1]
    if final in _OPEN_EN and first[0] not in _WH_EN:
        return "open"
    if len(clauses) == 1 and _conditional(first):
        return "open"
    if _incomplete(clauses[-1]):
        return "open"
    return "asked" if first[0] in _ASKING_EN or clauses[-1][0] in _ASKING_EN else "told"


def _incomplete(words: list[str]) -> bool:
    """A question without its verb ("Did your mother") or without what is to be told ("Could you tell me")."""
    if words[0] not in _AUXILIARY_EN:
        return False
    no_verb = len(words) == 3 and words[1] in _DETERMINERS_EN
    return no_verb or bool(_TOLD_NOTHING_EN.search(" ".join(words)))


def _conditional(words: list[str]) -> bool:
    """Half a sentence: "When you were young", but not "When did you ..." or "When you were young did you ..."."""
    asks = len(words) > 1 and words[1] in _AUXILIARY_EN
    return bool(_IF_EN.match(" ".join(words))) and not asks and not _INVERTED_EN.search(" ".join(words[3:]))


def _chinese(sentence: str) -> Ending:
    clauses = [re.sub(r"\W", "", clause) for clause in re.split(r"[，,、；;]", sentence)]
    clauses = [clause for clause in clauses if clause]
    if not clauses:
        return "told"
    while len(clauses) > 1 and len(clauses[0]) < _LEAST_WORDS:
        clauses.pop(0)
    if _OPEN_ZH.search(clauses[-1]) or (len(clauses) == 1 and _IF_ZH.match(clauses[0])):
        return "open"
    if _UNASKED_ZH.search(clauses[-1]):
        return "told"
    return "asked" if _ASKING_ZH.search(clauses[-1]) else "told"
