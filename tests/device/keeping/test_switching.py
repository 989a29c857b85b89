"""When the frame becomes another persona, and how one on trial is watched; with the time in the hand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from device.keeping.switching import (
    HEALTHY_S,
    LIMIT_S,
    PATIENT_S,
    QUIET_S,
    RETRY_S,
    Begin,
    Choice,
    Pass,
    Seen,
    Switching,
    Wait,
)

A = Choice("aa", "1", "陈望川")
B = Choice("bb", "2", "沈秀兰", trial=True)


def started(choice: Choice) -> Switching:
    switching = Switching()
    assert switching.look(Seen(choice), 0.0) == Begin(choice)
    switching.begun(choice, 0.0)
    return switching


def test_the_first_one_waits_for_nothing_and_then_there_is_nothing_to_do() -> None:
    switching = started(A)
    assert switching.look(Seen(A, calm=False), 1.0) is None
    assert switching.look(Seen(A, listening=True, shown=True), 500.0) is None


def test_a_quiet_frame_becomes_another_one_at_once() -> None:
    assert started(A).look(Seen(B), 100.0) == Begin(B)


def test_a_conversation_is_not_cut_off_but_told_that_somebody_waits() -> None:
    switching = started(A)
    for tenth in range(1000, 1300):
        do = switching.look(Seen(B, calm=False), tenth / 10)
        assert do == (Wait(B) if tenth / 10 >= 100.0 + PATIENT_S else None)
    ended = 129.9
    assert switching.look(Seen(B), ended + QUIET_S - 0.1) == Wait(B), "somebody may only have drawn breath"
    assert switching.look(Seen(B), ended + QUIET_S) == Begin(B)


def test_one_whose_consent_was_withdrawn_does_not_stay_for_the_conversation() -> None:
    assert started(A).look(Seen(B, calm=False, gone=True), 50.0) == Begin(B)


def test_one_on_trial_passes_after_it_was_seen_to_work_for_a_while() -> None:
    switching = started(B)
    assert switching.look(Seen(B, shown=True), 5.0) is None
    assert switching.look(Seen(B, listening=True), 6.0) is None
    well = Seen(B, shown=True, listening=True)
    assert switching.look(well, 30.0) is None
    assert switching.look(well, 29.9 + HEALTHY_S) is None
    assert switching.look(well, 30.0 + HEALTHY_S) == Pass()
    assert switching.look(well, 30.2 + HEALTHY_S) == Pass(), "the store may have been busy"
    assert switching.look(Seen(Choice("bb", "2", "沈秀兰")), 30.5 + HEALTHY_S) is None


def test_health_that_is_interrupted_begins_anew() -> None:
    switching, well = started(B), Seen(B, shown=True, listening=True)
    switching.look(well, 10.0)
    assert switching.look(Seen(B, shown=True), 9.0 + HEALTHY_S) is None
    switching.look(well, 12.0 + HEALTHY_S)
    assert switching.look(well, 15.0 + HEALTHY_S) is None


def test_one_that_dies_is_begun_anew_until_the_store_gives_it_up() -> None:
    switching = started(B)
    for t in (10.0, 20.0):
        assert switching.look(Seen(B, shown=True, trouble="mind"), t) == Begin(B)
        assert switching.failed == (B, "mind")
        switching.begun(B, t)
    assert switching.look(Seen(B, trouble="mind"), 30.0) == Begin(B)
    assert switching.look(Seen(A, calm=False), 30.25) == Begin(A), "nobody talks with one that does not work"
    assert switching.failed == (B, "mind")


def test_one_that_never_gets_ready_has_taken_too_long() -> None:
    switching = started(B)
    assert switching.look(Seen(B, shown=True), LIMIT_S) is None
    assert switching.look(Seen(B, shown=True), LIMIT_S + 0.1) == Begin(B)
    assert switching.failed == (B, "time")


def test_a_good_one_may_die_as_often_as_it_likes() -> None:
    assert started(A).look(Seen(A, trouble="mind"), 20.0) is None


def test_one_that_cannot_be_opened_is_opened_again_later() -> None:
    switching = Switching()
    assert switching.look(Seen(A), 0.0) == Begin(A)
    switching.refused(A, 0.0)
    assert switching.look(Seen(A), RETRY_S - 0.1) is None
    assert switching.look(Seen(A), RETRY_S) == Begin(A)


def test_one_on_trial_that_cannot_be_opened_loses_its_tries_at_once() -> None:
    switching = started(A)
    assert switching.look(Seen(B), 10.0) == Begin(B)
    switching.refused(B, 10.0)
    assert switching.look(Seen(B, calm=False), 10.25) == Begin(B)
    assert switching.failed == (B, "opening")


looks = st.builds(
    Seen,
    st.sampled_from([A, B, Choice("bb", "2", "沈秀兰"), Choice()]),
    st.booleans(),
    st.just(False),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["", "mind", "face", "picture"]),
)


@given(st.lists(st.tuples(looks, st.floats(0.05, 30.0)), max_size=60))
def test_whatever_happens_only_a_healthy_trial_passes_and_no_conversation_is_cut(
    story: list[tuple[Seen, float]],
) -> None:
    switching, now, stirred, well_since = Switching(), 0.0, float("-inf"), None
    for seen, passed in story:
        now += passed
        stirred = stirred if seen.calm else now
        current, failed = switching.current, switching.failed
        do = switching.look(seen, now)
        well = current is not None and current.same(seen.wanted) and seen.shown and seen.listening and not seen.trouble
        well_since = (now if well_since is None else well_since) if well and seen.wanted.trial else None
        if isinstance(do, Pass):
            assert well_since is not None
            assert now - well_since >= HEALTHY_S
        if isinstance(do, Begin):
            fresh = current is None or failed is not None or (seen.trouble and current.trial) or seen.wanted.trial
            assert fresh or now - stirred >= QUIET_S
            switching.begun(do.choice, now)
            well_since = None
