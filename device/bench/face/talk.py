"""A talk of any length for the lips: sentences full of p, b and m, spoken once and laid out over and over. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from device.link import Speak
from device.persona.unpacked import Language
from device.ports import Speech
from device.speaking import speak

TEXTS: dict[Language, str] = {
    "en": "My mother made plum jam every summer, and my brother and I were not to touch the pot. One time we put our "
    "arms in up to the elbow. She came home, looked at our sleeves, and asked whether the cat had been at it. "
    "People remember big things, a wedding or a boat. I remember the smell of that room, and her humming by the door.",
    "zh": "我妈妈每年夏天都做梅子酱，我和弟弟不许碰那口锅。有一回，我们把胳膊伸进去，一直没到胳膊肘。"
    "妈妈回来一看我们的袖子，问是不是猫偷吃了。别人记得的都是大事，办喜酒，买船。我记得的，是那间屋子的味道，"
    "还有她靠在门边，慢慢哼的那支曲子。",
}
"""Each persona speaks its own languages' in turn."""
LEAD_S = 1.0
"""s before the first clause."""
BREATH_S = 0.9
"""s of silence before the text begins again: long enough to be a new breath."""


def talk(said: Sequence[Speech], seconds: float) -> tuple[Speak, ...]:
    """The clauses again and again for `seconds` at least, turn by turn, from LEAD_S on. `said` has at least one."""
    speaks: list[Speak] = []
    t, turn = LEAD_S, 0
    while t < seconds:
        turn += 1
        for index, speech in enumerate(said):
            speaks.append(speak(turn, index, t, speech))
            t += speech.seconds
        t += BREATH_S
    return tuple(speaks)
