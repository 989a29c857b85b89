"""Films: a conversation's frame log drawn again through the same stage, with the room's sound; or any pictures.

H.264, yuv420p, constant frame rate; AAC. The log's frames lie on a grid of the film's rate with a phase of their own;
the film takes over that grid and moves the sound by the same part of a frame (at most half of one), so that picture and
sound stand to each other as they did in the room.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import cv2
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.error import FFmpegError
from av.video.stream import VideoStream
from numpy.typing import NDArray

from device.errors import BadInput, Broken, Missing
from device.face.record import FrameLog
from device.face.render import Frame
from device.face.scenes.photographs import Photographs
from device.face.scenes.portrait import Portrait
from device.face.stage import Replay

Progress = Callable[[int, int], None]
"""(frames done, frames in all)"""

AUDIO_RATE = 48_000
"""Hz of the film's sound."""
SD_COLOURS, LIMITED_RANGE = 5, 1
"""The numbers of ITU-R BT.601's matrix and of 16..235 in the H.264 standard: what OpenCV's conversion gives."""
CHUNK = 1024
"""Samples in one frame of AAC."""


@dataclass(frozen=True)
class Quality:
    """Of the encoding; the defaults suit 720p on two cores."""

    fps: int = 30
    crf: int = 21
    """x264's constant rate factor: lower is better and larger."""
    preset: str = "superfast"
    """x264's speed; slower ones make smaller files of the same quality."""


@dataclass(frozen=True)
class Wave:
    """Sound for the film."""

    pcm: NDArray[np.float32]
    """(channels, samples), -1..1, one or two channels."""
    rate: int
    """Hz"""

    @property
    def seconds(self) -> float:
        return float(self.pcm.shape[1] / self.rate)


def read_wave(path: Path) -> Wave:
    """Any recording that ffmpeg reads. Raises BadInput."""
    try:
        with av.open(str(path)) as container:
            stream = container.streams.audio[0]
            layout = "mono" if stream.codec_context.channels == 1 else "stereo"
            resampler = av.AudioResampler(format="fltp", layout=layout, rate=stream.rate)
            frames = [out for frame in container.decode(stream) for out in resampler.resample(frame)]
            frames += resampler.resample(None)
            if not frames:
                raise BadInput(str(path), expected="a recording", got="one without a sample")
            pcm = np.concatenate([frame.to_ndarray() for frame in frames], axis=1)
            return Wave(np.asarray(pcm, np.float32), int(stream.rate))
    except (FFmpegError, OSError, IndexError) as error:
        raise BadInput(str(path), expected="a recording", got=str(error)[:120]) from error


def phase(log: FrameLog, t0: float, fps: int) -> float:
    """s in -half a frame..half a frame: where the log's frames lie against the grid t0 + k / fps, on the whole."""
    if not len(log.t):
        return 0.0
    turns = np.exp(2j * np.pi * (log.t - t0) * fps)
    return float(np.angle(turns.mean()) / (2 * np.pi * fps))


def chosen(log: FrameLog, times: NDArray[np.float64]) -> NDArray[np.int64]:
    """For each time the index of the frame whose own time is nearest."""
    after = np.clip(np.searchsorted(log.t, times), 1, max(len(log.t) - 1, 1))
    before = after - 1
    nearer = np.abs(log.t[np.minimum(after, len(log.t) - 1)] - times) < np.abs(log.t[before] - times)
    return np.minimum(np.where(nearer, after, before), len(log.t) - 1)


def write(
    out: Path, log: FrameLog, portrait: Portrait, t0: float, wave: Wave, progress: Progress = lambda done, of: None,
    quality: Quality | None = None, photographs: Photographs | None = None,
) -> int:  # fmt: skip
    """Writes the film of `wave`'s length; the number of frames. `portrait` is of `log.size`; `photographs` are shown
    where they are talked about.

    Raises BadInput for an empty log, Missing without an H.264 encoder, Broken where the file cannot be written."""
    quality = quality or Quality()
    if not len(log.t):
        raise BadInput("frame log", expected="at least one frame", got="none")
    offset = phase(log, t0, quality.fps)
    index = chosen(log, t0 + offset + np.arange(frames_in(wave, quality)) / quality.fps)
    pictures = _pictures(log, Replay(log.size, portrait, photographs), index)
    return film(out, log.size, pictures, Wave(_shifted(wave, offset), wave.rate), progress, quality)


def film(
    out: Path, size: tuple[int, int], pictures: Iterator[Frame], wave: Wave,
    progress: Progress = lambda done, of: None, quality: Quality | None = None,
) -> int:  # fmt: skip
    """Writes `frames_in(wave)` pictures of `size` (width, height), the first at the sound's first sample; their number.

    Each picture is drawn while the encoder's threads still work on those before it. Raises Missing without an H.264
    encoder, Broken where the file cannot be written."""
    quality = quality or Quality()
    count = frames_in(wave, quality)
    part = out.with_name(out.name + ".part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with av.open(str(part), "w", format="mp4") as container:
            video, audio = _streams(container, size, wave, quality)
            sound = _sound(wave.pcm, wave.rate, _layout(wave))
            _encode(container, video, audio, islice(pictures, count), sound, progress, count)
        part.replace(out)
    except (FFmpegError, OSError) as error:
        raise Broken(str(out), expected="a film", got=str(error)[:120]) from error
    finally:  # also when somebody has had enough of waiting
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return count


def frames_in(wave: Wave, quality: Quality) -> int:
    """Pictures of a film as long as `wave`; one at least."""
    return max(1, round(wave.seconds * quality.fps))


def _pictures(log: FrameLog, replay: Replay, index: NDArray[np.int64]) -> Iterator[Frame]:
    for i in index:
        yield replay.frame(log.pose[i], log.captions[log.caption[i]])


def _shifted(wave: Wave, offset: float) -> NDArray[np.float32]:
    """The sound as the grid sees it: later frames need later sound by the same part of a frame."""
    n = round(abs(offset) * wave.rate)
    if offset >= 0:
        return np.concatenate([wave.pcm[:, n:], np.zeros((len(wave.pcm), n), np.float32)], axis=1)
    return np.concatenate([np.zeros((len(wave.pcm), n), np.float32), wave.pcm], axis=1)


def _layout(wave: Wave) -> str:
    return "mono" if len(wave.pcm) == 1 else "stereo"


def _streams(
    container: OutputContainer, size: tuple[int, int], wave: Wave, quality: Quality
) -> tuple[VideoStream, AudioStream]:
    try:
        video = container.add_stream("libx264", rate=quality.fps)
    except FFmpegError as error:
        raise Missing(
            "film", expected="an H.264 encoder in PyAV", got=str(error), hint="install the av wheel"
        ) from error
    video.width, video.height = size[0] // 2 * 2, size[1] // 2 * 2
    video.pix_fmt = "yuv420p"
    video.options = {"crf": str(quality.crf), "preset": quality.preset}
    video.codec_context.thread_type = "FRAME"  # slices are encoded while the caller waits, frames while it draws on
    video.codec_context.colorspace, video.codec_context.color_range = SD_COLOURS, LIMITED_RANGE
    audio = container.add_stream("aac", rate=AUDIO_RATE)
    audio.layout = _layout(wave)
    audio.bit_rate = 128_000
    return video, audio


def _encode(
    container: OutputContainer, video: VideoStream, audio: AudioStream, pictures: Iterator[Frame],
    sound: Iterator[av.AudioFrame], progress: Progress, count: int,
) -> None:  # fmt: skip
    """Picture and sound in step, so that the file plays while it is read."""
    heard = 0.0
    fps = video.average_rate or Fraction(30)
    for done, picture in enumerate(pictures):
        even = np.ascontiguousarray(picture[: video.height, : video.width])
        planes = np.asarray(cv2.cvtColor(even, cv2.COLOR_RGB2YUV_I420), np.uint8)
        frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
        frame.colorspace, frame.color_range = SD_COLOURS, LIMITED_RANGE
        frame.pts, frame.time_base = done, 1 / fps
        container.mux(video.encode(frame))
        while heard <= (done + 1) / fps and (samples := next(sound, None)) is not None:
            container.mux(audio.encode(samples))
            heard += samples.samples / samples.sample_rate
        progress(done + 1, count)
    for samples in sound:
        container.mux(audio.encode(samples))
    container.mux(video.encode(None))
    container.mux(audio.encode(None))


def _sound(pcm: NDArray[np.float32], rate: int, layout: str) -> Iterator[av.AudioFrame]:
    """The sound at AUDIO_RATE in pieces of about CHUNK samples, stamped from 0."""
    resampler = av.AudioResampler(format="fltp", layout=layout, rate=AUDIO_RATE, frame_size=CHUNK)
    for start in range(0, pcm.shape[1], 10 * CHUNK):
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(pcm[:, start : start + 10 * CHUNK]), "fltp", layout)
        frame.sample_rate, frame.pts, frame.time_base = rate, start, Fraction(1, rate)
        yield from resampler.resample(frame)
    yield from resampler.resample(None)
