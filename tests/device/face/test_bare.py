import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from device.face.window import bare

SHIFT = st.floats(-30.0, 30.0)


@given(st.tuples(st.integers(64, 200), st.integers(64, 200)), SHIFT, SHIFT)
def test_picture_and_strips_leave_nothing_of_the_screen_bare(size: tuple[int, int], right: float, down: float) -> None:
    strips = bare(size, right, down)
    assert len(strips) == (right != 0) + (down != 0)
    x, y = np.meshgrid(np.arange(size[0]), np.arange(size[1]))
    covered = (x >= right) & (x + 1 <= right + size[0]) & (y >= down) & (y + 1 <= down + size[1])
    for strip in strips:
        assert 0 <= strip.left <= strip.right <= size[0]
        assert 0 <= strip.top <= strip.bottom <= size[1]
        covered[strip.top : strip.bottom, strip.left : strip.right] = True
        assert min(strip.size) <= 31, "no more of the picture is drawn twice than must be"
    assert covered.all()
