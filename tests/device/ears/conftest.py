"""Recorded speech and sounds that are none, and the engines on their real models (loaded once)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from device.ears import recording, transcriber, turn_end
from device.ears.transcriber import Whisper
from device.ears.turn_end import SmartTurn
from device.ports import MIC_RATE, Pcm
from models_quantized import catalog

SPEECH = Path(__file__).parents[2] / "data" / "speech"


def spoken(name: str) -> Pcm:
    """A recording of tests/data/speech."""
    return recording.load_recording(SPEECH / f"{name}.flac")


def noises() -> dict[str, Pcm]:
    """Two seconds each of what rooms sound like while nobody speaks."""
    random = np.random.default_rng(7)
    t = np.arange(2 * MIC_RATE) / MIC_RATE
    white = random.normal(0.0, 1.0, len(t))
    spectrum = np.fft.rfft(white)
    pink = np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(len(spectrum)), 1.0)), len(t))
    notes = np.array([262.0, 330.0, 392.0, 523.0])[(t * 2).astype(int) % 4]
    melody = sum(np.sin(2 * np.pi * notes * k * t) / k for k in (1, 2, 3)) * np.exp(-3 * (t % 0.5))
    sounds = {
        "silence": np.zeros(len(t)),
        "hiss": 0.03 * white,
        "pink": 0.1 * pink / pink.std(),
        "hum": 0.1 * np.sin(2 * np.pi * 50 * t) + 0.03 * np.sin(2 * np.pi * 150 * t),
        "melody": 0.2 * melody,
    }
    return {name: sound.astype(np.float32) for name, sound in sounds.items()}


@pytest.fixture(scope="session")
def whisper() -> Whisper:
    return transcriber.create(catalog.verified_dir("transcriber"), names=["外公", "秀兰", "Grandpa"])


@pytest.fixture(scope="session")
def smart_turn() -> SmartTurn:
    return turn_end.create(catalog.verified_path("turn-end"))
