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
            resampler = av.AudioResampler(format="flt", layout="mono", rate=MIC_RATE)
            parts, length = [], 0
            for frame in container.decode(audio=0):
                for part in resampler.resample(frame):
                    parts.append(part.to_ndarray()[0])
                    length += parts[-1].size
                if length > LONGEST_S * MIC_RATE:
                    raise BadInput(path.name, expected=f"at most {LONGEST_S:.0f} s", got="more", hint="cut it out")
            parts += [part.to_ndarray()[0] for part in resampler.resample(None)]
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise BadInput(path.name, expected="a recording", got=str(error)) from None
    if not sum(part.size for part in parts):
        raise BadInput(path.name, expected="a recording", got="no samples")
    return np.asarray(np.nan_to_num(np.concatenate(parts)), np.float32)
