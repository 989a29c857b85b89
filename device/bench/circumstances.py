"""Who asks the frame, and where: the circumstances under which `imago bench latency` asks its questions."""

from __future__ import annotations

from dataclasses import dataclass

from device.bench.room import Room
from device.bench.scene import Scene


@dataclass(frozen=True, slots=True)
class Circumstance:
    """One of them."""

    name: str
    speaker: int
    """Number in voice/questions.SPEAKERS."""
    scene: Scene | None
    """None: right into the microphone, as a recording has it. Else the frame's own voice is in the room, too."""


CIRCUMSTANCES = (
    Circumstance("into the microphone", 0, None),
    Circumstance("0.7 m, a quiet room", 1, Scene(Room(rt60_s=0.3), person_m=0.7, noise="quiet", noise_dbfs=-62.0)),
    Circumstance("1 m, kitchen", 2, Scene(Room(rt60_s=0.5), noise="kitchen", noise_dbfs=-48.0, seed=1)),
    Circumstance("1 m, television", 0, Scene(Room(rt60_s=0.4), noise="television", noise_dbfs=-50.0, seed=3)),
    Circumstance(
        "2 m, a refrigerator", 1, Scene(Room(rt60_s=0.6), person_m=2.0, noise="hum", noise_dbfs=-55.0, seed=2)
    ),
)
"""In the order of the rounds. The noise is 22 to 36 dB below a person at 1 m."""


def circumstances(rounds: int) -> list[Circumstance]:
    """Of so many rounds; at least one, and from the first again when all had their turn."""
    return [CIRCUMSTANCES[number % len(CIRCUMSTANCES)] for number in range(max(1, rounds))]
