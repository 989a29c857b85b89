"""What a long measurement has done is there after it was stopped, wherever in a line that was."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.bench.parts import Key, Parts, fingerprint
from device.bench.wake import Heard, Tally

KINDS: dict[str, type[Heard | Tally]] = {"Heard": Heard, "Tally": Tally}
DONE: dict[Key, Heard | Tally] = {
    ("far (2 m)", "zh", 3): Heard("far (2 m)", "zh", "kumo", ((0.4, 0.31),), ((0.4, 0.1), (0.9, 0.5))),
    ("piece", 0, "music"): Tally("music", 60.0, [(0.9, 12.5, "外公？")], [0.9, 1.1], 2, {"wake phrase": 0.5}),
    ("piece", 1, "quiet"): Tally("quiet", 60.0),
}


def written(path: Path) -> bytes:
    parts = Parts(path, KINDS, resume=False)
    for key, result in DONE.items():
        parts.add(key, result)
    return path.read_bytes()


def test_who_resumes_has_all_of_it(tmp_path: Path) -> None:
    written(tmp_path / "parts.jsonl")
    assert Parts(tmp_path / "parts.jsonl", KINDS, resume=True).done == DONE


def test_who_does_not_begins_anew(tmp_path: Path) -> None:
    written(tmp_path / "parts.jsonl")
    assert Parts(tmp_path / "parts.jsonl", KINDS, resume=False).done == {}
    assert (tmp_path / "parts.jsonl").read_bytes() == b""


def test_a_stop_at_any_byte_costs_one_line_at_most(tmp_path: Path) -> None:
    path = tmp_path / "parts.jsonl"
    whole = written(path)
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        again = Parts(path, KINDS, resume=True)
        assert whole[:length].count(b"\n") <= len(again.done) <= whole[:length].count(b"\n") + 1
        for key, result in DONE.items():
            if key not in again.done:
                again.add(key, result)
        assert Parts(path, KINDS, resume=True).done == DONE


@given(raw=st.binary(max_size=200))
def test_a_damaged_file_is_only_less(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    path = tmp_path_factory.mktemp("parts") / "parts.jsonl"
    path.write_bytes(raw)
    assert set(Parts(path, KINDS, resume=True).done) <= set(DONE)


def test_other_code_and_other_conditions_have_another_name() -> None:
    here = fingerprint(["ears"], ("test", 1.0))
    assert here == fingerprint(["ears"], ("test", 1.0))
    assert len({here, fingerprint(["ears"], ("test", 2.0)), fingerprint(["wake"], ("test", 1.0))}) == 3
