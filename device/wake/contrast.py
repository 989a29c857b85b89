"""How far what was heard is from a phrase's rivals, against how far it is from the phrase. Pure; one thread."""

from __future__ import annotations

from collections import deque

import numpy as np

from device.wake.enrolment import Array
from device.wake.templates import MOST_FRAMES, Templates

LONGEST = 2 * MOST_FRAMES
"""Frames that a phrase may have taken, spoken at half the speed."""
FAR = 10.0


class Contrasts:
    """Remembers the distances to all templates and rivals, frame by frame."""

    def __init__(self, templates: Templates) -> None:
        own = [t.phrase for t in templates.templates]
        rivals = [r.phrase for r in templates.rivals]
        self._own = {p: np.flatnonzero([q == p for q in own]) for p in templates.phrases}
        self._rivals = {p: len(own) + np.flatnonzero([q == p for q in rivals]) for p in templates.phrases}
        self._scales = np.array([1.0] * len(own) + [r.usual for r in templates.rivals], np.float32)
        self._along: deque[tuple[int, Array]] = deque(maxlen=LONGEST)

    def forget(self) -> None:
        """The stream begins anew."""
        self._along.clear()

    def add(self, number: int, distances: Array) -> None:
        """After the stream's frame of this number: templates' distances, then the rivals'."""
        self._along.append((number, distances))

    def since(self, first: int, phrase: str) -> float:
        """See WakeProposal.contrast; of the frames after `first`. 1 where the phrase has no rivals."""
        rivals = self._rivals[phrase]
        rows = [distances for number, distances in self._along if number > first]
        if not len(rivals) or not rows:
            return 1.0
        nearest = np.min(rows, axis=0) / self._scales
        contrast = float(nearest[rivals].min()) / max(float(nearest[self._own[phrase]].min()), 1e-3)
        return min(contrast, FAR)
