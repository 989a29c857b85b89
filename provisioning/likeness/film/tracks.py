"""From what was found in the curves to tracks that the frame plays: `device.face.manner`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from device.face.manner import CHANNELS, CLOSING_S, MOST_DEGREES, MOST_WEIGHT, OPENING_S, RATE, Manner
from provisioning.likeness.film import events
from provisioning.likeness.film.events import Piece
from provisioning.likeness.film.ruler import Ruler
from provisioning.likeness.film.signals import Signals, smoothed

Floats = NDArray[Any]

MOST = {"calm": 10, "nod": 8, "lowered": 4}
"""Tracks of each kind that are kept: the longest calm, the plainest gestures."""
CALM_LONGEST_S = 10.0
BROW, SMILE = 0.075, 0.085
"""Units at weight 1 in the rig (see expressions)."""
CALM_KERNEL_S = 0.2
"""s; what a sitting person's head does more quickly is the landmarks' trembling."""
_SHUT = 0.12
_AROUND_S = 0.25  # s that are kept before and after a gesture


def manner(faces: Sequence[Signals], ruler: Ruler) -> Manner:
    """All films of one person together."""
    blinks = [
        (np.clip(b.closing, *CLOSING_S), np.clip(b.opening, *OPENING_S))
        for face in faces
        for b in events.blinks(face.lids, face.rate)
    ]
    found: dict[str, list[tuple[float, Floats]]] = {"calm": [], "nod": [], "lowered": []}
    for face in faces:
        found["calm"] += [(p.size, _calm(face, p, ruler)) for p in events.calm(face)]
        down = events.lowered(face.angles[:, 1], face.rate)
        free = [n for n in events.nods(face.angles[:, 1], face.rate) if not any(_meet(n, one) for one in down)]
        found["nod"] += [(p.size, gesture(face, p, ruler)) for p in free]
        found["lowered"] += [(p.size, gesture(face, p, ruler)) for p in down]
    kept = {kind: sorted(rows, key=lambda row: -row[0])[: MOST[kind]] for kind, rows in found.items()}
    tracks = {kind: tuple(track for _, track in rows if len(track) >= RATE // 2) for kind, rows in kept.items()}
    return Manner(np.array(blinks, np.float32).reshape(-1, 2), {k: v for k, v in tracks.items() if v})


def _meet(a: Piece, b: Piece) -> bool:
    return a.start < b.end and b.start < a.end


def gesture(face: Signals, piece: Piece, ruler: Ruler) -> NDArray[np.float32]:
    """(n, len(CHANNELS)) a movement from rest to rest: the line between its two ends is taken out."""
    around = round(_AROUND_S * face.rate)
    channels = _channels(face, max(piece.start - around, 0), min(piece.end + around, len(face.lids)), ruler)
    line = np.linspace(0, 1, len(channels))[:, None]
    moved = channels - channels[0] * (1 - line) - channels[-1] * line
    moved[:, CHANNELS.index("lids")] = np.maximum(moved[:, CHANNELS.index("lids")], 0)
    return _limited(moved)


def _calm(face: Signals, piece: Piece, ruler: Ruler) -> NDArray[np.float32]:
    """A stretch of sitting still, around its own middle; its blinks are the frame's business."""
    end = min(piece.end, piece.start + round(CALM_LONGEST_S * face.rate))
    channels = _channels(face, piece.start, end, ruler, blinking=False)
    if not len(channels):
        return _limited(channels)
    channels = smoothed(channels, CALM_KERNEL_S * RATE)
    channels = channels - np.median(channels, axis=0)
    channels[:, CHANNELS.index("lids")] = 0
    return _limited(channels)


def _channels(face: Signals, start: int, end: int, ruler: Ruler, blinking: bool = True) -> Floats:
    """(m, len(CHANNELS)) at RATE. Without `blinking`, bridged where eyes are shut: landmarks then seem to nod."""
    part = slice(start, end)
    lids = smoothed(events.closure(face.lids, face.rate), 0.1 * face.rate)[part]
    corners = face.corners.mean(-1)
    rows = np.column_stack([
        face.angles[part] * ruler.gains,
        face.brows[part] / BROW,
        corners[part] / SMILE,
        lids,
    ])  # fmt: skip
    known = np.isfinite(rows).all(1)
    known &= blinking | (np.nan_to_num(lids) < _SHUT)
    if known.sum() < 2:
        return np.zeros((0, len(CHANNELS)))
    at = np.arange(0, len(rows) - 1 + 1e-6, face.rate / RATE)
    return np.stack([np.interp(at, np.flatnonzero(known), column[known]) for column in rows.T], -1)


def _limited(channels: Floats) -> NDArray[np.float32]:
    limit = np.array([MOST_DEGREES] * 3 + [MOST_WEIGHT] * (len(CHANNELS) - 3))
    return np.clip(channels, -limit, limit).astype(np.float32)
