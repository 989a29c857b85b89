"""What must hold for any photograph a family has, checked on a dozen very different ones."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from device.face.composite import parted
from device.face.features import face_weights, head_weights, limited
from device.face.pose import INDEX, neutral
from device.face.rig import Field, Rig
from device.face.viseme_poses import VISEME_POSES
from provisioning.likeness.geometry import LIPS
from provisioning.likeness.head import grid_nodes
from provisioning.likeness.landmarks import FaceReader
from provisioning.likeness.sheet import EXPRESSIONS
from tests.provisioning.likeness.conftest import Baked
from tests.support.likeness_inputs import GOOD

POSES = {**EXPRESSIONS, **VISEME_POSES}
Bake = Callable[[str], Baked]
WEARERS = {"black and white", "jpeg 30", "thin spectacles", "thick spectacles"}
REMARKS = {
    "faded print": "faded",
    "low light": "dark",
    "side light": "side light",
    "small face": "small",
    "tight crop": "cut hair",
    "black and white": "grainy",
    "open smile": "lips parted",
}


@pytest.mark.parametrize("name", GOOD)
def test_none_is_refused_and_a_still_face_is_the_photograph(baked: Bake, name: str) -> None:
    one = baked(name)
    assert np.array_equal(one.frame({}), one.photo)
    assert one.report.spectacles == (name in WEARERS)
    assert (one.report.colour < 0.1) == (name == "black and white")


@pytest.mark.parametrize("name", REMARKS)
def test_what_is_weak_is_said(baked: Bake, name: str) -> None:
    assert REMARKS[name] in [remark.code for remark in baked(name).report.weak]


@pytest.mark.parametrize("name", GOOD)
def test_nothing_folds_over_in_any_pose_of_the_sheet(baked: Bake, name: str) -> None:
    rig = baked(name).rig
    rows, columns = rig.upper.bases.shape[1:3]
    nodes = grid_nodes(rig.upper.origin, rig.upper.step, rows, columns)
    above, below = rig.mouth.slit.distances(nodes[..., 0], nodes[..., 1])
    for weights in POSES.values():
        pose = neutral()
        for parameter, weight in weights.items():
            pose[INDEX[parameter]] = weight
        face, head = face_weights(limited(pose)), head_weights(limited(pose))
        assert least_area(rig.head, head).min() > 0
        assert least_area(rig.upper, face)[above < 0].min() > 0
        assert least_area(rig.lower, face)[below > 0].min() > 0


def least_area(field: Field, weights: np.ndarray) -> np.ndarray:
    """The Jacobian's determinant: 1 at rest, 0 where the picture would fold."""
    moved = np.tensordot(weights, field.bases, 1)
    dx, dy = np.gradient(moved, axis=1) / field.step, np.gradient(moved, axis=0) / field.step
    return np.asarray((1 + dx[..., 0]) * (1 + dy[..., 1]) - dx[..., 1] * dy[..., 0])


@pytest.mark.parametrize("name", ["tilted", "turned", "side light", "tight crop"])
@pytest.mark.parametrize("pose", ["aa", "laugh", "SS"])
def test_the_mouths_inside_is_seen_between_the_lips_only(baked: Bake, reader: FaceReader, name: str, pose: str) -> None:
    one = baked(name)
    frame = one.frame(POSES[pose])
    points = reader.landmarks(frame, reader.detect(frame)[0])[0]
    lips = np.zeros(frame.shape[:2], np.uint8)
    cv2.fillConvexPoly(lips, cv2.convexHull(np.round(points[list(LIPS), :2]).astype(np.int32)), (1,))
    room = 2 * round(one.report.eye_distance / 25) + 1
    lips = cv2.dilate(lips, np.ones((room, room), np.uint8))
    green = Baked(one.photo, one.report, painted(one.rig)).frame(POSES[pose])
    inside = np.abs(green.astype(int) - frame).max(2) > 24
    assert inside.sum() > 20
    assert not inside[lips == 0].any()
    assert np.array_equal(Baked(one.photo, one.report, painted(one.rig)).frame(POSES["PP"]), one.frame(POSES["PP"]))


def test_a_smile_with_parted_lips_closes_for_a_p_and_keeps_its_teeth(baked: Bake) -> None:
    one = baked("open smile")
    assert "teeth" in [note.code for note in one.report.used]
    green, frame = Baked(one.photo, one.report, painted(one.rig)).frame(POSES["PP"]), one.frame(POSES["PP"])
    shown = np.abs(green.astype(int) - frame).max(2)
    slit = one.rig.mouth.slit
    x, y = (round(v) for v in slit.centre)
    half = round(0.6 * slit.half)
    assert shown[y - 20 : y + 30, x - half : x + half].mean() < 1, "closed but for its corners"
    teeth = one.photo[y + 3 : y + 9, x - 12 : x + 13].astype(int)
    speaking = one.frame({"jawOpen": 0.03})[y + 3 : y + 9, x - 12 : x + 13].astype(int)
    assert np.abs(np.median(teeth, (0, 1)) - np.median(speaking, (0, 1))).max() < 30


def painted(rig: Rig) -> Rig:
    """The same with a green mouth."""
    layers = tuple(np.full_like(layer, (0, 255, 0, 255)) for layer in rig.mouth.layers)
    mouth = type(rig.mouth)(rig.mouth.slit, rig.mouth.drop, rig.mouth.place, layers)
    return Rig(rig.photo, rig.matte, rig.background, rig.landmarks, rig.head, rig.upper, rig.lower, mouth, rig.eyes)


def chroma(colours: np.ndarray) -> np.ndarray:
    lab = cv2.cvtColor((colours.reshape(1, -1, 3) / 255).astype(np.float32), cv2.COLOR_RGB2Lab)[0]
    return np.asarray(np.hypot(lab[:, 1], lab[:, 2]))


def lips_of(one: Baked) -> np.ndarray:
    mask = np.zeros(one.photo.shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.round(one.rig.landmarks[list(LIPS), :2]).astype(np.int32)], (1,))
    return np.asarray(one.photo[mask > 0])


def solid(layer: np.ndarray) -> np.ndarray:
    return np.asarray(layer[..., :3][layer[..., 3] > 200])


def test_a_grey_photograph_gets_a_grey_mouth_and_grey_eyes(baked: Bake) -> None:
    rig = baked("black and white").rig
    drawn = [*(solid(layer) for layer in rig.mouth.layers), *(eye.ball.reshape(-1, 3) for eye in rig.eyes)]
    for colours in drawn:
        assert np.ptp(colours.astype(int), axis=1).max() <= 1


def test_a_faded_print_gets_no_more_colour_and_no_whiter_teeth_than_it_has(baked: Bake) -> None:
    one = baked("faded print")
    most = float(np.percentile(chroma(lips_of(one)), 90))
    for layer in one.rig.mouth.layers:
        assert np.median(chroma(solid(layer))) <= most
    white = np.percentile(one.photo.reshape(-1, 3), 99.5, axis=0)
    assert (np.percentile(solid(one.rig.mouth.layers[3]), 98, axis=0) <= white + 4).all()
    assert solid(one.rig.mouth.layers[0]).min() > 0.7 * np.percentile(one.photo, 0.5), "no blacker than its black"


def test_teeth_are_lit_from_the_side_that_the_face_is_lit_from(baked: Bake) -> None:
    upper = baked("side light").rig.mouth.layers[3].astype(float)
    part = upper.shape[1] // 4
    middle = upper.shape[1] // 2
    sides = [upper[:, at][upper[:, at, 3] > 250][:, :3].mean() for at in (np.s_[part:middle], np.s_[middle : 3 * part])]
    assert sides[0] > 1.3 * sides[1]


def fine(picture: np.ndarray) -> float:
    """Standard deviation of what is finer than two pixels."""
    values = picture.astype(np.float32)
    return float((values - cv2.GaussianBlur(values, (0, 0), 2.0)).std())


def test_the_mouth_is_as_grainy_as_the_photograph(baked: Bake) -> None:
    one = baked("black and white")
    x, y = (int(v) for v in one.rig.landmarks[50, :2])
    cheek = fine(one.photo[y - 8 : y + 9, x - 8 : x + 9])
    shift = one.rig.mouth.place
    to_photo = cv2.warpAffine(one.rig.mouth.layers[0], shift - [[0, 0, shift[0, 2]], [0, 0, shift[1, 2]]], (90, 45))
    assert 0.25 < fine(to_photo[4:-4, 4:-4, :3]) / cheek < 1.3
    clean = baked("tight crop").rig.mouth.layers[0]
    assert fine(clean[4:-4, 4:-4, :3]) < 2


@pytest.mark.parametrize("pose", ["brows up", "laugh", "brows down"])
def test_spectacles_stay_stiff_while_the_face_moves(baked: Bake, pose: str) -> None:
    one = baked("thick spectacles")
    x, y = one.rig.landmarks[[468, 473], :2].mean(0).astype(int)
    window = np.s_[y - 20 : y + 40, x - 85 : x + 86]
    rest, moved = (picture[window].max(2) < 60 for picture in (one.photo, one.frame(POSES[pose])))
    assert (rest & moved).sum() / (rest | moved).sum() > 0.9


def test_a_blink_behind_a_dark_rim_shows_lit_skin(baked: Bake) -> None:
    one = baked("jpeg 30")
    frame = one.frame(POSES["blink"])
    for eye in one.rig.eyes:
        x, y, radius = (round(v) for v in eye.iris)
        here = np.s_[y - radius // 2 : y + radius // 2, x - radius // 2 : x + radius // 2]
        assert np.median(frame[here].max(2)) > np.median(one.photo[here].max(2)) + 30


@pytest.mark.parametrize("name", ["jpeg 30", "black and white", "tilted"])
def test_the_background_is_not_bent_behind_the_persons_edge(baked: Bake, name: str) -> None:
    """Or a turning head would leave a coloured outline of itself behind."""
    rig = baked(name).rig
    _, behind = parted(rig.photo, rig.background, rig.matte)
    bent = np.abs(behind.astype(int) - rig.background).max(2)[rig.matte > 0]
    assert bent.max() <= 8


@pytest.mark.parametrize(
    ("name", "hue"), [("small face", 0.21), ("thin spectacles", 0.14), ("open smile", 0.14), ("tight crop", 0.14)]
)
def test_the_white_that_a_look_aside_uncovers_is_the_photographs_own(baked: Bake, name: str, hue: float) -> None:
    one = baked(name)
    frame, eye = one.frame({"gazeX": -0.9}), one.rig.eyes[0]
    y, x = np.mgrid[: frame.shape[0], : frame.shape[1]].astype(np.float32)
    under, over = eye.slit.distances(x, y)
    inside = np.minimum(under, -over) > 0.1 * eye.slit.half
    radius = np.hypot(x - eye.iris[0], y - eye.iris[1]) / eye.iris[2]
    beside = np.hypot(x - eye.iris[0] + 0.58 * eye.iris[2], y - eye.iris[1]) / eye.iris[2]
    seen = one.photo[inside & (radius > 1.2) & (radius < 2.2)].astype(float)
    white = np.median(seen[np.argsort(seen.min(1))[-6:]], axis=0)
    uncovered = np.median(frame[inside & (radius < 1) & (beside > 1.2)], axis=0)
    assert 0.8 < uncovered.mean() / white.mean() < 1.15, "neither grey nor glaring"
    assert abs(uncovered[2] / uncovered[0] - white[2] / white[0]) < hue, "in the same light"
