"""What was found in a recording: what is said, when each word is, by whom, and how good the sound is."""

from __future__ import annotations

import msgspec


class Word(msgspec.Struct, frozen=True, gc=False):
    """One word, or one Chinese character or word as the transcriber parts them."""

    text: str
    start: float
    """s from the recording's start"""
    end: float
    sure: float = 1.0
    """0..1"""


class Sound(msgspec.Struct, frozen=True):
    """How good a stretch of sound is."""

    noise_db: float
    """Speech above noise, dB"""
    clipped: float
    """Share of samples at full scale"""
    music: float
    """0..1 that music plays"""
    mos: float = 0.0
    """DNSMOS P.835 overall, 1..5; 0 not measured"""


class Passage(msgspec.Struct, frozen=True):
    """A stretch of speech by one voice, between pauses."""

    start: float
    end: float
    text: str
    language: str
    words: tuple[Word, ...]
    voice: int
    """Number of the voice within this recording, from 0"""
    sound: Sound
    mood: str = "calm"
    """calm, glad, sad, lively or quiet, by pitch, loudness and pace against the voice's own middle"""
    kind: str = "speech"
    """speech, laugh, cough, sigh, hum"""
    embedding: tuple[float, ...] = ()
    """Of the speaker encoder; unit length"""
    delivery: tuple[float, float, float, float] | None = None
    """Median pitch in Hz, its range in semitones, level in dB, syllables a second; None where it has no words"""


class Recording(msgspec.Struct, frozen=True):
    """One file with sound."""

    path: str
    """Within the shoebox"""
    sha256: str
    seconds: float
    passages: tuple[Passage, ...]
    date: str = ""
    """As `When.start`"""
    date_confidence: float = 0.0
    problem: str = ""
    """Why nothing of it is of use"""
