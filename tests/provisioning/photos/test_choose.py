"""The choice for the likeness, and its reasons."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from provisioning.photos.choice import PARTS, Choice
from provisioning.photos.choose import MORE, SHOWN, choose, measures, score
from provisioning.photos.people import everybody
from provisioning.photos.review import Review, Reviewed, Wish
from provisioning.photos.seen import Face, Seen
from provisioning.photos.strip import FACE, strip
from tests.support.photographs import face, seen


def chosen(photos: list[Seen], review: Review | None = None) -> Choice:
    return choose(photos, everybody(photos, (), review), review)


def best_and(*others: Face) -> list[Seen]:
    photos = [seen("photos/best.jpg", face(1, seed=0, eye_distance=150.0))]
    return photos + [seen(f"photos/{n}.jpg", other) for n, other in enumerate(others)]


@pytest.mark.parametrize(
    "change",
    [
        {"eye_distance": 45.0},
        {"turned": 22.0},
        {"sharpness": 0.2},
        {"lit": 0.2},
        {"eyes_open": 0.2},
        {"parted": 0.12},
        {"remarks": ("mouth hidden",)},
    ],
    ids=str,
)
def test_each_measure_counts(change: dict[str, object]) -> None:
    choice = chosen(best_and(*(face(1, seed=n, **{"eye_distance": 150.0, **change}) for n in range(1, 4))))
    assert choice.portrait is not None
    assert choice.portrait.photo == "photos/best.jpg"
    worse = next(one for one in choice.candidates if one.photo == "photos/0.jpg")
    assert worse.score < 0.93 * choice.portrait.score


@pytest.mark.parametrize(
    "change", [{"unfit": "closed ones"}, {"eye_distance": 30.0}, {"turned": 40.0}, {"eyes_open": 0.0}]
)
def test_what_the_likeness_refuses_is_not_chosen(change: dict[str, object]) -> None:
    photos = [seen(f"photos/{n}.jpg", face(1, seed=n, **change)) for n in range(3)]
    choice = chosen(photos)
    assert choice.portrait is None
    assert all(one.en.startswith("It will not do") and one.zh.startswith("不能用") for one in choice.candidates)
    assert "no portrait" in {remark.code for remark in choice.remarks}


def test_a_smile_with_teeth_stands_beside_it() -> None:
    photos = best_and(face(1, seed=1, smile=0.8, parted=0.08), face(1, seed=2), face(1, seed=3))
    assert {one.role: one.photo for one in chosen(photos).others}["portrait_smiling"] == "photos/0.jpg"
    assert "no smile" in {remark.code for remark in chosen(best_and(face(1, seed=1), face(1, seed=2))).remarks}


def test_no_more_than_wanted_and_nobody_elses() -> None:
    photos = [seen(f"photos/a{n}.jpg", face(1, seed=n), date=f"{1980 + n}", date_confidence=1.0) for n in range(30)]
    photos += [seen(f"photos/b{n}.jpg", face(2, seed=n, eye_distance=200.0)) for n in range(5)]
    choice = chosen(photos)
    assert len(choice.others) == MORE
    assert len(choice.candidates) <= SHOWN + MORE
    assert all(one.photo.startswith("photos/a") for one in choice.candidates)
    assert len({one.role for one in choice.others}) == MORE
    assert choice.ask, "who it is was guessed"


def test_the_familys_portraits_stay() -> None:
    photos = [*best_and(face(1, seed=1), face(1, seed=2)), seen("photos/portrait.jpg", face(1, seed=9, lit=0.4)),
              seen("photos/portrait_smiling.jpg", face(1, seed=8, lit=0.4))]  # fmt: skip
    choice = chosen(photos)
    assert choice.portrait is not None
    assert choice.portrait.photo == "photos/portrait.jpg"
    assert choice.others[0].role == "portrait_smiling"
    assert choice.others[0].photo == "photos/portrait_smiling.jpg"
    assert not choice.ask


def test_the_familys_word_stands_above_all() -> None:
    photos = best_and(face(1, seed=1, lit=0.3), face(1, seed=2))
    wished = chosen(photos, Review(likeness=Wish(photo="photos/0.jpg")))
    assert wished.portrait is not None
    assert wished.portrait.photo == "photos/0.jpg"
    without = chosen(photos, Review(photos={"photos/best.jpg": Reviewed(exclude=True)}))
    assert without.portrait is not None
    assert without.portrait.photo == "photos/1.jpg"


def test_the_wished_years() -> None:
    photos = [seen(f"photos/{year}.jpg", face(1, seed=year), date=f"{year}", date_confidence=0.9)
              for year in (1960, 1985, 2015)]  # fmt: skip
    choice = chosen(photos, Review(likeness=Wish(year=1984)))
    assert choice.portrait is not None
    assert choice.portrait.photo == "photos/1985.jpg"
    assert "of the years you wish" in choice.portrait.en


@pytest.mark.parametrize("kind", ["screenshot", "drawing", "document"])
def test_no_likeness_of_a_screen(kind: str) -> None:
    photos = [seen(f"photos/{n}.jpg", face(1, seed=n), kind=kind) for n in range(3)]
    assert chosen(photos).portrait is None


def test_strangers_alone_are_said_to_be_unknown() -> None:
    choice = chosen([seen("photos/a.jpg", face(1)), seen("photos/b.jpg", face(2))])
    assert (choice.portrait, choice.how, choice.candidates) == (None, "nobody", ())
    assert choice.remarks[0].code == "nobody"
    assert chosen([]).remarks[0].zh


FACES = st.builds(
    face,
    st.just(1),
    eye_distance=st.floats(0, 1000),
    turned=st.floats(0, 90),
    sharpness=st.floats(0, 1),
    lit=st.floats(0, 1),
    eyes_open=st.floats(0, 1),
    parted=st.floats(0, 2),
    remarks=st.lists(st.sampled_from(["spectacles", "dark", "mouth hidden"])).map(tuple),
)


@given(FACES, st.integers(1826, 2100) | st.none())
def test_all_measures_are_shares(one: Face, year: int | None) -> None:
    parts = measures(seen("a.jpg", one, date="1990", date_confidence=0.9), one, year)
    assert list(parts) == list(PARTS)
    assert all(0 <= value <= 1 for value in parts.values())
    assert 0 <= score(parts) <= 1


@given(st.lists(FACES, min_size=2, max_size=6))
def test_every_candidate_has_a_reason_in_both_languages(faces: list[Face]) -> None:
    choice = chosen([seen(f"photos/{n}.jpg", one) for n, one in enumerate(faces)])
    for one in choice.candidates:
        assert one.en.endswith(".")
        assert one.zh.endswith("。")
    assert msgspec.json.decode(msgspec.json.encode(choice), type=Choice) == choice


def test_the_strip_shows_each() -> None:
    photos = best_and(*(face(1, seed=n, lit=0.3 + 0.1 * n) for n in range(1, 4)))
    faces = {one.path: Image.new("RGB", FACE, (200, 40, 40)) for one in photos}
    picture = strip(chosen(photos), faces)
    red = sum(count for count, colour in picture.getcolors(1 << 24) or [] if colour == (200, 40, 40))
    assert red == 4 * FACE[0] * FACE[1]
    assert strip(chosen([]), {}).width >= 480
