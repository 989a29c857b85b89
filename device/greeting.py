"""Something the persona says, laid out along a film: clauses in a row, a breath before them, a look after them. Pure.

What moves the face is the frame's own stage, told what it would be told in a conversation, at the film's own times.
"""

from __future__ import annotations

import unicodedata
import zlib
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from typing import Protocol

import numpy as np

from device.conversation.clauses import cut
from device.errors import BadInput, Usage
from device.face.render import Frame
from device.link import Message, Mood, Speak
from device.persona.unpacked import Language
from device.ports import Pcm, Speech, Synthesizer
from device.speaking import speak

LEAD_S = 1.3
"""s of the face before the first word: it looks up, smiles and draws breath."""
TAIL_S = 2.9
"""s after the last one: the caption stays for 2.2 s and fades."""
TURNING_S = 0.6
"""s before the first word at which the smile begins to turn into speaking."""
LONGEST_TEXT = 5000
"""Characters: some six minutes of English, twenty of Chinese, which is as much as anybody means to render."""
AHEAD_S = 1.0
"""s before its first sample at which a clause is announced: lips part and breath is drawn before the voice."""
EMOTION = "warm"
"""Of what is said: who has a film made of a greeting means it kindly."""
BEFORE_S = 3.0
"""s for which the face has lived before the film begins, so that its first picture is not the photograph."""


@dataclass(frozen=True, slots=True)
class Greeting:
    """What is said, on the film's clock: 0 is its first picture and its first sample."""

    pcm: Pcm
    rate: int
    """Hz"""
    speaks: tuple[Speak, ...]

    @property
    def seconds(self) -> float:
        return len(self.pcm) / self.rate


class Player(Protocol):
    """What draws the face: a `Stage`."""

    def tell(self, message: Message, t: float) -> None:
        """A message that arrived at `t` s."""
        ...

    def frame(self, t: float) -> Frame:
        """The picture that is seen at `t`, RGB; `t` does not go back."""
        ...


def language_for(text: str, spoken: Sequence[Language], wanted: Language | None = None) -> Language:
    """The language to say `text` in: `wanted`, else Chinese where there are Chinese characters, else English.

    Raises Usage for an empty or endless text, BadInput where it is in none of `spoken` (the persona's languages)."""
    if not text.strip():
        raise Usage("text", expected="something to say", got="an empty text")
    if len(text) > LONGEST_TEXT:
        raise Usage("text", expected=f"at most {LONGEST_TEXT} characters", got=str(len(text)))
    scripts = [_script(character) for character in text if character.isalpha()]
    ours = sum(script in ("CJK", "LATIN") for script in scripts)
    if ours < len(scripts) - ours:
        raise BadInput("text", expected="English or Chinese", got=f"{_most(scripts).title()} letters")
    language: Language = wanted or ("zh" if "CJK" in scripts else "en")
    if language not in spoken:
        raise BadInput("text", expected=f"a language the persona speaks ({', '.join(spoken)})", got=language)
    return language


def _script(letter: str) -> str:
    """The first word of a letter's name in the Unicode standard, which is its script."""
    return unicodedata.name(letter, "unknown").partition(" ")[0]


def _most(scripts: Sequence[str]) -> str:
    return max(sorted(set(scripts)), key=scripts.count)


def spoken(text: str, voice: Synthesizer, language: str) -> list[Speech]:
    """The text's clauses as speech. Raises BadInput where none can be pronounced, Broken if the voice fails."""
    clauses = ((clause, voice.synthesize(clause)) for clause in cut(text))
    said = [replace(s, text=clause.strip(), language=language) for clause, s in clauses if s.pcm.any()]
    if not said:
        raise BadInput("text", expected="something that can be pronounced", got=text.strip()[:40])
    return said


def compose(said: Sequence[Speech], lead_s: float = LEAD_S, tail_s: float = TAIL_S) -> Greeting:
    """One clause after the other, as the loudspeaker plays them; all of one rate, at least one."""
    rate = said[0].rate
    sounds, at = [np.zeros(round(lead_s * rate), np.float32)], round(lead_s * rate)
    speaks = []
    for index, speech in enumerate(said):
        speaks.append(speak(1, index, at / rate, speech, EMOTION))
        sounds.append(speech.pcm)
        at += len(speech.pcm)
    sounds.append(np.zeros(round(tail_s * rate), np.float32))
    return Greeting(np.concatenate(sounds), rate, tuple(speaks))


def seed_of(text: str) -> int:
    """The same text moves in the same way, another one in another."""
    return zlib.crc32(text.encode()) % 100_003


def messages(speaks: Sequence[Speak]) -> list[tuple[float, Message]]:
    """What the stage is told of the clauses, at least one, and when, in that order."""
    last = speaks[-1].t0 + speaks[-1].seconds
    moods = [("welcome", -BEFORE_S), ("speaking", speaks[0].t0 - TURNING_S), ("welcome", last)]
    told: list[tuple[float, Message]] = [(t, Mood(state, t)) for state, t in moods]
    return sorted([*told, *((s.t0 - AHEAD_S, s) for s in speaks)], key=lambda one: one[0])


def pictures(player: Player, told: Sequence[tuple[float, Message]], fps: int) -> Iterator[Frame]:
    """Pictures from 0 s on, each drawn when it is asked for; without end. `told`: as from `messages`."""
    waiting = deque(told)
    for t in chain([-BEFORE_S], (number / fps for number in count())):
        while waiting and waiting[0][0] <= t:
            player.tell(waiting.popleft()[1], t)
        frame = player.frame(t)
        if t >= 0.0:
            yield frame
