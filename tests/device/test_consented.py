"""The screen says when the time that was agreed to is over, and only then."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest

from device.consented import WRITTEN, notice
from device.persona.pack.manifest import CONSENT
from tests.support.packs import CONSENTED


def folder(path: Path, until: str) -> Path:
    (path / CONSENT).parent.mkdir()
    (path / CONSENT).write_text(json.dumps(CONSENTED | {"until": until}), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("until", "today", "said"),
    [
        ("", datetime.date(2100, 1, 1), False),
        ("2030-05-01", datetime.date(2030, 5, 1), False),
        ("2030-05-01", datetime.date(2030, 5, 2), True),
        ("2030-05-01", datetime.date(2106, 2, 7), True),
        ("2020-05-01", datetime.date(1970, 1, 1), False),  # a clock that was never set
        ("2020-05-01", WRITTEN, True),
    ],
)
def test_it_is_said_in_time(tmp_path: Path, until: str, today: datetime.date, said: bool) -> None:
    told = notice(folder(tmp_path, until), today)
    assert (told is not None) == said
    assert told is None or (until in told.en and until in told.zh)


def test_a_persona_that_came_in_no_pack(tmp_path: Path) -> None:
    assert notice(tmp_path, WRITTEN) is None
    folder(tmp_path, "")
    (tmp_path / CONSENT).write_text("{", encoding="utf-8")
    assert notice(tmp_path, WRITTEN) is None
