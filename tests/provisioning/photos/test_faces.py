"""Faces are found and measured in pictures that were looked at."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from provisioning.photos.faces import Meter, find
from provisioning.photos.identity import SAME_PERSON
from provisioning.photos.people import distance, grouped
from provisioning.photos.seen import Face
from tests.support.likeness_inputs import (
    GOOD,
    HOPPER,
    HOPPER_ROWS,
    elder,
    open_smile,
    read,
    side_light,
    thick_spectacles,
)
from tests.support.photographs import beside, family, in_a_hall

TRUTH = Path(__file__).parents[2] / "data" / "face"


def only(meter: Meter, picture: np.ndarray) -> Face:
    (one,) = meter.faces(np.ascontiguousarray(picture), 1.0)
    return one


def test_the_face_is_where_it_is(meter: Meter) -> None:
    one = only(meter, elder())
    left, top, right, bottom = one.box
    assert left < 0.45 < 0.55 < right
    assert top < 0.39 < 0.5 < bottom
    assert one.eye_distance == pytest.approx(82, abs=2)


def test_the_whole_photographs_pixels_are_told(meter: Meter) -> None:
    (one,) = meter.faces(elder(), 4.0)
    assert one.eye_distance == pytest.approx(4 * 82, abs=8)


def test_both_of_a_family_are_found_from_the_left(meter: Meter) -> None:
    faces = meter.faces(family(), 1.0)
    assert len(faces) == 2
    assert faces[0].box[2] < faces[1].box[0]


def test_six_of_a_group(meter: Meter) -> None:
    row = beside(elder(), read(HOPPER), open_smile(), height=300)
    assert len(meter.faces(np.vstack([row, row[:, ::-1]]).copy(), 1.0)) == 6


def test_somebody_small_in_a_hall(meter: Meter) -> None:
    one = only(meter, in_a_hall(elder(), tall=190))
    assert one.box[0] > 0.65
    assert 14 < one.eye_distance < 30


def test_nobody_is_in_an_empty_hall(meter: Meter) -> None:
    hall = in_a_hall(np.full((100, 80, 3), 120, np.uint8))
    assert meter.faces(hall, 1.0) == ()
    assert find(meter.reader, hall) == []


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (500, 1), (32, 32), (3000, 40)])
def test_odd_sizes_are_no_error(meter: Meter, size: tuple[int, int]) -> None:
    assert meter.faces(np.full((*size, 3), 90, np.uint8), 1.0) == ()


def test_closed_eyes_a_smile_and_an_open_mouth(meter: Meter) -> None:
    truth = {path.stem: only(meter, read(path)) for path in TRUTH.glob("*.jpg")}
    assert truth["eyes_closed"].eyes_open < 0.1 < 0.9 < truth["gentle"].eyes_open
    assert truth["eyes_closed"].unfit == "closed ones"
    assert truth["mouth_open"].parted > 0.15 > 0.05 > truth["gentle"].parted
    assert truth["laughing"].smile > 0.7
    assert only(meter, read(HOPPER)).smile < 0.4


def test_blur_light_and_spectacles(meter: Meter) -> None:
    sharp = only(meter, elder())
    scores = [only(meter, cv2.GaussianBlur(elder(), (0, 0), s)).sharpness for s in (0.8, 1.6, 3.0)]
    assert sharp.sharpness > scores[0] > scores[1] > scores[2]
    assert scores[2] < 0.45
    assert only(meter, side_light()).lit < 0.2 < 0.8 < sharp.lit
    assert "side light" in only(meter, side_light()).remarks
    assert "spectacles" in only(meter, thick_spectacles()).remarks


def test_a_head_turned_aside(meter: Meter) -> None:
    """Seen from the side, one cheek is narrow: drawn by squeezing half of the face."""
    picture = elder()
    x = np.arange(600, dtype=np.float32)
    squeezed = np.where(x < 300, 300 - (300 - x) * 1.8, 300 + (x - 300) * 0.8).astype(np.float32)
    grid = np.meshgrid(squeezed, np.arange(750, dtype=np.float32))
    turned = cv2.remap(picture, grid[0], grid[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    assert only(meter, turned).turned > 10 + only(meter, picture).turned


def test_one_person_in_many_pictures_and_another(meter: Meter) -> None:
    """In all that was done to one photograph, spectacles among it. How near relatives come stands in `people.py`."""
    assert meter.identity is not None
    faces = {name: only(meter, GOOD[name]()) for name in sorted(GOOD)}
    elders = [one for name, one in faces.items() if name not in HOPPER_ROWS]
    others = [one for name, one in faces.items() if name in HOPPER_ROWS]
    same = max(distance(a, b) for a in elders for b in elders)
    different = min(distance(a, b) for a in elders for b in others)
    assert same < 0.38 < SAME_PERSON < different
    assert np.linalg.norm(elders[0].embedding) == pytest.approx(1, abs=1e-3)


def test_the_person_of_a_made_up_family_is_nobody_else(meter: Meter) -> None:
    """Faces of one country and one maker, nearer to each other than strangers in the street are. The grandchildren, at
    0.24, are taken for one: that is what names are asked for."""
    art = Path(__file__).parents[2] / "support" / "family" / "art"
    people: dict[str, list[Face]] = {}
    for path in sorted(set(art.glob("*.jpg")) - {art / "group.jpg"}):
        people.setdefault(path.stem.split("-")[0], []).extend(meter.faces(read(path), 1.0))
    told = [(name, one) for name, faces in people.items() for one in faces if one.turned < 30]
    groups = grouped([one for _, one in told], [str(number) for number in range(len(told))])
    together = [{told[number][0] for number in group} for group in groups]
    assert together.count({"yulan"}) == 1
    assert {"stranger"} in together
    assert all(not {"yulan", "stranger"} & names or len(names) == 1 for names in together)
