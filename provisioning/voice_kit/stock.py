"""The frame's stock voices as the kit uses them: what they say for measurements, plain and bent towards the person."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import cast

import numpy as np
import soxr

from device import registry
from device.persona.voice_file import Language, Manner
from device.ports import MIC_RATE, Pcm, Speech, Synthesizer
from provisioning.voice_kit import prosody, style_search
from provisioning.voice_kit.prosody import Prosody

ENGINES: dict[Language, str] = {"en": "piper", "zh": "fastspeech"}
SENTENCES: dict[Language, tuple[str, ...]] = {
    "en": (
        "When I was young, we walked to school every morning.",
        "Come in, sit down, and have a cup of tea with me.",
        "Your grandmother always kept the garden full of flowers.",
        "I told him that he should finish his work first.",
    ),
    "zh": (
        "我年轻的时候，每天早上都走路去上学。",
        "快进来坐下，跟我一起喝杯热茶。",
        "你外婆把院子里种满了各种各样的花。",
        "我跟他说，先把手里的工作做完。",
    ),
}
"""What every voice says when it is measured."""


@cache
def voice(language: Language) -> Synthesizer:
    """The stock voice for a language, the Chinese one as its corpus has it."""
    settings = {"plain": True} if language == "zh" else {}
    return cast(Synthesizer, registry.make("synthesizer", ENGINES[language], **settings))


@cache
def kokoro() -> style_search.Voice:
    """The voice whose style can be searched."""
    return cast(style_search.Voice, registry.make("synthesizer", "kokoro"))


def said(language: Language, texts: Sequence[str] = (), manner: Manner | None = None) -> list[tuple[Pcm, int, str]]:
    """Sound, its rate in Hz, and text of each sentence."""
    spoken = [(_spoken(language, text), text) for text in texts or SENTENCES[language]]
    return [(prosody.render(s, manner) if manner else s.pcm, s.rate, text) for s, text in spoken]


@cache
def _spoken(language: Language, text: str) -> Speech:
    return voice(language).synthesize(text)


def manner_of(language: Language) -> Prosody:
    """How the stock voice speaks."""
    return prosody.together([prosody.of_sound(pcm, rate, text) for pcm, rate, text in said(language)])


def heard(pcm: Pcm, rate: int) -> Pcm:
    """At MIC_RATE."""
    return pcm if rate == MIC_RATE else np.asarray(soxr.resample(pcm, rate, MIC_RATE), np.float32)
