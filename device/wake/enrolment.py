"""Templates from sayings of the phrases, and thresholds from ordinary speech. Pure; the embedding is an argument.

A threshold stands between two groups of distances that enrolment can see: those from a template to the other sayings of
its phrase, and those to speech that is something else. So every persona and every phrase has an operating point of its
own: a long phrase keeps far from both, a name of two syllables keeps what it needs and leaves the rest to confirmation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from device.errors import BadInput
from device.ports import MIC_RATE, Pcm
from device.wake import warping
from device.wake.embedding import HOP_S, WINDOW_S, Frames
from device.wake.templates import MOST_FRAMES, MOST_TEMPLATES, Template, Templates

Array = NDArray[np.float32]
Embed = Callable[[Pcm], Frames]

FIRST_S, LAST_S = 0.25, 0.05
"""A template's frames are those whose hearing ends from FIRST_S after the phrase's beginning (enough of it is heard) to
LAST_S after its end (what follows is not the phrase)."""

PAUSE_S = 1.0
"""Of quiet before a saying: what the first frames hear besides it."""

HISS = 3e-4
"""Level of that quiet: -70 dBFS, a good microphone's own noise."""

ALARM = 1e-3
"""Share of other speech that is nearer to a template than its scale; makes templates comparable."""

PROPOSALS_PER_H = 60.0
"""Of uninterrupted other speech, where the phrases need it: confirming one takes about a second of computing."""

FOUND = 0.98
"""Share of the sayings, by the templates of other sayings, that is found at the nearest threshold considered."""

LEANING = 0.8
"""Where the threshold stands between what FOUND needs (0) and what PROPOSALS_PER_H allows (1). Toward the latter: a
missed call is not made good while a false proposal is, and the living differ more than the sayings do."""

REST = 10
"""Frames within which matches are one event."""


@dataclass(frozen=True, slots=True)
class Saying:
    """One recording or synthesis of a phrase, cut to it."""

    phrase: str
    pcm: Pcm
    """At MIC_RATE, with at most 0.1 s of quiet at either end."""


def enrol(sayings: Sequence[Saying], others: Sequence[Pcm], embed: Embed, *, heard: Sequence[Saying] = ()) -> Templates:
    """One template for each of `sayings`; `others` are pieces of speech without the phrases, a minute at least.

    `heard`: further sayings (in other rooms, with noise) that shall be found but make no template. Raises BadInput for
    a saying that is too short or too long, and where there are none."""
    if not sayings or len(sayings) > MOST_TEMPLATES:
        raise BadInput("wake phrase", expected=f"1 to {MOST_TEMPLATES} sayings", got=str(len(sayings)))
    # Each after a pause, as a call would be.
    speech = [embed(_with_quiet(pcm)) for pcm in others]
    hours = sum(map(len, others)) / MIC_RATE / 3600
    if hours < 1 / 60:
        raise BadInput("wake phrase", expected="a minute of other speech", got="less", hint="give more texts")
    templates = [_template(saying, embed) for saying in sayings]
    far = [distances_along(templates, frames) for frames in speech]
    everywhere = np.concatenate(far)
    everywhere[~np.isfinite(everywhere)] = 2.0
    scales = np.maximum(np.quantile(everywhere, ALARM, axis=0), 0.01)
    near = [(s.phrase, distances_along(templates, embed(_with_quiet(s.pcm))).min(axis=0)) for s in (*sayings, *heard)]
    thresholds = np.empty(len(templates))
    for phrase in dict.fromkeys(saying.phrase for saying in sayings):
        of = np.array([at for at, template in enumerate(templates) if template.phrase == phrase])
        allowed = _allowed([(d[:, of] / scales[of]).min(axis=1) for d in far], hours)
        needed = _needed([(at, d[of] / scales[of]) for at, (said, d) in enumerate(near) if said == phrase], of)
        factor = needed + LEANING * (allowed - needed) if needed < allowed else allowed
        thresholds[of] = np.clip(factor * scales[of], 0.005, 2.0)
    return Templates(tuple(replace(t, threshold=float(x)) for t, x in zip(templates, thresholds, strict=True)))


def _allowed(ratios: Sequence[Array], hours: float) -> float:
    """The factor on all scales at which other speech brings PROPOSALS_PER_H. `ratios`: per piece, along its frames."""
    events = np.sort(np.concatenate([_minima(ratio) for ratio in ratios]))
    if len(events) == 0:
        return 1.0
    return float(events[min(int(PROPOSALS_PER_H * hours), len(events) - 1)])


def _minima(ratio: Array) -> Array:
    """The best of each event: of values without a better one within REST."""
    around = np.lib.stride_tricks.sliding_window_view(np.pad(ratio, REST, constant_values=np.inf), 2 * REST + 1)
    return np.asarray(ratio[(ratio <= around.min(axis=1)) & np.isfinite(ratio)], np.float32)


def _needed(found: Sequence[tuple[int, Array]], templates: NDArray[np.int64]) -> float:
    """The factor at which FOUND of the sayings are found, each by the templates that others made."""
    best = []
    for number, ratios in found:
        by_others = ratios[templates != number]
        if len(by_others):
            best.append(float(by_others.min()))
    return float(np.quantile(best, FOUND)) if best else np.inf


def distances_along(templates: Sequence[Template], frames: Frames) -> Array:
    """Frames -> distance of each template's best path that ends there, shape (frames, templates)."""
    bank = Bank(templates)
    columns = bank.begin()
    along = np.empty((len(frames), len(templates)), np.float32)
    for at, frame in enumerate(frames):
        columns = warping.advance(columns, bank.local(frame))
        along[at] = warping.distances(columns, bank.lengths)[0]
    return along


class Bank:
    """Templates side by side, for warping."""

    def __init__(self, templates: Sequence[Template]) -> None:
        self.lengths = np.array([len(t.frames) for t in templates], np.int64)
        self._frames = np.zeros((len(templates), int(self.lengths.max()), templates[0].frames.shape[1]), np.float32)
        for at, template in enumerate(templates):
            self._frames[at, : len(template.frames)] = template.frames

    def begin(self) -> warping.Columns:
        return warping.begin(*self._frames.shape[:2])

    def local(self, frame: Frames) -> Array:
        """A frame, shape (DIMENSIONS,) -> its distance to each frame of each template (templates, longest)."""
        return 1.0 - self._frames @ frame


def _template(saying: Saying, embed: Embed) -> Template:
    seconds = len(saying.pcm) / MIC_RATE
    frames = embed(_with_quiet(saying.pcm))
    heard_to = np.arange(len(frames)) * HOP_S + WINDOW_S - PAUSE_S  # s from the phrase's beginning
    chosen = np.flatnonzero((heard_to >= FIRST_S) & (heard_to <= seconds + LAST_S))
    if not 2 <= len(chosen) <= MOST_FRAMES:
        expected = f"{FIRST_S + 2 * HOP_S:.1f} to {MOST_FRAMES * HOP_S:.1f} s of {saying.phrase!r}"
        raise BadInput("wake phrase", expected=expected, got=f"{seconds:.2f} s", hint="say it alone, once")
    first, last = heard_to[chosen[[0, -1]]]
    return Template(saying.phrase, frames[chosen], 1.0, float(first), float(last - seconds))


def _with_quiet(pcm: Pcm) -> Pcm:
    quiet = np.random.default_rng(0).normal(0.0, HISS, len(pcm) + int((PAUSE_S + 0.5) * MIC_RATE))
    begin = int(PAUSE_S * MIC_RATE)
    quiet[begin : begin + len(pcm)] += pcm
    return np.asarray(quiet, np.float32)
