"""Which wake phrases were proposed, and where in an utterance they are. One thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from device.ports import MIC_RATE, Pcm, WakePhrase, WakeProposal

CLEARLY = 0.15
"""Of the score: what is so much less like its phrase than what was found before is not worth another look. In "Hello
Grandpa, how did you meet Grandma?" the first has 0.83, the last 0.51; looking twice made the answer 0.7 s late."""


class Proposals:
    """Of the current turn, and of the one before it while that may still be gone on with."""

    def __init__(self, wake: WakePhrase | None) -> None:
        """`wake`: None where the frame has no name."""
        self._wake = wake
        self._found: list[WakeProposal] = []
        self._fed = 0
        """Samples since the engine was reset."""
        self._turn_ended = 0
        """What was fed when the last turn ended."""

    def __bool__(self) -> bool:
        return bool(self._found)

    def feed(self, pcm: Pcm, speaking: bool) -> bool:
        """A block, and whether somebody may be speaking -> whether a phrase was found that is worth a look."""
        if self._wake is None:
            return False
        self._fed += len(pcm)
        proposal = self._wake.feed(pcm, speaking)
        if proposal is None:
            return False
        best = max((p.score for p in self._found), default=0.0)
        self._found.append(proposal)
        return proposal.score > best - CLEARLY

    def begin(self, utterance: Sequence[Pcm]) -> None:
        """A turn begins with what is in `utterance`, which ends now: what was found before it is forgotten."""
        begin = self._fed / MIC_RATE - _seconds(utterance)
        self._found = [p for p in self._found if p.end > begin]

    def end(self) -> None:
        """The turn ends."""
        self._turn_ended = self._fed

    def within(self, utterance: Sequence[Pcm], ended: bool = False) -> tuple[WakeProposal, ...]:
        """Those in an utterance that ends now, or (`ended`) that ended with its turn; s from its beginning."""
        begin = (self._turn_ended if ended else self._fed) / MIC_RATE - _seconds(utterance)
        return tuple(replace(p, start=p.start - begin, end=p.end - begin) for p in self._found if p.end > begin)

    def reset(self) -> None:
        """Forgets what was heard."""
        if self._wake is not None:
            self._wake.reset()
        self._found, self._fed, self._turn_ended = [], 0, 0


def _seconds(utterance: Sequence[Pcm]) -> float:
    return sum(map(len, utterance)) / MIC_RATE
