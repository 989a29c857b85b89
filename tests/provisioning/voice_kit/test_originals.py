"""Sentences cut out for replay."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from device.ports import MIC_RATE
from provisioning.voice_kit import opus, originals, sound
from provisioning.voice_kit.heard import Passage, Recording, Sound, Word

GOOD = Sound(40.0, 0.0, 0.0, 3.0)


def passage(*words: tuple[str, float, float], sound: Sound = GOOD, sure: float = 0.9) -> Passage:
    said = tuple(Word(text, start, end, sure) for text, start, end in words)
    return Passage(said[0].start - 0.2, said[-1].end + 0.2, " ".join(w[0] for w in words), "en", said, 0, sound)


TWO = passage(("I", 1.0, 1.2), ("came.", 1.3, 1.8), ("It", 2.3, 2.5), ("rained.", 2.6, 3.2))


def test_a_passage_is_parted_at_full_stops_with_a_pause() -> None:
    parts = originals.sentences(TWO)
    assert [originals.text_of(words, "en") for _, _, words in parts] == ["I came.", "It rained."]
    assert parts[0][1] <= parts[1][0]
    assert parts[0][0] == pytest.approx(0.8)
    assert parts[1][1] == pytest.approx(3.4)
    joined = passage(("Mr.", 1.0, 1.2), ("Li.", 1.25, 1.8))
    assert len(originals.sentences(joined)) == 1


@pytest.mark.parametrize(
    "bad",
    [
        passage(("word", 1.0, 2.0), sound=Sound(5.0, 0.0, 0.0)),
        passage(("word", 1.0, 2.0), sound=Sound(40.0, 0.02, 0.0)),
        passage(("word", 1.0, 2.0), sound=Sound(40.0, 0.0, 0.8)),
        passage(("word", 1.0, 2.0), sure=0.2),
    ],
    ids=["noise", "clipped", "music", "not understood"],
)
def test_what_is_not_good_is_kept_out(bad: Passage) -> None:
    assert list(originals.worth([bad])) == []
    assert len(list(originals.worth([TWO]))) == 2


def test_clips_are_the_samples_that_stand_there(tmp_path: Path) -> None:
    steps = np.repeat(np.linspace(-0.5, 0.5, 100), MIC_RATE // 10).astype(np.float32)
    path = tmp_path / "x"
    opus.write(path, [steps], MIC_RATE)
    whole = np.concatenate(list(sound.blocks(path, "x", opus.RATE)))
    spans = [(0.5, 1.5), (1.2, 3.0), (7.0, 9.9), (9.5, 12.0)]
    for (start, end), cut in zip(spans, originals.clips(path, "x", spans), strict=True):
        np.testing.assert_array_equal(cut, whole[round(start * 48_000) : round(end * 48_000)])


def test_written_with_words_times_and_loudness(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    path = tmp_path / "sound.opus"
    opus.write(path, [(0.02 * random.normal(size=5 * MIC_RATE)).astype(np.float32)], MIC_RATE)
    recording = Recording("voice/a.m4a", "ab" * 32, 5.0, (TWO,), "1998-03-02", 0.8)
    made = originals.write_originals(recording, path, [TWO], tmp_path / "voice")
    assert [m.text for m in made] == ["I came.", "It rained."]
    assert (made[0].recording, made[0].date) == ("voice/a.m4a", "1998-03-02")
    assert made[0].words == (("I", 0.2, 0.4), ("came.", 0.5, 1.0))
    assert made[0].gain_db == pytest.approx(-20 - 20 * np.log10(0.02), abs=1.0)
    cut = np.concatenate(list(sound.blocks(tmp_path / "voice" / made[1].file, "x", opus.RATE)))
    assert len(cut) / opus.RATE == pytest.approx(made[1].seconds, abs=0.01)
