import numpy as np
import pytest

from device.face.slots import SLOTS, Slots


def test_a_frame_of_any_size_that_fits_is_read_as_it_was_written() -> None:
    slots = Slots(20)
    for slot in range(SLOTS):
        frame = np.full((4, 5 - slot, 3), slot + 1, np.uint8)
        slots.write(slot, (5 - slot, 4), frame.data.cast("B"))
    for slot in range(SLOTS):
        size, pixels = slots.read(slot)
        assert size == (5 - slot, 4)
        assert bytes(pixels) == bytes([slot + 1]) * (5 - slot) * 4 * 3
        pixels.release()
    slots.close()


def test_what_does_not_fit_is_refused() -> None:
    slots = Slots(20)
    with pytest.raises(ValueError, match="a frame of"):
        slots.write(0, (7, 3), np.zeros((3, 7, 3), np.uint8).data.cast("B"))
    with pytest.raises(ValueError, match="a frame of"):
        slots.write(0, (2, 2), np.zeros((3, 2, 3), np.uint8).data.cast("B"))
    slots.close()
