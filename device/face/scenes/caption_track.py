"""What the captions say at each moment: what the person said, and the persona's words as they are spoken. Pure.

The words of a clause take their places at once and come to light one by one with the voice. A clause begins a line; two
lines are a page, then a new page begins, as in good subtitles: nothing that is being read ever moves.
"""

from __future__ import annotations

import math
import re
import unicodedata

import msgspec

from device.link import Heard, Hush, Message, News, Notice, Order, Speak

STEPS = 6
"""Fades are cut into this many steps, so that a picture of the text can be kept while nothing changes."""
PHOTO_STEPS = 36
"""The same of a photograph that comes: one a frame, for the portrait moves with it."""
FADE = 0.45
"""s in which a text comes or goes."""
LINGER = 2.2
"""s for which the last words stay after the voice has ended."""
HEARD_STAYS = 20.0
"""s for which the person's words stay at most."""
LINES = 2
"""Lines on a page."""
WRITTEN = {"captions-off": False, "captions-on": True}
"""Orders that concern the captions."""
BAR_STEPS = 200
"""The same of a bar that says how far something is."""

Unit = tuple[str, float, float]
"""A word or character, and the absolute times between which it comes to light, s."""
Line = list[Unit]


class Caption(msgspec.Struct, frozen=True):
    """Everything beside the portrait itself that is shown at one moment; equal states look equal."""

    heard: str = ""
    heard_step: int = 0
    """0..STEPS of its fade."""
    said: tuple[tuple[str, ...], ...] = ()
    """The page's lines, each of words (with the spaces that follow them) or characters."""
    lit: int = 0
    """How many halves of words are alight: 2 a word, the last one may be half alight."""
    said_step: int = 0
    notice: tuple[str, str] = ("", "")
    """zh, en"""
    notice_step: int = 0
    notice_bar: int = -1
    """0..BAR_STEPS of it is done; -1: no bar"""
    photo: str = ""
    """File of the photograph that is talked about, beside the portrait."""
    photo_step: int = 0
    """0..PHOTO_STEPS: how far it has come."""
    photo_language: str = ""
    """Of the words on it."""


class Sign(msgspec.Struct, frozen=True):
    """A notice, and when it is there."""

    words: tuple[str, str] = ("", "")
    """zh, en"""
    since: float = 0.0
    until: float = 0.0
    """s"""
    bar: int = -1


def units(text: str) -> list[str]:
    """Words with the space after them; Chinese and Japanese by the character, punctuation with what it follows."""
    return re.findall(r"[\u2e80-\u9fff\uf900-\ufaff][^\w\s]*\s*|[^\s\u2e80-\u9fff\uf900-\ufaff]+\s*", text)


def em(text: str) -> float:
    """The width of a text in em, roughly."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WF" else 0.52 for c in text)


def clean(text: str) -> str:
    """One line without control characters, whatever came."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def timed(speak: Speak) -> list[Unit]:
    """The clause's units; each gets a share of the clause's seconds by its number of letters."""
    words = units(clean(speak.text))
    weights = [max(em(word), 0.5) for word in words]
    total = sum(weights) or 1.0
    result, t = [], speak.t0
    for word, weight in zip(words, weights, strict=True):
        seconds = speak.seconds * weight / total
        result.append((word, t, t + 0.6 * seconds))
        t += seconds
    return result


def break_lines(words: list[Unit], widest: float) -> list[Line]:
    """Lines of at most `widest` em, as few as possible and about equally long."""
    total = sum(em(word) for word, _, _ in words)
    count = max(1, math.ceil(total / widest))
    even = _fill(words, min(widest, 1.06 * total / count + 1.0))
    return even if len(even) <= count else _fill(words, widest)


def _fill(words: list[Unit], widest: float) -> list[Line]:
    lines: list[Line] = [[]]
    used = 0.0
    for unit in words:
        if lines[-1] and used + em(unit[0].rstrip()) > widest:
            lines.append([])
            used = 0.0
        lines[-1].append(unit)
        used += em(unit[0])
    return lines


class CaptionTrack:
    """Collects messages; `at(t)` says what to show. Times as in the messages; `t` should not go back."""

    def __init__(self, widest: float = 30.0) -> None:
        """`widest`: em in a line; a Chinese character is 1, a Latin letter about half."""
        self._widest = widest
        self._written = True
        """What is spoken is written, too; notices always are."""
        self._heard = ("", 0.0, 0.0)  # text, since, until
        self._pages: list[tuple[int, list[Line], float]] = []  # turn, lines, end of the voice
        self._index = (-1, -1)
        self._notices = {of: Sign() for of in ("stick", "persona", "")}
        """By importance"""

    def tell(self, message: Message, t: float) -> None:
        """Speak, Hush, Heard, Notice, News and the orders in WRITTEN change the captions; `t` is now."""
        if isinstance(message, Speak):
            self._say(message)
        elif isinstance(message, Hush):
            self._pages = [_cut(page, message.t) if page[0] <= message.turn else page for page in self._pages]
        elif isinstance(message, Heard):
            text = clean(message.text)
            before, since, until = self._heard
            self._heard = (text, t, t + HEARD_STAYS) if text else (before, since, min(t, until))
        elif isinstance(message, Order) and message.what in WRITTEN:
            self._written = WRITTEN[message.what]
        elif isinstance(message, Notice | News):
            self._note(message, t)

    def at(self, t: float) -> Caption:
        """What is to be seen at `t`."""
        while len(self._pages) > 1 and self._pages[1][1][0][0][1] <= t:
            self._pages.pop(0)
        said, lit, said_step = self._page(t) if self._written else ((), 0, 0)
        heard, since, until = self._heard if self._written else ("", 0.0, 0.0)
        sign, notice_step = self._sign(t)
        heard_step = _step(t, since, until)
        return Caption(
            heard if heard_step else "", heard_step if heard else 0, said, lit, said_step,
            sign.words if notice_step else ("", ""), notice_step, sign.bar if notice_step else -1,
        )  # fmt: skip

    def _note(self, message: Notice | News, t: float) -> None:
        of, words = message.of if isinstance(message, News) else "", (clean(message.zh), clean(message.en))
        before = self._notices[of]
        if not any(words):
            self._notices[of] = msgspec.structs.replace(before, until=min(t, before.until))
            return
        share = message.share if isinstance(message, News) else -1.0
        bar = round(BAR_STEPS * min(share, 1.0)) if share >= 0.0 else -1
        # What only changes its words, or goes on, does not fade in again; a Notice that is told again may.
        since = before.since if of and before.until > t else t
        self._notices[of] = Sign(words, since, float("inf"), bar)

    def _sign(self, t: float) -> tuple[Sign, int]:
        """The most important notice that is not over, and 0..STEPS of its fade."""
        free = float("-inf")
        for sign in self._notices.values():
            if not any(sign.words):
                continue
            if t < sign.until + FADE:
                return sign, _step(t, max(sign.since, free), sign.until)
            free = max(free, sign.until + FADE)
        return Sign(), 0

    def _page(self, t: float) -> tuple[tuple[tuple[str, ...], ...], int, int]:
        if not self._pages:
            return (), 0, 0
        _, lines, end = self._pages[0]
        step = _step(t, lines[0][0][1] - 0.1, end + LINGER)
        if not step:
            return (), 0, 0
        lit = sum(2 if t >= stop else 1 if t >= start else 0 for line in lines for _, start, stop in line)
        return tuple(tuple(word for word, _, _ in line) for line in lines), lit, step

    def _say(self, speak: Speak) -> None:
        if (speak.turn, speak.index) == self._index:
            return  # its time was corrected by some ms
        self._index = (speak.turn, speak.index)
        words = timed(speak)
        lines_said = break_lines(words, self._widest) if words else []
        ends = [line[0][1] for line in lines_said[1:]] + [speak.t0 + speak.seconds]
        for line, end in zip(lines_said, ends, strict=True) if lines_said else ():
            turn, lines, _ = self._pages[-1] if self._pages else (-1, [], 0.0)
            if turn == speak.turn and len(lines) < LINES:
                self._pages[-1] = (turn, [*lines, line], end)
            else:
                self._pages.append((speak.turn, [line], end))


def _cut(page: tuple[int, list[Line], float], t: float) -> tuple[int, list[Line], float]:
    """The page when the voice is cut at `t`: words that were not spoken never come to light."""
    turn, lines, end = page
    unsaid = float("inf")
    cut = [[(word, start if start <= t else unsaid, stop if start <= t else unsaid) for word, start, stop in line]
           for line in lines]  # fmt: skip
    return turn, cut, min(end, t)


def _step(t: float, since: float, until: float) -> int:
    """0..STEPS: fading in from `since`, fading out from `until`."""
    share = min((t - since) / FADE, 1.0 - (t - until) / FADE, 1.0)
    return round(STEPS * max(0.0, share))
