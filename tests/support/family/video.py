"""A short film of her: what her own rig does when it talks, blinks and smiles, with her voice."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
import numpy as np
import soxr

from tests.support import films
from tests.support.family import photos, voices

SIZE, FPS = (384, 480), 25
SAID = "今朝我八十岁，蜡烛太多，吹不动。你们帮我吹。"


def script(seconds: float) -> dict[str, films.Knots]:
    """Blinks, a nod, syllables while she speaks, and a smile at the end."""
    syllables = [(0.0, 0.0)]
    t, step = 0.6, 0.24
    while t < seconds - 2.2:
        syllables += [(t, 0.05), (t + step / 2, 0.32)]
        t += step
    smile = films.hump(seconds - 1.9, 0.5, 1.0, 0.4, 0.9)
    return {
        **films.blink(1.1, 3.3, seconds - 2.4),
        "jawOpen": [*syllables, (t + 0.1, 0.0)],
        "mouthSmileLeft": smile,
        "mouthSmileRight": smile,
        "headPitch": films.nod(2.0, 2, 3.0),
    }


def film() -> bytes:
    """birthday.mp4, H.264 with AAC; drawn once and kept."""
    key = hashlib.sha256(photos.people()["photos/yulan-2012.jpg"][0] + SAID.encode() + b"3").hexdigest()[:24]
    kept = voices.CACHE / f"{key}.mp4"
    if not kept.is_file():
        content = _drawn()
        voices.CACHE.mkdir(parents=True, exist_ok=True)
        part = kept.with_suffix(".part")
        part.write_bytes(content)
        part.replace(kept)
    return kept.read_bytes()


def _drawn() -> bytes:
    pcm = np.concatenate([voices.pause(0.6), voices.says("lan", SAID), voices.pause(2.0)])
    seconds = len(pcm) / voices.RATE
    out = io.BytesIO()
    with av.open(out, "w", format="mp4", options={"fflags": "bitexact"}) as container:
        container.flags |= 0x400
        picture: Any = container.add_stream("libx264", rate=FPS)
        picture.width, picture.height = SIZE
        picture.pix_fmt, picture.options = "yuv420p", {"crf": "20", "preset": "veryfast", "threads": "1"}
        picture.codec_context.flags |= 0x800000
        sound: Any = container.add_stream("aac", rate=voices.RATE, layout="mono")
        sound.codec_context.flags |= 0x800000
        for frame in _frames(seconds):
            for packet in picture.encode(frame):
                container.mux(packet)
        for packet in [*picture.encode(None), *_sound(sound, pcm)]:
            container.mux(packet)
    return out.getvalue()


def _frames(seconds: float) -> Iterator[av.VideoFrame]:
    import tempfile
    from pathlib import Path

    from device.face.rig import load
    from provisioning.likeness.bake import bake

    with tempfile.TemporaryDirectory() as folder:
        photo = Path(folder) / "yulan.jpg"
        photo.write_bytes(photos.people()["photos/yulan-2012.jpg"][0])
        bake(photo, Path(folder) / "likeness")
        rig = load(Path(folder) / "likeness")
    camera = films.Camera(shake=1.2, tilt=0.3, grain=1.5)
    for n, seen in enumerate(films.pictures(rig, films.Scene(seconds, script(seconds), camera=camera, fps=FPS), SIZE)):
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(seen), format="rgb24")
        frame.pts, frame.time_base = n, Fraction(1, FPS)
        yield frame


def _sound(stream: Any, pcm: voices.Pcm) -> list[Any]:
    if not stream.codec_context.is_open:
        stream.codec_context.open()
    size = stream.codec_context.frame_size or 1024
    samples = np.asarray(soxr.resample(pcm, voices.RATE, voices.RATE), np.float32)
    resampler = av.AudioResampler(format=stream.codec_context.format, layout="mono", rate=voices.RATE, frame_size=size)
    frame = av.AudioFrame.from_ndarray(samples[None], "fltp", "mono")
    frame.sample_rate, frame.pts, frame.time_base = voices.RATE, 0, Fraction(1, voices.RATE)
    packets = [p for part in (*resampler.resample(frame), *resampler.resample(None)) for p in stream.encode(part)]
    return [*packets, *stream.encode(None)]
