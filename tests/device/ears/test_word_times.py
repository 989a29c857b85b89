"""When words are said: the pure parts, and Whisper against the times that a synthesizer itself gave its words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soxr
from hypothesis import given
from hypothesis import strategies as st
from piper import PiperVoice, SynthesisConfig

from device.ears.transcriber import Whisper
from device.ears.word_times import LATE_S, TimedWord, timed, trimmed, words_of
from device.ports import MIC_RATE, Pcm
from device.voice import onnx_session, piper
from models_quantized import catalog

PIECES = {1: " Hello", 2: ",", 3: " ", 4: "wor", 5: "ld", 6: "我", 7: "们", 8: "。", 9: "\ufffd", 10: " (", 11: "!"}


def decode(tokens: list[int]) -> str:
    """Two halves of a character make one."""
    return "好" if tokens == [9, 9] else "".join(PIECES[t] for t in tokens)


def words(*tokens: int) -> list[str]:
    return [text for text, _ in words_of(tokens, decode)]


def test_tokens_make_words() -> None:
    assert words(1, 2, 3, 4, 5, 11) == ["Hello,", "world!"]
    assert words(6, 7, 8, 1) == ["我", "们。", "Hello"]
    assert words(6, 9, 9, 8) == ["我", "好。"]
    assert words() == []


@given(st.lists(st.sampled_from(list(PIECES)), max_size=12))
def test_no_token_is_lost(tokens: list[int]) -> None:
    made = words_of(tokens, decode)
    indices = [at for _, parts in made for at in parts]
    assert indices == list(range(len(indices)))
    assert len(indices) == len(tokens) or not made or set(tokens[len(indices) :]) <= {3, 9}


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 300)), max_size=30), st.floats(0.1, 6.0))
def test_times_are_within_and_none_ends_before_it_begins(path: list[tuple[int, int]], seconds: float) -> None:
    path.sort()
    for word in timed([("a", [0, 1]), ("b", [2]), ("c", [3, 4])], path, [0.5] * 5, seconds):
        assert 0.0 <= word.start <= word.end <= seconds + 1e-9


def test_a_word_ends_where_the_next_begins() -> None:
    made = timed([("a", [0]), ("b", [1])], [(0, 10), (0, 11), (1, 30), (1, 40)], [0.9, 0.7], 1.2)
    assert made[0].start == pytest.approx(0.2 + LATE_S)
    assert made[0].end == made[1].start == pytest.approx(0.6 + LATE_S)
    assert (made[1].end, made[1].sure) == (1.2, 0.7)


def test_silence_belongs_to_no_word() -> None:
    sound = np.zeros(2 * MIC_RATE, np.float32)
    sound[round(0.5 * MIC_RATE) : MIC_RATE] = 0.3
    (word,) = trimmed([TimedWord("a", 0.1, 1.8, 1.0)], sound)
    assert (word.start, word.end) == (pytest.approx(0.5), pytest.approx(1.0))
    (still,) = trimmed([TimedWord("a", 1.2, 1.8, 1.0)], sound)
    assert (still.start, still.end) == (1.2, 1.8)


def spoken(text: str) -> tuple[Pcm, list[tuple[float, float]]]:
    """Piper says it: sound at MIC_RATE after 0.2 s of silence, and start and end of every word, from its phonemes."""
    model = catalog.verified_path("voice", language="en")
    session = onnx_session.session(onnx_session.with_output(model, piper.DURATIONS), "Piper", 2)
    voice = PiperVoice(session=session, config=piper._config(Path(f"{model}.json")))
    sounds, spans, at, begun = [], [], 0.2, None
    for chunk in voice.synthesize(text, SynthesisConfig(noise_scale=0.3, noise_w_scale=0.3), include_alignments=True):
        sounds.append(chunk.audio_float_array)
        for phone in chunk.phoneme_alignments or ():
            if phone.phoneme in " ,.^$_":
                if begun is not None:
                    spans.append((begun, at))
                begun = None
            elif begun is None:
                begun = at
            at += phone.num_samples / voice.config.sample_rate
    pcm = np.concatenate(sounds)
    heard = np.asarray(soxr.resample(pcm, voice.config.sample_rate, MIC_RATE), np.float32)
    return np.pad(heard, 3200), spans


SAID = (
    "Every Sunday morning my mother baked fresh bread with honey.",
    "We were married in spring, and rain fell the whole day long.",
)


def test_whisper_knows_when_words_are_said(whisper: Whisper) -> None:
    errors = []
    for text in SAID:
        pcm, spans = spoken(text)
        made = whisper.word_times(pcm, text, "en")
        assert [w.text for w in made] == text.split()
        assert len(spans) == len(made)
        errors += [(w.start - a, w.end - b) for w, (a, b) in zip(made, spans, strict=True)]
    size = np.abs(np.array(errors))
    assert np.median(size) < 0.08
    assert np.quantile(size, 0.9) < 0.2


def test_no_words_have_no_times(whisper: Whisper) -> None:
    assert whisper.word_times(np.zeros(MIC_RATE, np.float32), "", "en") == []
    assert whisper.word_times(np.zeros(100, np.float32), "Hello", "en") == []
