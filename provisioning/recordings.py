"""Recordings that a family brings, as samples at the frame's rate; any format that libav reads."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np

from device.errors import BadInput
from device.ports import MIC_RATE, Pcm

LONGEST_S = 600.0
"""s; what is longer is no recording of a phrase."""


def load(path: Path) -> Pcm:
    """A recording as mono samples at MIC_RATE. Raises BadInput in one line for what is none."""
    try:
        with av.open(str(path)) as container:
            if not container.streams.audio:
                raise BadInput(path.name, expected="a recording", got="a file without sound")
            resampler = av.AudioResampler(format="fltp", rate=MIC_RATE)
            parts: list[Pcm] = []
            for frame in container.decode(audio=0):
                parts += [_mono(part) for part in resampler.resample(frame)]
                length = sum(part.size for part in parts)
                if length > LONGEST_S * MIC_RATE:
                    raise BadInput(path.name, expected=f"at most {LONGEST_S:.0f} s", got="more", hint="cut it out")
            parts += [_mono(part) for part in resampler.resample(None)]
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise BadInput(path.name, expected="a recording", got=str(error)) from None
    if not sum(part.size for part in parts):
        raise BadInput(path.name, expected="a recording", got="no samples")
    return np.asarray(np.nan_to_num(np.concatenate(parts)), np.float32)


def _mono(frame: av.AudioFrame) -> Pcm:
    return np.asarray(frame.to_ndarray().mean(axis=0), np.float32)
