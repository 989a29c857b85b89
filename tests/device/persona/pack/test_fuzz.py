"""The short form of `fuzz_packs`: the same changes each time, and some that nobody has seen before."""

from __future__ import annotations

import time

from tests.device.persona.pack.fuzz_packs import run
from tests.support.mutations import LAYERS


def test_no_changed_pack_is_taken() -> None:
    tally = run(2000, seed=1)
    assert not tally.failures
    assert set(tally.layers) == set(LAYERS)
    assert len(tally.codes) > 50  # the deep checks are reached, too
    assert 0 < tally.accepted.pop("file") < 0.9 * tally.files  # pixels and silence may be anything
    assert sum(tally.accepted.values()) < 0.2 * tally.count


def test_nor_one_that_is_changed_in_a_new_way() -> None:
    seed = time.time_ns() % 2**31
    print(f"seed {seed}")
    assert not run(1000, seed).failures
