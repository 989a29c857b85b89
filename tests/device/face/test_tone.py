import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from device.face.tone import table, toned


@given(st.integers(0, 64), st.floats(0.5, 2.0), st.floats(0, 1))
def test_black_stays_black_and_no_order_is_turned_round(black: int, gamma: float, light: float) -> None:
    values = table(black, gamma, light).astype(int)
    assert (values[: black + 1] == 0).all()
    assert (np.diff(values) >= 0).all()
    assert values[255] == round(255 * light)


def test_nothing_to_do_is_nothing_done() -> None:
    frame = np.zeros((4, 4, 3), np.uint8)
    assert toned(frame) is frame


def test_gamma_brings_out_the_shadows_and_light_takes_all_down() -> None:
    grey = np.full((2, 2, 3), 40, np.uint8)
    assert toned(grey, gamma=1.5)[0, 0, 0] > 60
    assert toned(grey, light=0.5)[0, 0, 0] == 20
    assert toned(grey, light=-3).max() == 0
