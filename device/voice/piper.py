"""The English voice: Piper (VITS), with the true length of every phoneme."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from piper import PiperVoice, SynthesisConfig
from piper.config import PiperConfig

from device.errors import BadInput, Broken
from device.onnx_failures import FAILURES
from device.ports import Pcm, Speech
from device.voice import onnx_session
from device.voice.finish import finished
from device.voice.normalise import speakable
from device.voice.onnx_session import THREADS
from device.voice.phones import Phone
from models_quantized import catalog

DURATIONS = "/Ceil_output_0"
"""The tensor in which VITS rounds its predicted durations up to frames."""


@dataclass(frozen=True, slots=True)
class PiperSettings:
    """How the voice sounds."""

    length_scale: float = 1.08
    """Factor on all durations: an old man takes his time."""
    noise_scale: float = 0.6
    """Variation of the sound, 0..1."""
    noise_w_scale: float = 0.8
    """Variation of the rhythm, 0..1."""
    tract: float = 0.96
    """Factor on all resonances and on the pitch: below 1 the speaker is larger and deeper."""
    threads: int = THREADS


class Piper:
    """Behind the Synthesizer port."""

    def __init__(self, model: Path, settings: PiperSettings | None = None) -> None:
        """Opens the voice and says something once, so that the first clause is not slower than the others.

        Raises BadInput for a wrong configuration beside the model, Broken if the model can't be opened."""
        self._settings = settings or PiperSettings()
        session = onnx_session.session(onnx_session.with_output(model, DURATIONS), model.stem, self._settings.threads)
        self._voice = PiperVoice(session=session, config=_config(Path(f"{model}.json")))
        self._synthesis = SynthesisConfig(
            length_scale=self._settings.length_scale * self._settings.tract,
            noise_scale=self._settings.noise_scale,
            noise_w_scale=self._settings.noise_w_scale,
            normalize_audio=False,  # levelled by loudness instead
        )
        self.synthesize("Hello.")

    def synthesize(self, text: str) -> Speech:
        spoken = speakable(text, "en")
        tract = self._settings.tract
        native = self._voice.config.sample_rate
        sounds: list[Pcm] = []
        phones: list[Phone] = []
        try:
            for chunk in self._voice.synthesize(spoken, self._synthesis, include_alignments=True) if spoken else ():
                sounds.append(chunk.audio_float_array)
                aligned = [(a.phoneme, a.num_samples) for a in chunk.phoneme_alignments or ()]
                phones += [Phone(s, n / native / tract) for s, n in aligned or [("^", len(sounds[-1]))]]
        except FAILURES as error:
            raise Broken("Piper", expected="speech", got=str(error).splitlines()[0]) from error
        pcm = np.concatenate(sounds) if sounds else np.zeros(0, np.float32)
        return finished(pcm, round(native * tract), phones, text)


def _config(path: Path) -> PiperConfig:
    try:
        return PiperConfig.from_dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInput(str(path), expected="a Piper voice's settings", got=str(error), hint="fetch it again") from error


def create(model: Path | None = None, settings: PiperSettings | None = None) -> Piper:
    """The voice in the file `model` (its settings in `model`.json), by default the catalog's. Raises Missing if it
    has not been fetched."""
    if model is None:
        catalog.verified_path("voice", language="en", file="en_US-joe-medium.onnx.json")
        model = catalog.verified_path("voice", language="en")
    return Piper(model, settings)
