"""The person's own smile, measured: where their skin goes takes the place of the drawn smile's.

The landmarks' way from rest to the height of a smile is taken apart into the rig's own movements; what parts the lips
is left out, since a mouth opens by other means. The rig's drawn smile is measured in the same way. How much farther
each corner goes, and what of the way the drawn smile lacks (a dimple, one cheek more than the other), is put into
`smileLeft` and `smileRight`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from device.face.rig import FACE_FEATURES, Field, Rig
from provisioning.likeness.expressions import bases, border_hold, place_of
from provisioning.likeness.film.align import SKULL
from provisioning.likeness.film.events import Piece
from provisioning.likeness.film.signals import Signals
from provisioning.likeness.geometry import LIDS, Measures
from provisioning.likeness.head import grid_nodes
from provisioning.likeness.spectacles import Spectacles

Floats = NDArray[Any]

LEAST, MOST = 0.55, 1.6
"""Sizes of a smile against the drawn one's."""
LARGEST = 0.05
"""Units that are added to the drawn smile anywhere at most."""
_REACH = 0.13  # units around a landmark for which it speaks
_RIDGE = 0.02
_ALIKE = 0.015  # units by which corners at rest may lie under the photograph's without its smiling
_BESIDE = ("lipDrop", "jawDrop", "upperUp", "lowerDown", "stretch", "funnel", "pucker")
_REST_S = (1.2, 0.15)  # s before a smile in which the face is at rest


@dataclass(frozen=True, slots=True)
class Smile:
    """One person's."""

    sizes: tuple[float, float]
    """Of the person's left and right corner, against the drawn smile's."""
    places: Floats
    """(k, 2) units, where something is known of it."""
    more: Floats
    """(k, 2) units to the drawn smile of that size."""


def measured(face: Signals, piece: Piece, of: Measures, reference: Floats, own: Floats | None) -> Smile | None:
    """The smile of one piece; `of` and `reference` (478, 3) are the photograph's, `own` is Ruler.smile.

    None for what is no such smile: a corner that goes down, or a way that is mostly none of the rig's."""
    low, high = (max(piece.start - round(s * face.rate), 0) for s in _REST_S)
    rest = face.points[low : max(high, low + 1)]
    top = face.points[max(piece.peak - 2, 0) : piece.peak + 3]
    if own is None or not np.isfinite(rest).all() or not np.isfinite(top).all():
        return None
    chosen = _below_the_eyes(of, reference)
    basis = _drawn(of, reference, chosen)

    def turned(way: Floats) -> Floats:
        return of.to_local(way[chosen] + np.array(of.mouth.centre))

    way, usual = turned((top.mean(0) - np.median(rest, axis=0))[:, :2]), turned(own)
    weights, drawn = _explained(way, basis), _explained(usual, basis)
    unexplained = way - sum((weights[name] * basis[name] for name in weights), np.zeros_like(way))
    if float((unexplained**2).sum()) > 0.6 * float((way**2).sum()):
        return None
    share = _still_to_come(face, piece, low, high)
    left, right = (share * weights[name] / np.clip(drawn[name], 0.4, 1.5) for name in ("smileLeft", "smileRight"))
    if min(left, right) <= 0.1:
        return None
    sizes = float(np.clip(left, LEAST, MOST)), float(np.clip(right, LEAST, MOST))
    opened = sum(((weights[name] - drawn[name]) * basis[name] for name in _BESIDE), np.zeros_like(way))
    places = of.to_local(reference[chosen, :2])
    to_left = _to_left(places[:, :1])
    more = (way - opened) * share - usual * (sizes[0] * to_left + sizes[1] * (1 - to_left))
    return Smile(sizes, places, _joined(more, chosen))


def _drawn(of: Measures, reference: Floats, chosen: list[int]) -> dict[str, Floats]:
    """(k, 2) units of each of the rig's movements at the chosen landmarks."""
    place = place_of(of, reference, reference[None, chosen, :2].astype(np.float32))
    upper, lower = bases(place)
    return dict(zip(FACE_FEATURES, np.where((place.v > 0)[None, :, :, None], lower, upper)[:, 0], strict=True))


def _to_left(x: Floats) -> Floats:
    """0..1: how far what lies `x` units from the middle belongs to the person's left half."""
    side = np.clip(x / 0.5 + 0.5, 0, 1)
    return np.asarray(side * side * (3 - 2 * side))


def _below_the_eyes(of: Measures, reference: Floats) -> list[int]:
    down = of.to_local(reference[:468, :2])[:, 1]
    eyes = float(of.to_local(reference[[LIDS[0][3], LIDS[1][3]], :2])[:, 1].mean())
    return [int(k) for k in np.flatnonzero(down > 0.65 * eyes) if k not in SKULL]


def _explained(way: Floats, named: dict[str, Floats]) -> dict[str, float]:
    """Weights of at least 0 with the least squares (coordinate descent, a little shrunk)."""
    names = ("smileLeft", "smileRight", "cheekLeft", "cheekRight", *_BESIDE)
    columns = np.stack([named[name].ravel() for name in names], 1).astype(np.float64)
    gram = columns.T @ columns
    gram[np.diag_indices_from(gram)] *= 1 + _RIDGE
    aim, weights = columns.T @ way.ravel(), np.zeros(len(names))
    for _ in range(200):
        for k in range(len(names)):
            rest = aim[k] - gram[k] @ weights + gram[k, k] * weights[k]
            weights[k] = max(rest / max(gram[k, k], 1e-12), 0.0)
    return dict(zip(names, weights, strict=True))


def _still_to_come(face: Signals, piece: Piece, low: int, high: int) -> float:
    """The part of the way that is left from the photograph, which may smile itself, to the smile's height."""
    top = float(face.corners[piece.peak].mean())
    rest = min(float(np.median(face.corners[low : max(high, low + 1)].mean(-1))) + _ALIKE, 0.0)
    return float(np.clip(top / max(top - rest, 1e-3), 0.5, 1.0))


_UPPER, _LOWER = (191, 80, 81, 82, 13, 312, 311, 310, 415), (95, 88, 178, 87, 14, 317, 402, 318, 324)


def _joined(more: Floats, chosen: list[int]) -> Floats:
    """Lips that meet go the same way, or the closed mouth would open in a smile."""
    out, row = more.copy(), {k: i for i, k in enumerate(chosen)}
    for a, b in zip(_UPPER, _LOWER, strict=True):
        if a in row and b in row:
            out[[row[a], row[b]]] = (more[row[a]] + more[row[b]]) / 2
    return out


def with_smile(rig: Rig, smile: Smile, of: Measures, glasses: Spectacles | None) -> Rig:
    """The rig with that smile in both copies of its face."""
    rows, columns = rig.upper.bases.shape[1:3]
    nodes = grid_nodes(rig.upper.origin, rig.upper.step, rows, columns)
    hold = border_hold(rows, columns) * (glasses.free(nodes) if glasses else 1.0)
    local = of.to_local(nodes)
    more = of.to_pixels(spread(local, smile) * hold[:, :, None])
    left = _to_left(local[..., :1])
    fields = []
    for field in (rig.upper, rig.lower):
        copy = field.bases.copy()
        for name, size, part in zip(("smileLeft", "smileRight"), smile.sizes, (left, 1 - left), strict=True):
            copy[FACE_FEATURES.index(name)] = size * copy[FACE_FEATURES.index(name)] + more * part
        fields.append(Field(field.origin, field.step, copy.astype(np.float32)))
    return replace(rig, upper=fields[0], lower=fields[1])


def spread(local: Floats, smile: Smile) -> Floats:
    """(rows, columns, 2) units at nodes (rows, columns, 2): the mean of what the landmarks around say, fading where
    there are none (Nadaraya-Watson with a prior of 0)."""
    flat = local.reshape(-1, 1, 2)
    near = np.exp(-0.5 * (((flat - smile.places[None]) / _REACH) ** 2).sum(-1))
    out = near @ smile.more / (near.sum(1, keepdims=True) + 0.5)
    size = np.linalg.norm(out, axis=1, keepdims=True)
    out = out * np.tanh(size / LARGEST) / np.maximum(size / LARGEST, 1e-6)
    return np.asarray(out.reshape(local.shape), np.float32)
