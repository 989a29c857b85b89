"""Voices of the family: stock voices, each sentence kept once it was said, and what a real kitchen does to sound."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
import soxr

from device import registry

Pcm = npt.NDArray[np.float32]
RATE = 24_000
"""Hz of all sound here; the encoders take their own."""
CACHE = Path.home() / ".cache" / "imago" / "family"


@cache
def _engine(who: str, language: str) -> Any:
    from device.voice.fastspeech import Disguise, FastSpeechSettings
    from device.voice.kokoro import KokoroSettings
    from device.voice.piper import PiperSettings

    if language == "en":
        return registry.make("synthesizer", "piper", settings=PiperSettings(1.15, 0.0, 0.0, 1.22, threads=1))
    if who in ("lan", "agent"):
        disguise = Disguise(0.97, 205.0) if who == "lan" else Disguise(0.84, 118.0)
        settings = FastSpeechSettings(1.1, 0.0 if who == "lan" else -1.0, disguise, threads=1)
        return registry.make("synthesizer", "fastspeech", settings=settings)
    style = {"xia": ("jf_gongitsune", 1.0, 1.0), "mei": ("jf_tebukuro", 0.9, 0.98), "jie": ("jm_kumo", 1.0, 1.0)}[who]
    kokoro = KokoroSettings(style[0], style[0], style[1], style[2], threads=1)
    return registry.make("synthesizer", "kokoro", settings=kokoro)


def says(who: str, text: str, language: str = "zh") -> Pcm:
    """Sound at RATE; spoken once and kept, always the same."""
    name = hashlib.sha256(f"3 {who} {language} {text}".encode()).hexdigest()[:24]
    kept = CACHE / f"{name}.npy"
    if not kept.is_file():
        speech = _engine(who, language).synthesize(text)
        pcm = np.asarray(soxr.resample(speech.pcm, speech.rate, RATE), np.float32)
        CACHE.mkdir(parents=True, exist_ok=True)
        part = kept.with_suffix(".part.npy")
        np.save(part, _whole_numbers(pcm))
        part.replace(kept)
    return np.asarray(np.load(kept) / np.float32(32767), np.float32)


def pause(seconds: float) -> Pcm:
    """Silence."""
    return np.zeros(round(seconds * RATE), np.float32)


def joined(*parts: Pcm) -> Pcm:
    """One after the other, with half a second between."""
    return np.concatenate([part for each in parts for part in (each, pause(0.5))])


def noisy(pcm: Pcm, decibels: float, seed: int) -> Pcm:
    """With a hiss that is `decibels` below the speech."""
    rng = np.random.default_rng(seed)
    loud = float(np.sqrt(np.mean(pcm**2)))
    return np.asarray(pcm + rng.normal(0, loud * 10 ** (-decibels / 20), len(pcm)), np.float32)


def clipped(pcm: Pcm, gain: float = 9.0) -> Pcm:
    """As a telephone held too close records it."""
    return np.asarray(np.clip(pcm * gain, -1, 1), np.float32)


def music(seconds: float) -> Pcm:
    """A slow five-tone melody with overtones, as from a radio."""
    t = np.arange(round(seconds * RATE)) / RATE
    tones = np.array([293.7, 329.6, 392.0, 440.0, 493.9, 440.0, 392.0, 329.6])
    pitch = tones[(t / 0.45).astype(int) % len(tones)]
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    swell = np.exp(-2.2 * ((t / 0.45) % 1))
    return np.asarray(0.12 * swell * sum(np.sin(k * phase) / k**1.5 for k in (1, 2, 3, 4)), np.float32)


def laugh(seed: int = 3) -> Pcm:
    """Five breaths of a laugh: voiced bursts whose pitch falls."""
    rng = np.random.default_rng(seed)
    parts = []
    for n in range(5):
        t = np.arange(round(0.13 * RATE)) / RATE
        phase = 2 * np.pi * np.cumsum((265 - 18 * n) * (1 - 0.6 * t)) / RATE
        voiced = sum(a * np.sin(k * phase) for k, a in ((1, 1.0), (2, 0.7), (3, 0.45), (4, 0.4), (6, 0.2)))
        breath = rng.normal(0, 0.35, len(t))
        envelope = np.sin(np.pi * np.clip(t / 0.13, 0, 1)) ** 0.7
        parts += [0.16 * envelope * (voiced + breath), np.zeros(round(0.085 * RATE))]
    return np.asarray(np.concatenate(parts), np.float32)


def cough(seed: int = 4) -> Pcm:
    """Two coughs: a burst and what follows."""
    rng = np.random.default_rng(seed)
    t = np.arange(round(0.35 * RATE)) / RATE
    burst = rng.normal(0, 1, len(t)) * (np.exp(-t / 0.03) + 0.25 * np.exp(-(((t - 0.16) / 0.07) ** 2)))
    one = np.convolve(burst, np.hanning(9) / 4, mode="same") * 0.35
    return np.asarray(np.concatenate([one, np.zeros(RATE // 5), 0.8 * one]), np.float32)


@dataclass(frozen=True)
class Format:
    """An encoding: libav's container and codec, Hz and bits a second."""

    container: str
    codec: str
    rate: int
    bits: int = 0


FORMATS = {
    "wav": Format("wav", "pcm_s16le", 16_000),
    "mp3": Format("mp3", "libmp3lame", 24_000, 48_000),
    "m4a": Format("ipod", "aac", 24_000, 48_000),
    "amr": Format("amr", "libopencore_amrnb", 8_000, 12_200),
    "opus": Format("ogg", "libopus", 48_000, 24_000),
    "ogg": Format("ogg", "libopus", 48_000, 24_000),
}


def encoded(pcm: Pcm, kind: str) -> bytes:
    """A file's bytes."""
    if kind == "silk":
        return _silk(pcm)
    form = FORMATS[kind]
    out = io.BytesIO()
    samples = _whole_numbers(np.asarray(soxr.resample(pcm, RATE, form.rate), np.float32))
    with av.open(out, "w", format=form.container, options={"fflags": "bitexact"}) as container:
        container.flags |= 0x400  # AVFMT_FLAG_BITEXACT: no version, no serial number drawn at random
        stream: Any = container.add_stream(form.codec, rate=form.rate, layout="mono")
        if form.bits:
            stream.bit_rate = form.bits
        stream.codec_context.flags |= 0x800000  # AV_CODEC_FLAG_BITEXACT
        for packet in _packets(stream, samples, form.rate):
            container.mux(packet)
    return out.getvalue()


def _whole_numbers(pcm: Pcm) -> npt.NDArray[np.int16]:
    return np.asarray(np.round(np.clip(pcm, -1, 1) * 32767), np.int16)


def _packets(stream: Any, samples: npt.NDArray[np.int16], rate: int) -> list[Any]:
    stream.codec_context.open()
    resampler = av.AudioResampler(
        format=stream.codec_context.format, layout="mono", rate=rate, frame_size=stream.codec_context.frame_size or 1024
    )
    frame = av.AudioFrame.from_ndarray(samples[None], "s16", "mono")
    frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
    packets = [p for part in (*resampler.resample(frame), *resampler.resample(None)) for p in stream.encode(part)]
    return [*packets, *stream.encode(None)]


def _silk(pcm: Pcm) -> bytes:
    """WeChat's: a byte 2, then SILK V3."""
    import pysilk

    made = bytes(pysilk.encode(_whole_numbers(pcm).tobytes(), RATE, sample_rate=RATE))
    return made if made.startswith(b"\x02") else b"\x02" + made
