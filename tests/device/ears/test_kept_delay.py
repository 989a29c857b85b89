"""The echo's delay survives a restart, and nothing that stands in its file can do harm."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from device.ears.delay import EARLIEST_S, LATEST_S
from device.ears.kept_delay import KeptDelay

ONE_FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@ONE_FOLDER
@given(st.floats(EARLIEST_S + 1e-4, LATEST_S - 1e-4))
def test_what_is_saved_is_loaded(tmp_path: Path, delay_s: float) -> None:
    kept = KeptDelay(tmp_path / "new" / "delay.json")
    kept.save(delay_s)
    assert KeptDelay(tmp_path / "new" / "delay.json").load() == pytest.approx(delay_s, abs=1e-4)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["delay.json"]


@ONE_FOLDER
@given(
    st.binary(max_size=60)
    | st.recursive(st.none() | st.floats() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)).map(
        lambda thing: json.dumps(thing).encode()
    )
    | st.one_of(st.none(), st.text(), st.lists(st.floats()), st.floats(), st.integers()).map(
        lambda thing: json.dumps({"delay_s": thing}).encode()
    )
)
def test_any_content_is_a_possible_delay_or_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "delay.json").write_bytes(content)
    delay_s = KeptDelay(tmp_path / "delay.json").load()
    assert delay_s is None or EARLIEST_S <= delay_s <= LATEST_S


def test_a_place_that_cannot_be_written_to_is_no_trouble(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("not a folder")
    kept = KeptDelay(tmp_path / "file" / "delay.json")
    kept.save(0.2)
    assert "not kept" in caplog.text
    assert kept.load() is None
