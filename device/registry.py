"""Which engine implements which port: a name -> "module:factory", imported only when chosen.

An engine's heavy libraries are thus loaded only on the frame that uses it.
"""

from __future__ import annotations

import importlib
from typing import Any

from device.errors import Usage

ENGINES: dict[str, dict[str, str]] = {
    "microphone": {"pyaudio": "device.ears.microphone:create"},
    "echo_canceller": {"kalman": "device.ears.linear_echo:create", "webrtc": "device.ears.echo_canceller:create"},
    "speech_detector": {"silero": "device.ears.speech:create"},
    "wake_phrase": {"templates": "device.ears.wake_phrase:create"},
    "turn_end": {"smart-turn": "device.ears.turn_end:create"},
    "transcriber": {"whisper": "device.ears.transcriber:create"},
    "language_model": {"llama": "device.mind.language_model:create"},
    "memory": {"sqlite": "device.mind.memory:create"},
    "synthesizer": {
        "piper": "device.voice.piper:create",
        "fastspeech": "device.voice.fastspeech:create",
        "kokoro": "device.voice.kokoro:create",
    },
    "speaker": {"pyaudio": "device.voice.speaker:create", "virtual": "device.voice.virtual_speaker:create"},
}


def make(port: str, name: str, /, **settings: Any) -> Any:
    """The engine `name` of `port`, made with its settings. Raises Usage for an unknown name."""
    engines = ENGINES[port]
    if name not in engines:
        raise Usage(port.replace("_", " "), expected=f"one of {', '.join(sorted(engines))}", got=repr(name))
    module, factory = engines[name].split(":")
    return getattr(importlib.import_module(module), factory)(**settings)
