"""What is in a persona's `voice/`: `voice.toml`, and the indices of originals and interjections.

Tiers: 0 plays originals, and a stock voice says the rest; 1 speaks in the person's manner with a stock voice; 2 with a
style that was searched for them; 3 with a voice that the family had trained.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from device import schema

FILE = "voice.toml"
ORIGINALS = "originals/index.json"
INTERJECTIONS = "interjections/index.json"

Language = Literal["en", "zh"]
Tier = Literal[0, 1, 2, 3]


class Manner(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a stock voice is bent towards a person: parameters of Praat's "Change gender", and pauses. They are for the
    voice before any disguise of its own: the Chinese one as its corpus has it."""

    pitch_hz: float
    """Median of the pitch"""
    melody: float = 1.0
    """Factor on how far the pitch moves around its median"""
    tract: float = 1.0
    """Factor on all resonances: below 1 the speaker is larger"""
    pace: float = 1.0
    """Factor on the speed of speech: below 1 is slower"""
    pause_s: float = 0.0
    """s between two sentences; 0: as the stock voice has it"""


class Spoken(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """How one language is spoken."""

    engine: str
    """As in the frame's registry: piper, fastspeech, kokoro"""
    tier: Tier = 0
    manner: Manner | None = None
    model: str = ""
    """Within voice/: a Piper voice of the family's own (.onnx, its settings beside it)"""
    model_sha256: str = ""
    settings_sha256: str = ""
    style: str = ""
    """Within voice/: a Kokoro style, float32 of shape (256,) as .npy"""
    pitch: float = 1.0
    """Factor on that style's pitch"""


class Style(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A speaking mood, by clips of it."""

    clips: tuple[str, ...]
    """Within voice/"""


class VoiceFile(msgspec.Struct, frozen=True):
    """voice.toml"""

    version: int
    languages: dict[Language, Spoken] = {}
    styles: dict[Literal["calm", "glad", "sad", "lively", "quiet"], Style] = {}


class Original(msgspec.Struct, frozen=True):
    """A sentence in the person's own recorded voice."""

    file: str
    """Within voice/"""
    text: str
    language: str
    seconds: float
    words: tuple[tuple[str, float, float], ...]
    """Word, start and end in s from the clip's beginning"""
    gain_db: float
    """That brings it to the loudness of the voices"""
    recording: str
    """In the shoebox"""
    start: float
    """s in that recording"""
    date: str = ""
    date_confidence: float = 0.0
    mood: str = "calm"
    noise_db: float = 0.0
    mos: float = 0.0


class Interjection(msgspec.Struct, frozen=True):
    """A laugh, a cough, a sigh, an 嗯."""

    file: str
    kind: Literal["laugh", "cough", "sigh", "hum"]
    seconds: float
    gain_db: float
    recording: str
    start: float
    confirmed: bool = False
    """The family has said that it is one, and theirs"""


def read(path: Path) -> VoiceFile:
    """voice.toml. Raises Missing or BadInput."""
    return schema.convert(schema.read_toml(path), VoiceFile, str(path))
