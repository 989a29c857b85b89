"""The lips of rendered frames against the voice: offset, drift, and whether p, b and m are seen to close. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from device.bench.statistics import wilson
from device.errors import BadInput
from device.face import sync
from device.link import Speak

Series = NDArray[np.float64]
Flags = NDArray[np.bool_]

SHUT = 0.12
"""Lips count as shut where their gap is less than this share of the way from the photograph's own to wide open."""
WIDE = 95
"""Percentile of the gaps that counts as wide open: not the one frame of a yawn, or of a slip in the finding."""
THIRD_S, SURE = 8.0, 0.5
"""s that a third lasts at least, and its least correlation: below them its offset may be any other syllable's."""
CONTROL_S = 0.06
"""s; a vowel "aa" of this length at least must be seen open somewhere in its middle half."""


def offsets(times: Series, gaps: Series, speaks: Sequence[Speak]) -> dict[str, float | None]:
    """Offset of the whole, of its first and of its last third, and the drift from the one to the other, all ms; + where
    the picture is ahead. None where too little was said."""
    whole = _offset(times, gaps, speaks)
    span = float(times[-1] - times[0]) / 3 if len(times) else 0.0
    first, last = times < times[:1] + span, times > times[-1:] - span
    ends = [_offset(times[part], gaps[part], speaks) if span >= THIRD_S else None for part in (first, last)]
    a, b = (found.offset_ms if found and found.r >= SURE else None for found in ends)
    return {
        "offset_ms": round(whole.offset_ms, 1) if whole else None,
        "r": round(whole.r, 3) if whole else None,
        "first_third_ms": None if a is None else round(a, 1),
        "last_third_ms": None if b is None else round(b, 1),
        "drift_ms": None if a is None or b is None else round(b - a, 1),
    }


def _offset(times: Series, gaps: Series, speaks: Sequence[Speak]) -> sync.Sync | None:
    around = [s for s in speaks if len(times) and s.t0 < times[-1] + 1 and s.t0 + s.seconds > times[0] - 1]
    try:
        return sync.measure(times, gaps, around)
    except BadInput:
        return None


def closures(times: Series, gaps: Series, speaks: Sequence[Speak], rest: float) -> dict[str, Any]:
    """Of all p, b and m, how many have a frame with shut lips while they sound. `rest`: the gap of the photograph
    itself, whose lips are shut.

    The control: of all open vowels "aa", how many have no open frame; a measure that finds lips shut everywhere fails
    there."""
    shut = shut_in(gaps, rest)
    seen = [bool(shut[part].any()) for part in _frames(times, speaks, "PP", 0.0)]
    vowels = [bool(shut[part].all()) for part in _frames(times, speaks, "aa", CONTROL_S)]
    low, high = wilson(sum(seen), len(seen))
    return {
        "p_b_m": len(seen),
        "seen_shut": sum(seen),
        "share": round(sum(seen) / len(seen), 4) if seen else None,
        "share_95": [round(low, 4), round(high, 4)],
        "open_vowels": len(vowels),
        "open_vowels_shut": round(sum(vowels) / len(vowels), 4) if vowels else None,
    }


def shut_in(gaps: Series, rest: float) -> Flags:
    """For each frame, whether its lips are shut."""
    wide = float(np.percentile(gaps, WIDE)) if len(gaps) else rest
    return np.asarray(gaps <= rest + SHUT * max(wide - rest, 0.0))


def _frames(times: Series, speaks: Sequence[Speak], shape: str, shortest: float) -> Iterator[slice]:
    """For each viseme of a shape the frames that are on the screen while it sounds; visemes with none are left out."""
    period = float(np.median(np.diff(times))) if len(times) > 1 else 0.0
    for speak in speaks:
        for name, start, end, _ in speak.visemes:
            if name == shape and end - start >= shortest:
                # A frame stays until the next one: that which was put up just before the sound is seen in it.
                first = int(np.searchsorted(times, speak.t0 + start - period, side="right"))
                stop = int(np.searchsorted(times, speak.t0 + end))
                if 0 < first < stop:
                    yield slice(first, stop)
