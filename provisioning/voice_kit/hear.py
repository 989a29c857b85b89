"""What is in a recording: passages of speech, who says what when, and how good the sound is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import msgspec
import numpy as np

from device.ports import MIC_RATE, Pcm, SpeechDetector, Transcript
from provisioning.voice_kit import interjections, judge, prosody, speech, voices
from provisioning.voice_kit.encoder import LEAST_S, Encoder
from provisioning.voice_kit.heard import Passage, Sound, Word
from provisioning.voice_kit.naturalness import Dnsmos

LANGUAGES = ("en", "zh")
AROUND_S = 1.5
"""s before and after a passage that belong to its surroundings."""
ALL_MUSIC = 0.6
"""From so much music on, words must be sure to be believed ..."""
SURE = 0.55
"""... by the mean probability of their tokens: songs and melodies are given words that nobody said."""
RATED_S = 1.0
"""s from which a passage's naturalness is rated."""
LEAST_TURN_S = 3.2
"""s from which a stretch may hold two people's turns."""
TURN_STEP = 40
"""Frames (0.4 s) between the windows that are compared for it."""
PAUSE_STEPS = 3
"""Steps of the detector (0.1 s) without speech at which another may take over."""


class TimedWord(Protocol):
    """As the frame's transcriber gives it."""

    @property
    def text(self) -> str: ...
    @property
    def start(self) -> float: ...
    @property
    def end(self) -> float: ...
    @property
    def sure(self) -> float: ...


class Transcriber(Protocol):
    """The frame's transcriber, with word times."""

    def transcribe(self, utterance: Pcm, languages: Sequence[str], overheard: bool = False) -> Transcript: ...

    def word_times(self, utterance: Pcm, text: str, language: str) -> Sequence[TimedWord]: ...


@dataclass(frozen=True, slots=True)
class Engines:
    """What hears."""

    detector: SpeechDetector
    transcriber: Transcriber
    encoder: Encoder
    rating: Dnsmos


SHORTEST_S = 0.25
"""Of speech: in less there is no word, and the transcriber writes one all the same."""


def engines(names: Sequence[str] = (), threads: int = 1) -> Engines:
    """The frame's engines and the first speaker encoder. `names`: how people and places of the family are written.
    Raises Missing where a model has not been fetched."""
    from device import registry
    from models_quantized import catalog
    from provisioning.voice_kit import encoder

    model = catalog.verified_dir("transcriber")
    return Engines(
        registry.make("speech_detector", "silero"),
        registry.make("transcriber", "whisper", model=model, names=list(names), threads=threads),
        encoder.first(),
        Dnsmos(),
    )


def passages(pcm: Pcm, begins: float, using: Engines, languages: Sequence[str] = LANGUAGES) -> list[Passage]:
    """The passages of one piece at MIC_RATE, which begins `begins` s after the recording; every voice is 0 yet.
    Laughs, coughs, sighs and hums have a kind of their own and no words."""
    speaking = speech.probabilities(pcm, using.detector)
    heard = speech.stretches(speaking, len(pcm) / MIC_RATE)
    found = [(start, end) for start, end in heard if end - start >= SHORTEST_S]
    parted = [part for start, end in found for part in _turns(pcm, start, end, speaking, using.encoder)]
    spoken = [_heard(pcm, start, end, using, languages) for start, end in parted]
    others = [
        _wordless(pcm, sound.start, sound.end, sound.kind, using)
        for sound in interjections.find(pcm, parted, [(p.start, p.end, p.text) for p in spoken])
    ]
    taken = {(other.start, other.end) for other in others}
    kept = [p for p in spoken if not any(a - 0.05 <= p.start and p.end <= b + 0.05 for a, b in taken)]
    return [shifted(p, begins) for p in sorted([*kept, *others], key=lambda p: (p.start, p.end))]


def shifted(passage: Passage, seconds: float) -> Passage:
    """The same, so much later."""
    words = tuple(Word(w.text, _s(w.start + seconds), _s(w.end + seconds), w.sure) for w in passage.words)
    start, end = _s(passage.start + seconds), _s(passage.end + seconds)
    return msgspec.structs.replace(passage, start=start, end=end, words=words)


def _turns(
    pcm: Pcm, start: float, end: float, speaking: Sequence[float], encoder: Encoder
) -> Iterator[tuple[float, float]]:
    """A stretch, parted where another voice takes over."""
    if end - start < LEAST_TURN_S:
        yield start, end
        return
    parts, middles = encoder.parts(_cut(pcm, start, end), TURN_STEP)
    for moment in voices.turns(parts, [start + at for at in middles], _pauses(speaking, start, end)):
        yield start, moment
        start = moment
    yield start, end


def _pauses(speaking: Sequence[float], start: float, end: float) -> list[float]:
    """Middles of the moments of doubt within a stretch, s."""
    first, last = round(start / speech.STEP_S), round(end / speech.STEP_S)
    found, run = [], 0
    for step in range(first, min(last, len(speaking))):
        run = run + 1 if speaking[step] < speech.BEGINS else 0
        after = speaking[step + 1] if step + 1 < len(speaking) else 0.0
        if run >= PAUSE_STEPS and after >= speech.BEGINS:
            found.append((step + 1 - run / 2) * speech.STEP_S)
    return found


def _heard(pcm: Pcm, start: float, end: float, using: Engines, languages: Sequence[str]) -> Passage:
    sound = _cut(pcm, start, end)
    quality = _quality(pcm, start, end, using)
    told = using.transcriber.transcribe(sound, languages)
    words: tuple[Word, ...] = ()
    if told.text:
        timed = using.transcriber.word_times(sound, told.text, told.language)
        words = tuple(Word(w.text, _s(start + w.start), _s(start + w.end), round(w.sure, 3)) for w in timed)
    if not words or (quality.music >= ALL_MUSIC and np.mean([w.sure for w in words]) < SURE):
        told, words = Transcript("", told.language, 0.0), ()
    made = Passage(_s(start), _s(end), told.text, told.language, words, 0, quality)
    vector = _vector(sound, using.encoder)
    return msgspec.structs.replace(made, embedding=vector, delivery=_delivery(sound, made) if words else None)


def _delivery(sound: Pcm, passage: Passage) -> tuple[float, float, float, float]:
    how = prosody.of_sound(sound, MIC_RATE, passage.text, max(prosody.spoken_s(passage), 0.3))
    power = np.sort(interjections.envelope(sound) ** 2)
    level = 10 * np.log10(float(power[len(power) // 2 :].mean()) + 1e-12) if len(power) else -120.0
    return round(how.pitch_hz, 1), round(how.range_st, 2), round(float(level), 2), round(how.rate, 2)


def _wordless(pcm: Pcm, start: float, end: float, kind: str, using: Engines) -> Passage:
    quality = judge.sound(_cut(pcm, start, end), _cut(pcm, start - AROUND_S, end + AROUND_S))
    vector = _vector(_cut(pcm, start, end), using.encoder) if kind in ("laugh", "hum") else ()
    return Passage(_s(start), _s(end), "", "", (), 0, quality, kind=kind, embedding=vector)


def _quality(pcm: Pcm, start: float, end: float, using: Engines) -> Sound:
    sound = _cut(pcm, start, end)
    quality = judge.sound(sound, _cut(pcm, start - AROUND_S, end + AROUND_S))
    if end - start < RATED_S:
        return quality
    rating = using.rating.rate(sound, most=1)
    return Sound(quality.noise_db, quality.clipped, quality.music, round(rating.overall, 2))


def _vector(sound: Pcm, encoder: Encoder) -> tuple[float, ...]:
    """Rounded, so that the file is the same wherever it is made."""
    if len(sound) < LEAST_S * MIC_RATE:
        return ()
    return tuple(round(float(value), 4) for value in encoder.embed(sound))


def _cut(pcm: Pcm, start: float, end: float) -> Pcm:
    return pcm[max(0, round(start * MIC_RATE)) : max(0, round(end * MIC_RATE))]


def _s(seconds: float) -> float:
    """To the ms."""
    return round(float(seconds), 3)
