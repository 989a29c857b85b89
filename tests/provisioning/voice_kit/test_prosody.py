"""A manner of speaking, measured and put on."""

from __future__ import annotations

import numpy as np
import pytest

from device.persona.voice_file import Manner
from device.ports import MIC_RATE, Speech
from provisioning.voice_kit import prosody
from provisioning.wake_sound import Disguise, disguised
from tests.support.shoebox_sound import PERSON_EN, PERSON_ZH, said

PEAKS = [
    tuple(sum(np.exp(-(((prosody.GRID - f * scale) / 150) ** 2)) for f in (500, 1500, 2500, 3500)).tolist())
    for scale in (1.0, 1.18)
]
"""Envelopes with resonances at 500, 1500, ... Hz, and with those of somebody much smaller."""


@pytest.mark.parametrize(
    ("text", "count"), [("我小时候", 4), ("a small village", 4), ("banana", 3), ("I use 两个", 4), ("", 0)]
)
def test_syllables(text: str, count: int) -> None:
    assert prosody.syllables(text) == count


def test_pitch_of_a_tone_is_its_frequency() -> None:
    t = np.arange(MIC_RATE) / MIC_RATE
    voice = sum(np.sin(2 * np.pi * 150 * k * t) / k for k in range(1, 10))
    assert prosody.of_sound(np.asarray(0.1 * voice, np.float32), MIC_RATE).pitch_hz == pytest.approx(150, abs=2)


def test_a_voice_put_towards_another_speaks_more_like_it() -> None:
    """The "person" is the stock voice by somebody smaller, higher and faster: the way back must be found."""
    texts = PERSON_EN[:3]
    stock = prosody.together([prosody.of_sound(said("joe", t), MIC_RATE, t) for t in texts])
    there = [disguised(said("joe", t), Disguise(1.1, 140.0, 1 / 1.15)) for t in texts]
    person = prosody.together([prosody.of_sound(p, MIC_RATE, t) for p, t in zip(there, texts, strict=True)])
    manner = prosody.towards(person, stock)
    assert manner.pitch_hz == pytest.approx(140, rel=0.05)
    assert manner.tract == pytest.approx(1.1, abs=0.04)
    assert manner.pace == pytest.approx(1.15, abs=0.06)
    again = prosody.render(Speech(said("joe", texts[0]), MIC_RATE, ()), manner)
    found = prosody.of_sound(again, MIC_RATE, texts[0])
    assert found.pitch_hz == pytest.approx(140, rel=0.06)
    assert len(again) == pytest.approx(len(there[0]), rel=0.08)


@pytest.mark.parametrize("tract", [0.9, 1.0, 1.1])
@pytest.mark.parametrize(("who", "texts", "pitch"), [("joe", PERSON_EN, 120.0), ("man", PERSON_ZH, 140.0)])
def test_how_large_somebody_is_shows_in_other_sentences(
    who: str, texts: tuple[str, ...], pitch: float, tract: float
) -> None:
    stock = prosody.together([prosody.of_sound(said(who, t), MIC_RATE) for t in texts[:2]])
    there = [disguised(said(who, t), Disguise(tract, pitch)) for t in texts[2:4]]
    person = prosody.together([prosody.of_sound(pcm, MIC_RATE) for pcm in there])
    assert prosody.towards(person, stock).tract == pytest.approx(tract, abs=0.04)


def test_nobody_is_bent_beyond_what_sounds_human() -> None:
    wild = prosody.Prosody(900.0, 40.0, 12.0, 9.0, PEAKS[1])
    calm = prosody.Prosody(100.0, 4.0, 4.0, 0.3, PEAKS[0])
    manner = prosody.towards(wild, calm)
    assert manner.pitch_hz == prosody.PITCHES[1]
    assert (manner.tract, manner.melody, manner.pace) == (prosody.TRACT[1], prosody.MELODY[1], prosody.PACE[1])
    assert manner.pause_s == prosody.LONGEST_PAUSE_S


def test_what_could_not_be_told_changes_nothing() -> None:
    calm = prosody.Prosody(100.0, 4.0, 4.0, 0.3, PEAKS[0])
    assert prosody.towards(prosody.Prosody(0.0, 0.0, 0.0, 0.0), calm) == Manner(100.0)
    silence = prosody.of_sound(np.zeros(MIC_RATE, np.float32), MIC_RATE, "hello")
    assert (silence.pitch_hz, silence.range_st) == (0.0, 0.0)
    prosody.of_sound(np.zeros(10, np.float32), MIC_RATE)


def test_the_same_words_sound_the_same() -> None:
    speech = Speech(said("man", PERSON_ZH[0]), MIC_RATE, ())
    one, other = (prosody.render(speech, Manner(140.0, 1.1, 0.95, 1.1)) for _ in range(2))
    np.testing.assert_array_equal(one, other)
