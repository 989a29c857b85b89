"""Recordings of every kind, sound and damaged, and the microphone that plays them."""

from __future__ import annotations

import logging
import struct
import threading
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.clock import SystemClock
from device.ears.recording import BLOCK_S, RecordedMicrophone, load_recording, speech_bounds
from device.errors import BadInput
from device.ports import BLOCK, MIC_RATE, Block, Pcm
from tests.fakes.voice import ManualClock


def tone(seconds: float, rate: int = MIC_RATE, level: float = 0.5, hz: float = 440.0) -> Pcm:
    return (level * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def wav_bytes(data: bytes, rate: int, channels: int, bits: int, tag: int = 1, extensible: bool = False) -> bytes:
    frame = channels * bits // 8
    head = struct.pack("<HHIIHH", 0xFFFE if extensible else tag, channels, rate, rate * frame, frame, bits)
    if extensible:
        head += struct.pack("<HHIH", 22, bits, 0, tag) + bytes(14)
    body = b"fmt " + struct.pack("<I", len(head)) + head + b"LIST" + struct.pack("<I", 3) + b"abc\0"
    body += b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WAVE" + body


def coded(sound: Pcm, bits: int, tag: int) -> bytes:
    if tag == 3:
        return sound.astype("<f4" if bits == 32 else "<f8").tobytes()
    if bits == 8:
        return (sound * 127 + 128).astype(np.uint8).tobytes()
    whole = (sound.astype(np.float64) * (2 ** (bits - 1) - 1)).astype("<i4")
    return whole.view(np.uint8).reshape(-1, 4)[:, : bits // 8].tobytes()


def write_wav(path: Path, sound: Pcm, rate: int, bits: int = 16, tag: int = 1, extensible: bool = False) -> Path:
    frames = sound if sound.ndim == 2 else sound[:, None]
    data = coded(np.ascontiguousarray(frames).ravel(), bits, tag)
    path.write_bytes(wav_bytes(data, rate, frames.shape[1], bits, tag, extensible))
    return path


@pytest.mark.parametrize("extensible", [False, True])
@pytest.mark.parametrize(("bits", "tag"), [(8, 1), (16, 1), (24, 1), (32, 1), (32, 3), (64, 3)])
def test_every_width(tmp_path: Path, bits: int, tag: int, extensible: bool) -> None:
    path = write_wav(tmp_path / "a.wav", tone(0.2), MIC_RATE, bits, tag, extensible)
    np.testing.assert_allclose(load_recording(path), tone(0.2), atol=0.02 if bits == 8 else 1e-4)


@pytest.mark.parametrize("rate", [8000, 11_025, 22_050, 44_100, 48_000, 96_000])
def test_every_rate_keeps_length_pitch_and_level(tmp_path: Path, rate: int) -> None:
    pcm = load_recording(write_wav(tmp_path / "a.wav", tone(1.0, rate), rate))
    assert abs(len(pcm) - MIC_RATE) <= 2
    np.testing.assert_allclose(pcm[800:-800], tone(1.0)[800 : len(pcm) - 800], atol=0.01)


def test_what_is_above_the_band_does_not_fold_back(tmp_path: Path) -> None:
    pcm = load_recording(write_wav(tmp_path / "a.wav", tone(0.5, 48_000, hz=11_000.0), 48_000))
    assert float(np.abs(pcm[800:-800]).max()) < 1e-3


@pytest.mark.parametrize("dead", [0, 1])
def test_a_dead_channel_does_not_halve_the_level(tmp_path: Path, dead: int) -> None:
    frames = np.stack([tone(0.5), tone(0.5)], axis=1)
    frames[:, dead] = 1e-4
    path = write_wav(tmp_path / "a.wav", frames, MIC_RATE)
    np.testing.assert_allclose(load_recording(path), tone(0.5), atol=1e-3)


@pytest.mark.parametrize(("name", "codec", "layout"), [("a.flac", "flac", "stereo"), ("a.mp3", "mp3", "mono")])
def test_other_formats(tmp_path: Path, name: str, codec: str, layout: str) -> None:
    with av.open(str(tmp_path / name), "w") as container:
        stream = container.add_stream(codec, rate=44_100, layout=layout)
        samples = (tone(1.0, 44_100) * 32767).astype(np.int16)
        kind = "s16" if codec == "flac" else "s16p"
        data = np.repeat(samples, 2)[None] if layout == "stereo" else samples[None]
        frame = av.AudioFrame.from_ndarray(data, kind, layout)
        frame.sample_rate = 44_100
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    pcm = load_recording(tmp_path / name)
    assert len(pcm) / MIC_RATE == pytest.approx(1.0, abs=0.08)
    assert float(np.sqrt(np.mean(np.square(pcm[4000:12_000])))) == pytest.approx(0.354, abs=0.02)


def test_a_cut_off_recording_is_used_with_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = write_wav(tmp_path / "a.wav", tone(1.0), MIC_RATE)
    path.write_bytes(path.read_bytes()[:-16_001])
    with caplog.at_level(logging.WARNING):
        pcm = load_recording(path)
    assert len(pcm) == MIC_RATE - 8001
    assert "ends early" in caplog.text


def test_a_recording_piped_without_a_length_is_whole(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    content = bytearray(write_wav(tmp_path / "a.wav", tone(0.1), MIC_RATE).read_bytes())
    at = content.index(b"data") + 4
    content[at : at + 4] = b"\xff\xff\xff\xff"
    (tmp_path / "a.wav").write_bytes(content)
    assert len(load_recording(tmp_path / "a.wav")) == 1600
    assert not caplog.text


def test_a_clipped_one_is_used_with_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    loud = np.clip(4 * tone(0.5), -1, 1)
    assert len(load_recording(write_wav(tmp_path / "a.wav", loud, MIC_RATE))) == 8000
    assert "clipped" in caplog.text


def not_numbers() -> Pcm:
    sound = tone(0.1)
    sound[7] = np.nan
    return sound


@pytest.mark.parametrize(
    ("content", "got"),
    [
        (b"", "an empty file"),
        (b"once upon a time " * 50, "no audio file"),
        (wav_bytes(b"", 16_000, 1, 16), "a header without sound"),
        (wav_bytes(bytes(4000), 16_000, 1, 16)[:44], "a header without sound"),
        (wav_bytes(bytes(4000), 16_000, 1, 16)[:20], "without a format"),
        (wav_bytes(bytes(4000), 2000, 1, 16), "2000 samples per second"),
        (wav_bytes(bytes(4000), 16_000, 0, 16), "0 channels"),
        (wav_bytes(coded(not_numbers(), 32, 3), 16_000, 1, 32, 3), "not numbers"),
        (wav_bytes(bytes(4000 * 601), 4000, 1, 8), "more than 10 minutes"),
        (b"RIFF\0\0\0\0AVI nonsense" + bytes(200), "without sound"),
    ],
)
def test_what_is_no_recording_is_refused_in_one_line(tmp_path: Path, content: bytes, got: str) -> None:
    path = tmp_path / "question.wav"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=r"question\.wav: expected a recording of speech") as caught:
        load_recording(path)
    assert got in caught.value.got
    assert "\n" not in caught.value.line()


def test_a_missing_file_is_refused_too(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="No such file"):
        load_recording(tmp_path / "none.wav")


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=300), st.booleans(), st.integers(0, 60))
def test_whatever_the_bytes_it_is_sound_or_refused(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes, headed: bool, at: int
) -> None:
    content = bytearray(wav_bytes(bytes(range(200)), 16_000, 1, 16))
    content[at : at + len(noise)] = noise
    path = tmp_path_factory.mktemp("any") / "a.wav"
    path.write_bytes(bytes(content) if headed else noise)
    try:
        pcm = load_recording(path)
    except BadInput:
        return
    assert pcm.dtype == np.float32
    assert pcm.ndim == 1
    assert np.isfinite(pcm).all()


def test_bounds_of_a_voice_between_silences() -> None:
    sound = np.concatenate([np.zeros(1600), tone(0.5), np.zeros(3200)]).astype(np.float32)
    assert speech_bounds(sound) == pytest.approx((0.1, 0.6))


def test_forty_decibels_below_the_loud_is_silence() -> None:
    soft, softer = tone(0.1, level=0.5 * 10 ** (-38 / 20)), tone(0.1, level=0.5 * 10 ** (-43 / 20))
    assert speech_bounds(np.concatenate([softer, tone(0.5), soft, softer])) == pytest.approx((0.1, 0.7))


def test_one_click_does_not_hide_the_voice() -> None:
    sound = np.concatenate([np.zeros(8000), tone(1.0, level=0.03), np.zeros(8000)]).astype(np.float32)
    sound[1000] = 1.0
    bounds = speech_bounds(sound)
    assert bounds is not None
    assert bounds[1] == pytest.approx(1.5)


def test_silence_has_no_bounds() -> None:
    assert speech_bounds(np.zeros(0, np.float32)) is None
    assert speech_bounds(np.full(1600, 1e-4, np.float32)) is None


sounds = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=40).map(
    lambda levels: np.concatenate([tone(BLOCK_S, level=level) for level in levels])
)


@given(sounds, st.integers(0, 50), st.integers(0, 50))
def test_silence_around_it_only_shifts_the_bounds(sound: Pcm, before: int, after: int) -> None:
    bounds = speech_bounds(sound)
    padded = speech_bounds(np.pad(sound, (before * BLOCK, after * BLOCK)))
    if bounds is None:
        assert padded is None
    else:
        assert padded == pytest.approx((bounds[0] + before * BLOCK_S, bounds[1] + before * BLOCK_S))
        assert 0.0 <= bounds[0] < bounds[1] <= len(sound) / MIC_RATE


def drain(microphone: RecordedMicrophone) -> list[Block]:
    blocks = []
    while (block := microphone.read()) is not None:
        blocks.append(block)
    return blocks


def test_what_is_said_is_heard_at_the_time_that_was_promised() -> None:
    clock = ManualClock(50.0)
    microphone = RecordedMicrophone(clock, 0.3, clock.advance)
    voice = np.concatenate([np.zeros(BLOCK * 5), tone(0.2), np.zeros(100)]).astype(np.float32)
    said = microphone.say(voice)
    microphone.finish()
    blocks = drain(microphone)
    assert said == pytest.approx((50.35, 50.55))
    sound = np.concatenate([block.pcm for block in blocks])
    bounds = speech_bounds(sound)
    assert bounds is not None
    assert (blocks[0].t + bounds[0], blocks[0].t + bounds[1]) == pytest.approx(said)
    np.testing.assert_allclose(np.diff([block.t for block in blocks]), BLOCK_S)
    assert clock.now() == pytest.approx(blocks[-1].t + BLOCK_S)


def test_recordings_follow_each_other_and_start_now() -> None:
    clock = ManualClock(0.0)
    microphone = RecordedMicrophone(clock, 0.0, clock.advance)
    first, second = microphone.say(tone(0.1)), microphone.say(tone(0.1))
    assert (first, second) == (pytest.approx((0.0, 0.1)), pytest.approx((0.1, 0.2)))
    for _ in range(50):
        assert microphone.read() is not None
    assert microphone.say(tone(0.1)).start == pytest.approx(0.5)
    clock.advance(1.0)  # the reader is behind: what is said now is said now, the silence before it still to be read
    late = microphone.say(tone(0.1))
    microphone.finish()
    assert late.start == pytest.approx(1.5)
    assert sum(float(np.abs(b.pcm).max()) > 0.1 for b in drain(microphone)) == 20


def test_silence_is_said_from_its_first_to_its_last_sample() -> None:
    clock = ManualClock(0.0)
    assert RecordedMicrophone(clock, 0.0, clock.advance).say(np.zeros(1600, np.float32)) == pytest.approx((0.0, 0.1))


def test_closing_ends_a_blocked_read() -> None:
    microphone = RecordedMicrophone(SystemClock(), 0.0)
    closer = threading.Timer(0.05, microphone.close)
    closer.start()
    blocks = drain(microphone)
    assert len(blocks) < 1000
    assert microphone.read() is None
