"""What the wake phrases' measurement is made of: what is said, how, where, and how much of each kind."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.bench import speaking_styles, wake_material, wake_texts
from device.bench.wake_material import Amounts
from device.bench.wake_sounds import CONDITIONS, KINDS, NAMED, NEARLY, SHARES, Pool, Sentence, call, kinds, piece
from device.bench.wake_voices import VOICES, Voice, numbered
from device.ears.called import called
from device.ports import MIC_RATE, Pcm
from device.voice.loudness import speech_rms

NAMES = ("Hello Grandpa", "Grandpa", "外公你好", "外公")


def tone(seconds: float, hz: float = 200.0) -> Pcm:
    """Harmonics of a pitch, that swell and ebb."""
    t = np.arange(round(seconds * MIC_RATE)) / MIC_RATE
    sound = sum(np.sin(2 * np.pi * hz * k * t) / k for k in range(1, 15))
    return np.asarray(0.1 * sound * np.sin(2 * np.pi * 2 * t) ** 2, np.float32)


POOL = Pool(
    {code: [Sentence("...", code, "somebody", tone(2.0, hz)) for hz in (120.0, 210.0)] for code in ("en", "zh")},
    [tone(1.5, 100.0)],
    [Sentence("...", "en", "somebody", tone(1.0))],
    [Sentence("...", "en", "somebody", tone(1.0))],
)


def random() -> np.random.Generator:
    return np.random.default_rng(5)


def test_a_whisper_has_no_pitch_and_a_shout_has_more_above_1_khz() -> None:
    voice = tone(1.0)

    def periodic(pcm: Pcm) -> float:
        lag = MIC_RATE // 200
        return float(np.corrcoef(pcm[4000:-lag], pcm[4000 + lag :])[0, 1])

    def bright(pcm: Pcm) -> float:
        power = np.abs(np.fft.rfft(pcm)) ** 2
        cut = len(power) * 1000 // (MIC_RATE // 2)
        return float(power[cut:].sum() / power[:cut].sum())

    whispered, shouted = (speaking_styles.STYLES[s](voice, random()) for s in ("whispered", "shouted"))
    assert periodic(voice) > 0.9
    assert abs(periodic(whispered)) < 0.4
    assert len(whispered) == len(voice)
    assert bright(shouted) > 1.25 * bright(voice)
    assert len(shouted) < len(voice)


@pytest.mark.parametrize("style", speaking_styles.STYLES)
def test_silence_stays_silent_in_every_style(style: str) -> None:
    made = speaking_styles.STYLES[style](np.zeros(4000, np.float32), random())
    assert np.isfinite(made).all()
    assert float(np.abs(made).max()) < 1e-3


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_call_is_where_it_is_said_to_be(condition: str) -> None:
    made = call(condition, [("phrase", tone(0.8))], "en", "somebody", random(), POOL)
    again = call(condition, [("phrase", tone(0.8))], "en", "somebody", random(), POOL)
    np.testing.assert_array_equal(made.pcm, again.pcm)
    assert 0.6 < made.end - made.begin < 0.9
    assert made.end < len(made.pcm) / MIC_RATE - 1.0
    assert bool(made.playback) == CONDITIONS[condition].own_voice
    begin, end = (round(t * MIC_RATE) for t in (made.begin, made.end))
    assert speech_rms(made.pcm[begin:end], MIC_RATE) > speech_rms(made.pcm[: MIC_RATE // 2], MIC_RATE)


def test_farther_away_is_softer() -> None:
    near, far = (
        call(name, [("phrase", tone(0.8))], "en", "somebody", random(), POOL)
        for name in ("near (0.5 m)", "across the room (3 m)")
    )
    assert np.abs(near.pcm).max() > 2 * np.abs(far.pcm).max()


@pytest.mark.parametrize("kind", KINDS)
def test_a_piece_of_every_kind_is_as_long_as_asked_and_the_same_again(kind: str) -> None:
    one, other = (piece(kind, random(), POOL, 6.0) for _ in range(2))
    assert len(one.pcm) == 6 * MIC_RATE
    assert np.isfinite(one.pcm).all()
    assert float(np.abs(one.pcm).max()) <= 1.0
    np.testing.assert_array_equal(one.pcm, other.pcm)
    assert bool(one.playback) == (kind == "own voice")


@given(st.floats(0.5, 20.0))
def test_each_kind_has_its_share(hours: float) -> None:
    chosen = list(kinds(hours, ("en", "zh"), True))
    assert len(chosen) == round(hours * 60)
    counted = Counter(chosen)
    assert NAMED not in counted
    assert NEARLY not in counted
    for kind, share in (SHARES | {"talk en": 0.25, "talk zh": 0.25}).items():
        if kind != "talk":
            assert counted[kind] == pytest.approx(share * len(chosen), abs=1.5)


def test_the_two_sets_share_neither_voices_nor_sentences() -> None:
    one, other = (VOICES[which] for which in ("tuning", "test"))
    assert not {(v.engine, repr(v.settings)) for v in one} & {(v.engine, repr(v.settings)) for v in other}
    for language in ("en", "zh"):
        texts = wake_texts.sentences(language, ["A story. Another one, that is longer."])
        assert not set(numbered(texts, "tuning")) & set(numbered(texts, "test"))


def test_talk_with_the_name_and_talk_that_sounds_so_are_kept_apart() -> None:
    voice = Voice("somebody", "en", "piper", None)
    talk, named, nearly = wake_material.talk(
        [voice],
        "test",
        {"en": ["I told Grandpa. He laughed at it. I told Grandpa. He laughed at it."]},
        NAMES,
        Amounts(sentences=400),
        lambda voice, text: np.ones(10, np.float32),
    )
    assert all(called(s.text, NAMES, anywhere=True) is None for s in (*talk["en"], *nearly))
    assert all(called(s.text, NAMES, anywhere=True) is not None for s in named)
    assert {s.text for s in nearly} <= set(wake_texts.NEAR["en"])
    assert named
    assert nearly


def test_calls_are_planned_for_each_condition_and_language() -> None:
    phrases = {"en": ["Hello Grandpa"], "zh": ["外公你好"]}
    plans = wake_material.plans(phrases, Amounts(calls=3), own_voice=False)
    assert len(plans) == 3 * 2 * (len(CONDITIONS) - 1)
    voice = Voice("somebody", "en", "piper", None)
    said: list[str] = []

    def speak(voice: Voice, text: str) -> Pcm:
        said.append(text)
        return tone(0.8)

    made = [wake_material.called_by(plan, [voice], phrases, 1, POOL, speak) for plan in plans]
    assert [m is None for m in made] == [language == "zh" for _, language, _ in plans]
    assert sum(text.startswith("Hello Grandpa") for text in said) == sum(m is not None for m in made)
