"""Laughs, coughs, sighs and hums among speech; made by code, so they show the rules, not their precision."""

from __future__ import annotations

import numpy as np
import pytest

from device.ports import MIC_RATE, Pcm
from provisioning.voice_kit import interjections
from provisioning.voice_kit.interjections import features, find, kind_of
from tests.support import odd_sounds, wordless
from tests.support.shoebox_sound import PERSON_EN, PERSON_ZH, said, scene


@pytest.mark.parametrize("seed", range(5))
def test_each_kind_is_told(seed: int) -> None:
    assert kind_of(features(wordless.laugh(seed, 120.0 + 40 * seed, 4.0 + 0.2 * seed))) == "laugh"
    assert kind_of(features(wordless.cough(seed))) == "cough"
    assert kind_of(features(wordless.sigh(seed))) == "sigh"
    assert kind_of(features(wordless.hum(seed, 100.0 + 30 * seed))) == "hum"


@pytest.mark.parametrize(("who", "text"), [("joe", t) for t in PERSON_EN] + [("woman", t) for t in PERSON_ZH])
def test_a_sentence_is_none_of_them(who: str, text: str) -> None:
    assert kind_of(features(said(who, text))) == ""


def test_a_dog_and_a_tune_are_no_laugh_of_the_person() -> None:
    assert kind_of(features(wordless.tune(3.0))) == ""
    assert kind_of(features(odd_sounds.barking(3.0))) in ("", "laugh")  # a dog can fool it: the family hears each one


def test_they_are_found_where_they_are() -> None:
    speech = said("joe", PERSON_EN[0])
    pcm, spans = scene(speech, wordless.cough(1), wordless.sigh(2), said("joe", PERSON_EN[1]))
    found = find(pcm, [spans[0], spans[3]], [(*spans[0], PERSON_EN[0]), (*spans[3], PERSON_EN[1])])
    assert [f.kind for f in found] == ["cough", "sigh"]
    for sound, (start, end) in zip(found, spans[1:3], strict=True):
        assert abs(sound.start - start) < 0.15
        assert start < sound.end <= end + 0.1


@pytest.mark.parametrize(
    ("text", "kind"),
    [("哈哈哈！", "laugh"), ("Ha, ha, ha.", "laugh"), ("嗯。", "hum"), ("Mm-hmm", ""), ("Hmm.", "hum"), ("好。", "")],
)
def test_what_was_written_of_it_decides_where_it_was_heard_as_words(text: str, kind: str) -> None:
    pcm, spans = scene(said("man", "好的，没问题。"))
    found = find(pcm, spans, [(*spans[0], text)])
    assert [f.kind for f in found] == ([kind] if kind else [])


def test_a_clip_begins_and_ends_in_silence_and_is_whole() -> None:
    pcm, spans = scene(wordless.hum(0))
    cut = interjections.clip(pcm, MIC_RATE, *spans[0])
    assert cut[0] == cut[-1] == 0.0
    assert len(cut) / MIC_RATE == pytest.approx(spans[0][1] - spans[0][0] + 2 * interjections.MARGIN_S, abs=0.01)
    assert float(np.square(cut).sum()) > 0.98 * float(np.square(pcm).sum())


@pytest.mark.parametrize("pcm", [np.zeros(0, np.float32), np.zeros(8000, np.float32)], ids=["none", "silence"])
def test_nothing_is_nothing(pcm: Pcm) -> None:
    assert kind_of(features(pcm)) == ""
    assert find(pcm, [], []) == []
