"""The capture process's choice of a device."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from device.ears.capture import choose

NAMES = {0: "HDA Intel: ALC256", 2: "USB Mic: Audio (hw:1,0)", 3: "pulse", 4: "default", 7: "Pulse extra"}


def test_a_name_is_found_by_a_part_of_it_in_any_case() -> None:
    assert choose(NAMES, "usb mic") == 2
    assert choose(NAMES, "PULSE") == 3
    assert choose(NAMES, "extra") == 7
    assert choose(NAMES, "webcam") is None
    assert choose({}, "usb") is None


@given(st.dictionaries(st.integers(0, 9), st.text(max_size=5)), st.text(min_size=1, max_size=3))
def test_what_is_chosen_contains_the_name(names: dict[int, str], wanted: str) -> None:
    chosen = choose(names, wanted)
    if chosen is None:
        assert all(wanted.casefold() not in name.casefold() for name in names.values())
    else:
        assert wanted.casefold() in names[chosen].casefold()
