"""Where in a stream something like a template was said: subsequence dynamic time warping, frame by frame. Pure.

Sakoe & Chiba, "Dynamic programming algorithm optimization for spoken word recognition" (1978), slope constraint P = 1
in its asymmetric form: every step goes one or two frames forward on either side, never two on both, and costs as much
as it covers of the template. So the same words at half to twice the speed match, each path weighs exactly the
template's length, and a column needs only the columns before it: all templates and positions are one array operation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Positions = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Columns:
    """The last two columns of the accumulated costs.

    Row r + 2 is the template's frame r; row 1, before its first, costs nothing anywhere, because a path may begin at
    any frame of the stream; row 0 can't be reached."""

    costs: Array
    """Shape (templates, longest + 2)."""
    starts: Positions
    """Number of the stream's frame with which the best path to each cell begins."""
    costs_before: Array
    starts_before: Positions
    local_before: Array
    """Shape (templates, longest)."""
    number: int = 0
    """Of the next frame."""


def begin(templates: int, longest: int) -> Columns:
    """Nothing heard yet."""
    costs = np.full((templates, longest + 2), np.inf, np.float32)
    costs[:, 1] = 0.0
    starts = np.zeros(costs.shape, np.int64)
    return Columns(costs, starts, costs, starts, np.full((templates, longest), np.inf, np.float32))


def advance(columns: Columns, local: Array) -> Columns:
    """The columns after one more frame, whose distances to each template's frames are `local` (templates, longest)."""
    one, two = columns.costs, columns.costs_before
    both = local.copy()  # this frame for two of the template
    both[:, 1:] += local[:, :-1]
    ways = np.stack([one[:, 1:-1] + local, two[:, 1:-1] + (local + columns.local_before) / 2, one[:, :-2] + both])
    origins = np.stack([columns.starts[:, 1:-1], columns.starts_before[:, 1:-1], columns.starts[:, :-2]])
    best = ways.argmin(axis=0)[None]
    costs = np.full(one.shape, np.inf, np.float32)
    costs[:, 1] = 0.0
    costs[:, 2:] = np.take_along_axis(ways, best, 0)[0]
    starts = np.full(one.shape, columns.number + 1, np.int64)
    starts[:, 2:] = np.take_along_axis(origins, best, 0)[0]
    return Columns(costs, starts, one, columns.starts, local, columns.number + 1)


def distances(columns: Columns, lengths: Positions) -> tuple[Array, Positions]:
    """For each template, of `lengths` frames: mean distance per frame of the best path that ends with the newest frame
    of the stream, and the number of the frame with which it began."""
    every = np.arange(len(lengths))
    means = np.asarray(columns.costs[every, lengths + 1] / lengths, np.float32)
    return means, columns.starts[every, lengths + 1]
