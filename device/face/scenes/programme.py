"""What is to be seen: the portrait, the album, or the portrait with the photograph that is talked about. Pure.

The album comes when nobody has talked for a while, or when it is asked for. It goes when the persona is spoken to: who
called somebody wants to be looked at; who asked for the photographs wants to go on seeing them until there is an
answer to something else.
"""

from __future__ import annotations

from device.face.curves import ease
from device.face.motion import CALM
from device.link import Message, Mood, Order, Photos

FADE = 1.2
"""s from the one to the other."""
LOOK = 0.6
"""s in which the persona is there when somebody speaks to them."""
LINGER = 14.0
"""s for which a photograph stays beside the portrait after the last word about it."""
ALBUM_ORDERS = ("album", "next-photo")


class Share:
    """A number that goes from where it is to 0 or 1, with an ease."""

    def __init__(self) -> None:
        self._from, self._goal, self._since, self._seconds = 0.0, 0.0, 0.0, FADE

    def move(self, goal: float, t: float, seconds: float) -> None:
        """Towards `goal` from `t` on; one that is on its way there already goes on."""
        if goal != self._goal:
            self._from, self._goal, self._since, self._seconds = self.at(t), goal, t, seconds

    def at(self, t: float) -> float:
        """0..1 at `t`."""
        return self._from + (self._goal - self._from) * ease((t - self._since) / self._seconds)


class Programme:
    """`tell` takes what the mind says, `album` and `beside` are asked for every frame; `t` should not go back."""

    def __init__(self, after_s: float) -> None:
        """`after_s`: s of quiet until the album comes; 0: only when it is asked for."""
        self._after_s = after_s
        self._quiet_since: float | None = None
        self._speaking = False
        self._wanted = False
        self._fresh = False
        """It was asked for in the turn that is still under way."""
        self._album = Share()
        self._photo = ""
        self._until = 0.0
        self._belongs = False
        """The photograph belongs to the answer that is under way."""
        self._beside = Share()

    def tell(self, message: Message, t: float) -> None:
        """Mood, Order and Photos change it."""
        if isinstance(message, Mood):
            self._mood(message.state, t)
        elif isinstance(message, Order) and message.what in ALBUM_ORDERS:
            self._wanted = self._fresh = True
        elif isinstance(message, Photos) and message.files:
            self._photos(message)

    def album(self, t: float) -> float:
        """0..1: how far the album covers the portrait."""
        quiet = self._quiet_since is not None and self._after_s > 0 and t - self._quiet_since >= self._after_s
        opened = (self._wanted and not self._speaking) or quiet
        self._album.move(1.0 if opened else 0.0, t, FADE if opened else LOOK)
        return self._album.at(t)

    def close(self, t: float) -> None:
        """Another persona is there at `t`: all that was the former one's is gone, and the quiet begins anew."""
        self._quiet_since = t if self._quiet_since is not None else None
        self._wanted = self._fresh = self._belongs = False
        self._album, self._beside, self._photo = Share(), Share(), ""

    def beside(self, t: float) -> tuple[str, float]:
        """The photograph that is talked about, and 0..1: how far it has come; ("", 0) where there is none."""
        self._beside.move(1.0 if self._photo and t < self._until else 0.0, t, FADE)
        share = self._beside.at(t)
        return (self._photo, share) if share > 0.0 else ("", 0.0)

    def _mood(self, state: str, t: float) -> None:
        self._speaking = state in ("speaking", "sorry", "farewell")
        if state not in CALM:
            self._quiet_since = None
        elif self._quiet_since is None:
            self._quiet_since = t
        if state in CALM or state == "listening":
            self._fresh = self._belongs = False
            self._until = min(self._until, t + LINGER)
        elif self._speaking:
            self._wanted = self._wanted and self._fresh
            self._until = self._until if self._belongs else min(self._until, t)

    def _photos(self, message: Photos) -> None:
        if message.beside:
            self._photo, self._belongs = message.files[0], True
            self._until = float("inf")
        else:
            self._wanted = self._fresh = True
