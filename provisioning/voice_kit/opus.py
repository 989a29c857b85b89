"""Sound written for replay: Opus, mono, 48 kHz in an Ogg file; the same samples give the same bytes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import av
import numpy as np

from device.ports import Pcm

RATE = 48_000
"""Hz"""
BITS = 64_000
"""Bits a second: for one voice nobody hears a difference (Opus' recommended settings give 24-40 kbit/s to fullband
speech)."""


def write(path: Path, sound: Iterable[Pcm], rate: int = RATE) -> int:
    """Writes samples at `rate` Hz, block by block -> how many samples at RATE they are."""
    options = {"fflags": "+bitexact"}
    with av.open(str(path), "w", format="ogg", options=options, container_options=options) as container:
        stream = container.add_stream("libopus", rate=RATE, layout="mono")
        stream.bit_rate = BITS
        stream.codec_context.flags |= av.codec.context.Flags.bitexact
        resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
        total = 0
        for block in sound:
            if len(block):
                made = av.AudioFrame.from_ndarray(np.ascontiguousarray(block[None], np.float32), "flt", "mono")
                made.sample_rate = rate
                for frame in resampler.resample(made):
                    total += frame.samples
                    container.mux(stream.encode(_untimed(frame)))
        for frame in resampler.resample(None):
            total += frame.samples
            container.mux(stream.encode(_untimed(frame)))
        container.mux(stream.encode(None))
    return total


def _untimed(frame: av.AudioFrame) -> av.AudioFrame:
    frame.pts = None
    return frame
