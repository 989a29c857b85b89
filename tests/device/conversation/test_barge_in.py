"""Interruptions: a voice over the own one lowers it, the detector's word confirms it, and echo alone does neither."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from device.conversation.barge_in import BargeIn, BargeInSettings, BargeInSignal

S = BargeInSettings()
ECHO_DB, LEFT_DB, PERSON_DB = -25.0, -65.0, -34.0
Row = tuple[float, float, float, bool]
"""Probability, level of the microphone and of what remains, own voice."""

ALONE: Row = (0.0, ECHO_DB, LEFT_DB, True)
OVER: Row = (0.1, ECHO_DB + 1, PERSON_DB, True)
HEARD: Row = (0.9, PERSON_DB, PERSON_DB, True)


def run(rule: BargeIn, rows: list[Row], begin: int = 0) -> list[BargeInSignal]:
    return [signal for k, row in enumerate(rows, begin) for signal in rule.step(k * 0.01, *row)]


def kinds(signals: list[BargeInSignal]) -> list[str]:
    return [signal.kind for signal in signals]


@given(
    st.lists(
        st.tuples(st.floats(0, 0.49), st.floats(-60, -15), st.floats(S.below_echo_db + 1, 60), st.booleans()),
        max_size=300,
    )
)
def test_what_is_cancelled_well_never_lowers_the_voice(rows: list[tuple[float, float, float, bool]]) -> None:
    assert not run(
        BargeIn(), [ALONE] * 50 + [(p, raw, min(raw, raw - depth), own) for p, raw, depth, own in rows if own]
    )


def test_a_person_lowers_the_voice_within_100_ms_and_is_confirmed_once() -> None:
    rule = BargeIn()
    signals = run(rule, [ALONE] * 200 + [OVER] * 20 + [HEARD] * 100)
    assert kinds(signals) == ["duck", "speech"]
    assert 2.0 <= signals[0].t <= 2.04
    assert 2.19 <= signals[1].t <= 2.21
    assert rule.ducked


def test_a_click_does_nothing_and_a_cup_only_for_a_moment() -> None:
    click: Row = (0.0, -24.0, -32.0, True)
    assert not run(BargeIn(), [ALONE] * 200 + [click] + [ALONE] * 100)
    signals = run(BargeIn(), [ALONE] * 200 + [click] * 12 + [ALONE] * 100)
    assert kinds(signals) == ["duck", "unduck"]
    assert signals[1].t - signals[0].t < S.patience_s + 0.4


def test_the_detector_alone_suffices_if_it_insists() -> None:
    soft: Row = (0.9, ECHO_DB, -55.0, True)
    assert not run(BargeIn(), [ALONE] * 200 + [soft] * 20 + [ALONE] * 10 + [soft] * 20)
    assert kinds(run(BargeIn(), [ALONE] * 200 + [soft] * 30)) == ["duck", "speech"]


def test_it_does_nothing_while_the_frame_is_silent() -> None:
    assert not run(BargeIn(), [(0.9, -20.0, -20.0, False)] * 300)


def test_noise_of_the_room_is_not_a_person() -> None:
    """A steady noise remains, as loud as a person would be."""
    rain: Row = (0.0, -30.0, -40.0, True)
    quiet: Row = (0.0, -40.0, -40.0, False)
    assert not run(BargeIn(), [quiet] * 100 + [rain] * 300)


rows = st.lists(
    st.tuples(st.floats(0, 1), st.floats(-100, 0), st.floats(-100, 0), st.booleans()).flatmap(
        lambda row: st.integers(1, 40).map(lambda times: [row] * times)
    ),
    max_size=30,
).map(lambda pieces: [row for piece in pieces for row in piece])


@given(rows)
def test_signals_come_in_order_whatever_is_heard(heard: list[Row]) -> None:
    """duck, at most one speech, unduck, and so on; and silence always brings the voice back."""
    rule = BargeIn()
    signals = run(rule, heard)
    after = run(rule, [(0.0, -100.0, -100.0, False)] * 200, len(heard))
    allowed = {None: {"duck"}, "duck": {"speech", "unduck"}, "speech": {"unduck"}, "unduck": {"duck"}}
    before: str | None = None
    for kind in kinds(signals + after):
        assert kind in allowed[before]
        before = kind
    assert before in (None, "unduck")
    assert not rule.ducked


@given(rows, rows)
def test_a_reset_forgets_the_interruption(first: list[Row], second: list[Row]) -> None:
    rule = BargeIn()
    run(rule, first)
    rule.reset()
    assert not rule.ducked
    assert kinds(run(rule, second, len(first)))[:1] in ([], ["duck"])
