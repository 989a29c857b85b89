"""The microphone and the loudspeaker of a rehearsal: somebody who speaks when told, and a card made of the clock.

With `surround` both are in a room, so that the frame hears itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from device import registry
from device.ears.recording import RecordedMicrophone, Said
from device.errors import Broken, Missing
from device.ports import Clock, Microphone, OnPlayed, Pcm, Speaker
from device.record import ROOM_RATE
from device.voice.virtual_speaker import VirtualSpeaker


class Person(Microphone, Protocol):
    """A microphone at which somebody can be made to speak."""

    def say(self, pcm: Pcm) -> Said:
        """A recording at MIC_RATE, from now on -> when its voice is in the air."""
        ...


Surround = Callable[[RecordedMicrophone, Callable[[float, float, int], Pcm]], Person]
"""Somebody who speaks, and what the loudspeaker plays from s, to s, at Hz -> the same in a room."""


class RehearsalSound:
    """Made before the frame, whose speaker is made by `speaker`."""

    def __init__(
        self, clock: Clock, device: str, say: Callable[[str], None], aloud: bool, surround: Surround | None
    ) -> None:
        """`aloud`: through the loudspeaker whose name contains `device`, if there is one."""
        self.aloud = aloud
        self._clock = clock
        self._device = device
        self._say = say
        self._virtual: VirtualSpeaker | None = None
        microphone = RecordedMicrophone(clock)
        self.person: Person = surround(microphone, self.in_the_air) if surround else microphone

    def speaker(self, played: OnPlayed) -> Speaker:
        """The loudspeaker; a real one only where it is to be heard and there is one."""
        if self.aloud:
            try:
                speaker: Speaker = registry.make(
                    "speaker", "pyaudio", on_played=played, clock=self._clock, device=self._device
                )
                return speaker
            except (Missing, Broken):
                self._say("no loudspeaker here: the sound is only written down")
                self.aloud = False
        virtual: VirtualSpeaker = registry.make("speaker", "virtual", on_played=played, clock=self._clock)
        self._virtual = virtual
        return virtual

    def in_the_air(self, t0: float, t1: float, rate: int) -> Pcm:
        """What the virtual loudspeaker plays from `t0` to `t1` s (monotonic), at `rate` Hz."""
        if self._virtual is None:
            return np.zeros(round((t1 - t0) * rate), np.float32)
        return self._virtual.timeline(t0, t1, rate)

    def played(self, origin: float, seconds: float) -> Pcm | None:
        """All of that from `origin` on, at ROOM_RATE; None where a real loudspeaker plays."""
        return None if self._virtual is None else self._virtual.timeline(origin, origin + seconds, ROOM_RATE)
