"""Noise, clipping and music, on real synthetic speech."""

from __future__ import annotations

import numpy as np
import pytest

from device.ports import Pcm
from provisioning.voice_kit import judge
from provisioning.wake_sound import in_a_room, pink
from tests.support import odd_sounds, wordless
from tests.support.shoebox_sound import PERSON_EN, PERSON_ZH, said, silence

SPEECH = (("joe", PERSON_EN[0]), ("man", PERSON_ZH[0]), ("woman", PERSON_ZH[1]))


def in_quiet(pcm: Pcm) -> Pcm:
    return np.concatenate([silence(1.0), pcm, silence(1.0)])


def with_sound(pcm: Pcm, other: Pcm, below_db: float) -> Pcm:
    rms = float(np.sqrt(np.mean(np.square(pcm))))
    other = np.resize(other, len(pcm) + 2 * 16_000)
    return in_quiet(pcm) + other / np.float32(np.sqrt(np.mean(np.square(other)))) * np.float32(
        rms * 10 ** (-below_db / 20)
    )


@pytest.mark.parametrize(("who", "text"), SPEECH)
def test_speech_above_noise_is_told_to_some_db(who: str, text: str) -> None:
    pcm = said(who, text)
    for below in (0.0, 10.0, 20.0):
        noisy = with_sound(pcm, pink(len(pcm) + 32_000, np.random.default_rng(1)), below)
        # The louder half of the frames is some 3 dB above the whole; the softest tenth of pink noise some 3 dB below.
        assert judge.noise_db(noisy[16_000:-16_000], noisy) == pytest.approx(below + 6.0, abs=3.5)


@pytest.mark.parametrize(("who", "text"), SPEECH)
def test_clipping_is_seen_also_after_it_was_made_softer(who: str, text: str) -> None:
    pcm = said(who, text)
    assert judge.clipped(pcm) < 1e-4
    for gain, least in ((4.0, 0.02), (8.0, 0.1)):
        cut = odd_sounds.clipped(pcm / np.abs(pcm).max(), gain)
        assert judge.clipped(cut) > least
        assert judge.clipped(cut * np.float32(0.3)) == pytest.approx(judge.clipped(cut), rel=0.05)


@pytest.mark.parametrize(("who", "text"), SPEECH)
def test_music_behind_speech_is_heard_and_a_room_or_a_kitchen_is_none(who: str, text: str) -> None:
    pcm = said(who, text)
    random = np.random.default_rng(2)
    assert judge.music(in_quiet(pcm)) == 0.0
    assert judge.music(with_sound(pcm, pink(len(pcm) + 32_000, random), 10.0)) < 0.3
    assert judge.music(in_a_room(in_quiet(pcm), random, 0.6, 0.9)) < 0.5
    assert judge.music(with_sound(pcm, wordless.tune(8.0), 5.0)) > 0.5
    assert judge.music(wordless.tune(5.0)) > 0.9


@pytest.mark.parametrize(
    "pcm", [silence(0.0), silence(2.0), np.full(32_000, 0.7, np.float32)], ids=["none", "silence", "dc"]
)
def test_what_is_no_sound_is_judged_without_a_crash(pcm: Pcm) -> None:
    quality = judge.sound(pcm)
    assert np.isfinite([quality.noise_db, quality.clipped, quality.music]).all()
    assert quality.music == 0.0
