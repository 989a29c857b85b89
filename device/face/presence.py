"""What the face does when the mind is away: it falls calm at once, asks for a moment, and forgets both on its return.

Pure: time and the number of connected minds are arguments; the answer is messages to oneself.
"""

from __future__ import annotations

from device.link import Hush, Message, Mood, Notice

PATIENCE = 2.0
"""s without a mind, in a conversation, until the notice appears: most restarts of a link are shorter."""
ONE_MOMENT = Notice("One moment, please", "请稍等")
CLEAR = Notice("", "")
CONVERSATION = frozenset({"listening", "thinking", "speaking", "sorry"})
EVERY_TURN = 1 << 30


class Presence:
    """Watches the number of minds."""

    def __init__(self) -> None:
        self._peers = 0
        self._left: float | None = None
        self._noticed = False

    def update(self, peers: int, state: str, t: float) -> list[Message]:
        """`state` is the face's present mood. The messages the face should tell itself at `t`, in order."""
        before, self._peers = self._peers, peers
        if peers:
            self._left = None
            if self._noticed:
                self._noticed = False
                return [CLEAR]
            return []
        if before and state in CONVERSATION:
            self._left = t
            return [Hush(EVERY_TURN, t), Mood("idle", t)]
        if self._left is not None and not self._noticed and t - self._left >= PATIENCE:
            self._noticed = True
            return [ONE_MOMENT]
        return []
