"""WAV files, also damaged ones: the standard library knows neither floats nor cut-off files."""

from __future__ import annotations

import logging
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from device.errors import BadInput
from device.ports import Pcm

log = logging.getLogger(__name__)

PCM, FLOAT, EXTENSIBLE = 1, 3, 0xFFFE
"""Format tags; EXTENSIBLE carries one of the others in its sub-format."""
MOST_CHANNELS = 64


@dataclass(frozen=True, slots=True)
class Format:
    """The "fmt " chunk."""

    tag: int
    channels: int
    rate: int
    bits: int

    @property
    def frame_bytes(self) -> int:
        return self.channels * self.bits // 8


def read(path: Path, longest_s: float) -> tuple[Pcm, int] | None:
    """Frames of shape (samples, channels) in -1..1 and their rate; None for a coding that is not plain numbers.

    A file that ends before its header says so is used as far as it goes, with a warning. Raises `BadInput` without any
    sound, with a nonsensical header, or beyond `longest_s`."""
    with path.open("rb") as file:
        file.seek(12)
        kind = _find_format(file, path)
        if kind.tag not in (PCM, FLOAT) or (kind.tag, kind.bits) not in _DECODERS:
            return None
        if not 1 <= kind.channels <= MOST_CHANNELS or kind.rate < 1:
            raise _bad(path, f"{kind.channels} channels at {kind.rate} Hz", "the header is damaged")
        declared = _find(file, b"data")
        if declared is None:
            raise _bad(path, "a header without sound", "the recording was interrupted before it began")
        data = file.read(min(declared, round(longest_s * kind.rate + 1) * kind.frame_bytes))
    return _frames(path, data, declared, kind), kind.rate


def _bad(path: Path, got: str, hint: str) -> BadInput:
    return BadInput(path.name, expected="a recording of speech", got=got, hint=hint)


def _find(file: BinaryIO, name: bytes) -> int | None:
    """Skips to a chunk's content and returns its declared length; None if the file ends before."""
    while len(header := file.read(8)) == 8:
        found, length = struct.unpack("<4sI", header)
        if found == name:
            return int(length)
        file.seek(length + length % 2, 1)
    return None


def _find_format(file: BinaryIO, path: Path) -> Format:
    length = _find(file, b"fmt ")
    content = file.read(length) if length is not None and length < 1 << 16 else b""
    if length is None or len(content) < 16:
        raise _bad(path, "a WAV file without a format", "the header is damaged")
    if length % 2:
        file.seek(1, 1)
    tag, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", content)
    if tag == EXTENSIBLE and len(content) >= 26:
        (tag,) = struct.unpack_from("<H", content, 24)
    return Format(tag, channels, rate, bits)


def _frames(path: Path, data: bytes, declared: int, kind: Format) -> Pcm:
    whole = len(data) // kind.frame_bytes
    if whole == 0:
        raise _bad(path, "a header without sound", "the recording was interrupted before it began")
    # Programs that record into a pipe cannot know the length beforehand and declare the largest one.
    if len(data) < declared < 0xFFFF_F000:
        log.warning("%s ends early; using the %.1f s that are there", path.name, whole / kind.rate)
    return _DECODERS[kind.tag, kind.bits](data[: whole * kind.frame_bytes]).reshape(-1, kind.channels)


def _u8(data: bytes) -> Pcm:
    return (np.frombuffer(data, np.uint8).astype(np.float32) - 128.0) / 128.0


def _s16(data: bytes) -> Pcm:
    return np.frombuffer(data, "<i2").astype(np.float32) / 2.0**15


def _s24(data: bytes) -> Pcm:
    low_byte_zero = np.zeros((len(data) // 3, 4), np.uint8)
    low_byte_zero[:, 1:] = np.frombuffer(data, np.uint8).reshape(-1, 3)
    return _s32(low_byte_zero.tobytes())


def _s32(data: bytes) -> Pcm:
    return (np.frombuffer(data, "<i4") / 2.0**31).astype(np.float32)


def _f32(data: bytes) -> Pcm:
    return np.frombuffer(data, "<f4").astype(np.float32)


def _f64(data: bytes) -> Pcm:
    with np.errstate(over="ignore", invalid="ignore"):
        return np.frombuffer(data, "<f8").astype(np.float32)


_DECODERS = {(PCM, 8): _u8, (PCM, 16): _s16, (PCM, 24): _s24, (PCM, 32): _s32, (FLOAT, 32): _f32, (FLOAT, 64): _f64}
