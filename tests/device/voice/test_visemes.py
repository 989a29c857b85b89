"""Mouth shapes: complete, ordered, and lips that close."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.voice import viseme_table as table
from device.voice.phones import Phone, cut
from device.voice.visemes import FLOOR_S, visemes

SHAPES = {"sil", "PP", "FF", "TH", "DD", "kk", "CH", "SS", "nn", "RR", "aa", "E", "I", "O", "U"}
SYMBOLS = sorted(
    {
        *table.CONSONANTS,
        *table.VOWELS,
        *table.DIPHTHONGS,
        *table.TRANSPARENT,
        *table.STRESS,
        *table.MARKS,
        *table.PAUSES,
    }
)
phones = st.lists(st.builds(Phone, st.sampled_from([*SYMBOLS, "☂", "७"]), st.floats(0, 0.4)), max_size=40)


@given(phones)
def test_they_cover_the_whole_duration_in_order(sounds: list[Phone]) -> None:
    total = sum(phone.seconds for phone in sounds)
    shapes = visemes(sounds)
    if shapes:
        assert shapes[0].start == 0
        assert shapes[-1].end == pytest.approx(total)
        assert all(a.end == b.start for a, b in pairwise(shapes))
    else:
        assert total == pytest.approx(0, abs=1e-6)
    assert all(v.shape in SHAPES and v.end > v.start and 0 < v.weight <= 1 for v in shapes)


@given(phones)
def test_lips_close_on_every_p_b_m_and_teeth_meet_them_on_every_f_v(sounds: list[Phone]) -> None:
    shapes = visemes(sounds)
    t = 0.0
    for phone in sounds:
        wanted = {"p": "PP", "b": "PP", "m": "PP", "f": "FF", "v": "FF"}.get(phone.symbol)
        if wanted and phone.seconds > 1e-3:
            assert any(v.shape == wanted and v.start <= t + 0.06 + phone.seconds and v.end >= t - 0.06 for v in shapes)
        t += phone.seconds


@given(st.sampled_from("pbmfv"), st.floats(0, 0.05), st.floats(0.08, 0.3), st.floats(0.08, 0.3))
def test_a_closure_takes_time_from_its_neighbours(lips: str, own: float, before: float, after: float) -> None:
    shapes = visemes([Phone("ɑ", before), Phone(lips, own), Phone("i", after)])
    assert [v.shape for v in shapes] == ["aa", "PP" if lips in "pbm" else "FF", "I"]
    assert shapes[1].end - shapes[1].start >= table.CLOSURE_S[shapes[1].shape] - 1e-9
    assert min(shapes[0].end, shapes[2].end - shapes[2].start) >= FLOOR_S


def test_stress_makes_a_vowel_larger_and_the_neutral_tone_smaller() -> None:
    stressed, plain = visemes([Phone("ˈ", 0.02), Phone("ɑ", 0.1), Phone("t", 0.1), Phone("ɑ", 0.1)])[::2]
    assert stressed.weight > plain.weight
    toned, neutral = visemes([Phone("a", 0.1), Phone("→", 0.1), Phone("t", 0.1), Phone("a", 0.1)])[::2]
    assert toned.weight > neutral.weight


def test_breath_and_marks_have_no_shape_of_their_own() -> None:
    shapes = visemes([Phone("h", 0.1), Phone("ɑ", 0.1), Phone("ː", 0.1), Phone("A", 0.2)])
    assert [v.shape for v in shapes] == ["aa", "E", "I"]
    assert shapes[0].end == pytest.approx(0.3)


def test_a_pause_closes_the_mouth_and_a_word_limit_does_not() -> None:
    shapes = visemes(
        [Phone("ɑ", 0.1), Phone(" ", 0.1), Phone("t", 0.1), Phone(",", 0.2), Phone("ɑ", 0.1), Phone(".", 0.1)]
    )
    assert [v.shape for v in shapes] == ["aa", "DD", "sil", "aa", "sil"]


@given(st.lists(st.builds(Phone, st.just("a"), st.floats(0, 1)), min_size=1), st.floats(0, 3), st.floats(-1, 3))
def test_cutting_keeps_every_phone_and_removes_just_that_time(sounds: list[Phone], lead: float, tail: float) -> None:
    total = sum(phone.seconds for phone in sounds)
    kept = cut(sounds, lead, tail)
    assert [phone.symbol for phone in kept] == [phone.symbol for phone in sounds]
    assert all(phone.seconds >= 0 for phone in kept)
    assert sum(p.seconds for p in kept) == pytest.approx(max(0, total - lead) - min(tail, max(0, total - lead)))
