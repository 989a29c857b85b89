from __future__ import annotations

import os
from pathlib import Path

import pytest

from device.errors import BadInput, Missing, Usage
from models_quantized import catalog
from models_quantized.schema import Hub, Package
from tests.models_quantized.conftest import blob, file_of, model_of

CONTENT = blob(2000)
FILE = file_of(CONTENT)
MODEL = model_of(FILE)


def put(root: Path, content: bytes = CONTENT) -> Path:
    path = catalog.path_of(MODEL, FILE, root)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_the_real_catalog_has_a_default_for_every_part_of_a_conversation() -> None:
    known = catalog.load()
    for role, language in [
        ("language-model", "en"),
        ("language-model", "zh"),
        ("transcriber", "en"),
        ("transcriber", "zh"),
        ("voice", "en"),
        ("voice", "zh"),
        ("turn-end", "en"),
        ("wake-phrase", "zh"),
        ("face-landmarks", None),
        ("portrait-mask", None),
        ("iris-landmarks", None),
    ]:
        assert known.find(role, language).default
    assert set(known.profile("demo")) == set(known.defaults)
    assert set(known.profile("test")) >= {*known.defaults, known.find("language-model-small")}


def test_every_default_model_can_be_had_from_packages() -> None:
    for model in catalog.load().defaults:
        for file in model.files:
            assert any(isinstance(source, Package) for source in file.sources), (model.id, file.name)


def test_no_source_names_a_package_registry() -> None:
    hosts = {
        source.url.split("/")[2]
        for model in catalog.load().models
        for file in model.files
        for source in file.sources
        if isinstance(source, Hub)
    }
    assert hosts <= {"huggingface.co", "github.com", "storage.googleapis.com"}


@pytest.mark.parametrize(
    ("model", "file"), [(model.id, file.name) for model in catalog.load().profile("test") for file in model.files]
)
def test_the_models_of_this_machine_are_the_catalog_s(model: str, file: str) -> None:
    path = catalog.verified_path(model, file=file)
    assert path.is_file()
    assert catalog.state(
        catalog.load().find(model), next(f for f in catalog.load().find(model).files if f.name == file)
    )


def test_a_language_chooses_the_voice() -> None:
    known = catalog.load()
    assert known.find("voice", "en").id != known.find("voice", "zh").id
    with pytest.raises(Missing, match="knows tlh"):
        known.find("voice", "tlh")


def test_an_unknown_name_gets_its_spelling() -> None:
    with pytest.raises(Usage, match="did you mean transcriber"):
        catalog.load().find("transcribr")
    with pytest.raises(Usage, match="demo or test"):
        catalog.load().profile("demon")
    with pytest.raises(Usage, match="one of its files"):
        catalog.verified_path("voice", "zh", file="nothing.npz")


def test_a_missing_model_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(Missing, match=r"\./imago models fetch"):
        catalog.verified_path("transcriber", root=tmp_path)
    with pytest.raises(Missing):
        catalog.verified_dir("transcriber", root=tmp_path)
    assert catalog.state(MODEL, FILE, tmp_path) == "missing"


def test_a_stamp_spares_the_hashing_and_a_change_brings_it_back(tmp_path: Path) -> None:
    path = put(tmp_path)
    read: list[int] = []
    assert catalog.state(MODEL, FILE, tmp_path) == "present"
    assert catalog.verify(MODEL, FILE, tmp_path, on_bytes=read.append) == path
    assert sum(read) == len(CONTENT)
    assert catalog.state(MODEL, FILE, tmp_path) == "verified"
    catalog.verify(MODEL, FILE, tmp_path, on_bytes=read.append)
    assert sum(read) == len(CONTENT)
    os.utime(path, ns=(5, 5))
    catalog.verify(MODEL, FILE, tmp_path, on_bytes=read.append)
    assert sum(read) == 2 * len(CONTENT)
    catalog.verify(MODEL, FILE, tmp_path, again=True, on_bytes=read.append)
    assert sum(read) == 3 * len(CONTENT)


@pytest.mark.parametrize("content", [blob(2000, 2), CONTENT[:-1], b"", CONTENT + b"x"])
def test_other_bytes_are_refused_each_time(tmp_path: Path, content: bytes) -> None:
    catalog.verify(MODEL, FILE, put(tmp_path).parent.parent)
    put(tmp_path, content)
    os.utime(catalog.path_of(MODEL, FILE, tmp_path), ns=(7, 7))
    for _ in range(2):
        with pytest.raises(BadInput, match="mends it"):
            catalog.verify(MODEL, FILE, tmp_path)
    assert catalog.state(MODEL, FILE, tmp_path) in ("damaged", "present")


def test_a_file_found_wrong_loses_its_stamp_even_if_its_time_is_unchanged(tmp_path: Path) -> None:
    path = catalog.verify(MODEL, FILE, put(tmp_path).parent.parent)
    before = path.stat().st_mtime_ns
    path.write_bytes(blob(2000, 2))
    os.utime(path, ns=(before, before))
    assert catalog.state(MODEL, FILE, tmp_path) == "verified"  # what the cheap look cannot see
    with pytest.raises(BadInput):
        catalog.verify(MODEL, FILE, tmp_path, again=True)
    assert catalog.state(MODEL, FILE, tmp_path) == "present"


@pytest.mark.parametrize("note", ["", "{}", "[]", "null", '{"sha256": 1}', "\x00"])
def test_a_spoilt_stamp_means_hashing_again(tmp_path: Path, note: str) -> None:
    path = put(tmp_path)
    path.with_name(f".{path.name}.verified").write_text(note)
    assert catalog.state(MODEL, FILE, tmp_path) == "present"
    assert catalog.verify(MODEL, FILE, tmp_path) == path


def test_a_catalog_that_cannot_be_read_is_one_error(tmp_path: Path) -> None:
    with pytest.raises(Missing):
        catalog.load(tmp_path / "none.toml")
    (tmp_path / "odd.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(BadInput, match="UTF-8"):
        catalog.load(tmp_path / "odd.toml")
