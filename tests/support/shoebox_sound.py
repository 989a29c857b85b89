"""Recordings as families have them, made by the stock voices: several speakers, in every format."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import av
import numpy as np
import soxr

from device import registry
from device.ports import MIC_RATE, Pcm

PERSON_ZH = (
    "我小时候住在河边的一个小村子里，家里养了三头牛。",
    "每天早上天还没有亮，我就要去河边打水。",
    "后来我去城里的工厂上班，一干就是三十年。",
    "你外婆做的红烧肉最好吃，我一个人能吃两碗饭。",
    "那年冬天下了很大的雪，路上一个人也没有。",
    "我最喜欢坐在院子里喝茶，听收音机里的京戏。",
)
PERSON_EN = (
    "I grew up in a small village by the river.",
    "Every morning I fetched water before the sun came up.",
    "We were married in spring, and it rained the whole day.",
    "My father was a carpenter, and he taught me everything.",
)


@cache
def voice(name: str) -> Any:
    """man, woman (Chinese), joe (English): three speakers."""
    if name == "joe":
        return registry.make("synthesizer", "piper")
    return registry.make("synthesizer", "fastspeech", plain=name == "woman")


@cache
def said(name: str, text: str) -> Pcm:
    """At MIC_RATE."""
    speech = voice(name).synthesize(text)
    return np.asarray(soxr.resample(speech.pcm, speech.rate, MIC_RATE), np.float32)


def silence(seconds: float) -> Pcm:
    return np.zeros(round(seconds * MIC_RATE), np.float32)


def scene(
    *parts: Pcm, pause_s: float = 0.9, noise: float = 3e-4, seed: int = 0
) -> tuple[Pcm, list[tuple[float, float]]]:
    """The sounds one after the other in a quiet room, and where each stands (s)."""
    random = np.random.default_rng(seed)
    made, spans, at = [silence(pause_s)], [], pause_s
    for part in parts:
        spans.append((at, at + len(part) / MIC_RATE))
        made += [part, silence(pause_s)]
        at += len(part) / MIC_RATE + pause_s
    sound = np.concatenate(made)
    return np.asarray(sound + noise * random.normal(size=len(sound)), np.float32), spans


CODECS = {
    "wav": ("wav", "pcm_s16le", 16_000),
    "mp3": ("mp3", "libmp3lame", 44_100),
    "m4a": ("ipod", "aac", 44_100),
    "amr": ("amr", "libopencore_amrnb", 8_000),
    "flac": ("flac", "flac", 16_000),
    "webm": ("webm", "libopus", 48_000),
    "aac": ("adts", "aac", 44_100),
    "opus": ("ogg", "libopus", 48_000),
}
"""Suffix -> libav's format, codec, rate in Hz."""


def write(path: Path, pcm: Pcm, suffix: str, video: bool = False, metadata: dict[str, str] | None = None) -> Path:
    """Encodes sound at MIC_RATE; `video`: beside a few grey pictures (mp4)."""
    form, codec, rate = ("mp4", "aac", 44_100) if video else CODECS[suffix]
    with av.open(str(path), "w", format=form) as container:
        container.metadata.update(metadata or {})
        stream = container.add_stream(codec, rate=rate, layout="mono")
        pictures = container.add_stream("mpeg4", rate=5, width=64, height=48, pix_fmt="yuv420p") if video else None
        if pictures is not None:
            for _ in range(5):
                frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 128, np.uint8), "rgb24")
                container.mux(pictures.encode(frame))
            container.mux(pictures.encode(None))
        layout_format = stream.codec_context.format
        resampler = av.AudioResampler(layout_format.name if layout_format else "s16", "mono", rate)
        block = av.AudioFrame.from_ndarray(np.ascontiguousarray(pcm[None]), "flt", "mono")
        block.sample_rate = MIC_RATE
        for part in [*resampler.resample(block), *resampler.resample(None)]:
            part.pts = None
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return path
