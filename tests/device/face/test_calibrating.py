import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.face.calibrating import ARROWS, ENTER, FASTEST, LEAVE, NEXT, SAVE, STEP, Session, press
from device.face.calibration import MOST_BLACK, Calibration, decode
from device.face.keystone import STRAIGHT

KEYS = sorted({*ARROWS, *ENTER, *NEXT, *LEAVE, *SAVE, "+", "-", "=", "[", "]", "m", "u", "r", "x", "f9", ""})


def after(*keys: str, initial: Calibration | None = None, gap: float = 1.0) -> Session:
    """The session after keys pressed `gap` s apart."""
    start = initial or Calibration()
    session = Session(start, start)
    for k, key in enumerate(keys):
        session, outcome = press(session, key, gap * k)
        assert outcome == "open"
    return session


@given(st.lists(st.tuples(st.sampled_from(KEYS), st.floats(0, 1))))
def test_whatever_is_pressed_could_be_saved(keys: list[tuple[str, float]]) -> None:
    session, t = Session(Calibration(), Calibration()), 0.0
    for key, gap in keys:
        t += gap
        session, _ = press(session, key, t)
        assert decode(msgspec.json.encode(session.calibration), "file") == session.calibration


def test_arrows_move_the_chosen_corner_alone() -> None:
    session = after("tab", "tab", "left", "up")
    assert session.corner == 2
    assert session.calibration.corners[2] == pytest.approx((1 - STEP, 1 - STEP))
    assert session.calibration.corners[:2] == STRAIGHT[:2]


def test_after_the_fourth_corner_comes_the_first() -> None:
    assert after(*["ok"] * 5).corner == 1


def test_quick_presses_go_farther_slow_ones_do_not() -> None:
    slow, quick = after(*["right"] * 5), after(*["right"] * 5, gap=0.1)
    assert slow.calibration.corners[0][0] == pytest.approx(5 * STEP)
    assert quick.calibration.corners[0][0] == pytest.approx((1 + 2 + 4 + 8 + FASTEST) * STEP)
    assert after("right", "right", "down", gap=0.1).calibration.corners[0][1] == pytest.approx(STEP)


def test_black_gamma_mirror_and_upside_down() -> None:
    made = after("+", "=", "[+]", "-", "]", "m", "u").calibration
    assert (made.black, made.gamma, made.mirror, made.upside_down) == (4, 1.05, False, True)
    assert after(*["-"] * 3).calibration.black == 0
    assert after(*["+"] * 99).calibration.black == MOST_BLACK


def test_reset_goes_back_to_the_settings() -> None:
    initial = Calibration(mirror=False, upside_down=True)
    assert after("+", "m", "left", "r", initial=initial).calibration == initial


@pytest.mark.parametrize("key", sorted(SAVE))
def test_saving_ends_it_with_what_was_made(key: str) -> None:
    session, outcome = press(after("+"), key, 9.0)
    assert outcome == "save"
    assert session.calibration.black > 0


@pytest.mark.parametrize("key", sorted(LEAVE))
def test_leaving_ends_it(key: str) -> None:
    assert press(after("+"), key, 9.0)[1] == "leave"


def test_no_key_means_two_things() -> None:
    groups = [set(ARROWS), NEXT, SAVE, LEAVE, {"+", "=", "[+]", "-", "[-]"}, {"]", "[", "page_up", "page_down"}]
    assert sum(len(g) for g in groups) == len(set().union(*groups))
