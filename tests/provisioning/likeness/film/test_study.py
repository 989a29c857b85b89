"""A film of which all is known: what is found in it, when, and how still the head then stands."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from device.errors import BadInput
from device.face.manner import RATE
from provisioning.likeness.film.align import SKULL
from provisioning.likeness.film.events import Piece
from provisioning.likeness.film.ruler import Ruler, ruler
from provisioning.likeness.film.smile import Smile, measured, spread, with_smile
from provisioning.likeness.film.steady import Steady, light_of, steadied
from provisioning.likeness.film.study import Study, cut_sip, picture_of, study
from provisioning.likeness.film.tracks import manner
from provisioning.likeness.landmarks import FaceReader
from tests.provisioning.likeness.film.conftest import BLINKS, CUP, LOWERED, NOD, OPEN, SIZE, SMILE, Elder, colour
from tests.support import films

NEAR = 0.3  # s


@pytest.fixture(scope="session")
def measure_of(sitter: Elder, reader: FaceReader) -> Ruler:
    return ruler(sitter.rig, reader)


def when(watched: Study, piece: Piece) -> tuple[float, float]:
    return watched.face.time(piece.start), watched.face.time(piece.end)


def test_the_person_is_followed_through_all_of_it(watched: Study) -> None:
    assert watched.track.size == SIZE
    assert watched.face.seen.mean() > 0.97
    assert watched.track.unlike < 0.03
    assert not watched.film.broken


def test_what_happens_is_found_when_it_happens(watched: Study) -> None:
    assert [watched.face.time(b.at * watched.face.rate) for b in watched.blinks] == pytest.approx(BLINKS, abs=0.07)
    (smile,), (nod,), (low,), (cup,) = (watched.found[k] for k in ("smile", "nod", "lowered", "sip"))
    for piece, truth in ((smile, SMILE), (nod, NOD), (low, LOWERED), (cup, CUP)):
        assert when(watched, piece) == (pytest.approx(truth[0], abs=NEAR), pytest.approx(truth[1], abs=NEAR))
    assert all(OPEN[0] < moment.t < OPEN[1] for moment in watched.of("mouth"))
    assert watched.of("mouth")
    calm = [when(watched, piece) for piece in watched.found["calm"]]
    assert all(end < SMILE[0] + NEAR or start > SMILE[1] - NEAR for start, end in calm)


def test_the_lids_time_is_the_persons(watched: Study) -> None:
    assert np.median([b.closing for b in watched.blinks]) == pytest.approx(0.12, abs=0.025)
    assert np.median([b.opening for b in watched.blinks]) == pytest.approx(0.26, abs=0.05)


def test_the_head_stands_still_once_it_is_steadied(watched: Study, sitter: Elder) -> None:
    quiet = slice(10, 60)
    points = watched.track.points[quiet]
    steady = Steady(sitter.found, SIZE[0])
    places = steadied(np.stack([steady.place(p) for p in points]), watched.face.rate)
    after = np.einsum("nij,nkj->nki", places[:, :, :2], points[:, SKULL, :2]) + places[:, None, :, 2]
    after = after / (np.hypot(places[:, 0, 0], places[:, 1, 0])[:, None, None])
    shaken, still = (float(p.std(0).mean()) for p in (points[:, SKULL, :2], after))
    assert shaken > 0.8
    assert still < 0.35 * shaken


def test_the_pictures_have_the_photographs_place_and_light(watched: Study, sitter: Elder, reader: FaceReader) -> None:
    (rest,) = watched.of("rest")
    shown = picture_of(rest, sitter.found, 320)
    points, _ = reader.landmarks(shown, reader.detect(shown)[0])
    steady = Steady(sitter.found, 320)
    own = steady.shown(sitter.found.picture, steady.place(sitter.found.points), sitter.found.tones)
    truth, _ = reader.landmarks(own, reader.detect(own)[0])
    assert np.hypot(*(points[:, :2] - truth[:, :2]).T).mean() < 2.5
    before = np.abs(colour(rest.picture, rest.points) - colour(sitter.found.picture, sitter.found.points)).max()
    after = np.abs(colour(shown, points) - colour(own, truth)).max()
    assert before > 25
    assert after < 12
    assert light_of(own, truth).skin == pytest.approx(sitter.found.tones.skin, abs=8)


def test_the_tracks_play_what_was_done(watched: Study, measure_of: Ruler) -> None:
    own = manner([watched.face], measure_of)
    assert len(own.blinks) == len(BLINKS)
    (nod,), (low,) = own.of("nod"), own.of("lowered")
    assert nod[:, 1].max() == pytest.approx(6.0, abs=2.0)
    assert low[:, 1].max() == pytest.approx(8.0, abs=2.0)
    assert np.abs(low[:, [0, 2]]).max() < 2.5
    assert len(low) / RATE == pytest.approx(LOWERED[1] - LOWERED[0] + 0.3, abs=0.5)
    for track in (nod, low):
        assert np.abs(track[[0, -1]]).max() < 1e-4
    assert all(np.abs(track[:, :3]).max() < 3 for track in own.of("calm"))


def test_the_smile_is_the_drawn_one_where_the_film_shows_the_drawn_one(
    watched: Study, sitter: Elder, measure_of: Ruler
) -> None:
    found = sitter.found
    smile = measured(watched.face, watched.found["smile"][0], found.face, found.points, measure_of.smile)
    assert smile is not None
    assert smile.sizes == pytest.approx((1.0, 1.0), abs=0.3)
    assert np.linalg.norm(smile.more, axis=1).mean() < 0.012


def test_a_measured_smile_reaches_both_copies_and_keeps_lips_together(sitter: Elder) -> None:
    found, rig = sitter.found, sitter.rig
    places = found.face.to_local(found.points[:468, :2])
    more = np.tile([0.0, -0.03], (468, 1)) * (np.abs(places[:, :1] - 0.4) < 0.2)
    drawn = with_smile(rig, Smile((1.2, 0.7), places, more), found.face, found.glasses)
    left, right = 6, 7  # smileLeft and smileRight among FACE_FEATURES
    step = drawn.upper.bases[right] - 0.7 * rig.upper.bases[right]
    assert np.abs(drawn.upper.bases[left] - 1.2 * rig.upper.bases[left]).max() > 0.5 * np.abs(step).max() > 0
    assert np.array_equal(np.delete(drawn.upper.bases, [left, right], 0), np.delete(rig.upper.bases, [left, right], 0))
    for copy in (left, right):
        before = rig.upper.bases[copy] - rig.lower.bases[copy]
        after = drawn.upper.bases[copy] - drawn.lower.bases[copy]
        assert np.abs(after).max() <= 1.25 * np.abs(before).max() + 1e-4, "a closed mouth stays closed"
    assert np.linalg.norm(spread(places[None] * 1.0, Smile((1, 1), places, more * 50)), axis=-1).max() < 0.0501


def test_the_sip_is_a_clip_in_the_portraits_place(watched: Study, sitter: Elder, tmp_path: Path) -> None:
    path = cut_sip(watched, sitter.found, tmp_path / "clips")
    assert path is not None
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert len(frames) / watched.face.rate == pytest.approx(CUP[1] - CUP[0] + 1.2, abs=0.5)
    height, width = frames[0].shape[:2]
    mouth = frames[len(frames) // 2][int(0.68 * height), width // 2].astype(int)
    assert mouth[2] > mouth[0] + 20, "the cup is blue"
    assert frames[12][int(0.68 * height), width // 2][0] > 120, "before it, there is skin"


def test_a_film_without_the_person_is_said(sitter: Elder, reader: FaceReader, tmp_path: Path) -> None:
    empty = (np.full((160, 120, 3), 90, np.uint8) for _ in range(20))
    with pytest.raises(BadInput, match="none that could be found"):
        study(films.write(tmp_path / "wall.mp4", empty), sitter.found, reader, lambda share: None)
