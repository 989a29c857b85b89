"""Warping finds a template anywhere in a stream, at half to twice its speed, and as the definition says."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from device.wake import warping

Array = NDArray[np.float32]


def along(local: Array, lengths: list[int]) -> tuple[Array, NDArray[np.int64]]:
    """Local distances (stream, templates, longest) -> distances and beginnings, (stream, templates)."""
    columns = warping.begin(*local.shape[1:])
    found = []
    for frame in local:
        columns = warping.advance(columns, frame)
        found.append(warping.distances(columns, np.array(lengths)))
    return np.stack([d for d, _ in found]), np.stack([s for _, s in found])


def by_definition(local: Array, rows: int, end: int) -> float:
    """The mean cost of the best path through one template (stream, rows) that ends with frame `end`."""

    @cache
    def best(row: int, at: int) -> float:
        if row == -1:
            return 0.0
        if row < -1 or at < 0:
            return float("inf")
        before = float("inf") if at == 0 and row > 0 else best(row - 1, at - 1)
        ways = [before + float(local[at, row])]
        if at > 0 and (row == 0 or at > 1):
            ways.append(best(row - 1, at - 2) + (float(local[at, row]) + float(local[at - 1, row])) / 2)
        if row > 0 and (at > 0 or row == 1):
            ways.append(best(row - 2, at - 1) + float(local[at, row]) + float(local[at, row - 1]))
        return min(ways)

    return best(rows - 1, end) / rows


def unit(*angles: float) -> Array:
    return np.array([[np.cos(a), np.sin(a)] for a in angles], np.float32).reshape(-1, 2)


def costs(stream: Array, template: Array) -> Array:
    return np.asarray((1.0 - stream @ template.T)[:, None, :], np.float32)


TEMPLATE = unit(0.0, 0.6, 1.2, 1.8, 2.4, 3.0)


@given(st.integers(1, 12), st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_it_is_the_dynamic_programme_of_its_definition(stream: int, rows: int, seed: int) -> None:
    local = np.random.default_rng(seed).random((stream, 1, rows)).astype(np.float32)
    found, _ = along(local, [rows])
    wanted = [by_definition(local[:, 0], rows, end) for end in range(stream)]
    np.testing.assert_allclose(found[:, 0], wanted, rtol=1e-5)


@given(st.integers(0, 30))
def test_the_template_itself_costs_nothing_wherever_it_stands(before: int) -> None:
    other = unit(*[4.5] * before)
    found, starts = along(costs(np.concatenate([other, TEMPLATE, unit(4.5, 4.5)]), TEMPLATE), [len(TEMPLATE)])
    assert found[:, 0].argmin() == before + len(TEMPLATE) - 1
    assert found[:, 0].min() == pytest.approx(0.0, abs=1e-6)
    assert starts[found[:, 0].argmin(), 0] == before


@pytest.mark.parametrize("said", [TEMPLATE[::2], np.repeat(TEMPLATE, 2, axis=0)], ids=["faster", "slower"])
def test_twice_as_fast_or_slow_is_found_but_not_the_reverse(said: Array) -> None:
    quiet = unit(4.5, 4.5)
    right, _ = along(costs(np.concatenate([quiet, said, quiet]), TEMPLATE), [len(TEMPLATE)])
    wrong, _ = along(costs(np.concatenate([quiet, said[::-1], quiet]), TEMPLATE), [len(TEMPLATE)])
    assert right.min() < 0.1 < wrong.min()


def test_templates_of_different_lengths_do_not_disturb_one_another() -> None:
    random = np.random.default_rng(1)
    local = random.random((20, 2, 6)).astype(np.float32)
    both, _ = along(local, [6, 3])
    alone, _ = along(local[:, 1:, :3], [3])
    np.testing.assert_allclose(both[:, 1], alone[:, 0], rtol=1e-6)
