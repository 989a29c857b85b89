"""Recordings that are not WAV (FLAC, MP3, M4A, Opus, AMR, a video's sound ...), through libav."""

from __future__ import annotations

import logging
from pathlib import Path

import av
import numpy as np
from av.audio.resampler import AudioResampler

from device.errors import BadInput
from device.ports import Pcm

log = logging.getLogger(__name__)


def decode(path: Path, longest_s: float) -> tuple[Pcm, int]:
    """Frames of shape (samples, channels) in -1..1 and their rate; stops soon after `longest_s`.

    A file that breaks off is used as far as it goes, with a warning. Raises `BadInput` for what holds no sound."""
    parts: list[Pcm] = []
    rate = 0
    try:
        with av.open(str(path), metadata_errors="ignore") as container:
            if not container.streams.audio:
                raise _bad(path, "a file without sound")
            stream = container.streams.audio[0]
            planar = AudioResampler(format="fltp")
            samples = 0
            for frame in container.decode(stream):
                parts += [part.to_ndarray().T.astype(np.float32) for part in planar.resample(frame)]
                samples += frame.samples
                rate = rate or frame.sample_rate
                if samples > longest_s * rate:
                    break
    except (av.FFmpegError, ValueError, AttributeError) as error:  # the last: libav has no decoder for it
        if not parts:
            raise _bad(path, "no audio file", str(error)) from error
        log.warning("%s is damaged or ends early; using what could be read", path.name)
    if not parts or not rate:
        raise _bad(path, "no sound")
    return np.concatenate(parts), rate


def _bad(path: Path, got: str, reason: str = "") -> BadInput:
    hint = "WAV, FLAC, MP3, M4A and Opus are known" + (f"; {reason}" if reason else "")
    return BadInput(path.name, expected="a recording of speech", got=got, hint=hint)
