"""A microphone in a simulated room, in real time: the person, the frame's own loudspeaker and noise."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from device.bench.noises import NOISES
from device.bench.room import StreamConvolver, small_loudspeaker
from device.bench.scene import AT_1M, Scene
from device.ears.recording import RecordedMicrophone, Said
from device.ports import BLOCK, MIC_RATE, Block, Pcm
from device.voice.loudness import TARGET_DBFS, speech_rms

InTheAir = Callable[[float, float, int], Pcm]
"""From s, to s, rate in Hz -> what the loudspeaker was given for that time; `VirtualSpeaker.timeline`."""

MARGIN_S = 0.02
"""s on both sides of a block that are resampled with it, so that blocks join without a seam."""

NOISE_S = 20.0
"""s of noise, repeated."""


class VirtualRoom:
    """Behind the port Microphone. What is said into `person` is heard as if from the person's place.

    `read` belongs to one thread; `say` may come from another."""

    def __init__(self, person: RecordedMicrophone, scene: Scene, in_the_air: InTheAir) -> None:
        """`scene.latency_s` must be MARGIN_S or more: nobody knows what is not yet played."""
        self._person = person
        self._scene = scene
        self._in_the_air = in_the_air
        self._from_person = StreamConvolver(scene.response(person=True), BLOCK)
        self._from_loudspeaker = StreamConvolver(scene.response(person=False), BLOCK)
        self._gain = np.float32(AT_1M / 10 ** ((TARGET_DBFS - scene.playback_db) / 20))
        noise = NOISES[scene.noise](NOISE_S, scene.seed)
        self._noise = noise * np.float32(10 ** (scene.noise_dbfs / 20))
        self._number = 0

    def say(self, pcm: Pcm) -> Said:
        """The person says a recording now -> when its voice is in the air at the mouth."""
        return self._person.say(np.asarray(pcm * (AT_1M / max(speech_rms(pcm, MIC_RATE), 1e-6)), np.float32))

    def read(self) -> Block | None:
        block = self._person.read()
        if block is None:
            return None
        first = self._number * BLOCK % (len(self._noise) - BLOCK)
        self._number += 1
        sound = self._from_person(block.pcm) + self._from_loudspeaker(self._played(block.t))
        return Block(np.clip(sound + self._noise[first : first + BLOCK], -1.0, 1.0), block.t)

    def close(self) -> None:
        self._person.close()

    def _played(self, t: float) -> Pcm:
        begin = t - self._scene.latency_s
        wide = self._in_the_air(begin - MARGIN_S, begin + BLOCK / MIC_RATE + MARGIN_S, MIC_RATE)
        first = round(MARGIN_S * MIC_RATE)
        return small_loudspeaker(np.asarray(wide[first : first + BLOCK] * self._gain, np.float32), self._scene.drive)
