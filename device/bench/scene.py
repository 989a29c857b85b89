"""A scene in a simulated room: own playback, a person and noise, as the microphone gets them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from device.bench.noises import NOISES
from device.bench.room import Point, Room, convolve, impulse_response, small_loudspeaker
from device.ports import MIC_RATE, Pcm
from device.voice.loudness import speech_rms
from device.voice.resample import delayed

AT_1M = 10 ** (-26 / 20)
"""RMS of speech (full scale 1) that the microphone delivers from a source 1 m away in free air, person or loudspeaker:
both talk equally loud."""

MICROPHONE: Point = (1.2, 1.4, 1.1)


@dataclass(frozen=True, slots=True)
class Scene:
    """Where the frame stands and what is to be heard there."""

    room: Room = field(default_factory=Room)
    loudspeaker_m: float = 0.5
    """m from microphone to loudspeaker."""
    person_m: float = 1.0
    """m from microphone to person."""
    latency_s: float = 0.06
    """s from the time that the reference has to the sound's leaving the loudspeaker."""
    drive: float = 0.0
    """Of the loudspeaker's soft clipping; see `small_loudspeaker`."""
    noise: str = "quiet"
    """One of `NOISES`."""
    noise_dbfs: float = -60.0
    """RMS of the noise in the microphone."""
    playback_db: float = 0.0
    """dB by which the loudspeaker is louder than the person."""
    seed: int = 0

    def response(self, person: bool) -> Pcm:
        """From the person's mouth or the loudspeaker to the microphone."""
        x, y, z = MICROPHONE
        at: Point = (
            (x + 0.8 * self.person_m, y + 0.6 * self.person_m, z + 0.2) if person else (x + self.loudspeaker_m, y, z)
        )
        return impulse_response(self.room, at, MICROPHONE)


Placed = tuple[float, Pcm]
"""s from the scene's beginning, and a sound at MIC_RATE that begins then."""


def in_a_row(
    sounds: Sequence[Pcm], begin_s: float = 1.0, gap_s: float = 0.12, turn: int = 3, rest_s: float = 2.5
) -> list[Placed]:
    """Clauses one after the other: `turn` of them make an answer, after which the frame is silent for `rest_s`."""
    placed, t = [], begin_s
    for number, sound in enumerate(sounds, 1):
        placed.append((t, sound))
        t += len(sound) / MIC_RATE + (rest_s if number % turn == 0 else gap_s)
    return placed


def laid_out(placed: Sequence[Placed], samples: int) -> Pcm:
    """All of them in one track."""
    track = np.zeros(samples, np.float32)
    for t, sound in placed:
        first = round(t * MIC_RATE)
        length = min(len(sound), samples - first)
        track[first : first + length] += sound[:length]
    return track


@dataclass(frozen=True, slots=True)
class Recording:
    """What is in the air, apart: shape (samples,) each, at MIC_RATE."""

    echo: Pcm
    person: Pcm
    noise: Pcm

    @property
    def microphone(self) -> Pcm:
        return np.asarray(np.clip(self.echo + self.person + self.noise, -1.0, 1.0), np.float32)


def loudspeaker(scene: Scene, playback: Sequence[Placed], samples: int) -> Pcm:
    """What leaves the loudspeaker, as the microphone would get it 1 m away in free air."""
    late: list[Placed] = []
    for t, sound in playback:
        at = (t + scene.latency_s) * MIC_RATE
        exact = delayed(_loud(sound, 0.1), at % 1.0)  # no loudspeaker begins at a sample of the microphone's
        late.append((at // 1.0 / MIC_RATE, small_loudspeaker(exact, scene.drive)))
    return laid_out(late, samples) * np.float32(AT_1M / 0.1 * 10 ** (scene.playback_db / 20))


def record(scene: Scene, playback: Sequence[Placed], person: Sequence[Placed], seconds: float) -> Recording:
    """The scene as the microphone gets it."""
    samples = round(seconds * MIC_RATE)
    echo = convolve(loudspeaker(scene, playback, samples), scene.response(person=False))
    said = laid_out([(t, _loud(sound, AT_1M)) for t, sound in person], samples)
    noise = NOISES[scene.noise](seconds, scene.seed) * np.float32(10 ** (scene.noise_dbfs / 20))
    return Recording(echo, convolve(said, scene.response(person=True)), noise[:samples])


def _loud(pcm: Pcm, rms: float) -> Pcm:
    return np.asarray(pcm * (rms / max(speech_rms(pcm, MIC_RATE), 1e-6)), np.float32)
