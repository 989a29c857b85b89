"""Whose face it is, when there are several and when the picture changes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from device.errors import BadInput
from provisioning.likeness.film.read import open_film
from provisioning.likeness.film.track import LOOK_AGAIN, Stretch, follow_person, persons
from provisioning.likeness.landmarks import FaceReader
from tests.provisioning.likeness.film.conftest import Elder
from tests.support import films
from tests.support.likeness_inputs import HOPPER, elder, read


def stretch(start: int, end: int, unlike: float) -> Stretch:
    return Stretch(numbers=list(range(start, end)), shapes=[unlike, unlike, 9.0])


def test_one_alone_is_who_the_family_says() -> None:
    only = stretch(0, 40, 0.09)
    assert persons([only], "a.mp4") == [only]


def test_of_two_the_one_whose_head_is_shaped_so() -> None:
    other, own = stretch(0, 60, 0.08), stretch(0, 60, 0.02)
    assert persons([other, own], "a.mp4") == [own]


def test_two_who_are_much_alike_are_not_guessed() -> None:
    with pytest.raises(BadInput, match="much alike"):
        persons([stretch(0, 60, 0.04), stretch(0, 60, 0.05)], "a.mp4")
    twice_found = stretch(20, 20 + LOOK_AGAIN, 0.021)
    assert len(persons([stretch(0, 60, 0.02), twice_found], "a.mp4")) == 1, "a face seen double for a moment"


def test_after_a_cut_the_same_person_again_but_nobody_else() -> None:
    first, again, guest = stretch(0, 60, 0.02), stretch(60, 90, 0.027), stretch(90, 120, 0.08)
    assert persons([first, guest, again], "a.mp4") == [first, again]


def side_by_side(count: int) -> Iterator[np.ndarray]:
    """The elder at the left, another person at the right, who is larger."""
    left, right = elder()[60:560, 50:550], read(HOPPER)[:500]
    for k in range(count):
        yield np.roll(np.hstack([left, right]), k % 3, 1)


def test_the_elder_is_found_beside_another_person(sitter: Elder, reader: FaceReader, tmp_path: Path) -> None:
    film = open_film(films.write(tmp_path / "two.mp4", side_by_side(14)))
    track = follow_person(film, reader, sitter.found.points)
    assert np.isfinite(track.points).all()
    assert track.points[:, 1, 0].max() < 500
    hopper, _ = reader.landmarks(read(HOPPER), reader.detect(read(HOPPER))[0])
    other = follow_person(film, reader, hopper)
    assert other.points[:, 1, 0].min() > 500


def test_a_cut_to_an_empty_room_is_unknown(sitter: Elder, reader: FaceReader, tmp_path: Path) -> None:
    wall = np.full_like(elder(), 120)
    shots = (elder() if k < 8 or k > 15 else wall for k in range(24))
    track = follow_person(open_film(films.write(tmp_path / "cut.mp4", shots)), reader, sitter.found.points)
    seen = np.isfinite(track.points).all((1, 2))
    assert not seen[8:16].any()
    assert seen[:8].all()
    assert seen[16:].all()
