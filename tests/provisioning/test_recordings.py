"""What a family records, in whatever format; and what is no recording."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.errors import BadInput
from device.persona.unpacked import PersonaFile
from device.ports import MIC_RATE
from provisioning.recordings import load
from provisioning.wake import recordings_in
from tests.scenarios.evaluate_memory import demo_persona


def write_wav(path: Path, rate: int, channels: int = 1, seconds: float = 1.0) -> None:
    tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(round(seconds * rate)) / rate)
    frames = np.repeat(np.round(tone * 32767).astype("<i2"), channels)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(frames.tobytes())


@pytest.mark.parametrize(("rate", "channels"), [(8000, 1), (16_000, 1), (44_100, 2), (48_000, 2)])
def test_any_rate_becomes_the_frames(tmp_path: Path, rate: int, channels: int) -> None:
    write_wav(tmp_path / "a.wav", rate, channels)
    pcm = load(tmp_path / "a.wav")
    assert pcm.dtype == np.float32
    assert len(pcm) == pytest.approx(MIC_RATE, abs=MIC_RATE // 100)
    assert np.abs(pcm).max() == pytest.approx(0.5, abs=0.05)


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=400))
def test_anything_else_is_bad_input_in_one_line(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "a.m4a"
    path.write_bytes(data)
    with pytest.raises(BadInput) as raised:
        load(path)
    assert "\n" not in raised.value.line()


def persona() -> PersonaFile:
    return demo_persona()


def test_a_files_name_says_which_phrase_is_said(tmp_path: Path) -> None:
    write_wav(tmp_path / "外公你好 1.wav", MIC_RATE)
    write_wav(tmp_path / "hello-grandpa_2.wav", MIC_RATE)
    found = recordings_in(tmp_path, persona())
    assert sorted(r.phrase for r in found) == ["Hello Grandpa", "外公你好"]


def test_a_name_without_a_phrase_is_named(tmp_path: Path) -> None:
    write_wav(tmp_path / "voice memo.wav", MIC_RATE)
    with pytest.raises(BadInput) as raised:
        recordings_in(tmp_path, persona())
    assert "voice memo" in raised.value.line()


def test_no_folder_is_no_recordings(tmp_path: Path) -> None:
    assert recordings_in(tmp_path / "none", persona()) == []
