"""Who is who, from made-up numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.photos.people import Everybody, everybody, grouped
from provisioning.photos.review import Review, Reviewed
from provisioning.photos.seen import Seen
from tests.support.photographs import face, seen


def shoebox(*people: int, each: int = 4, **changes: object) -> list[Seen]:
    """Everybody alone on `each` photographs."""
    return [seen(f"photos/{who}-{n}.jpg", face(who, seed=n, **changes)) for who in people for n in range(each)]


def of(found: Everybody, path: str, number: int = 0) -> str:
    return next(one.id for one in found.people for s in one.sightings if (s.photo, s.face) == (path, number))


def test_each_is_one_person() -> None:
    found = everybody(shoebox(1, 2, 3), ())
    assert [one.photos for one in found.people] == [4, 4, 4]
    assert len({of(found, f"photos/2-{n}.jpg") for n in range(4)}) == 1


def test_whoever_is_on_most_is_a_guess_to_be_asked_about() -> None:
    found = everybody([*shoebox(1, each=6), *shoebox(2, each=3)], ())
    assert (found.person, found.how, found.likely) == (of(found, "photos/1-0.jpg"), "guess", True)
    even = everybody(shoebox(1, 2), ())
    assert (even.how, even.likely) == ("guess", False)


def test_strangers_are_never_guessed() -> None:
    found = everybody(shoebox(1, 2, 3, each=1), ())
    assert all(one.stranger for one in found.people)
    assert (found.person, found.how) == ("", "nobody")


def test_copies_make_nobody_known() -> None:
    twice = [seen("photos/a.jpg", face(1, seed=1)), seen("photos/b.jpg", face(1, seed=1))]
    twice[1] = seen("photos/b.jpg", face(1, seed=1), sha256=twice[0].sha256)
    found = everybody(twice, ())
    assert [(one.photos, one.stranger) for one in found.people] == [(1, True)]


def test_the_portrait_says_who() -> None:
    photos = [*shoebox(1, each=9), *shoebox(2, each=2)]
    given_ = seen("photos/portrait.jpg", face(2, seed=50), face(1, seed=51, eye_distance=30.0))
    found = everybody([*photos, given_], ())
    assert (found.person, found.how, found.likely) == (of(found, "photos/2-0.jpg"), "portrait", True)


def test_the_review_says_more_than_the_portrait() -> None:
    photos = [*shoebox(1, 2), seen("photos/portrait.jpg", face(2, seed=50))]
    found = everybody(photos, (), Review(photos={"photos/1-2.jpg": Reviewed(person=1)}))
    assert (found.person, found.how) == (of(found, "photos/1-0.jpg"), "review")


def test_a_name_says_who() -> None:
    photos = [*shoebox(1, each=9), *shoebox(2, each=2, name="Grandma Lan")]
    found = everybody(photos, ("李玉兰", "grandma lan"))
    assert (found.how, next(one.name for one in found.people if one.id == found.person)) == ("named", "Grandma Lan")


def test_two_on_one_photograph_are_two_people() -> None:
    found = everybody([seen("photos/a.jpg", face(1, seed=1), face(1, seed=2))], ())
    assert len(found.people) == 2


def test_names_bind_what_numbers_part_and_part_what_they_bind() -> None:
    bound = grouped([face(1, name="Mei"), face(2, name="Mei")], ["a", "b"])
    parted = grouped([face(1, seed=1, name="Mei"), face(1, seed=2, name="Wen")], ["a", "b"])
    assert (len(bound), len(parted)) == (1, 2)


def test_faces_without_numbers_stand_alone() -> None:
    assert len(grouped([face(), face(), face(1, eye_distance=10.0)], ["a", "b", "c"])) == 3


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 99), st.sampled_from("abcdefgh")), max_size=24))
def test_every_face_is_somebodys_once(told: list[tuple[int, int, str]]) -> None:
    faces = [face(who, noise=0.3, seed=seed) for who, seed, _ in told]
    groups = grouped(faces, [photo for _, _, photo in told])
    assert sorted(number for group in groups for number in group) == list(range(len(told)))
    for group in groups:
        assert len({told[number][2] for number in group}) == len(group), "nobody is twice on a photograph"


@given(st.permutations(range(8)))
def test_the_order_of_photographs_does_not_matter(order: list[int]) -> None:
    photos = shoebox(1, 2)
    assert everybody([photos[i] for i in order], ()) == everybody(photos, ())


@pytest.mark.parametrize("count", [0, 1])
def test_few_photographs_are_no_error(count: int) -> None:
    assert len(everybody(shoebox(1, each=count), ()).people) == count


def test_made_up_numbers_are_as_far_apart_as_people() -> None:
    """So that these tests mean something: the same person at about 0.2, others at about 1.4."""
    one, again, other = (np.array(face(who, seed=seed).embedding) for who, seed in ((1, 1), (1, 2), (2, 3)))
    assert np.linalg.norm(one - again) < 0.3 < 1.0 < np.linalg.norm(one - other)
