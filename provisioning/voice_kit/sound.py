"""Any recording as mono samples, as a stream: wav, mp3, m4a, amr, silk, opus, flac, and a video's sound.

What a file is, is told by its first bytes, never by its name; libav is asked for that format alone, so that no file can
make it read another (a playlist, for instance). Hours take no more memory than seconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np

from device.errors import BadInput
from device.ports import MIC_RATE, Pcm
from provisioning.voice_kit import silk

HEAD = 4096
"""Bytes that tell what a file is."""
RATES = (4_000, 384_000)
"""Hz; other rates in a header are lies."""
MOST_CHANNELS = 32
LONGEST_S = 24 * 3600.0
MOST_BROKEN = 2_000
"""Packets in a row that may be damaged."""
BLOCK_S = 1.0
"""s of sound in a block of a stream that is at hand as a whole."""
SIGNS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x02" + silk.MAGIC, "silk"),
    (0, silk.MAGIC, "silk"),
    (8, b"WAVE", "wav"),
    (8, b"AVI ", "avi"),
    (0, b"fLaC", "flac"),
    (0, b"OggS", "ogg"),
    (0, b"#!AMR", "amr"),
    (4, b"ftyp", "mov"),
    (4, b"moov", "mov"),
    (4, b"mdat", "mov"),
    (4, b"wide", "mov"),
    (4, b"skip", "mov"),
    (0, b"\x1a\x45\xdf\xa3", "matroska"),
    (0, b"ID3", "mp3"),
    (8, b"AIFF", "aiff"),
    (8, b"AIFC", "aiff"),
    (0, b"caff", "caf"),
    (0, b"\x30\x26\xb2\x75", "asf"),
    (0, b"\x00\x00\x01\xba", "mpeg"),
    (0, b"FLV\x01", "flv"),
    (0, b".snd", "au"),
)
"""First byte, bytes, and libav's name of the format."""


def kind(head: bytes) -> str | None:
    """What a file that begins so is, as libav calls it ("silk" is not libav's); None where it holds no sound that is
    known here."""
    for at, sign, name in SIGNS:
        if head[at : at + len(sign)] == sign:
            return name
    if len(head) > 2 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        return "mp3" if head[1] & 0x06 else "aac"
    return "mpegts" if len(head) > 188 and head[0] == head[188] == 0x47 else None


def blocks(path: Path, name: str, rate: int = MIC_RATE) -> Iterator[Pcm]:
    """The recording from its beginning, mono at `rate` Hz, -1..1, in blocks of any length. `name`: for complaints.

    What is damaged within is left out; raises BadInput in one line where nothing is left, or for more than a day."""
    total = 0
    for block in _resampled(path, name, rate):
        # Not-a-number is silence; what lies beyond full scale was clipped by whoever played it.
        sound = np.clip(np.nan_to_num(block, nan=0.0, posinf=1.0, neginf=-1.0), -1.0, 1.0).astype(np.float32)
        total += len(sound)
        if total > LONGEST_S * rate:
            raise BadInput(name, expected=f"at most {LONGEST_S / 3600:.0f} h", got="more", hint="cut it into parts")
        if len(sound):
            yield sound
    if not total:
        raise BadInput(name, expected="a recording", got="no sound in it")


def seconds(path: Path, name: str) -> float:
    """How long its header says it is, roughly, for planning; never more than its size allows. Raises BadInput."""
    size = path.stat().st_size
    if _kind(path, name) == "silk":
        return silk.whole(path.read_bytes()[: silk.MOST_BYTES])[1] * silk.PACKET_S
    with _opened(path, name) as container:
        said = (container.duration or 0) / av.time_base
    return min(said if said > 0 else size / 4000.0, size / 500.0, LONGEST_S)


def _resampled(path: Path, name: str, rate: int) -> Iterator[Pcm]:
    """A stream may change its rate or channels on its way (a phone that was plugged in): each part by itself."""
    resampler, before = None, None
    try:
        for frame in _frames(path, name):
            now = (frame.format.name, frame.layout.name, frame.sample_rate)
            if resampler is None or now != before:
                yield from _parts(resampler, None)
                resampler, before = av.AudioResampler(format="fltp", layout="mono", rate=rate), now
            yield from _parts(resampler, frame)
        yield from _parts(resampler, None)
    except (av.error.FFmpegError, ValueError) as error:
        raise BadInput(name, expected="a recording", got=_reason(error)) from None


def _parts(resampler: av.AudioResampler | None, frame: av.AudioFrame | None) -> Iterator[Pcm]:
    for part in resampler.resample(frame) if resampler else ():
        yield part.to_ndarray()[0]


def _frames(path: Path, name: str) -> Iterator[av.AudioFrame]:
    """As decoded, without timestamps: what a decoder left out is not filled."""
    if _kind(path, name) == "silk":
        pcm, step = silk.decode(path.read_bytes(), name), round(BLOCK_S * silk.RATE)
        for at in range(0, len(pcm), step):
            frame = av.AudioFrame.from_ndarray(pcm[None, at : at + step].copy(), format="fltp", layout="mono")
            frame.sample_rate = silk.RATE
            yield frame
        return
    with _opened(path, name) as container:
        stream = container.streams.audio[0]
        broken = 0
        for packet in _packets(container, stream):
            try:
                frames = packet.decode()
                broken = 0
            except (av.error.FFmpegError, ValueError):
                broken += 1
                if broken > MOST_BROKEN:
                    return
                continue
            for decoded in frames:
                if isinstance(decoded, av.AudioFrame) and decoded.samples:
                    decoded.pts = None
                    yield decoded


def _packets(
    container: av.container.InputContainer, stream: av.audio.AudioStream
) -> Iterator[av.Packet[av.audio.AudioStream]]:
    """Until the file ends, or breaks off."""
    try:
        yield from container.demux(stream)
    except (av.error.FFmpegError, ValueError, OSError):
        return


def _opened(path: Path, name: str) -> av.container.InputContainer:
    try:
        container = av.open(str(path), format=_kind(path, name), metadata_errors="replace")
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise BadInput(name, expected="a recording", got=_reason(error)) from None
    if not container.streams.audio:
        container.close()
        raise BadInput(name, expected="a recording", got="a file without sound")
    stream = container.streams.audio[0]
    if not RATES[0] <= (stream.rate or 0) <= RATES[1] or not 0 < (stream.channels or 0) <= MOST_CHANNELS:
        rate, channels = stream.rate, stream.channels
        container.close()
        raise BadInput(name, expected="a recording", got=f"{channels} channels at {rate} Hz")
    return container


def _kind(path: Path, name: str) -> str:
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError as error:
        raise BadInput(name, expected="a recording", got=error.strerror or "an error") from None
    if not head:
        raise BadInput(name, expected="a recording", got="an empty file", hint="copy it again")
    found = kind(head)
    if found is None:
        raise BadInput(name, expected="a recording", got="another kind of file")
    return found


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).splitlines()[0]
