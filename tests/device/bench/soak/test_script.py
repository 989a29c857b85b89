"""The script of life: everything comes, in time, and the same seed lives the same life."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from device.bench.soak import recordings
from device.bench.soak.script import ROUND_S, Act, Life

BROKEN = ("microphone", "loudspeaker", "mind", "face")
TOLD = recordings.repertoire(("en", "zh"), BROKEN)


def lived(seed: int, seconds: float, act_s: float = 9.0) -> list[tuple[float, Act]]:
    """A life in which every act takes so long."""
    life, t, acts = Life(TOLD, seed), 0.0, []
    while t < seconds:
        acts.append((t, life.next(t)))
        t += act_s
    return acts


@given(st.integers(0, 2**32 - 1))
def test_every_calamity_comes_within_ten_minutes_and_again(seed: int) -> None:
    acts = lived(seed, 3 * ROUND_S)
    first = {a.name for t, a in acts if a.kind == "calamity" and t < ROUND_S}
    assert first == set(BROKEN)
    often = Counter(a.name for _, a in acts if a.kind == "calamity")
    assert min(often.values()) >= 3


@given(st.integers(0, 2**32 - 1))
def test_everything_else_comes_too(seed: int) -> None:
    acts = [a for _, a in lived(seed, ROUND_S)]
    assert {a.kind for a in acts} == {
        "question", "interruption", "listener", "command", "silence", "noise", "calamity",
    }  # fmt: skip
    assert all((a.line is not None) != (a.kind in ("silence", "noise")) for a in acts)
    assert all((a.second is not None) == (a.kind in ("interruption", "listener")) for a in acts)
    assert {a.line.voice for a in acts if a.line} == set(recordings.VOICES)


def test_the_same_seed_lives_the_same_life() -> None:
    assert lived(7, 2000.0) == lived(7, 2000.0) != lived(8, 2000.0)


@given(st.floats(2.0, 30.0), st.floats(2.0, 30.0))
def test_the_order_of_calamities_does_not_hang_on_how_long_acts_take(a: float, b: float) -> None:
    short, long = ([act.name for _, act in lived(7, 900.0, s) if act.kind == "calamity"] for s in (a, b))
    assert all(x == y for x, y in zip(short, long, strict=False))


def test_acts_that_take_long_delay_calamities_and_lose_none() -> None:
    acts = lived(1, ROUND_S, act_s=100.0)
    assert sum(a.kind == "calamity" for _, a in acts) == len(BROKEN)


def test_all_is_said_in_every_voice_and_language() -> None:
    assert len(TOLD.questions) == len(set(TOLD.questions)) == 2 * sum(map(len, recordings.QUESTIONS.values()))
    assert {line.language for line in recordings.repertoire(("zh",), ()).questions} == {"zh"}
