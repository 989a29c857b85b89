"""The contract of the Synthesizer port, on the fake and the real engines alike, and what only the real ones promise."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from device.errors import BadInput, Broken
from device.ports import Synthesizer
from device.voice import fastspeech, kokoro, mandarin, onnx_session, piper
from device.voice.fastspeech import FastSpeechSettings
from device.voice.fastspeech_model import FILES, HOP, FastSpeechModel
from device.voice.finish import LEAD_S
from device.voice.kokoro import KokoroSettings
from device.voice.kokoro_model import FRAME, MAX_TOKENS, RATE, KokoroModel
from device.voice.loudness import TARGET_DBFS, speech_rms
from models_quantized import catalog
from tests.fakes.voice import FakeSynthesizer


@cache
def english() -> piper.Piper:
    return piper.create()


@cache
def chinese() -> kokoro.Kokoro:
    return kokoro.create()


@cache
def old_man() -> fastspeech.FastSpeech:
    return fastspeech.create()


ENGINES = [
    pytest.param(FakeSynthesizer, "Bob likes my fish pie.", id="fake"),
    pytest.param(english, "Bob likes my fish pie.", id="piper"),
    pytest.param(chinese, "爸爸妈妈都怕冷，放风筝。", id="kokoro"),
    pytest.param(old_man, "爸爸妈妈都怕冷，放风筝。", id="fastspeech"),
]


@pytest.mark.parametrize(("make", "text"), ENGINES)
class TestContract:
    def test_speech_fits_its_visemes(self, make: Callable[[], Synthesizer], text: str) -> None:
        speech = make().synthesize(text)
        assert speech.pcm.dtype == np.float32
        assert speech.pcm.ndim == 1
        assert 0.5 < speech.seconds < 6
        assert speech.text == text
        assert speech.visemes[0].start == 0
        assert all(a.end <= b.start + 1e-9 for a, b in pairwise(speech.visemes))
        assert speech.visemes[-1].end == pytest.approx(speech.seconds, abs=0.05)
        assert "PP" in {v.shape for v in speech.visemes}

    def test_it_is_as_loud_as_the_others_and_begins_at_once(self, make: Callable[[], Synthesizer], text: str) -> None:
        speech = make().synthesize(text)
        assert 20 * np.log10(speech_rms(speech.pcm, speech.rate)) == pytest.approx(TARGET_DBFS, abs=1)
        onset = np.flatnonzero(np.abs(speech.pcm) > 10 ** (-40 / 20))[0]
        assert onset / speech.rate <= LEAD_S + 0.01
        assert np.abs(speech.pcm).max() < 1

    @pytest.mark.parametrize("nothing", ["", "  ", "…", "😀", "**"])
    def test_nothing_to_pronounce_gives_nothing(self, make: Callable[[], Synthesizer], text: str, nothing: str) -> None:
        speech = make().synthesize(nothing)
        assert len(speech.pcm) == 0
        assert speech.visemes == ()


def test_pipers_durations_sum_to_its_sound() -> None:
    voice = english()._voice
    for chunk in voice.synthesize("I remember the river, and the fish.", include_alignments=True):
        assert chunk.phoneme_alignments
        assert sum(a.num_samples for a in chunk.phoneme_alignments) == len(chunk.audio_float_array)


def test_kokoros_durations_sum_to_its_sound_and_its_pitch_follows() -> None:
    model = chinese()._model
    symbols = mandarin.phonemes("我记得你奶奶。")
    style = model.style("jf_gongitsune")
    pcm, seconds = model.run(symbols, style, 1.0, 1.0)
    assert len(seconds) == len(symbols) + 2
    assert sum(seconds) * RATE == pytest.approx(len(pcm))
    assert len(pcm) % FRAME == 0
    low, _ = model.run(symbols, style, 1.0, 0.6)
    assert _median_pitch(low) / _median_pitch(pcm) == pytest.approx(0.6, abs=0.1)


def test_fastspeechs_durations_sum_to_its_sound_and_its_pitch_follows() -> None:
    model = old_man()._model
    symbols = ["sil", "^", "uo3", "#0", "j", "i4", "#0", "d", "e5", "sil"]
    spoken = model.mel(symbols, 1.0, 0.0)
    pcm = model.sound(spoken.mel)
    assert len(spoken.seconds) == len(symbols)
    assert sum(spoken.seconds) * RATE == pytest.approx(len(pcm))
    assert len(pcm) == len(spoken.mel) * HOP
    slow = model.mel(symbols, 1.5, 0.0)
    assert sum(slow.seconds) / sum(spoken.seconds) == pytest.approx(1.5, abs=0.1)
    low = model.sound(model.mel(symbols, 1.0, -1.0).mel)
    assert _median_pitch(low) < 0.95 * _median_pitch(pcm)


def test_the_old_man_speaks_as_low_as_he_is_told_and_keeps_his_time() -> None:
    text = "我记得你奶奶做的馄饨。"
    own = fastspeech.create(settings=FastSpeechSettings(disguise=None)).synthesize(text)
    old = old_man().synthesize(text)
    assert 105 < _median_pitch(old.pcm) < 140 < _median_pitch(own.pcm)
    assert old.seconds == pytest.approx(own.seconds, abs=0.06)


@pytest.mark.parametrize("make", [chinese, old_man])
def test_the_same_chinese_clause_sounds_the_same_twice(make: Callable[[], Synthesizer]) -> None:
    one, two = (make().synthesize("好孩子。") for _ in range(2))
    np.testing.assert_array_equal(one.pcm, two.pcm)


def test_a_very_long_clause_is_cut_at_its_breaks() -> None:
    symbols = ["sil", *(["w", "o3", "#0", "j", "i4", "#1"] * 60), "sil"]
    pieces = fastspeech._pieces(symbols)
    assert len(pieces) > 1
    assert all(len(piece) <= fastspeech.LONGEST + 1 for piece in pieces)
    assert all(piece[0] == piece[-1] == "sil" for piece in pieces)
    spoken = [symbol for piece in pieces for symbol in piece if not symbol.startswith(("#", "sil"))]
    assert spoken == [symbol for symbol in symbols if not symbol.startswith(("#", "sil"))]
    assert old_man().synthesize("我记得" * 80).seconds > 25


def test_chinese_with_english_in_it_and_very_long_text() -> None:
    assert "bˈɔst" in mandarin.phonemes("我在 Boston 住过")
    pieces = list(chinese()._pieces("wo↓ ʨi↘tɤ, " * 120))
    assert len(pieces) > 1
    assert all(len(piece) <= MAX_TOKENS for piece in pieces)
    assert "".join(pieces) == "wo↓ ʨi↘tɤ, " * 120


def test_tones_change_before_other_tones() -> None:
    assert mandarin.phonemes("你好").count("↓") == 1, "third tone before a third tone is a second"


def test_a_style_that_does_not_exist_is_named_with_those_that_do() -> None:
    folder = catalog.verified_path("kokoro-82m-int8").parent
    with pytest.raises(BadInput, match="jm_kumo"):
        kokoro.create(folder, KokoroSettings(timbre="nobody"))


def test_broken_model_files_are_said_to_be_so(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("voice")
    (folder / "x.onnx").write_bytes(b"no model")
    with pytest.raises(Broken):
        piper.Piper(folder / "x.onnx")
    english_model = catalog.verified_path("voice", language="en")
    (folder / "y.onnx").symlink_to(english_model)
    with pytest.raises(BadInput, match=r"y\.onnx\.json"):
        piper.Piper(folder / "y.onnx")
    (folder / "vocab.json").write_text("{}")
    with pytest.raises(BadInput, match="Kokoro"):
        KokoroModel(folder, 1)
    for name in FILES:
        (folder / name).write_text("{}")
    with pytest.raises(BadInput, match="FastSpeech"):
        FastSpeechModel(folder, 1)
    with pytest.raises(Broken):
        onnx_session.session(b"no model", "it", 1)


def _median_pitch(pcm: np.ndarray) -> float:
    """Hz, by the autocorrelation of 50 ms windows, of those that are clearly voiced."""
    found = []
    for start in range(0, len(pcm) - 1200, 600):
        window = pcm[start : start + 1200] - pcm[start : start + 1200].mean()
        power = float(window @ window)
        lags = range(60, 480)  # 400 .. 50 Hz
        if power < 1:
            continue
        scores = [float(window[lag:] @ window[:-lag]) / power * 1200 / (1200 - lag) for lag in lags]
        best = int(np.argmax(scores))
        if scores[best] > 0.6:
            found.append(RATE / lags[best])
    return float(np.median(found))
