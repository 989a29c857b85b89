"""The record is there as it is written, and the memory keeps only what the verdict needs."""

from __future__ import annotations

import json
from pathlib import Path

from device.bench.soak.director import open_journal


def test_lines_are_in_the_file_at_once(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    journal.write("exchange", {"outcome": "answered"})
    journal.write("exchange", {"outcome": "dead"}, {"events": [{"event": "TurnEnded"}]})
    journal.write("minute", {"t_min": 1.0})
    written = [json.loads(line) for line in (tmp_path / "soak.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["kind"] for line in written] == ["exchange", "exchange", "minute"]
    assert written[1]["events"]
    assert "events" not in journal.lines[1]
    assert journal.outcomes() == {"answered": 1, "dead": 1}


def test_without_a_folder_nothing_is_written() -> None:
    journal = open_journal(None)
    journal.write("minute", {"t_min": 1.0})
    assert journal.lines == [{"kind": "minute", "t_min": 1.0}]
