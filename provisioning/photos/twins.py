"""Photographs that are there more than once: the same file, and the same picture in another size or another form."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from provisioning.photos.cues import NEAR
from provisioning.photos.seen import Seen

_SAME_SHAPE = 0.03
_PLAIN = 8  # bits set, or not set, that a fingerprint must have to mean anything: a wall has none
_PARTED, _SMILE, _TURN = 0.03, 0.2, 6.0  # by which a face's looks must differ
_AT_ONCE = 512
_COPY = re.compile(r"\(\d{1,3}\)\.\w+$|-\d\.\w+$|\bcopy\b|副本|复制", re.I)


def kept(photos: Sequence[Seen]) -> dict[str, str]:
    """Path -> path of the photograph that stands for it: itself, or the twin with most pixels; a date that is known,
    and the name, decide between equals."""
    order = sorted(photos, key=lambda seen: (-seen.width * seen.height, -seen.date_confidence, *_named(seen.path)))
    usable = [seen for seen in order if not seen.problem]
    stands = {seen.path: seen.path for seen in order}
    by_content: dict[str, str] = {}
    for seen in order:
        if seen.sha256:
            stands[seen.path] = by_content.setdefault(seen.sha256, seen.path)
    for one, other in _near(usable):  # the better stands earlier in the order
        if stands[usable[other].path] == usable[other].path and _alike(usable[one], usable[other]):
            stands[usable[other].path] = stands[usable[one].path]
    return {path: _end(path, stands) for path in sorted(stands)}


def _named(path: str) -> tuple[bool, int, str]:
    """Names of copies last, and what lies deepest."""
    return _COPY.search(path) is not None, path.count("/"), path


def _end(path: str, stands: dict[str, str]) -> str:
    while stands[path] != path:
        path = stands[path]
    return path


def _alike(one: Seen, other: Seen) -> bool:
    """The same faces with the same look: a second shot with a smile is another photograph."""
    if len(one.faces) != len(other.faces):
        return False
    return all(
        abs(a.parted - b.parted) < _PARTED and abs(a.smile - b.smile) < _SMILE and abs(a.turned - b.turned) < _TURN
        for a, b in zip(one.faces, other.faces, strict=True)
    )


def _near(photos: Sequence[Seen]) -> list[tuple[int, int]]:
    """Pairs of numbers, the earlier first."""
    marks = np.array([seen.likeness_hash for seen in photos], np.uint64)
    shapes = np.array([seen.width / max(seen.height, 1) for seen in photos])
    ones = _bits(marks)
    plain = (ones < _PLAIN) | (ones > 64 - _PLAIN)
    pairs = []
    for start in range(0, len(photos), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        close = _bits(marks[part, None] ^ marks[None, :]) <= NEAR
        close &= np.abs(shapes[part, None] / shapes[None, :] - 1) < _SAME_SHAPE
        close[:, plain] = False
        close[plain[part], :] = False
        pairs += [(start + int(a), int(b)) for a, b in zip(*np.nonzero(close), strict=True) if start + a < b]
    return pairs


def _bits(values: NDArray[np.uint64]) -> NDArray[np.int64]:
    """How many bits are set in each; numpy has this only from 2.0 on."""
    return np.asarray(np.unpackbits(values[..., None].view(np.uint8), axis=-1).sum(-1), np.int64)
