"""A Piper voice that the family had trained elsewhere: looked at before anything opens it, and pinned by its hashes."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import msgspec
import onnx
from google.protobuf.message import DecodeError

from device.errors import BadInput
from device.persona.voice_file import Language, Spoken
from models_quantized import catalog

MOST_BYTES = 256 << 20
"""A high-quality Piper voice has 114 MB."""
MOST_SETTINGS = 1 << 20
INPUTS = {"input", "input_lengths", "scales"}
PICKLES = (b"PK\x03\x04", b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")
"""What PyTorch's checkpoints begin with: they hold code, and are never opened here."""
HINT = "export it with piper.train.export_onnx"


class Audio(msgspec.Struct):
    sample_rate: Annotated[int, msgspec.Meta(ge=8000, le=48_000)]


class Espeak(msgspec.Struct):
    voice: Annotated[str, msgspec.Meta(min_length=2, max_length=40)]


class Settings(msgspec.Struct):
    """What a voice's .onnx.json must have; what else is in it is Piper's affair."""

    audio: Audio
    espeak: Espeak
    phoneme_id_map: Annotated[dict[str, list[int]], msgspec.Meta(min_length=10)]
    num_speakers: Annotated[int, msgspec.Meta(ge=1)]


def check(model: Path, settings: Path) -> Language:
    """The language of a Piper voice. Raises BadInput for what is none, or speaks neither English nor Chinese."""
    _check_model(model)
    if settings.stat().st_size > MOST_SETTINGS:
        raise BadInput(settings.name, expected="a Piper voice's settings", got="a file that is too large")
    try:
        said = msgspec.json.decode(settings.read_bytes(), type=Settings)
    except msgspec.DecodeError as error:
        raise BadInput(settings.name, expected="a Piper voice's settings", got=str(error), hint=HINT) from None
    language = said.espeak.voice.split("-")[0].replace("cmn", "zh")
    if language == "en":
        return "en"
    if language == "zh":
        return "zh"
    raise BadInput(settings.name, expected="a voice for English or Chinese", got=said.espeak.voice)


def take(model: Path, settings: Path, voice: Path) -> tuple[Language, Spoken]:
    """Checks the voice and copies it into `voice`, a persona's voice/ -> what voice.toml says of it."""
    language = check(model, settings)
    name = f"piper-{language}.onnx"
    voice.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(model, voice / name)
    shutil.copyfile(settings, voice / f"{name}.json")
    hashes = catalog.sha256_of(voice / name), catalog.sha256_of(voice / f"{name}.json")
    return language, Spoken("piper", 3, model=name, model_sha256=hashes[0], settings_sha256=hashes[1])


def _check_model(path: Path) -> None:
    size = path.stat().st_size
    if not 0 < size <= MOST_BYTES:
        raise BadInput(path.name, expected=f"a Piper voice of at most {MOST_BYTES >> 20} MiB", got=f"{size} bytes")
    with path.open("rb") as file:
        head = file.read(4)
    if any(head.startswith(sign) for sign in PICKLES):
        raise BadInput(path.name, expected="a Piper voice (.onnx)", got="a PyTorch checkpoint", hint=HINT)
    try:
        model = onnx.load(str(path), load_external_data=False)
    except (DecodeError, ValueError) as error:
        raise BadInput(path.name, expected="a Piper voice (.onnx)", got=str(error), hint=HINT) from None
    inputs = {given.name for given in model.graph.input}
    if INPUTS - inputs or inputs - INPUTS - {"sid"} or len(model.graph.output) < 1:
        got = f"a network of ({', '.join(sorted(inputs))[:80]})"
        raise BadInput(path.name, expected="a Piper voice (.onnx)", got=got, hint=HINT)
    if any(tensor.data_location == onnx.TensorProto.EXTERNAL for tensor in model.graph.initializer):
        raise BadInput(path.name, expected="a Piper voice in one file", got="weights in another file", hint=HINT)
    strange = {node.domain for node in model.graph.node} - {"", "ai.onnx"}
    if strange:
        raise BadInput(path.name, expected="a Piper voice (.onnx)", got=f"operators of {', '.join(sorted(strange))}")
