"""What a booth does while nobody speaks: it grows dim and calm, and brightens and looks up when somebody comes. Pure.

Time is an argument; the answers are a light and messages to oneself.
"""

from __future__ import annotations

from device.face.motion import CALM
from device.link import Message, Mood, Speak

DIMMING = 6.0
"""s in which it grows dim: nobody sees it happen."""
BRIGHTENING = 0.8
"""s in which it is bright again: by then a visitor has not yet looked away."""
STAYS = 30.0
"""s for which it stays bright for somebody who came and says nothing; who comes in that time was seen already."""


class Attract:
    """Dim and calm after `quiet` s without a word; bright for talk and for visitors. `t` must not go back."""

    def __init__(self, quiet: float, dim: float) -> None:
        """`dim`: 0..1, the light while nobody is there."""
        self._quiet = quiet
        self._dim = dim
        self._until: float | None = None
        self._seen = float("-inf")
        self._light = (1.0, 0.0)  # how bright, when

    def tell(self, message: Message, t: float) -> None:
        """Talk keeps it bright."""
        if isinstance(message, Speak):
            self._stay(max(t, message.t0 + message.seconds) + self._quiet)
        elif isinstance(message, Mood) and message.state not in CALM:
            self._stay(t + self._quiet)

    def visit(self, state: str, t: float) -> bool:
        """Somebody came at `t`, while the face was in `state`. Whether they are to be greeted: not while it talks, nor
        when they only stayed."""
        fresh = state in CALM and t - self._seen >= STAYS
        self._seen = t
        self._stay(t + STAYS)
        return fresh

    def update(self, state: str, t: float) -> list[Message]:
        """What the face should tell itself at `t`: what it does while nobody talks with it."""
        if self._until is None or state not in CALM:
            self._stay(t + self._quiet)
        if state not in CALM:
            return []
        wanted = "attract" if self._calm(t) else "welcome" if t - self._seen < STAYS else "idle"
        if wanted == state or (wanted == "idle" and state == "asleep"):
            return []
        return [Mood(wanted, t)]

    def light(self, t: float) -> float:
        """0..1: how bright the figure is at `t`."""
        light, at = self._light
        passed = max(t - at, 0.0)
        span = 1.0 - self._dim
        if self._calm(t):
            light = max(light - span * passed / DIMMING, self._dim)
        else:
            light = min(light + span * passed / BRIGHTENING, 1.0)
        self._light = (light, max(t, at))
        return light

    def _calm(self, t: float) -> bool:
        return self._until is not None and t >= self._until

    def _stay(self, until: float) -> None:
        self._until = until if self._until is None else max(self._until, until)
