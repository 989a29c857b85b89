"""A portrait network's pictures become an atlas: aligned, in the photograph's colours, told apart by viseme."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from device.face.atlas import CELLS, TEXTURE
from device.face.features import limited
from device.face.pose import neutral, posed
from device.face.render_cpu import RenderCpu
from device.face.render_gl import RenderGl
from device.face.rig import Region, Rig, load
from device.face.viseme_poses import VISEME_POSES
from provisioning.likeness.__main__ import main
from provisioning.likeness.bake import bake
from provisioning.likeness.neural.align import crop_matrix, cropped
from provisioning.likeness.neural.network import OnnxNetwork
from provisioning.likeness.neural.neural_baker import NeuralBaker, baker_for
from provisioning.likeness.neural.plan import Request, plan
from provisioning.likeness.report import Report
from provisioning.likeness.rigging import PhotographBaker
from tests.device.face.egl import needs_egl
from tests.fakes.portrait_network import FakePortraitNetwork
from tests.support.likeness_inputs import read

SIZE = (600, 750)
FACES = Path(__file__).parents[3] / "data" / "face"
FEW = tuple(r for r in plan() if r.name in {"aa 40%", "aa 70%", "aa 100%", "E 70%", "E 100%", "O 100%", "yaw +8"})


@pytest.fixture(scope="module")
def plain(portrait: Path, tmp_path_factory: pytest.TempPathFactory) -> Rig:
    folder = tmp_path_factory.mktemp("plain")
    bake(portrait, folder)
    return load(folder)


@pytest.fixture(scope="module")
def echoed(portrait: Path, tmp_path_factory: pytest.TempPathFactory) -> Rig:
    """Of a network that draws what it is shown, but greenish, soft and five pixels too far right."""
    folder = tmp_path_factory.mktemp("echoed")
    fake = FakePortraitNetwork((0.8, 1.1, 0.9), 8.0, 5, 1.0)
    bake(portrait, folder, baker=NeuralBaker(fake, FEW))
    return load(folder)


@pytest.fixture(scope="module")
def tried(portrait: Path, tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, Path]:
    """The whole plan with the tiny network of the same signature."""
    folder = tmp_path_factory.mktemp("tried")
    return bake(portrait, folder, baker=NeuralBaker(OnnxNetwork(tiny))), folder


def region(rig: Rig, name: str) -> Region:
    return next(region for region in rig.atlas if region.name == name)


def codes(report: Report) -> set[str]:
    return {note.code for note in (*report.used, *report.weak)}


def test_colours_and_places_are_the_photographs_whatever_the_network_makes_of_them(echoed: Rig, plain: Rig) -> None:
    """What the network shows is what the rig shows; so with it hardly anything may look otherwise, at cells' own
    poses, between them, and with a turned head."""
    rich, poor = RenderCpu(echoed, SIZE), RenderCpu(plain, SIZE)
    rest = poor.render(neutral())
    for weights in (
        VISEME_POSES["aa"],
        VISEME_POSES["E"],
        {"jawOpen": 0.37, "mouthLowerDown": 0.1, "mouthUpperUp": 0.1},
        {"jawOpen": 0.3, "mouthStretch": 0.3, "headYaw": 5.0, "headRoll": 3.0, "eyeBlinkLeft": 0.5},
    ):
        mine, theirs = rich.render(posed(weights)).astype(int), poor.render(posed(weights)).astype(int)
        laid = (mine != theirs).any(2)
        assert laid.sum() > 1500, "the atlas is seen"
        assert np.abs(mine - theirs)[laid].mean() < 6
        assert np.abs((mine - theirs)[laid].mean(0)).max() < 2.5, "no colour of its own"
        ghost = np.abs(rest.astype(int) - theirs)[laid].mean()
        assert np.abs(mine - theirs)[laid].mean() < 0.6 * ghost


def test_skin_keeps_the_photographs_own_grain(echoed: Rig, plain: Rig) -> None:
    """Under the lips the network's softness does not show."""
    mouth = region(echoed, "mouth")
    index = int(np.argmin(np.abs(mouth.poses - posed(VISEME_POSES["aa"])).sum(1)))
    x, y = (round(v) for v in plain.landmarks[[17, 152], :2].mean(0))
    left, top = (int(v) for v in mouth.place[:, 2])
    ours = RenderCpu(plain, SIZE).render(posed(VISEME_POSES["aa"]))[y - 2 : y + 12, x - 25 : x + 25]
    cell = mouth.cells[index, y - 2 - top : y + 12 - top, x - 25 - left : x + 25 - left]
    assert cell[..., 3].mean() > 100
    fine = [np.abs(np.diff(p[..., 1].astype(float), axis=1)).mean() for p in (cell, ours)]
    assert fine[0] > 0.85 * fine[1]


def test_at_rest_the_photograph_is_bit_for_bit_itself(echoed: Rig, plain: Rig) -> None:
    rich, poor = RenderCpu(echoed, SIZE), RenderCpu(plain, SIZE)
    for weights in ({}, {"gazeX": 0.4}, {"breath": 0.7, "browInnerUp": 0.3}):
        assert np.array_equal(rich.render(posed(weights)), poor.render(posed(weights)))


def test_the_tiny_network_fills_the_atlas(tried: tuple[Report, Path]) -> None:
    report, folder = tried
    atlas = load(folder).atlas
    assert [region.name for region in atlas] == ["face", "eyeLeft", "eyeRight", "mouth"]
    assert sum(len(region.cells) for region in atlas) <= CELLS
    texture = (folder / "layers" / "atlas.png").stat().st_size
    assert 0 < texture < 4 * TEXTURE * TEXTURE
    assert {"network", "network unverified", "network unused"} <= codes(report), "it cannot turn a head"
    asked = [request for request in plan() if "mouth" in request.regions]
    assert len(region(load(folder), "mouth").cells) > 0.75 * len(asked)


def test_its_cells_differ_by_viseme_and_open_as_asked(tried: tuple[Report, Path]) -> None:
    mouth = region(load(tried[1]), "mouth")

    def dark(weights: dict[str, float]) -> float:
        index = int(np.argmin(np.abs(mouth.poses - limited(posed(weights))).sum(1)))
        assert np.abs(mouth.poses[index] - posed(weights)).sum() < 1e-3
        cell = mouth.cells[index]
        return float((cell[..., :3].max(2) < 60)[cell[..., 3] > 200].mean())

    def at(name: str, share: float) -> float:
        return dark({key: share * weight for key, weight in VISEME_POSES[name].items()})

    assert at("aa", 1.0) > at("aa", 0.7) > at("aa", 0.4) > at("PP", 1.0)
    assert at("aa", 1.0) > at("E", 1.0) > at("PP", 1.0)


def test_its_cells_have_the_photographs_skin(tried: tuple[Report, Path], plain: Rig) -> None:
    """The tiny network draws greenish; along the cells' borders there is only skin."""
    mouth = region(load(tried[1]), "mouth")
    step, x, y = float(mouth.place[0, 0]), *(round(float(v)) for v in mouth.place[:, 2])
    high, wide = mouth.cells.shape[1:3]
    ours = plain.photo[y : y + round(high * step), x : x + round(wide * step)]
    top = np.s_[4 : high // 5, wide // 5 : -wide // 5]
    for cell in mouth.cells:
        away = cell[top][..., :3].astype(float).mean((0, 1)) - ours[top].astype(float).mean((0, 1))
        assert np.abs(away).max() < 9


def test_the_report_says_who_drew(tried: tuple[Report, Path], portrait: Path, tmp_path: Path) -> None:
    report, folder = tried
    assert report.baker == "network"
    assert json.loads((folder / "report.json").read_text(encoding="utf-8"))["baker"] == "network"
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "a portrait network drew" in page
    assert "肖像神经网络" in page
    bake(portrait, tmp_path)
    other = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "moving the photograph&#x27;s own pixels" in other
    assert "network" not in other


def test_the_same_network_gives_the_same_bytes(portrait: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        bake(portrait, tmp_path / name, baker=NeuralBaker(FakePortraitNetwork(verified=True), FEW[:2]))
    for path in sorted((tmp_path / "one").rglob("*")):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "two" / path.relative_to(tmp_path / "one")).read_bytes()


def test_a_network_that_draws_something_else_is_not_used(portrait: Path, plain: Rig, tmp_path: Path) -> None:
    noise = FakePortraitNetwork((0.0, 0.0, 0.0), 120.0, verified=True)
    report = bake(portrait, tmp_path, baker=NeuralBaker(noise, FEW[:2]))
    assert "network useless" in codes(report)
    assert load(tmp_path).atlas == ()
    assert np.array_equal(load(tmp_path).mouth.layers[3], plain.mouth.layers[3])


def test_a_network_that_keeps_the_eyes_open_gives_no_blink(portrait: Path, tmp_path: Path) -> None:
    blink = tuple(request for request in plan() if request.name in {"blink", "PP 100%"})
    fake = FakePortraitNetwork(verified=True)
    report = bake(portrait, tmp_path, baker=NeuralBaker(fake, blink))
    assert [region.name for region in load(tmp_path).atlas] == ["mouth"]
    assert "network unused" in codes(report)
    assert fake.told == {"motion": 1, "lips": 1, "eyes": 1}


def test_a_network_that_knows_better_makes_a_truer_face(tmp_path: Path) -> None:
    """The same sitter was painted with the eyes shut: a blink must come nearer to that than without the network."""
    gentle, shut = FACES / "gentle.jpg", read(FACES / "eyes_closed.jpg")
    bake(gentle, tmp_path / "plain")
    plain = load(tmp_path / "plain")
    truth = {"eyes": cropped(shut, crop_matrix(plain.landmarks))}
    blink = tuple(request for request in plan() if request.name == "blink")
    bake(gentle, tmp_path / "rich", baker=NeuralBaker(FakePortraitNetwork((0.9, 1.05, 1.0), truth=truth), blink))
    size = (shut.shape[1], shut.shape[0])
    pose = posed({"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0})
    mine, without = (RenderCpu(rig, size).render(pose) for rig in (load(tmp_path / "rich"), plain))
    for eye in plain.eyes:
        x, y, wide, high = eye.rect
        lids = np.s_[y + high // 4 : y + 3 * high // 4, x + wide // 6 : x + 5 * wide // 6]
        away = [np.abs(p[lids].astype(int) - shut[lids]).mean() for p in (mine, without)]
        assert away[0] < 0.75 * away[1]


def test_progress_is_told_forwards_and_names_what_is_drawn(portrait: Path, tmp_path: Path) -> None:
    told: list[tuple[float, str]] = []
    baker = NeuralBaker(FakePortraitNetwork(), FEW[:2])
    bake(portrait, tmp_path, lambda share, what: told.append((share, what)), baker=baker)
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert any("2 of 2: " in what for _, what in told)


@needs_egl
@pytest.mark.parametrize("name", ["aa", "E", "FF"])
def test_both_renderers_draw_the_same_picture_of_it(tried: tuple[Report, Path], name: str) -> None:
    """The tolerance is that of tests/device/face/test_render_gl.py."""
    rig = load(tried[1])
    cpu, gl = RenderCpu(rig, (576, 720)), RenderGl(rig, (576, 720))
    for more in ({}, {"headYaw": 6.0, "eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0}):
        pose = posed({**VISEME_POSES[name], **more})
        one, other, rest = cpu.render(pose), gl.render(pose), cpu.render(neutral())
        moved = (one != rest).any(2) | (other != rest).any(2)
        away = np.abs(one.astype(int) - other)[moved]
        assert away.mean() <= 0.4
        assert np.percentile(away, 99.9) <= 14
        assert not np.array_equal(one, RenderCpu(replace(rig, atlas=()), (576, 720)).render(pose))


def test_who_bakes_is_chosen_by_the_folder(tiny: Path) -> None:
    assert isinstance(baker_for(None), PhotographBaker)
    assert isinstance(baker_for(tiny), NeuralBaker)


@pytest.mark.parametrize(("spoil", "code"), [("missing", 4), ("text", 3)])
def test_the_command_ends_in_one_line(
    portrait: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], spoil: str, code: int
) -> None:
    network = tmp_path / "network"
    if spoil == "text":
        network.mkdir()
        for name in ("appearance_feature_extractor", "motion_extractor", "stitching", "stitching_eye", "stitching_lip",
                     "warping_spade"):  # fmt: skip
            (network / f"{name}.onnx").write_bytes(b"no")
    assert main([str(portrait), "--out", str(tmp_path / "out"), "--network", str(network)]) == code
    error = capsys.readouterr().err.strip()
    assert len(error.splitlines()) == 1
    assert error.startswith("imago: ")
    assert not (tmp_path / "out").exists()


def test_an_empty_plan_changes_nothing(portrait: Path, plain: Rig, tmp_path: Path) -> None:
    nothing: tuple[Request, ...] = ()
    bake(portrait, tmp_path, baker=NeuralBaker(FakePortraitNetwork(), nothing))
    assert load(tmp_path).atlas == ()
