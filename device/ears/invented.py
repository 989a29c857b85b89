"""Whisper's two vices, and how they show: text that nobody spoke, and text that goes round in circles. Pure.

On silence and noise the model still writes something: it is unsure of it, says so in its no-speech probability, or
falls into a phrase of the subtitles it was trained on. Thresholds measured on noise, tones and music against speech:
invented text stays below a mean log probability of -1.3, speech lies above -0.7; the detector finds no voice in the
former.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

Token = TypeVar("Token")

SURE_LOGPROB = -0.7
"""Mean log probability above which the text is not doubted."""
NO_SPEECH_DOUBT = 0.3
NO_SPEECH = 0.6
"""No-speech probabilities: worth a second look; not speech, if the text is not convincing either (as in Whisper
itself)."""
NO_SPEECH_LOGPROB = -1.0
WORST_LOGPROB = -1.3
"""Below it, text is noise even where somebody speaks."""
LEAST_VOICED_S = 0.12
"""s of voice: the shortest word ("no", "嗯") is longer."""
LONGEST_COMPRESSION = 2.4
"""Bytes by compressed bytes; language stays below (as in Whisper itself)."""
BABBLE_LETTERS = 12
"""Letters and digits from which a text can be told to be babble ..."""
BABBLE_SHARE = 0.4
"""... by one of them making up so much of it: "1.1.4.5.5.5.5", as two people at once are written. In English e has
13 %, in Chinese 的 4 %."""
MOST_LETTERS_PER_S = 30.0
MOST_HANZI_PER_S = 12.0
"""Faster than anybody speaks."""

_STOCK = """you, thank you, thanks for watching, thank you for watching, thank you very much, bye, bye bye, okay, so,
oh, the end, please subscribe, subscribe, subtitles by the amara org community, i'm sorry, hmm, music, applause,
谢谢, 谢谢观看, 谢谢收看, 谢谢大家, 请不吝点赞订阅转发打赏支持明镜与点点栏目, 字幕由amara.org社群提供, 字幕志愿者,
优优独播剧场, 明镜与点点栏目, 多谢您收睇时局新闻, 下期再见, 我们下期再见, 再见, 好, 嗯, 请订阅"""
PHRASES = frozenset(re.sub(r"\W", "", phrase) for phrase in _STOCK.split(","))
"""What the model writes when it heard nothing, all of which people also say: grounds for doubt, not for a verdict."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One decoding of an utterance."""

    text: str
    logprob: float
    """Mean log probability of its tokens."""
    no_speech: float
    """0..1"""
    endless: bool = False
    """It was stopped by the limit on its length, not by its end."""


def stock_phrase(text: str) -> bool:
    """Whether the text is nothing but one of `PHRASES`."""
    return re.sub(r"\W", "", text.lower()) in PHRASES


def wordless(text: str) -> bool:
    """Whether there is nothing but marks."""
    return re.search(r"[^\W_]", text) is None


def lists(text: str, names: Sequence[str]) -> bool:
    """Whether it is several of these names and nothing else, as the model's prompt is, and nobody's question."""
    rest, found = re.sub(r"[\W\d_]", "", text.lower()), set[str]()
    for name in sorted((re.sub(r"[\W\d_]", "", n.lower()) for n in names), key=len, reverse=True):
        if name and name in rest:
            rest = rest.replace(name, "")
            found.add(name)
    return len(found) > 1 and not rest


def hanzi(text: str) -> int:
    """Number of Chinese characters."""
    return len(re.findall(r"[\u3400-\u9fff]", text))


def compression(text: str) -> float:
    """How many times shorter the text becomes when compressed; language is about 1..2."""
    raw = text.encode()
    return len(raw) / max(1, len(zlib.compress(raw)))


def babble(text: str) -> bool:
    """Whether it is hardly more than one letter or digit."""
    letters = re.findall(r"[^\W_]", text.lower())
    return len(letters) >= BABBLE_LETTERS and max(map(letters.count, set(letters))) >= BABBLE_SHARE * len(letters)


def doubtful(heard: Heard) -> bool:
    """Whether the sound must be asked again if somebody spoke at all."""
    unsure = heard.logprob < SURE_LOGPROB or heard.no_speech > NO_SPEECH_DOUBT or heard.endless
    odd = wordless(heard.text) or stock_phrase(heard.text) or babble(heard.text)
    return unsure or odd or compression(heard.text) > LONGEST_COMPRESSION


def invented(heard: Heard, voiced_s: float) -> bool:
    """Whether a doubtful text is not to be trusted, given the seconds of voice in the sound."""
    if voiced_s < LEAST_VOICED_S or heard.logprob < WORST_LOGPROB or wordless(heard.text):
        return True
    if heard.no_speech > NO_SPEECH and (heard.logprob < NO_SPEECH_LOGPROB or stock_phrase(heard.text)):
        return True
    too_fast = (
        hanzi(heard.text) > MOST_HANZI_PER_S * voiced_s + 4 or len(heard.text) > MOST_LETTERS_PER_S * voiced_s + 20
    )
    return too_fast or compression(heard.text) > LONGEST_COMPRESSION or babble(heard.text)


def _repeats(unit: int) -> int:
    """How often a unit of so many tokens must come in a row to be a loop: people do say "no, no, no"."""
    return 6 if unit == 1 else 4 if unit <= 3 else 2


def trim_loop(tokens: Sequence[Token]) -> list[Token]:
    """Cuts a text that ends in a loop after the loop's first round; a last round that was cut short counts with it."""
    whole = list(tokens)
    for unit in range(1, len(whole) // 2 + 1):
        length = unit
        while length < len(whole) and whole[-length - 1] == whole[-length - 1 + unit]:
            length += 1
        if length >= _repeats(unit) * unit:
            return trim_loop(whole[: len(whole) - length + unit])
    return whole


def trim_text(text: str) -> str:
    """`trim_loop` on words, or on characters where there is Chinese in it."""
    if hanzi(text):
        return "".join(trim_loop(text)).strip()
    words = text.split()
    kept = trim_loop([re.sub(r"\W", "", word.lower()) for word in words])
    return " ".join(words[: len(kept)])


def trim_restart(text: str, same: int = 5) -> str:
    """Cuts an endless text where it starts over, if not quite in the same words.

    The first stretch of `same` letters or characters that was said before shows how far back the beginning lies."""
    marks = [match.start() for match in re.finditer(r"\w", text)]
    letters = "".join(text[at].lower() for at in marks)
    size = same if hanzi(text) else 3 * same
    first: dict[str, int] = {}
    for at in range(len(letters) - size + 1):
        said = first.setdefault(letters[at : at + size], at)
        if said < size <= at - said:
            return text[: marks[at - said]].strip()
    return text
