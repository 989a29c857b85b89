"""The statistics of `imago bench face`, on material that is made so that each must notice what is wrong with it."""

from __future__ import annotations

import itertools
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.bench import report
from device.bench.face import albums, costs, life, lips, same_face, soundness, strips
from device.bench.face.talk import BREATH_S, TEXTS, talk
from device.commands import bench_face_page
from device.face.features import FACE_FEATURES
from device.face.pose import INDEX, PARAMETERS, Pose, neutral, posed
from device.face.prepared import Prepared
from device.face.render import Frame, Rgba
from device.face.render_cpu import RenderCpu
from device.face.sync import opening_command
from device.link import Speak, Stats
from device.persona.album import load as load_album
from device.ports import Speech, Viseme
from tests.device.face.speech import clause
from tests.fakes.likeness import small_rig

SPEAKS = [clause(0.5 + 3.5 * i, count=28, seed=i, index=i) for i in range(8)]
TIMES = np.arange(0.0, 30.0, 1 / 30)
REST = 0.01
GAPS = REST + 0.1 * np.clip(opening_command(SPEAKS, TIMES + 0.015), 0, None)


class Ticking:
    """Behind the Watch port: drawing takes what it is told to, waiting takes as long as it must."""

    def __init__(self) -> None:
        self.t = self.cpu = 0.0

    def now(self) -> float:
        return self.t

    def used(self) -> float:
        return self.cpu

    def wait_until(self, t: float) -> None:
        self.t = max(self.t, t)

    def work(self, seconds: float) -> Frame:
        self.t += seconds
        self.cpu += seconds
        return np.zeros((2, 2, 3), np.uint8)


def test_costs_are_those_of_drawing_and_the_share_is_that_of_the_beat() -> None:
    watch = Ticking()
    frames = (watch.work(0.005) for _ in itertools.count())
    row = costs.measure(costs.Case("x", (64, 48), 50), frames, 4.0, watch, show=lambda frame: watch.work(0.002))
    assert (row["frames"], row["fps"], row["over_period"]) == (200, pytest.approx(50, abs=0.3), 0)
    assert row["p50_ms"] == row["p99_ms"] == 7.0
    assert row["core_share"] == pytest.approx(0.35, abs=0.01)


def test_slow_frames_are_seen_in_the_tail_and_in_the_rate() -> None:
    watch = Ticking()
    frames = (watch.work(0.09 if number % 20 == 19 else 0.004) for number in itertools.count())
    row = costs.measure(costs.Case("x", (64, 48), 50), frames, 4.0, watch, warm=0)
    assert row["p50_ms"] == 4.0
    assert row["p99_ms"] == 90.0
    assert row["over_period"] == 10
    assert row["fps"] < 46


def test_lips_in_step_have_their_lead_and_no_drift() -> None:
    found = lips.offsets(TIMES, GAPS, SPEAKS)
    assert found["offset_ms"] == pytest.approx(15, abs=3)
    assert found["drift_ms"] == pytest.approx(0, abs=5)


def test_a_drift_is_found() -> None:
    drifting = 0.1 * np.clip(opening_command(SPEAKS, TIMES * 1.003), 0, None)
    found = lips.offsets(TIMES, drifting, SPEAKS)
    assert found["drift_ms"] == pytest.approx(60, abs=12)


def test_too_little_speech_has_no_offset() -> None:
    assert set(lips.offsets(TIMES[:3], GAPS[:3], SPEAKS).values()) == {None}
    assert set(lips.offsets(TIMES, np.full_like(TIMES, REST), SPEAKS).values()) == {None}


def test_closures_are_seen_where_the_lips_really_shut() -> None:
    found = lips.closures(TIMES, GAPS, SPEAKS, REST)
    assert found["p_b_m"] == sum(v[0] == "PP" for s in SPEAKS for v in s.visemes if s.t0 + v[2] < 30) > 10
    assert found["share"] == 1.0
    assert found["open_vowels_shut"] < 0.1


@pytest.mark.parametrize("kept", [0.3, 0.5])
def test_lips_that_do_not_close_all_the_way_are_found(kept: float) -> None:
    lazy = np.maximum(GAPS, REST + kept * (GAPS.max() - REST))
    lazy[:30] = REST
    assert lips.closures(TIMES, lazy, SPEAKS, REST)["share"] < 0.2


def test_lips_that_never_open_are_found_by_the_control() -> None:
    found = lips.closures(TIMES, REST + 1e-4 * np.sin(TIMES), SPEAKS, REST + 0.01)
    assert found["share"] == found["open_vowels_shut"] == 1.0


def test_lips_a_tenth_of_a_second_late_miss_most_closures() -> None:
    late = np.interp(TIMES - 0.12, TIMES, GAPS)
    assert lips.closures(TIMES, late, SPEAKS, REST)["share"] < 0.8


def test_a_talk_lasts_as_long_as_asked_and_clauses_never_overlap() -> None:
    said = [Speech(np.zeros(8000, np.float32), 16_000, (Viseme("aa", 0.0, 0.5),), "a") for _ in range(3)]
    speaks = talk(said, 20.0)
    assert speaks[-1].t0 + speaks[-1].seconds >= 20.0 - BREATH_S
    assert all(b.t0 >= a.t0 + a.seconds - 1e-9 for a, b in itertools.pairwise(speaks))
    assert len({(s.turn, s.index) for s in speaks}) == len(speaks)
    assert all(sum(letter in "pbm" for letter in text.lower()) > 20 for code, text in TEXTS.items() if code == "en")


def log_normal(count: int, seed: int) -> np.ndarray:
    return np.cumsum(np.random.default_rng(seed).lognormal(1.0, 0.55, count))


def test_log_normal_intervals_pass_and_others_do_not() -> None:
    passed = [life.blink_report([log_normal(500, seed)], 30)["log_normal"] for seed in range(40)]
    assert 33 <= sum(passed) <= 40, "some of 20 true ones are refused"
    pairs = np.cumsum(np.random.default_rng(1).choice([1.0, 6.0], 500) + np.random.default_rng(2).uniform(0, 0.5, 500))
    poisson = np.cumsum(np.random.default_rng(1).exponential(3.5, 500))
    for wrong in (pairs, poisson):
        assert not life.blink_report([wrong], 30)["log_normal"]


def test_blinks_are_counted_once_each() -> None:
    poses = np.zeros((300, len(PARAMETERS)), np.float32)
    for start in (30, 60, 200):
        poses[start : start + 6, INDEX["eyeBlinkLeft"]] = (0.4, 0.9, 1.0, 0.85, 0.9, 0.6)
    poses[100:130, INDEX["eyeBlinkLeft"]] = 0.45  # a look down is no blink
    np.testing.assert_allclose(life.blinks(poses), np.array([31, 61, 201]) / 30)
    assert life.blink_report([life.blinks(poses)], 1 / 6)["log_normal"] is None


@given(st.lists(st.booleans(), min_size=1, max_size=200), st.integers(1, 6))
def test_runs_lose_no_frame_and_alternate(flags: list[bool], shortest: int) -> None:
    found = life.runs(np.array(flags), shortest)
    assert sum(length for _, length in found) == len(flags)
    assert all(a[0] != b[0] for a, b in itertools.pairwise(found))
    assert all(length >= shortest for _, length in found[1:])


def test_gaze_spells_are_those_that_were_made() -> None:
    poses = np.zeros((3000, len(PARAMETERS)), np.float32)
    poses[:, INDEX["gazeX"]] = np.where(np.arange(3000) % 100 < 60, 0.02, 0.3)
    found = life.gaze_report(poses)
    assert found["mutual"] == pytest.approx(0.6)
    assert found["spell_mean_s"] == 2.0


def wander(count: int, seed: int) -> np.ndarray:
    smooth = np.convolve(np.random.default_rng(seed).normal(size=count + 40), np.hanning(41), "valid")[:count]
    return smooth / smooth.std()


def test_a_loop_is_found_and_its_length_with_it() -> None:
    lag, r = life.repetition(np.tile(wander(170, 1), 40), 10.0)
    assert lag == pytest.approx(17.0, abs=0.2) or lag % 17 == pytest.approx(0, abs=0.2)
    assert r > 0.9
    lag, r = life.repetition(np.sin(np.arange(6000) * 2 * np.pi / 45) + 0.2 * wander(6000, 2), 10.0)
    assert lag % 4.5 == pytest.approx(0, abs=0.2) or lag % 4.5 == pytest.approx(4.5, abs=0.2)
    assert r > 0.7


@pytest.mark.parametrize("seed", range(5))
def test_what_never_repeats_has_no_peak(seed: int) -> None:
    assert life.repetition(wander(9000, seed), 10.0)[1] < 0.3
    assert life.repetition(np.linspace(0, 1, 500), 10.0)[1] < 0.3


def test_a_life_can_be_simulated_again() -> None:
    said = [Speech(np.zeros(16_000, np.float32), 16_000, (Viseme("PP", 0.1, 0.2), Viseme("aa", 0.2, 0.6)), "ma")]
    first, again = (life.in_conversation(said, 0.5, 3) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    assert first[:, INDEX["mouthClose"]].max() > 0.9, "it speaks"
    assert life.alone(0.5, 3).shape == (900, len(PARAMETERS))
    assert set(life.head_report(first)) == {"headYaw", "headPitch", "headRoll"}


def shear(rows: int, columns: int, step: float, across: float, down: float) -> np.ndarray:
    y, x = np.mgrid[:rows, :columns].astype(np.float32) * np.float32(step)
    return np.stack([across * x, down * y], -1).astype(np.float32)


@given(st.floats(-1.9, 1.0), st.floats(-1.9, 1.0))
def test_the_jacobian_of_a_scaling_is_its_area(across: float, down: float) -> None:
    found = soundness.jacobian(shear(5, 6, 4.0, across, down), 4.0)
    assert found.shape == (4, 5)
    np.testing.assert_allclose(found, (1 + across) * (1 + down), atol=1e-3)


def test_one_node_pushed_over_its_neighbour_is_a_fold() -> None:
    forward = np.zeros((8, 8, 2), np.float32)
    forward[4, 4, 0] = 5.0
    assert soundness.jacobian(forward, 4.0).min() < 0
    forward[4, 4, 0] = 2.0
    assert soundness.jacobian(forward, 4.0).min() == pytest.approx(0.5)


def test_a_rig_that_folds_is_found_and_one_that_does_not_is_not() -> None:
    rig = small_rig()
    open_jaw = [posed({"jawOpen": 1.0}), posed({"headYaw": 5.0})]
    whole = soundness.folds(Prepared(rig, (160, 200)).fields, open_jaw)
    assert (whole["poses"], whole["folded"]) == (2, 0)
    rig.upper.bases[FACE_FEATURES.index("browInner"), 4:6, 10:12, 1] = 40.0
    broken = soundness.folds(Prepared(rig, (160, 200)).fields, [*open_jaw, posed({"browInnerUp": 1.0})])
    assert (broken["poses"], broken["folded"]) == (3, 1)
    assert broken["least"]["upper"] < 0 < broken["least"]["lower"]


def test_a_hole_in_the_face_is_found() -> None:
    rig = small_rig()
    parts, renderer = Prepared(rig, (160, 200)), RenderCpu(rig, (160, 200))
    poses = {"rest": neutral(), "yaw": posed({"headYaw": 6.0})}
    assert soundness.holes(rig, parts, renderer.person, poses) == {"poses": 2, "pixels": 0, "worst": None}

    def torn(pose: Pose) -> Rgba:
        person = renderer.person(pose)
        if pose.any():
            person[95:100, 80:84, 3] = 0
        return person

    found = soundness.holes(rig, parts, torn, poses)
    assert found["worst"] == "yaw"
    assert found["pixels"] == 20


def test_a_restless_renderer_is_found() -> None:
    renderer, count = RenderCpu(small_rig(), (160, 200)), itertools.count()
    poses = {"jaw": posed({"jawOpen": 0.5}), "rest": neutral(), "gaze": posed({"gazeX": 0.5})}
    assert soundness.stillness(renderer.render, poses)["changed_pixels"] == 0

    def restless(pose: Pose) -> Frame:
        frame = renderer.render(pose)
        frame[0, 0] = next(count) % 7
        return frame

    assert soundness.stillness(restless, poses)["changed_pixels"] > 0


def face_points() -> np.ndarray:
    """A mesh with all the outlines that are asked for, in a 200 x 200 frame."""
    angles = np.linspace(0, 2 * np.pi, 478, endpoint=False)
    points = np.stack([100 + 70 * np.cos(7 * angles), 100 + 85 * np.sin(7 * angles), 0 * angles], 1)
    for outline, x, y in ((same_face.LIPS, 100, 150), (same_face.EYES[0], 70, 80), (same_face.EYES[1], 130, 80)):
        around = np.linspace(0, 2 * np.pi, len(outline), endpoint=False)
        points[list(outline), 0], points[list(outline), 1] = x + 14 * np.cos(around), y + 5 * np.sin(around)
    return points.astype(np.float32)


def skin(seed: int = 1) -> Frame:
    noise = np.random.default_rng(seed).normal(0, 1, (200, 200, 3)).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), 2.0)
    return np.clip(128 + 40 * smooth / smooth.std(), 0, 255).astype(np.uint8)


def test_the_same_skin_moved_is_the_same_and_another_is_not() -> None:
    points, frame = face_points(), skin()
    affine = np.array([[0.98, 0.06, 3.0], [-0.06, 0.98, 9.0]], np.float32)
    moved = cv2.warpAffine(frame, affine, (200, 200), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    carried = points.copy()
    carried[:, :2] = points[:, :2] @ affine[:, :2].T + affine[:, 2]
    mouth = frame.copy()
    mouth[144:156, 86:114] = 0
    dull = cv2.GaussianBlur(frame, (0, 0), 4)
    frames = {"same": frame, "moved": moved, "mouth": mouth, "smoothed": dull, "other": skin(2)}
    seen = iter([points, points, carried, points, points, points])
    found = same_face.similarities(frame, frames, lambda picture: next(seen))
    assert found["same"] == 1.0
    assert found["moved"] > 0.9, "the head's own movement is taken out"
    assert found["mouth"] > 0.99, "the mouth is not compared"
    assert found["smoothed"] < 0.8, "skin that was smoothed is not that skin"
    assert found["other"] < 0.4
    assert found["mirrored"] < 0.4


def test_without_a_face_nothing_is_compared() -> None:
    assert same_face.similarities(skin(), {"x": skin()}, lambda frame: None) == {"x": None}


def test_a_strip_shows_every_picture_beside_its_name() -> None:
    renderer = RenderCpu(small_rig(), (160, 200))
    box = strips.face_box(small_rig().landmarks[:, :2], (160, 200))
    for make in strips.STRIPS.values():
        picture = strips.strip(renderer.render, make(), box)
        assert picture.shape[1] == len(make()) * (strips.CELL + 4)
        assert len({name for name, _ in make()}) == len(make())
    lids = [pose[INDEX["eyeBlinkLeft"]] for _, pose in strips.blink()]
    assert max(lids) == 1.0
    assert (lids[0], lids[-1]) == (pytest.approx(0.0, abs=1e-3),) * 2
    shut = [pose[INDEX["mouthClose"]] for _, pose in strips.ama()]
    assert max(shut) > 0.95
    assert min(shut[0], shut[-1]) < 0.2
    assert strips.image(picture).startswith('<img alt="" src="data:image/jpeg;base64,')


def result() -> dict[str, object]:
    poses = life.alone(0.5, 1)
    lived = {
        "blinks": life.blink_report([log_normal(60, 1)], 3),
        "gaze": life.gaze_report(poses),
        "head": life.head_report(poses),
    }
    row = costs.row(costs.Case("portrait, idle", (1280, 720), 30), [0.005, 0.006], 0.07, 0.01)
    return {
        "machine": {"cores": 2, "processor": "x", "load_before": 0.1},
        "renderer": "RenderCpu",
        "costs": [row],
        "pacing": [{**row, "late": 0, "core_share": None}],
        "album": [{"photographs": 9, "wanted_fps": 30, **albums.intervals(REPORTS, 30), "memory_mb": 120.0}],
        "lips": {
            "seconds": 60.0,
            **lips.offsets(TIMES, GAPS, SPEAKS),
            "closures": lips.closures(TIMES, GAPS, SPEAKS, 0),
        },
        "folds": {"poses": 9, "folded": 0, "least": {"head": 0.8, "upper": 0.4, "lower": 0.5}},
        "holes": {"poses": 9, "pixels": 0, "worst": None},
        "stillness": {"poses": 9, "changed_pixels": 0},
        "ssim_outside_mouth_and_eyes": {"smile": 0.91, "yaw +8": 0.86, "hidden": None, "mirrored": 0.6},
        "life": {"minutes": 0.5, "alone": lived, "conversation": lived},
    }


def test_the_page_holds_plots_strips_and_the_word_for_what_was_compared(tmp_path: Path) -> None:
    made = result()
    strip = {"A blink": np.zeros((4, 4, 3), np.uint8)}
    seen = (TIMES.tolist(), GAPS.tolist(), GAPS.tolist(), [(1.0, 1.1)])
    shown = bench_face_page.Shown(strip, np.diff(log_normal(60, 1)).tolist(), life.alone(0.5, 1), seen)
    bench_face_page.page(tmp_path / "face.html", made, shown)
    page = (tmp_path / "face.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 4
    assert page.count("<img") == 1
    assert page.count("<table") == 2
    assert "0.86 (yaw +8)" in page
    assert "not an identity" in page
    assert "cosine" not in page
    text = bench_face_page.table(made)
    assert "portrait, idle, 1280x720 at 30" in text
    assert ">= 95 %" in text


def test_where_nothing_was_found_the_page_says_so() -> None:
    made = result() | {"lips": None, "ssim_outside_mouth_and_eyes": {"smile": None}}
    text = bench_face_page.table(made)
    assert text.count("no face was found") == 2


REPORTS = [
    Stats(30.0, 1, 1.0, 1.0, 1.0, 0, tuple((begin + k / 30, 0.0) for k in range(30))) for begin in (0.0, 1.0, 2.1)
]
"""Three seconds of frames, once a tenth of a second apart."""


def test_a_stutter_between_two_reports_is_seen() -> None:
    row = albums.intervals(REPORTS, 30)
    assert (row["late"], row["frames"]) == (1, 90)
    assert row["longest_ms"] == pytest.approx(1000 / 30 + 100, abs=0.1)
    assert row["p50_ms"] == pytest.approx(1000 / 30, abs=0.1)
    assert albums.intervals([], 30)["late"] is None


def test_the_album_of_the_bench_is_one_that_a_frame_reads(tmp_path: Path) -> None:
    albums.fill(tmp_path, 7)
    photos = load_album(tmp_path)
    assert len(photos) == 7
    assert all((tmp_path / "album" / photo.file).stat().st_nlink >= 2 for photo in photos)
    assert {photo.upright for photo in photos} == {True, False}


def test_bars_name_everything() -> None:
    plot = report.bars({"smile": 0.9, "yaw": 0.8}, "SSIM")
    assert all(f">{name}<" in plot for name in ("smile", "yaw", "0.90"))


def test_a_viseme_between_two_frames_is_seen_in_the_one_that_stays() -> None:
    speak = Speak(1, 0, 1.0, 1.0, (("PP", 0.005, 0.025, 1.0),), "m", "en")
    gaps = np.full(len(TIMES), 0.1)
    gaps[30] = 0.0  # the frame at 1.0 s stays until 1.033 s
    assert lips.closures(TIMES, gaps, [speak], 0.0)["seen_shut"] == 1
    gaps[30], gaps[31] = 0.1, 0.0
    assert lips.closures(TIMES, gaps, [speak], 0.0)["seen_shut"] == 0
