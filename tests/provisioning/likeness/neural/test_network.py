"""Files of a portrait network: opened, checked, run; and each thing that can be wrong said in one line."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper

from device.errors import BadInput, Broken, ImagoError, Missing
from models_quantized.catalog import Catalog
from models_quantized.schema import File, Hub, Model
from provisioning.likeness.neural.keypoints import COUNT
from provisioning.likeness.neural.network import ROLE, OnnxNetwork
from provisioning.likeness.neural.signature import OUTPUT, PARTS
from tests.support.tiny_portrait_network import model, models

FILES = [part.names[0] for part in PARTS.values()]
EMPTY = Catalog((), {})


@pytest.fixture
def folder(tiny: Path, tmp_path: Path) -> Path:
    """A copy that may be spoilt."""
    return Path(shutil.copytree(tiny, tmp_path / "network"))


@pytest.fixture(scope="module")
def network(tiny: Path) -> OnnxNetwork:
    return OnnxNetwork(tiny, EMPTY)


def picture(seed: int = 1) -> np.ndarray:
    coarse = np.random.default_rng(seed).integers(60, 200, (16, 16, 3)).astype(np.uint8)
    return np.kron(coarse, np.ones((32, 32, 1), np.uint8))


def test_the_source_comes_back_in_the_networks_own_colours(network: OnnxNetwork) -> None:
    seen = picture()
    source = network.motion(seen).keypoints()
    drawn = network.picture(network.appearance(seen), source, network.stitched(source, source))
    assert drawn.shape == (OUTPUT, OUTPUT, 3)
    flat = drawn[16::32, 16::32][4:9, :5].astype(float)  # the middles of squares, away from mouth and eyes
    want = seen[16::32, 16::32][4:9, :5] * [0.85, 1.05, 0.95] + 0.02 * 255
    assert np.abs(flat - want).max() < 3


def test_another_expression_draws_another_picture(network: OnnxNetwork) -> None:
    bright, dark = np.full((512, 512, 3), 180, np.uint8), np.full((512, 512, 3), 180, np.uint8)
    dark[352:384, 208:304] = 90
    rest, other = (network.motion(p).keypoints() for p in (bright, dark))
    assert other[19, 1] > rest[19, 1]
    appearance = network.appearance(bright)
    still, moved = (network.picture(appearance, rest, driving) for driving in (rest, other))
    changed = np.abs(still - moved).max(2) > 10
    rows = np.nonzero(changed.any(1))[0]
    assert rows.min() > 340
    assert rows.max() < 470


def test_lips_and_eyes_are_told_how_far(network: OnnxNetwork) -> None:
    source = np.zeros((COUNT, 3), np.float32)
    assert network.lips(source, 0.3, 0.0)[19, 1] == pytest.approx(-0.3)
    assert network.eyes(source, (0.3, 0.4), 0.0)[13, 1] == pytest.approx(-0.35)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(Missing, match=name) as caught:
        OnnxNetwork(folder, EMPTY)
    assert caught.value.exit_code == 4


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="a folder"):
        OnnxNetwork(tmp_path / "nowhere", EMPTY)


@pytest.mark.parametrize("other", ["warping_spade-fix.onnx", "lip_retargeting.onnx", "eye_retargeting.onnx"])
def test_other_usual_names_will_do(folder: Path, other: str) -> None:
    part = next(part for part in PARTS.values() if other in part.names)
    (folder / part.names[0]).rename(folder / other)
    assert OnnxNetwork(folder, EMPTY).verified is False


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("content", [b"", b"not ONNX at all" * 100], ids=["empty", "text"])
def test_what_is_no_onnx_is_said(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    with pytest.raises(BadInput, match=name) as caught:
        OnnxNetwork(folder, EMPTY)
    assert caught.value.exit_code == 3
    assert "\n" not in caught.value.line()


@pytest.mark.parametrize("name", FILES)
def test_a_truncated_file_is_said(folder: Path, name: str) -> None:
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[: len(content) // 2])
    with pytest.raises(BadInput, match=name):
        OnnxNetwork(folder, EMPTY)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.floats(0, 1), byte=st.integers(0, 255), name=st.sampled_from(["stitching.onnx", "motion_extractor.onnx"]))
def test_damage_anywhere_ends_in_one_error_or_a_network(folder: Path, at: float, byte: int, name: str) -> None:
    whole = (folder / name).read_bytes()
    place = int(at * (len(whole) - 1))
    try:
        (folder / name).write_bytes(whole[:place] + bytes([byte]) + whole[place + 1 :])
        OnnxNetwork(folder, EMPTY).motion(picture())
    except ImagoError:
        pass
    finally:
        (folder / name).write_bytes(whole)


def flat(inputs: int = 126, outputs: int = 65, kind: int = TensorProto.FLOAT) -> onnx.ModelProto:
    weights = np.zeros((inputs, outputs), np.float16 if kind == TensorProto.FLOAT16 else np.float32)
    nodes = [helper.make_node("MatMul", ["a", "w"], ["b"])]
    return model(nodes, {"a": (1, inputs)}, {"b": (1, outputs)}, {"w": weights}, kind)


def two_outputs() -> onnx.ModelProto:
    nodes = [helper.make_node("MatMul", ["a", "w"], ["b"]), helper.make_node("Identity", ["b"], ["c"])]
    return model(nodes, {"a": (1, 126)}, {"b": (1, 65), "c": (1, 65)}, {"w": np.zeros((126, 65), np.float32)})


def two_inputs() -> onnx.ModelProto:
    nodes = [helper.make_node("MatMul", ["a", "w"], ["p"]), helper.make_node("MatMul", ["d", "w"], ["q"]),
             helper.make_node("Add", ["p", "q"], ["b"])]  # fmt: skip
    return model(nodes, {"a": (1, 126), "d": (1, 126)}, {"b": (1, 65)}, {"w": np.zeros((126, 65), np.float32)})


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: flat(outputs=64), r"expected output b of 1 x 65, got 1 x 64"),
        (lambda: flat(inputs=125), r"expected input a of 1 x 126, got 1 x 125"),
        (lambda: flat(kind=TensorProto.FLOAT16), r"as float32, got tensor\(float16\)"),
        (two_outputs, r"expected 1 output, got 2"),
        (two_inputs, r"expected 1 input, got 2"),
    ],
)
def test_another_signature_is_said(folder: Path, make: Callable[[], onnx.ModelProto], said: str) -> None:
    onnx.save(make(), str(folder / "stitching.onnx"))
    with pytest.raises(BadInput, match=said) as caught:
        OnnxNetwork(folder, EMPTY)
    assert "stitching.onnx" in caught.value.line()


def renamed(made: onnx.ModelProto, names: dict[str, str]) -> onnx.ModelProto:
    for node in made.graph.node:
        node.input[:] = [names.get(name, name) for name in node.input]
        node.output[:] = [names.get(name, name) for name in node.output]
    for value in (*made.graph.input, *made.graph.output):
        value.name = names.get(value.name, value.name)
    return made


def test_outputs_without_telling_names_are_taken_in_their_usual_order(folder: Path, network: OnnxNetwork) -> None:
    numbers = {name: f"out{i}" for i, name in enumerate(("pitch", "yaw", "roll", "t", "exp", "scale", "kp"))}
    onnx.save(renamed(models()["motion_extractor.onnx"], numbers), str(folder / "motion_extractor.onnx"))
    mine, theirs = OnnxNetwork(folder, EMPTY).motion(picture()), network.motion(picture())
    assert np.array_equal(mine.keypoints(), theirs.keypoints())


def test_named_outputs_may_come_in_any_order(folder: Path, network: OnnxNetwork) -> None:
    made = models()["motion_extractor.onnx"]
    outputs = list(made.graph.output)
    del made.graph.output[:]
    made.graph.output.extend(reversed(outputs))
    onnx.save(made, str(folder / "motion_extractor.onnx"))
    mine, theirs = OnnxNetwork(folder, EMPTY).motion(picture()), network.motion(picture())
    assert np.array_equal(mine.keypoints(), theirs.keypoints())


def test_driving_and_source_are_told_apart_by_name(folder: Path, network: OnnxNetwork) -> None:
    made = models()["warping_spade.onnx"]
    inputs = list(made.graph.input)
    del made.graph.input[:]
    made.graph.input.extend([inputs[0], inputs[2], inputs[1]])
    onnx.save(made, str(folder / "warping_spade.onnx"))
    source = np.zeros((COUNT, 3), np.float32)
    driving = source + np.float32(0.1)
    appearance = network.appearance(picture())
    swapped = OnnxNetwork(folder, EMPTY).picture(appearance, source, driving)
    assert np.array_equal(swapped, network.picture(appearance, source, driving))
    onnx.save(renamed(models()["warping_spade.onnx"], {"kp_driving": "a", "kp_source": "b"}),
              str(folder / "warping_spade.onnx"))  # fmt: skip
    with pytest.raises(BadInput, match="kp_driving and kp_source"):
        OnnxNetwork(folder, EMPTY)


def open_ended(outputs: int, value: float = 0.0) -> onnx.ModelProto:
    """For keypoints that are all 1, a row of so many values; nobody can know before it has run."""
    nodes = [
        helper.make_node("ReduceMax", ["a"], ["one"], keepdims=0),
        helper.make_node("Mul", ["one", "count"], ["many"]),
        helper.make_node("Cast", ["many"], ["end"], to=TensorProto.INT64),
        helper.make_node("Slice", ["row", "begin", "end", "axis"], ["b"]),
    ]
    row, count = np.full((1, 126), value, np.float32), np.array([outputs], np.float32)
    constants = {"row": row, "count": count, "begin": np.array([0], np.int64), "axis": np.array([1], np.int64)}
    return model(nodes, {"a": ("n", 126)}, {"b": ("n", "m")}, constants)


def test_an_open_dimension_is_checked_on_what_comes(folder: Path) -> None:
    source = np.ones((COUNT, 3), np.float32)
    onnx.save(open_ended(65), str(folder / "stitching.onnx"))
    assert np.array_equal(OnnxNetwork(folder, EMPTY).stitched(source, source), source)
    onnx.save(open_ended(64), str(folder / "stitching.onnx"))
    with pytest.raises(BadInput, match="a result of 1 x 65, got 1 x 64"):
        OnnxNetwork(folder, EMPTY).stitched(source, source)
    onnx.save(open_ended(65, np.inf), str(folder / "stitching.onnx"))
    with pytest.raises(Broken, match="finite"):
        OnnxNetwork(folder, EMPTY).stitched(source, source)


def test_a_network_that_fails_while_it_runs_is_broken(folder: Path) -> None:
    nodes = [helper.make_node("Reshape", ["a", "shape"], ["b"])]
    made = model(nodes, {"a": ("n", 126)}, {"b": (1, 65)}, {"shape": np.array([1, 65], np.int64)})
    onnx.save(made, str(folder / "stitching.onnx"))
    with pytest.raises(ImagoError, match=r"stitching\.onnx"):
        OnnxNetwork(folder, EMPTY).stitched(np.ones((COUNT, 3), "f4"), np.ones((COUNT, 3), "f4"))


def listing(folder: Path, spoilt: str = "") -> Catalog:
    """A catalog that lists all files of a folder, one of them with another hash."""
    files = tuple(
        File(name, 1, "0" * 64 if name == spoilt else hashlib.sha256((folder / name).read_bytes()).hexdigest(),
             (Hub("https://example.org/x"),))
        for name in FILES
    )  # fmt: skip
    return Catalog((Model("tiny", ROLE, "ONNX", "CC0", "none", files),), {})


def test_files_that_the_catalog_lists_are_verified(tiny: Path) -> None:
    assert OnnxNetwork(tiny, listing(tiny)).verified is True
    with pytest.raises(BadInput, match=r"stitching\.onnx.*SHA-256"):
        OnnxNetwork(tiny, listing(tiny, "stitching.onnx"))
