"""How loud the voice is: what the family set, what was ordered since, and lowered while somebody interrupts. Pure."""

from __future__ import annotations

STEP = 1.6
"""Factor of one "louder" (4 dB): clearly louder, and not yet twice as loud."""
SOFTEST = 0.08
"""-22 dB: any softer, nobody would find the way back by ear."""
DUCKED = 0.012
"""-38 dB: the peaks of speech, at most -2 dBFS, are then below -40 dBFS, which counts as silence."""


class Loudness:
    """Answers with the gain, 0..1, that the loudspeaker is to have."""

    def __init__(self, volume: float) -> None:
        self._volume = volume
        self._ducked = False
        self.deaf = False
        """Its ears are closed by order."""

    @property
    def gain(self) -> float:
        """Factor on all samples."""
        return self._volume * (DUCKED if self._ducked else 1.0)

    def duck(self, on: bool) -> float:
        """Lowers the voice, or raises it again."""
        self._ducked = on
        return self.gain

    def order(self, order: str) -> float:
        """ "louder", "softer", "mute"; everything else changes nothing here."""
        if order == "louder":
            self._volume = min(1.0, self._volume * STEP)
        elif order == "softer":
            self._volume = max(SOFTEST, self._volume / STEP)
        elif order == "mute":
            self.deaf = True
        return self.gain

    def hear(self) -> None:
        """The ears are opened by hand."""
        self.deaf = False
