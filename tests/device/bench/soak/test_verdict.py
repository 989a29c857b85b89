"""The verdict: what fails a soak, and what does not."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.bench.soak.page import page
from device.bench.soak.verdict import BACK_S, DRIFT_MS, LEAP_MB, MOST_MORE, judge, summary


def minute(t: float, **changes: Any) -> dict[str, Any]:
    held = {"mind_own_mb": 800.0 + t % 3, "face_own_mb": 90.0, "mind_threads": 30, "face_threads": 9}
    held |= {"mind_files": 60, "face_files": 20, "frames": 1790, "late_frames": 12, "picture_ms": 5.0 + t % 4}
    totals = {"turns": 9 * t, "playback_s": 20.0 * t, "false_ducks": 3}
    return {"kind": "minute", "t_min": t, **held, "sound_ms": 0.1, "totals": totals, **changes}


def exchange(t_s: float, outcome: str = "answered", troubled: bool = False) -> dict[str, Any]:
    latency = 900.0 if outcome == "answered" else None
    about = {"t_s": t_s, "outcome": outcome, "troubled": troubled, "latency_ms": latency}
    return {"kind": "exchange", "into_answer": outcome == "unheeded", **about}


def calamity(back_s: float | None) -> dict[str, Any]:
    return {"kind": "calamity", "name": "face killed", "t_s": 9.0, "lasted_s": 0.0, "asked": "deaf", "back_s": back_s}


def life(hours: float = 1.0) -> list[dict[str, Any]]:
    minutes = [minute(float(t)) for t in range(1, round(60 * hours) + 1)]
    return [*minutes, *(exchange(20.0 * n) for n in range(round(180 * hours))), calamity(2.5)]


def failed(lines: Iterable[dict[str, Any]]) -> set[str]:
    return {check.name for check in judge(list(lines)) if not check.passed}


def test_a_good_life_passes() -> None:
    assert failed(life()) == set()


def test_nothing_measured_is_no_good_life() -> None:
    assert failed([]) == {"measured"}


def test_a_leak_fails_and_the_warm_up_does_not_count() -> None:
    leak = [m | {"mind_own_mb": 800.0 + 0.5 * m["t_min"]} if m["kind"] == "minute" else m for m in life()]
    assert failed(leak) == {"memory"}
    warm = [m | {"mind_own_mb": 700.0 + 10 * min(10.0, m["t_min"])} if m["kind"] == "minute" else m for m in life()]
    assert failed(warm) == set()


def test_a_short_soak_is_judged_by_the_whole_growth_alone() -> None:
    def grown(by_mb: float) -> list[dict[str, Any]]:
        return [m | {"mind_own_mb": 800.0 + by_mb * m["t_min"]} if "t_min" in m else m for m in life(0.25)]

    assert failed(grown(15.0)) == set()
    assert failed(grown(LEAP_MB / 10)) == {"memory"}


@pytest.mark.parametrize("name", ["mind_threads", "face_files"])
def test_threads_and_files_that_pile_up_fail(name: str) -> None:
    lines = [m | {name: 20 + round(m["t_min"] * 3 * MOST_MORE / 50)} if "t_min" in m else m for m in life()]
    assert failed(lines) == {name.replace("_", " ")}


def test_lips_that_run_away_fail() -> None:
    lines = [m | {"picture_ms": 2 * DRIFT_MS * m["t_min"] / 60} if "t_min" in m else m for m in life()]
    assert failed(lines) == {"drift"}


@pytest.mark.parametrize("outcome", ["dead", "failed"])
def test_one_dead_turn_fails_unless_something_was_broken(outcome: str) -> None:
    assert failed([*life(), exchange(1.0, outcome)]) == {"dead turns"}
    assert failed([*life(), exchange(1.0, outcome, troubled=True)]) == set()


def test_to_be_unheard_once_is_human_and_twice_in_a_row_is_not() -> None:
    assert failed([*life(), exchange(1.0, "deaf")]) == set()
    assert failed([*life(), exchange(1.0, "deaf"), exchange(2.0, "deaf")]) == {"deafness"}
    often = [exchange(float(n), "deaf" if n % 10 == 0 else "answered") for n in range(200)]
    assert failed([*life(), *often]) == {"deafness"}


def test_words_that_are_not_found_are_allowed_for_and_not_too_often() -> None:
    assert failed([*life(), *[exchange(1.0, "misheard")] * 10]) == set()
    assert failed([*life(), *[exchange(1.0, "misheard")] * 40]) == {"words"}
    assert failed([*life(), *[exchange(1.0, "misheard"), exchange(1.0, "asked again")] * 20]) == {"words"}


def test_a_remark_may_go_under_in_an_answer_and_not_most_of_them() -> None:
    heeded = [exchange(float(n)) | {"into_answer": True} for n in range(8)]
    assert failed([*life(), *heeded, *[exchange(1.0, "unheeded")] * 2]) == set()
    assert failed([*life(), *[exchange(1.0, "unheeded")] * 10]) == {"interruptions"}


@pytest.mark.parametrize("back_s", [None, BACK_S + 1])
def test_what_does_not_come_back_in_time_fails(back_s: float | None) -> None:
    assert failed([*life(), calamity(back_s)]) == {"recovery"}


@given(st.integers(0, 40), st.integers(0, 40))
def test_whatever_is_left_of_a_soak_can_be_judged(minutes: int, exchanges: int) -> None:
    lines = [*life()[:minutes], *(exchange(20.0 * n) for n in range(exchanges))]
    assert json.dumps(summary(lines), allow_nan=False)
    assert all(check.found for check in judge(lines))


def test_figures() -> None:
    figures = summary(life())
    assert figures["latency_ms_per_10_min"][0] == {"from_min": 0, "p50": 900.0, "p95": 900.0, "n": 30}
    assert figures["own_voice_per_hour"]["false_ducks"] == 9.0  # three in twenty minutes of own voice
    assert figures["back_s"] == {"face killed": [2.5]}


def test_the_page_shows_it_all(tmp_path: Path) -> None:
    away = minute(61.0, face_own_mb=0.0, picture_ms=None, sound_ms=None)
    page(tmp_path / "soak.html", [*life(), away], judge(life()), "2 cores.")
    text = (tmp_path / "soak.html").read_text(encoding="utf-8")
    assert text.count("<svg") == 4
    assert "face killed" in text
