"""Whose voice is whose across all recordings, and which of them is the person's. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from provisioning.voice_kit import voices
from provisioning.voice_kit.heard import Passage, Recording

ACROSS = 0.74
"""Likeness from which voices of two recordings are one person's; lower than within one, for rooms, microphones and
days differ."""
EXAMPLE_S = (2.0, 8.0)


class Mark(msgspec.Struct, frozen=True):
    """The family says: this is the person."""

    recording: str
    """As in `Recording.path`"""
    at: float = -1.0
    """s within it at which they speak; -1: whoever speaks most"""


class Voice(msgspec.Struct, frozen=True):
    """One person's voice."""

    seconds: float
    recordings: dict[str, tuple[int, ...]]
    """Recording -> numbers of the voice within it"""
    embedding: tuple[float, ...]
    example: tuple[str, float, float, str] = ("", 0.0, 0.0, "")
    """Recording, start, end and text of a clip by which the family can tell who it is"""


class Known(msgspec.Struct, frozen=True):
    """Everybody who speaks, most first, and who of them is the person."""

    voices: tuple[Voice, ...]
    person: int
    """Index in `voices`; -1 where nobody speaks"""
    guessed: bool
    """Nobody has said so: it is the one who speaks most, and the family is to be asked"""


def known(recordings: Sequence[Recording], marks: Sequence[Mark] = ()) -> Known:
    """Groups the recordings' voices into people."""
    heard = [(r, n) for r in sorted(recordings, key=lambda r: r.path) for n in _numbers(r)]
    vectors, seconds = [], []
    for recording, number in heard:
        spoken = [p for p in recording.passages if p.voice == number and p.embedding and p.kind == "speech"]
        lengths = [p.end - p.start for p in spoken]
        vectors.append(tuple(map(float, voices.mean([p.embedding for p in spoken], lengths))) if spoken else ())
        seconds.append(sum(lengths))
    labels = voices.group(vectors, seconds, ACROSS)
    found = []
    for label in range(max(labels, default=-1) + 1):
        members = [n for n, of in enumerate(labels) if of == label]
        found.append(_voice([heard[n] for n in members], [vectors[n] for n in members], [seconds[n] for n in members]))
    person = _marked(found, recordings, marks)
    return Known(tuple(found), person if person >= 0 else (0 if found else -1), person < 0)


def passages_of(voice: Voice, recordings: Sequence[Recording]) -> list[tuple[Recording, Passage]]:
    """All that one voice says, by recording and time."""
    return [
        (recording, passage)
        for recording in sorted(recordings, key=lambda r: r.path)
        if recording.path in voice.recordings
        for passage in recording.passages
        if passage.voice in voice.recordings[recording.path]
    ]


def _numbers(recording: Recording) -> list[int]:
    return sorted({p.voice for p in recording.passages if p.embedding and p.kind == "speech"})


def _voice(
    members: Sequence[tuple[Recording, int]], vectors: Sequence[Sequence[float]], seconds: Sequence[float]
) -> Voice:
    spoken = [(r, p) for r, n in members for p in r.passages if p.voice == n and p.text]
    low, high = EXAMPLE_S
    best = max(spoken, key=lambda rp: (low <= rp[1].end - rp[1].start <= high, rp[1].sound.noise_db), default=None)
    example = (best[0].path, best[1].start, best[1].end, best[1].text) if best else ("", 0.0, 0.0, "")
    recordings: dict[str, tuple[int, ...]] = {}
    for recording, number in members:
        recordings[recording.path] = (*recordings.get(recording.path, ()), number)
    vector = tuple(round(float(v), 4) for v in voices.mean(vectors, seconds))
    return Voice(round(sum(seconds), 2), dict(sorted(recordings.items())), vector, example)


def _marked(found: Sequence[Voice], recordings: Sequence[Recording], marks: Sequence[Mark]) -> int:
    """The voice that most marks point at; -1 where none does."""
    by_path: Mapping[str, Recording] = {r.path: r for r in recordings}
    votes = [0.0] * len(found)
    for mark in marks:
        recording = by_path.get(mark.recording)
        if recording is None:
            continue
        at = [p for p in recording.passages if p.start <= mark.at <= p.end or mark.at < 0]
        for passage in at:
            for number, voice in enumerate(found):
                if passage.voice in voice.recordings.get(recording.path, ()):
                    votes[number] += passage.end - passage.start
    best = max(range(len(votes)), key=lambda n: votes[n], default=-1)
    return best if best >= 0 and votes[best] > 0 else -1
