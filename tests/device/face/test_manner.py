"""A person's manner on disk: what is written comes back, and nothing else does."""

from __future__ import annotations

import contextlib
import logging
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from device.errors import BadInput
from device.face.manner import CHANNELS, FILE, KINDS, Manner, load, manner_of, save
from device.face.rig_files import write_arrays

ROWS = hnp.arrays(np.float32, st.tuples(st.integers(2, 40), st.just(len(CHANNELS))),
                  elements=st.floats(-1, 1, width=32))  # fmt: skip
BLINKS = hnp.arrays(np.float32, st.tuples(st.integers(0, 5), st.just(2)), elements=st.floats(0.0625, 0.375, width=32))
MANNERS = st.builds(
    Manner, BLINKS, st.dictionaries(st.sampled_from(KINDS), st.lists(ROWS, min_size=1, max_size=3).map(tuple))
)


@settings(max_examples=30)
@given(MANNERS)
@example(Manner())
def test_what_is_written_comes_back(tmp_path_factory: pytest.TempPathFactory, manner: Manner) -> None:
    folder = tmp_path_factory.mktemp("manner")
    save(manner, folder)
    again = load(folder)
    np.testing.assert_array_equal(again.blinks, manner.blinks)
    assert set(again.tracks) == set(manner.tracks)
    for kind in manner.tracks:
        for one, other in zip(again.of(kind), manner.of(kind), strict=True):
            np.testing.assert_array_equal(one, other)
    assert again.empty == manner.empty


def write(folder: Path, **changed: np.ndarray) -> None:
    arrays = {
        "version": np.array([1], np.int32),
        "blinks": np.full((3, 2), 0.1, np.float32),
        "pieces": np.array([(1, 0, 20)], np.int32),
        "track": np.zeros((30, len(CHANNELS)), np.float32),
    }
    write_arrays(folder / FILE, {**arrays, **changed})


@pytest.mark.parametrize(
    "changed",
    [
        {"version": np.array([2])},
        {"blinks": np.full((3, 2), 9.0)},
        {"blinks": np.full((3, 2), np.nan)},
        {"blinks": np.full((3, 3), 0.1)},
        {"pieces": np.array([(7, 0, 20)])},
        {"pieces": np.array([(1, 20, 20)])},
        {"pieces": np.array([(1, 0, 1)])},
        {"pieces": np.array([(1, -1, 5)])},
        {"pieces": np.array([(1e30, 1e30, 1e30)])},
        {"track": np.full((30, len(CHANNELS)), 16.0)},
        {"track": np.zeros((30, 2))},
    ],
)
def test_what_cannot_be_one_is_refused(tmp_path: Path, changed: dict[str, np.ndarray]) -> None:
    write(tmp_path, **changed)
    with pytest.raises(BadInput):
        load(tmp_path)


@settings(max_examples=40)
@given(st.binary(max_size=300), st.integers(0, 2000))
def test_no_bytes_break_it(tmp_path_factory: pytest.TempPathFactory, data: bytes, at: int) -> None:
    folder = tmp_path_factory.mktemp("bytes")
    write(folder)
    content = bytearray((folder / FILE).read_bytes())
    content[at : at + len(data)] = data
    (folder / FILE).write_bytes(bytes(content))
    with contextlib.suppress(BadInput):
        assert len(load(folder).blinks) == 3


def test_a_persona_without_one_or_with_a_broken_one_moves_as_anybody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert manner_of(None).empty
    assert manner_of(tmp_path).empty
    (tmp_path / "likeness").mkdir()
    (tmp_path / "likeness" / FILE).write_bytes(b"no")
    with caplog.at_level(logging.WARNING):
        assert manner_of(tmp_path).empty
    assert FILE in caplog.text
    write(tmp_path / "likeness")
    assert len(manner_of(tmp_path).of("nod")) == 1


def test_more_than_a_file_holds_is_left_out(tmp_path: Path) -> None:
    long = np.zeros((3000, len(CHANNELS)), np.float32)
    save(Manner(tracks={"calm": (long, long), "nod": (long[:100],)}), tmp_path)
    assert [len(track) for track in (*load(tmp_path).of("calm"), *load(tmp_path).of("nod"))] == [3000, 100]
