"""Speech with pauses inside, as people speak who think while they talk: several synthetic speakers, zh and en.

Two ways: phrase by phrase, each with the melody that its comma gives it; and as one whole sentence, cut where the voice
itself is silent for a moment, so that the melody before the pause is that of a sentence which goes on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from device import registry
from device.ears.recording import speech_bounds
from device.ports import MIC_RATE, Pcm, Speech, Synthesizer
from device.voice.fastspeech import Disguise, FastSpeechSettings
from device.voice.piper import PiperSettings
from device.voice.resample import resample

Way = Literal["phrases", "whole"]

SHORTEST_S, SLOW_S, LONGEST_S = 0.2, 0.5, 0.8
"""s: pauses are from 0.2 s to 0.8 s long, those of slow people from 0.5 s on."""
LEAST_GAP_S = 0.1
"""s of silence inside a whole sentence that make a place to pause at."""
LEAST_PIECE_S = 0.35
"""s; no pause is made so near to another or to the sentence's ends."""
MARGIN_S = 0.02
"""s kept around the voice of a piece."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who talks to the frame."""

    name: str
    language: str
    settings: PiperSettings | FastSpeechSettings
    slow: bool = False
    """An old person who takes their time: only long pauses."""

    @property
    def label(self) -> str:
        """For tables."""
        return f"{self.name} ({self.language})"

    def engine(self) -> Synthesizer:
        """Raises Missing where the voice's model is not there."""
        kind = "piper" if isinstance(self.settings, PiperSettings) else "fastspeech"
        voice: Synthesizer = registry.make("synthesizer", kind, settings=self.settings)
        return voice


TUNING = (
    Person("man", "en", PiperSettings(length_scale=1.0, tract=1.0, noise_w_scale=0.8)),
    Person("old man, slow", "en", PiperSettings(length_scale=1.4, tract=0.93, noise_w_scale=0.9), slow=True),
    Person("woman", "zh", FastSpeechSettings(slowness=1.0, pitch=0.0, disguise=None)),
    Person("old man, slow", "zh", FastSpeechSettings(slowness=1.4, disguise=Disguise(0.87, 118.0)), slow=True),
)
"""On these the rule was chosen ..."""
REPORTED = (
    Person("young woman", "en", PiperSettings(length_scale=0.95, tract=1.17, noise_w_scale=0.7)),
    Person("large man", "en", PiperSettings(length_scale=1.1, tract=0.89, noise_w_scale=1.0)),
    Person("old woman, slow", "en", PiperSettings(length_scale=1.5, tract=1.09, noise_w_scale=1.0), slow=True),
    Person("young man", "zh", FastSpeechSettings(slowness=0.95, pitch=0.0, disguise=Disguise(0.92, 150.0, 1.2))),
    Person("girl", "zh", FastSpeechSettings(slowness=1.05, pitch=0.5, disguise=Disguise(1.12, 285.0))),
    Person("old woman, slow", "zh", FastSpeechSettings(slowness=1.5, disguise=Disguise(0.97, 170.0, 0.8)), slow=True),
)
"""... and on these it is reported."""


@dataclass(frozen=True, slots=True)
class Hesitant:
    """A sentence with its pauses."""

    text: str
    pcm: Pcm
    """At MIC_RATE, without silence at its ends."""
    pauses: tuple[tuple[float, float], ...]
    """s from the first sample: end of the voice before, begin of the voice after."""


def joined(text: str, pieces: Sequence[Pcm], pauses_s: Sequence[float]) -> Hesitant:
    """The pieces with so much silence between the voices (their margins count)."""
    sound, pauses = [pieces[0]], []
    length = len(pieces[0])
    for pause_s, piece in zip(pauses_s, pieces[1:], strict=True):
        gap = np.zeros(round((pause_s - 2 * MARGIN_S) * MIC_RATE), np.float32)
        pauses.append((length / MIC_RATE - MARGIN_S, (length + len(gap)) / MIC_RATE + MARGIN_S))
        sound += [gap, piece]
        length += len(gap) + len(piece)
    return Hesitant(text, np.concatenate(sound), tuple(pauses))


def pieces_of(speech: Speech, places_s: Sequence[float] = ()) -> list[Pcm]:
    """The voice of a piece of speech, cut at these places (s), each part without the silence at its ends."""
    pcm = resample(speech.pcm, speech.rate, MIC_RATE)
    parts = np.split(pcm, [round(s * MIC_RATE) for s in places_s])
    return [_voice(part) for part in parts if speech_bounds(part) is not None]


def gaps_of(speech: Speech) -> list[float]:
    """Where a whole sentence may be cut: the middles of its inner silences, s."""
    places: list[float] = []
    for shape in speech.visemes:
        middle = float(shape.start + shape.end) / 2
        far = min(middle - (places[-1] if places else 0.0), speech.seconds - middle) >= LEAST_PIECE_S
        if shape.shape == "sil" and shape.end - shape.start >= LEAST_GAP_S and far:
            places.append(middle)
    return places


def _voice(pcm: Pcm) -> Pcm:
    start, end = speech_bounds(pcm) or (0.0, 0.0)
    return pcm[round(max(0.0, start - MARGIN_S) * MIC_RATE) : round((end + MARGIN_S) * MIC_RATE)]


def speaker(person: Person, kept: Path) -> Callable[[Sequence[str], Way], list[Pcm]]:
    """(the phrases of a sentence, way) -> its pieces. Sounds are kept in a folder, since synthesis takes its time."""
    engines: list[Synthesizer] = []

    def made(phrases: Sequence[str], way: Way) -> list[Pcm]:
        if not engines:
            engines.append(person.engine())
        if way == "phrases":
            return [piece for phrase in phrases for piece in pieces_of(engines[0].synthesize(phrase))]
        speech = engines[0].synthesize((" " if person.language == "en" else "").join(phrases))
        return pieces_of(speech, gaps_of(speech))

    def pieces(phrases: Sequence[str], way: Way) -> list[Pcm]:
        key = hashlib.sha256(f"{person.settings} {way} {'|'.join(phrases)}".encode()).hexdigest()[:16]
        path = kept / f"{key}.npz"
        if path.exists():
            with np.load(path) as file:
                return [np.asarray(file[name], np.float32) for name in file.files]
        sounds = made(phrases, way)
        kept.mkdir(parents=True, exist_ok=True)
        np.savez(path, *sounds)
        return sounds

    return pieces


def sentences(
    person: Person, texts: Sequence[Sequence[str]], kept: Path, random: np.random.Generator, round_: int = 0
) -> list[Hesitant]:
    """All sentences of a person in some order, the two ways in turn, with pauses of any length up to 0.8 s."""
    say = speaker(person, kept)
    said = []
    for number, which in enumerate(random.permutation(len(texts))):
        phrases = texts[int(which)]
        way: Way = "whole" if len(phrases) > 1 and (number + round_) % 2 else "phrases"
        pieces = say(phrases, way)
        low = SLOW_S if person.slow else SHORTEST_S
        said.append(joined(" ".join(phrases), pieces, random.uniform(low, LONGEST_S, len(pieces) - 1).tolist()))
    return said
