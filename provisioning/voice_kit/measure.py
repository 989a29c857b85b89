"""What a voice is worth: how like the person it is between a stranger and the person recorded twice, whether it is
understood, and how natural it sounds. All of it on clips that took no part in making it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec
import numpy as np

from device.ports import Pcm
from provisioning.voice_kit.encoder import Encoder
from provisioning.voice_kit.hear import Transcriber
from provisioning.voice_kit.naturalness import Dnsmos
from provisioning.voice_kit.vectors import Vector, unit


class Likeness(msgspec.Struct, frozen=True):
    """Cosines of one encoder's vectors."""

    stranger: float
    """The most like the person of everybody else: other voices of the recordings, and the stock voices"""
    again: float
    """The person's held-out clips, against the others of theirs: what a perfect voice would reach"""
    voices: dict[str, float]
    """Each voice of the kit in each language: "stock-zh", "manner-zh", "style-zh", ..."""

    def share(self, voice: str) -> float:
        """Where a voice stands on the way from the stranger (0) to the person (1)."""
        return (self.voices[voice] - self.stranger) / max(self.again - self.stranger, 1e-6)


class Intelligible(msgspec.Struct, frozen=True):
    """Of a voice's test sentences, as the frame's transcriber understands them."""

    cer: dict[str, float]
    """Voice -> share of characters that are wrong (Chinese)"""
    wer: dict[str, float]
    """Voice -> share of words that are wrong (English)"""


class Measures(msgspec.Struct, frozen=True):
    """measures.json. Speed is not in it: it is not the same twice, and `imago bench` measures it on the frame."""

    first: Likeness | None
    """By the encoder that voices are fitted with"""
    held_out: Likeness | None
    """By the one that takes no part"""
    intelligible: Intelligible
    mos: dict[str, float]
    """DNSMOS P.835 overall, by voice; "original" are the person's own clips"""
    p808: dict[str, float]
    clips: int
    """Held-out clips of the person"""
    notes: tuple[str, ...] = ()
    """What could not be measured, and why"""


def likeness(
    encoder: Encoder, kept: Sequence[Pcm], held_out: Sequence[Pcm], strangers: Sequence[Pcm], made: dict[str, list[Pcm]]
) -> Likeness:
    """All sounds at MIC_RATE. `kept`: the person's clips that the voices were made from."""
    person, others = _mean(encoder, held_out), [encoder.embed(pcm) for pcm in strangers]
    return Likeness(
        round(max((float(v @ person) for v in others), default=0.0), 4),
        round(float(_mean(encoder, kept) @ person), 4),
        {name: round(float(_mean(encoder, pcms) @ person), 4) for name, pcms in sorted(made.items()) if pcms},
    )


def errors(transcriber: Transcriber, said: Sequence[tuple[Pcm, str]], language: str) -> float:
    """Share of characters (Chinese) or words (English) that the transcriber gets wrong in what was said at MIC_RATE."""
    wrong = total = 0
    for pcm, text in said:
        wanted = units(text, language)
        wrong += distance(wanted, units(transcriber.transcribe(pcm, [language]).text, language))
        total += len(wanted)
    return round(wrong / total, 4) if total else 0.0


def ratings(dnsmos: Dnsmos, pcms: Sequence[Pcm]) -> tuple[float, float]:
    """Mean of P.835 overall and of P.808."""
    rated = [dnsmos.rate(pcm) for pcm in pcms if len(pcm)]
    if not rated:
        return 0.0, 0.0
    return round(float(np.mean([r.overall for r in rated])), 3), round(float(np.mean([r.p808 for r in rated])), 3)


def units(text: str, language: str) -> list[str]:
    """What is counted: characters without marks, or words."""
    if language == "zh":
        return re.findall(r"[\u3400-\u9fff]|[a-z0-9]+", text.lower())
    return re.findall(r"[a-z0-9']+", text.lower().replace("’", "'"))


def distance(one: Sequence[str], other: Sequence[str]) -> int:
    """Least number of insertions, deletions and substitutions (Levenshtein 1966)."""
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        above, row[0] = row[0], i
        for j, right in enumerate(other, 1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (left != right))
    return row[-1]


def _mean(encoder: Encoder, pcms: Sequence[Pcm]) -> Vector:
    if not pcms:
        return np.zeros(256, np.float32)
    return unit(np.mean([encoder.embed(pcm) for pcm in pcms], axis=0))
