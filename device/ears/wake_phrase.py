"""Wake phrases by templates: speech embedding and warping behind the port `WakePhrase`.

Only while somebody speaks, and a little before and after, is anything computed; two frames (160 ms) at a time, because
a run of the model costs little more for two than for one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from device.errors import Missing
from device.ports import BLOCK, MIC_RATE, Pcm, WakeProposal
from device.wake import templates as wake_templates
from device.wake import warping
from device.wake.embedding import HOP, HOP_S, WINDOW, WINDOW_S, Frames, SpeechEmbedding
from device.wake.enrolment import Bank
from device.wake.templates import Templates
from models_quantized import catalog

AT_ONCE = 2
"""Frames per run of the model."""
BEFORE = WINDOW + 3 * HOP
"""Samples kept while nobody speaks: the speech detector is late, and the first frames hear the quiet before."""
AFTER_S = 0.6
"""s of computing after the last speech: the phrase's last frames and the wait for a better one."""
PATIENCE = 2
"""Frames without a better match after which the best one is proposed."""
SENSITIVITY = 1.12
"""Factor on the thresholds of the templates: enrolment sees its own sayings, strangers are farther away. Chosen with
`imago bench wake --set tuning`: of 175 calls that 1.25 proposed, this loses one, and the false accepts with it."""
REST = 10
"""Frames after a proposal in which none is made: the same call matches several templates, one after the other."""


@dataclass(frozen=True, slots=True)
class _Match:
    """The best one so far of a call."""

    ratio: float
    """Distance by threshold; 1 is just enough."""
    template: int
    first: int
    last: int
    """Numbers of the stream's frames."""


class TemplateWake:
    """Behind the port WakePhrase."""

    def __init__(self, templates: Templates, embed: Callable[[Pcm], Frames], sensitivity: float = 1.0) -> None:
        """`sensitivity`: factor on all thresholds; above 1 it wakes more easily."""
        self._templates = templates
        self._embed = embed
        self._bank = Bank(templates.templates)
        self._thresholds = sensitivity * np.array([t.threshold for t in templates.templates], np.float32)
        self.reset()

    def reset(self) -> None:
        self._fed = 0
        self._quiet = AFTER_S
        """s since somebody spoke"""
        self._forget(0)
        self._pcm = np.zeros(0, np.float32)

    def _forget(self, origin: int) -> None:
        """The stream of frames begins anew with the sample of number `origin`."""
        self._origin = origin
        self._columns = self._bank.begin()
        self._match: _Match | None = None
        self._resting_until = 0

    def feed(self, pcm: Pcm, speaking: bool = True) -> WakeProposal | None:
        self._pcm = np.concatenate([self._pcm, pcm])
        self._fed += len(pcm)
        self._quiet = 0.0 if speaking else self._quiet + len(pcm) / MIC_RATE
        if self._quiet > AFTER_S:
            self._pcm = self._pcm[-BEFORE:]
            self._forget(self._fed - len(self._pcm))
            return None
        return self._listen() if len(self._pcm) >= WINDOW + (AT_ONCE - 1) * HOP else None

    def _listen(self) -> WakeProposal | None:
        frames = self._embed(self._pcm)
        self._pcm = self._pcm[len(frames) * HOP :]
        proposals = [proposal for frame in frames if (proposal := self._step(frame))]
        return proposals[0] if proposals else None

    def _step(self, frame: Frames) -> WakeProposal | None:
        number = self._columns.number
        self._columns = warping.advance(self._columns, self._bank.local(frame))
        distances, starts = warping.distances(self._columns, self._bank.lengths)
        ratios = distances / self._thresholds
        best = int(ratios.argmin())
        ratio = float(ratios[best])
        if ratio <= 1.0 and number >= self._resting_until and (self._match is None or ratio < self._match.ratio):
            self._match = _Match(ratio, best, int(starts[best]), number)
        match = self._match
        if match is None or number < match.last + PATIENCE:
            return None
        self._match = None
        self._resting_until = number + REST
        return self._proposal(match)

    def _proposal(self, match: _Match) -> WakeProposal:
        template = self._templates.templates[match.template]
        begin = self._origin / MIC_RATE + WINDOW_S
        start = max(0.0, begin + match.first * HOP_S - template.lead)
        end = max(start + BLOCK / MIC_RATE, begin + match.last * HOP_S - template.tail)
        return WakeProposal(template.phrase, 1.0 - match.ratio / 2.0, start, end)


def create(folder: Path, sensitivity: float = SENSITIVITY, model: Path | None = None) -> TemplateWake:
    """The engine on the persona's folder `wake/`. Raises Missing where there is none, BadInput where it is damaged."""
    path = folder / wake_templates.FILE
    if not path.is_file():
        raise Missing(str(path), expected="enrolled wake phrases", got="no file", hint="build the persona again")
    templates = wake_templates.parse(path.read_bytes(), str(path))
    embedding = SpeechEmbedding(model or catalog.verified_path("wake-phrase"))
    return TemplateWake(templates, embedding.frames, sensitivity)
