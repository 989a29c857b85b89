"""Interruptions: a voice over the own one lowers it, the detector's word confirms it, and echo alone does neither."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from device.conversation.barge_in import BargeIn, BargeInSettings, BargeInSignal
from device.conversation.echo_levels import Heard

S = BargeInSettings()
ECHO_DB, LEFT_DB, GONE_DB, PERSON_DB, FAR_DB = -25.0, -45.0, -65.0, -30.0, -20.0
Row = tuple[float, Heard]
"""Probability, and what is known of the block."""

ALONE: Row = (0.8, Heard(True, ECHO_DB, LEFT_DB, GONE_DB, FAR_DB))
"""The rest of the own voice is speech, too."""
OVER: Row = (0.9, Heard(True, ECHO_DB + 1, PERSON_DB, -40.0, FAR_DB))
LOWERED: Row = (0.9, Heard(True, PERSON_DB, PERSON_DB, -40.0, FAR_DB - 38))
SILENT: Row = (0.0, Heard(False))


def run(rule: BargeIn, rows: list[Row], begin: int = 0) -> list[BargeInSignal]:
    return [signal for k, row in enumerate(rows, begin) for signal in rule.step(k * 0.01, *row)]


def kinds(signals: list[BargeInSignal]) -> list[str]:
    return [signal.kind for signal in signals]


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(-60, -15), st.floats(16, 60)), max_size=300))
def test_what_is_cancelled_well_never_lowers_the_voice(rows: list[tuple[float, float, float]]) -> None:
    heard = [(p, Heard(True, raw, raw - depth, raw - 40, FAR_DB)) for p, raw, depth in rows]
    assert not run(BargeIn(), [ALONE] * 200 + heard)


def test_a_person_lowers_the_voice_within_100_ms_and_is_confirmed_once() -> None:
    rule = BargeIn()
    signals = run(rule, [ALONE] * 400 + [OVER] * 12 + [LOWERED] * 100)
    assert kinds(signals) == ["duck", "speech"]
    assert [signal.t for signal in signals] == [signals[0].t] * 2
    assert 4.0 <= signals[0].t <= 4.04
    assert rule.ducked


def test_a_click_does_nothing_and_a_cough_only_for_a_moment() -> None:
    assert not run(BargeIn(), [ALONE] * 400 + [OVER] * 2 + [(0.1, ALONE[1])] * 100)
    quiet: Row = (0.0, LOWERED[1])
    signals = run(BargeIn(), [ALONE] * 400 + [OVER] * 7 + [quiet] * 100)
    assert kinds(signals) == ["duck", "unduck"]
    assert signals[1].t - signals[0].t < S.patience_s + 0.2


def test_a_falling_cup_is_no_speech() -> None:
    cup: Row = (0.1, OVER[1])
    assert not run(BargeIn(), [ALONE] * 400 + [cup] * 50 + [(0.1, ALONE[1])] * 100)


def test_it_does_nothing_while_the_frame_is_silent() -> None:
    assert not run(BargeIn(), [(0.9, Heard(False, -20.0, -20.0, -20.0))] * 300)


def test_noise_of_the_room_is_not_a_person() -> None:
    """A steady noise that is taken for speech remains, as loud as a person would be."""
    quiet: Row = (0.0, Heard(False, -40.0, -40.0, -40.0))
    rain: Row = (0.9, Heard(True, ECHO_DB, -36.0, -40.0, FAR_DB))
    assert not run(BargeIn(), [quiet] * 100 + [rain] * 300)


def test_before_anything_is_learnt_the_own_voice_is_not_a_person() -> None:
    """The first second of playback, and again whenever the reference was moved: all of the echo remains."""
    new: Row = (0.9, Heard(True, ECHO_DB, ECHO_DB, ECHO_DB, FAR_DB, fresh=True))
    raw: Row = (0.9, Heard(True, ECHO_DB, ECHO_DB, ECHO_DB, FAR_DB))
    assert not run(BargeIn(), [new] + [raw] * 100 + [ALONE] * 400 + [new] + [raw] * 100)


def test_an_overdriven_loudspeaker_leaves_more_and_asks_for_more() -> None:
    rest: Row = (0.8, Heard(True, ECHO_DB, ECHO_DB - 8, ECHO_DB - 35, FAR_DB))
    assert not run(BargeIn(), [rest] * 1000)
    loud: Row = (0.9, Heard(True, ECHO_DB + 3, ECHO_DB + 1, -30.0, FAR_DB))
    assert kinds(run(BargeIn(), [rest] * 1000 + [loud] * 20)) == ["duck", "speech"]


levels = st.floats(-100, 0)
rows = st.lists(
    st.tuples(st.floats(0, 1), st.builds(Heard, st.booleans(), levels, levels, levels, levels, st.booleans())).flatmap(
        lambda row: st.integers(1, 40).map(lambda times: [row] * times)
    ),
    max_size=30,
).map(lambda pieces: [row for piece in pieces for row in piece])


@given(rows)
def test_signals_come_in_order_whatever_is_heard(heard: list[Row]) -> None:
    """duck, at most one speech, unduck, and so on; and silence always brings the voice back."""
    rule = BargeIn()
    signals = run(rule, heard)
    after = run(rule, [SILENT] * 200, len(heard))
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
