"""Rooms: how a sound at one place arrives at another (image sources), and a microphone in such a room.

Allen & Berkley, "Image method for efficiently simulating small-room acoustics", JASA 65(4), 1979. Lengths are metres,
coordinates run from one corner of a box-shaped room.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from device.ports import MIC_RATE, Pcm

SOUND_MPS = 343.0
"""m/s, speed of sound in air of 20 degrees C."""

Point = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Room:
    """A box with the same absorption everywhere."""

    size: Point = (4.5, 3.6, 2.6)
    """m: length, width, height."""
    rt60_s: float = 0.4
    """s in which sound decays by 60 dB; furnished living rooms: 0.3 to 0.6. 0: no reflections."""


def reflection(room: Room) -> float:
    """Pressure that a wall reflects, 0..1, so that the room's decay has its RT60: Eyring's formula, RT60 =
    24 ln 10 V / (-c S ln(1 - a)) with reflection^2 = 1 - a (Eyring, JASA 1(2), 1930), corrected once by the decay that
    the image model shows, whose field is less diffuse than Eyring's (Lehmann & Johansson, JASA 124(1), 2008)."""
    return _reflection(room) if room.rt60_s > 0 else 0.0


@lru_cache(maxsize=64)
def _reflection(room: Room) -> float:
    x, y, z = room.size
    surface = 2 * (x * y + y * z + x * z)
    eyring = float(np.exp(-12 * np.log(10) * x * y * z / (SOUND_MPS * surface * room.rt60_s)))
    for _ in range(2):
        ends = [(0.23 * x, 0.31 * y, 0.45 * z), (0.71 * x, 0.64 * y, 0.53 * z)]
        images = _images(room, eyring, ends[0], ends[1], round(room.rt60_s * MIC_RATE))
        eyring **= decay_s(_without_bass(images)) / room.rt60_s
    return eyring


def decay_s(response: Pcm) -> float:
    """RT60, s, from the slope between -5 and -25 dB of the backward integral (Schroeder, JASA 37(3), 1965)."""
    energy = np.cumsum(response[::-1].astype(np.float64) ** 2)[::-1]
    db = 10 * np.log10(energy / energy[0] + 1e-12)
    return 3.0 * float(np.argmax(db < -25) - np.argmax(db < -5)) / MIC_RATE


def impulse_response(room: Room, source: Point, microphone: Point, seconds: float | None = None) -> Pcm:
    """Pressure at the microphone after a pulse at the source, relative to 1 m in free air, at MIC_RATE; as long as
    `seconds`, by default until it has decayed by 45 dB."""
    straight = _distance(source, microphone) / SOUND_MPS
    wanted = seconds if seconds is not None else max(0.75 * room.rt60_s, 0.02) + straight
    return _without_bass(_images(room, reflection(room), source, microphone, max(1, round(wanted * MIC_RATE))))


def _images(room: Room, reflected: float, source: Point, microphone: Point, samples: int) -> Pcm:
    (dx, gx), (dy, gy), (dz, gz) = [
        _axis(length, s, m, reflected, samples) for length, s, m in zip(room.size, source, microphone, strict=True)
    ]
    response = np.zeros(samples + 1)
    flat2, flat_gain = (dy[:, None] ** 2 + dz[None, :] ** 2).ravel(), (gy[:, None] * gz[None, :]).ravel()
    for offset, gain in zip(dx, gx, strict=True):
        distance = np.sqrt(offset**2 + flat2)
        at = distance * (MIC_RATE / SOUND_MPS)
        near = at < samples - 1
        pressure = gain * flat_gain[near] / np.maximum(distance[near], 0.05)
        whole = at[near].astype(np.int64)
        part = at[near] - whole
        response += np.bincount(whole, pressure * (1 - part), samples + 1)
        response += np.bincount(whole + 1, pressure * part, samples + 1)
    return np.asarray(response[:samples], np.float32)


def _without_bass(response: Pcm) -> Pcm:
    """Above 100 Hz: image sources, all of one sign, pile up below it (the filter is Allen & Berkley's own)."""
    w = 2 * np.pi * 100 / MIC_RATE
    r = np.exp(-w)
    size = 2 * len(response) + 4096
    z1 = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)
    filtered = (1 - (1 + r) * z1 + r * z1**2) / (1 - 2 * r * np.cos(w) * z1 + r**2 * z1**2)
    return np.asarray(np.fft.irfft(np.fft.rfft(response, size) * filtered, size)[: len(response)], np.float32)


def _distance(a: Point, b: Point) -> float:
    return float(np.linalg.norm(np.subtract(a, b)))


def _axis(
    length: float, source: float, microphone: float, reflection: float, samples: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Distances along one axis from the microphone to all images, and the product of their reflections."""
    reach = samples * SOUND_MPS / MIC_RATE
    count = 0 if reflection == 0 else int(np.ceil(reach / (2 * length))) + 1
    n = np.arange(-count, count + 1)
    distance = np.concatenate([source + 2 * n * length - microphone, -source + 2 * n * length - microphone])
    hits = np.concatenate([np.abs(2 * n), np.abs(2 * n - 1)])
    keep = (np.abs(distance) <= reach) & ((reflection > 0) | (hits == 0))
    return distance[keep], np.power(reflection, hits[keep], dtype=np.float64)


def convolve(sound: Pcm, response: Pcm) -> Pcm:
    """The sound in the room, as long as the sound itself."""
    size = 1 << (len(sound) + len(response) - 2).bit_length() if len(sound) else 1
    product = np.fft.rfft(sound, size) * np.fft.rfft(response, size)
    return np.asarray(np.fft.irfft(product, size)[: len(sound)], np.float32)


class StreamConvolver:
    """The same block by block, without delay: overlap-save with a uniformly partitioned response."""

    def __init__(self, response: Pcm, block: int) -> None:
        parts = np.pad(response, (0, -len(response) % block)).reshape(-1, block)
        self._parts = np.fft.rfft(parts, 2 * block, axis=1)
        self._past = np.zeros_like(self._parts)
        self._before = np.zeros(block, np.float32)

    def __call__(self, pcm: Pcm) -> Pcm:
        """The next block, shape (block,) -> the same block as it sounds in the room."""
        self._past = np.roll(self._past, 1, axis=0)
        self._past[0] = np.fft.rfft(np.concatenate([self._before, pcm]))
        self._before = pcm
        sound = np.fft.irfft((self._past * self._parts).sum(axis=0), 2 * len(pcm))
        return np.asarray(sound[len(pcm) :], np.float32)


def small_loudspeaker(pcm: Pcm, drive: float = 0.0) -> Pcm:
    """What a cheap loudspeaker makes of samples: soft clipping (tanh), the more the higher `drive`; 0: none. A
    full-scale sine comes out with 17 % of harmonic distortion at drive 2, with 30 % at 4."""
    return np.asarray(np.tanh(drive * pcm) / drive, np.float32) if drive > 0 else pcm
