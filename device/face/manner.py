"""A person's own way of moving, measured in a film of theirs: `likeness/manner.npz`, read with nothing taken on trust.

What a film gives is kept as numbers, not as pictures: how the head went and how fast the lids fell, sample by sample.
The rig plays them on the photograph, so that every pixel stays the photograph's and both renderers show the same.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from device.errors import BadInput, ImagoError
from device.face.rig_files import MAX_SIDE, read_arrays, write_arrays

Floats = NDArray[np.float32]

log = logging.getLogger(__name__)

FILE = "manner.npz"
VERSION = 1
RATE = 30
"""Samples of a track in a second."""
CHANNELS = ("headYaw", "headPitch", "headRoll", "brow", "smile", "lids")
"""Of a track: degrees as in a pose; brows raised, corners of the mouth and lids closed as weights."""
KINDS = ("calm", "nod", "lowered")
"""What a track can show; each but `calm` begins and ends at 0."""
MOST_DEGREES, MOST_WEIGHT = 15.0, 1.0
CLOSING_S, OPENING_S = (0.03, 0.4), (0.05, 0.8)
"""s: what lids can take."""
_LONGEST = MAX_SIDE
_HINT = "bake the likeness again with its film"


@dataclass(frozen=True, slots=True)
class Manner:
    """Of one person. Empty: nobody has filmed them."""

    blinks: Floats = field(default_factory=lambda: np.zeros((0, 2), np.float32))
    """(k, 2) s of closing and opening, one row for each blink that was seen."""
    tracks: Mapping[str, tuple[Floats, ...]] = field(default_factory=dict)
    """KINDS -> tracks of shape (n, len(CHANNELS))."""

    def of(self, kind: str) -> tuple[Floats, ...]:
        """All tracks of a kind."""
        return self.tracks.get(kind, ())

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it."""
        return not len(self.blinks) and not any(self.tracks.values())


def save(manner: Manner, folder: Path) -> None:
    """Writes FILE; the same manner gives the same bytes. Tracks beyond what a file holds are left out."""
    pieces: list[tuple[int, int, int]] = []
    rows: list[Floats] = []
    for number, kind in enumerate(KINDS):
        for track in manner.of(kind):
            begin = sum(len(row) for row in rows)
            if begin + len(track) <= _LONGEST:
                pieces.append((number, begin, len(track)))
                rows.append(track)
    # An array has at least one row: of lids that take no time, of no kind, of nothing.
    arrays: dict[str, NDArray[np.generic]] = {
        "version": np.array([VERSION], np.int32),
        "blinks": manner.blinks[:_LONGEST] if len(manner.blinks) else np.zeros((1, 2), np.float32),
        "pieces": np.array(pieces or [(-1, 0, 0)], np.int32),
        "track": np.concatenate(rows) if rows else np.zeros((1, len(CHANNELS)), np.float32),
    }
    write_arrays(folder / FILE, arrays)


def load(folder: Path) -> Manner:
    """Reads a likeness's manner. Raises BadInput for what cannot be one."""
    path = folder / FILE
    shapes = {"version": (1,), "blinks": (None, 2), "pieces": (None, 3), "track": (None, len(CHANNELS))}
    arrays = read_arrays(path, shapes)
    if arrays["version"][0] != VERSION:
        got = f"version {arrays['version'][0]:g}"
        raise BadInput(str(path), expected=f"version {VERSION}", got=got, hint=_HINT)
    return Manner(_blinks(path, arrays["blinks"]), _tracks(path, arrays["pieces"], arrays["track"]))


def manner_of(persona: Path | None) -> Manner:
    """A persona's; the empty one, with a line in the log where the file is broken. Never raises."""
    if persona is None or not (persona / "likeness" / FILE).is_file():
        return Manner()
    try:
        return load(persona / "likeness")
    except ImagoError as error:
        log.warning("%s", error.line())
        return Manner()


def _blinks(path: Path, values: Floats) -> Floats:
    if not values.any():
        return values[:0]
    low, high = np.array([CLOSING_S, OPENING_S], np.float32).T
    if ((values < low) | (values > high)).any():
        got = f"{values.min():g} to {values.max():g} s"
        raise BadInput(str(path), expected="lids that take 0.03 to 0.8 s", got=got, hint=_HINT)
    return values


def _tracks(path: Path, pieces: Floats, track: Floats) -> dict[str, tuple[Floats, ...]]:
    limit = np.array([MOST_DEGREES] * 3 + [MOST_WEIGHT] * (len(CHANNELS) - 3), np.float32)
    if (np.abs(track) > limit).any():
        got = f"up to {np.abs(track).max():g}"
        raise BadInput(str(path), expected=f"angles up to {MOST_DEGREES:g} and weights up to 1", got=got, hint=_HINT)
    found: dict[str, tuple[Floats, ...]] = {}
    for kind, begin, length in np.clip(pieces, -1, 2 * _LONGEST).astype(int):
        if (kind, begin, length) == (-1, 0, 0):
            continue
        if not 0 <= kind < len(KINDS) or begin < 0 or length < 2 or begin + length > len(track):
            got = f"{kind} at {begin}, {length} long"
            raise BadInput(str(path), expected=f"pieces within {len(track)} samples", got=got, hint=_HINT)
        found[KINDS[kind]] = (*found.get(KINDS[kind], ()), track[begin : begin + length])
    return found
