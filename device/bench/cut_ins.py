"""Does the frame cut people off who pause while they speak, and how long does it wait when they have finished?

Sentences with pauses inside, and without, by several speakers in simulated rooms, through the real ears: detector,
listener, endpointing, turn-end model. Not in real time: the blocks carry their times, and nothing else asks for one.

A turn that is ended too early does no harm while the frame is still silent: who goes on then is heard as going on. So
three things may become of a pause: it is *held*; it is taken for the end but *joined* again before a sound of the
answer; or the person is *cut off*.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from device.bench.hesitant import Hesitant
from device.bench.scene import Scene, record
from device.bench.statistics import percentiles, wilson
from device.conversation import events as ev
from device.conversation.endpointing import EndpointSettings
from device.conversation.finished import ending
from device.ears.listener import Listener, Senses
from device.ports import BLOCK, MIC_RATE, Block, Pcm, Transcriber, Transcript, TurnEnd

Fate = Literal["held", "joined", "cut off"]

ANSWER_S = 0.3
"""s from the announcement of a pause to the first sound of an answer that need not wait for the end of the turn: what
`imago bench latency` measured (docs/measurements/latency.json) from the end of the voice to the earliest first clause
and to its sound, 0.47, less the 0.17 after which the pause is announced."""
TRANSCRIPT_S = 0.39
"""s from the announcement of a pause to its transcript (the median of the same measurement, 0.56, less the 0.17)."""
LANGUAGES = ("en", "zh")
BEFORE_S = 1.0
"""s of the room before the first sentence."""
BETWEEN_S = 4.0
"""s between two sentences of a person: their answer."""
LENGTHS_S = (0.2, 0.4, 0.6, 0.8)
"""s; pauses are sorted under the nearest of these."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause inside a sentence, and what became of it."""

    seconds: float
    fate: Fate


@dataclass(frozen=True, slots=True)
class Turn:
    """A sentence and what the ears made of it."""

    text: str
    language: str
    person: str
    number: int
    """Which of the person's sentences it was, from 0."""
    pauses: tuple[Pause, ...]
    elsewhere: tuple[Fate, ...]
    """The turn was ended while the person spoke."""
    delay_s: float | None
    """s from the true end of the voice to the end of the turn; None: it never came"""

    @property
    def fates(self) -> tuple[Fate, ...]:
        """Of all places where it might have been cut off."""
        return (*(pause.fate for pause in self.pauses), *self.elsewhere)


class Remembering:
    """Turn-end model and transcriber that answer the same question only once."""

    def __init__(self, turn_end: TurnEnd, transcriber: Transcriber) -> None:
        self._turn_end, self._transcriber = turn_end, transcriber
        self._judged: dict[bytes, float] = {}
        self._heard: dict[bytes, Transcript] = {}

    def probability(self, utterance: Pcm) -> float:
        """As the port has it."""
        key = _digest(utterance)
        if key not in self._judged:
            self._judged[key] = self._turn_end.probability(utterance)
        return self._judged[key]

    def transcribe(self, utterance: Pcm, languages: Sequence[str], overheard: bool = False) -> Transcript:
        """As the port has it; always with the same languages."""
        key = _digest(utterance)
        if key not in self._heard:
            self._heard[key] = self._transcriber.transcribe(utterance, languages, overheard)
        return self._heard[key]

    def likeness(self, utterance: Pcm, phrase: str) -> float:
        """As the port has it."""
        return self._transcriber.likeness(utterance, phrase)


def _digest(pcm: Pcm) -> bytes:
    return hashlib.blake2b(pcm.tobytes(), digest_size=16).digest()


@dataclass(frozen=True, slots=True)
class Told:
    """An event and when the listener posted it, s."""

    at: float
    event: ev.Event


class Ears:
    """A listener in scene time, with a transcriber that takes as long as it does in the frame."""

    def __init__(self, senses: Senses, transcriber: Transcriber | None, settings: EndpointSettings | None) -> None:
        """Without a transcriber, no words are known."""
        self._transcriber = transcriber
        self._now = 0.0
        self._due: tuple[float, ev.SpeechPaused] | None = None
        self._listener = Listener(senses, self._post, settings)
        self.told: list[Told] = []

    def hear(self, sound: Pcm) -> None:
        """All of it, from 0 s on."""
        for first in range(0, len(sound) - BLOCK + 1, BLOCK):
            self._now = (first + BLOCK) / MIC_RATE
            if self._due is not None and self._due[0] <= self._now:
                self._understand(self._due[1])
            self._listener.step(Block(sound[first : first + BLOCK], first / MIC_RATE))

    def _post(self, event: ev.Event) -> None:
        self.told.append(Told(self._now, event))
        if isinstance(event, ev.SpeechPaused):
            self._due = self._now + TRANSCRIPT_S, event
        elif isinstance(event, (ev.SpeechStarted, ev.SpeechResumed, ev.TurnEnded)):
            self._due = None

    def _understand(self, paused: ev.SpeechPaused) -> None:
        self._due = None
        if self._transcriber is not None:
            heard = self._transcriber.transcribe(paused.utterance, LANGUAGES)
            self._listener.expect(ending(heard.text, heard.language, heard.confidence))


def session(
    person: str,
    language: str,
    sentences: Sequence[Hesitant],
    scene: Scene,
    senses: Senses,
    transcriber: Transcriber | None,
    settings: EndpointSettings | None = None,
) -> list[Turn]:
    """One person's sentences, one after the other, in one room -> what became of each."""
    placed, t = [], BEFORE_S
    for sentence in sentences:
        placed.append((t, sentence.pcm))
        t += len(sentence.pcm) / MIC_RATE + BETWEEN_S
    sound = record(scene, [], placed, t).microphone
    senses.detector.reset()
    ears = Ears(senses, transcriber, settings)
    ears.hear(sound)
    return [
        _judged(sentence, begin, (person, language, number), ears.told)
        for number, (sentence, (begin, _)) in enumerate(zip(sentences, placed, strict=True))
    ]


def _judged(sentence: Hesitant, begin: float, who: tuple[str, str, int], told: Sequence[Told]) -> Turn:
    """One sentence that began at `begin` s."""
    end = begin + len(sentence.pcm) / MIC_RATE
    person, language, number = who
    own = [x for x in told if begin - 0.3 <= x.at < end + BETWEEN_S - 0.4]
    early = list(_early(own, end))
    pauses, taken = [], set[float]()
    for a, b in sentence.pauses:
        # What was decided within the pause may come a little later: a room goes on sounding.
        inside = [(at, fate) for at, fate in early if begin + a <= at <= begin + b + 0.2]
        taken |= {at for at, _ in inside}
        pauses.append(Pause(b - a, _worst([fate for _, fate in inside])))
    elsewhere = tuple(fate for at, fate in early if at not in taken)
    ends = [x.at for x in own if isinstance(x.event, ev.TurnEnded) and x.at >= end]
    return Turn(sentence.text, language, person, number, tuple(pauses), elsewhere, ends[0] - end if ends else None)


def _early(told: Sequence[Told], end: float) -> Iterator[tuple[float, Fate]]:
    """When the turn was ended before `end`, and whether the answer would have been heard before it went on."""
    paused = 0.0
    for number, x in enumerate(told):
        if isinstance(x.event, ev.SpeechPaused):
            paused = x.at
        if isinstance(x.event, ev.TurnEnded) and x.at < end:
            again = next((y.at for y in told[number:] if isinstance(y.event, ev.SpeechStarted)), None)
            audible = max(x.at, paused + ANSWER_S)
            yield x.at, "joined" if again is not None and again <= audible else "cut off"


def _worst(fates: Sequence[Fate]) -> Fate:
    return "cut off" if "cut off" in fates else "joined" if fates else "held"


# --- what it comes to ---


def summary(turns: Sequence[Turn]) -> dict[str, Any]:
    """Shares with their intervals, by length of pause, language, person and number; delays in ms."""
    paused = [turn for turn in turns if turn.pauses]
    return {
        "sentences": len(turns),
        "with_pauses": len(paused),
        "cut_off": share(paused),
        "cut_off_without_pauses": share([turn for turn in turns if not turn.pauses]),
        "by_pause": {f"{length}": _pauses(turns, length) for length in LENGTHS_S},
        "by_language": {code: share([t for t in paused if t.language == code]) for code in _all(turns, "language")},
        "by_person": {name: share([t for t in paused if t.person == name]) for name in _all(turns, "person")},
        "by_number": {
            "first": share([t for t in paused if t.number == 0]),
            "second and third": share([t for t in paused if t.number in (1, 2)]),
            "later": share([t for t in paused if t.number > 2]),
        },
        "endpoint_ms": delays(turns),
        "endpoint_ms_questions": delays([turn for turn in turns if turn.text.endswith(("?", "？"))]),
        "endpoint_ms_by_person": {n: delays([t for t in turns if t.person == n]) for n in _all(turns, "person")},
        "never_ended": sum(turn.delay_s is None for turn in turns),
    }


def share(turns: Sequence[Turn]) -> dict[str, Any]:
    """Of sentences: how many were cut off, and how many only ended too early and joined again."""
    cut = sum("cut off" in turn.fates for turn in turns)
    only = sum("joined" in turn.fates and "cut off" not in turn.fates for turn in turns)
    return {"of": len(turns), "joined": only, **_share(cut, len(turns))}


def _pauses(turns: Sequence[Turn], length: float) -> dict[str, Any]:
    near = [p for t in turns for p in t.pauses if min(LENGTHS_S, key=lambda s: abs(s - p.seconds)) == length]
    joined = sum(p.fate == "joined" for p in near)
    return {"of": len(near), "joined": joined, **_share(sum(p.fate == "cut off" for p in near), len(near))}


def _share(cut: int, of: int) -> dict[str, Any]:
    low, high = wilson(cut, of)
    return {"cut": cut, "share": round(cut / of, 4) if of else None, "share_95": (round(low, 4), round(high, 4))}


def _all(turns: Sequence[Turn], name: str) -> list[str]:
    return list(dict.fromkeys(getattr(turn, name) for turn in turns))


def delays(turns: Sequence[Turn]) -> dict[str, float | None]:
    """p50, p95 and the longest, ms."""
    made = percentiles([1000 * turn.delay_s for turn in turns if turn.delay_s is not None])
    return {name: None if value is None else round(value) for name, value in made.items() if name != "min"}
