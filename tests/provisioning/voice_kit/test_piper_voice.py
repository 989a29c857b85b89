"""A voice trained elsewhere is looked at before it is taken."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import onnx
import pytest
from onnx import TensorProto, helper

from device.errors import BadInput
from models_quantized import catalog
from provisioning.voice_kit import piper_voice

SETTINGS = {
    "audio": {"sample_rate": 22050},
    "espeak": {"voice": "cmn"},
    "num_speakers": 1,
    "phoneme_id_map": {chr(97 + n): [n] for n in range(20)},
}


def network(path: Path, inputs: tuple[str, ...] = ("input", "input_lengths", "scales"), domain: str = "") -> Path:
    given = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in inputs]
    node = helper.make_node("Identity", [inputs[0]], ["output"], domain=domain)
    graph = helper.make_graph([node], "voice", given, [helper.make_tensor_value_info("output", TensorProto.FLOAT, [1])])
    onnx.save(helper.make_model(graph), str(path))
    return path


def settings(path: Path, **changed: object) -> Path:
    path.write_text(json.dumps({**SETTINGS, **changed}))
    return path


def test_a_real_piper_voice_is_taken_with_its_hashes(tmp_path: Path) -> None:
    model = catalog.verified_path("voice", language="en")
    language, spoken = piper_voice.take(model, Path(f"{model}.json"), tmp_path / "voice")
    assert (language, spoken.engine, spoken.tier) == ("en", "piper", 3)
    assert spoken.model_sha256 == catalog.sha256_of(tmp_path / "voice" / spoken.model) == catalog.sha256_of(model)
    assert spoken.settings_sha256 == catalog.sha256_of(tmp_path / "voice" / f"{spoken.model}.json")


def test_chinese_voices_are_known_by_espeaks_name(tmp_path: Path) -> None:
    assert piper_voice.check(network(tmp_path / "a.onnx"), settings(tmp_path / "a.json")) == "zh"


def pickled(path: Path) -> Path:
    path.write_bytes(b"PK\x03\x04" + bytes(100))
    return path


def text(path: Path) -> Path:
    path.write_text("I am a voice.")
    return path


def empty(path: Path) -> Path:
    path.write_bytes(b"")
    return path


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (pickled, "PyTorch checkpoint"),
        (text, "Piper voice"),
        (empty, "0 bytes"),
        (lambda path: network(path, ("tokens", "style", "speed")), "a network of"),
        (lambda path: network(path, domain="evil.ops"), "evil.ops"),
    ],
    ids=["pickle", "text", "empty", "another network", "foreign operators"],
)
def test_what_is_no_piper_voice_is_refused(tmp_path: Path, make: Callable[[Path], Path], why: str) -> None:
    with pytest.raises(BadInput, match=why):
        piper_voice.check(make(tmp_path / "a.onnx"), settings(tmp_path / "a.json"))


def test_weights_in_another_file_are_refused(tmp_path: Path) -> None:
    path = network(tmp_path / "a.onnx")
    model = onnx.load(str(path))
    tensor = onnx.TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[4], data_location=TensorProto.EXTERNAL)
    tensor.external_data.add(key="location", value="../../etc/passwd")
    model.graph.initializer.append(tensor)
    path.write_bytes(model.SerializeToString())
    with pytest.raises(BadInput, match="another file"):
        piper_voice.check(path, settings(tmp_path / "a.json"))


@pytest.mark.parametrize(
    "changed",
    [
        {"espeak": {"voice": "de"}},
        {"audio": {}},
        {"phoneme_id_map": {}},
        {"num_speakers": 0},
        {"audio": {"sample_rate": 1}},
    ],
)
def test_settings_of_something_else_are_refused(tmp_path: Path, changed: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        piper_voice.check(network(tmp_path / "a.onnx"), settings(tmp_path / "a.json", **changed))
