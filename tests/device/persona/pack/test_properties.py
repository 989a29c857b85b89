"""What holds for any input: strict JSON against Python's own, age against another implementation, the archive against
tarfile, places in a sealed payload against slices."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable
from typing import Any

import msgspec
import pyrage
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from device.errors import BadInput, ImagoError
from device.persona.pack import age, archive
from device.persona.pack.bech32 import age_identity
from device.persona.pack.envelope import MAGIC, read_head
from device.persona.pack.manifest import check_path
from device.persona.pack.strict_json import LARGEST, read
from device.persona.store.sealed import SealedPayload
from tests.support.packs import FRAME, OTHER_FRAME

PIECE = age.PIECE
SIZES = [0, 1, 511, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE - 1, 2 * PIECE, 2 * PIECE + 1, 3 * PIECE + 7]
OURS = pyrage.x25519.Identity.from_str(age_identity(FRAME.opening.private_bytes_raw())).to_public()
THEIRS = pyrage.x25519.Identity.from_str(age_identity(OTHER_FRAME.opening.private_bytes_raw())).to_public()
STRANGERS = [pyrage.x25519.Identity.generate().to_public() for _ in range(5)]


RIVER = pyrage.encrypt(b"the river", [OURS])


def error_of(do: Callable[[], object]) -> ImagoError | None:
    """The error that it ends in, None for none."""
    try:
        do()
    except ImagoError as error:
        return error
    return None


class Anything(msgspec.Struct, frozen=True):
    """Any JSON under one name."""

    value: Any


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc\"é", max_size=3), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip
PIECES_OF_JSON = st.lists(
    st.sampled_from(['{"value":', "}", "[", "]", '"a"', ":", ",", "1", "-", "0", "e9", "1e999", "NaN", "\\", "\\ud800",
                     "9007199254740993", "true", "null", " ", "\ufeff", '"', "é", '{"a":1,"a":2}'])
)  # fmt: skip


@given(st.binary(max_size=200) | PIECES_OF_JSON.map(lambda parts: "".join(parts).encode()))
def test_whatever_comes_is_json_or_one_of_our_errors(content: bytes) -> None:
    for text in (content, b'{"value":' + content + b"}"):
        error = error_of(lambda text=text: read(text, Anything, "it"))
        if error is None:
            assert json.loads(text)["value"] == read(text, Anything, "it").value
        else:
            assert error.code.startswith("malformed.")


@given(JSON)
def test_json_of_reasonable_things_is_read_as_python_reads_it(value: Any) -> None:
    text = json.dumps({"value": value})
    assert read(text.encode(), Anything, "it").value == json.loads(text)["value"]


@given(st.integers(1, 60))
def test_depth_has_one_limit(levels: int) -> None:
    text = b'{"value":' + b"[" * levels + b"]" * levels + b"}"
    if levels < 32:
        read(text, Anything, "it")
    else:
        with pytest.raises(BadInput, match="32 levels"):
            read(text, Anything, "it")


@given(st.binary(max_size=100))
def test_a_head_is_one_or_one_of_our_errors(content: bytes) -> None:
    for text in (content, MAGIC + content, MAGIC + len(content).to_bytes(4, "big") + content):
        with pytest.raises(ImagoError):
            read_head(io.BytesIO(text).read)


def opened(data: bytes) -> bytes:
    stream = io.BytesIO(data)
    found = age.open_header(stream.read, FRAME.opening)
    assert found.header_size == stream.tell()
    return b"".join(age.pieces(stream.read, found.file_key))


@pytest.mark.parametrize("size", SIZES)
def test_what_another_implementation_of_age_encrypts_is_read(size: int) -> None:
    content = bytes(range(256)) * (size // 256 + 1)
    assert opened(pyrage.encrypt(content[:size], [OURS])) == content[:size]


@given(st.binary(max_size=300), st.integers(0, 5), st.integers(0, 5))
@settings(max_examples=30)
def test_ours_may_be_any_of_several_recipients(content: bytes, before: int, after: int) -> None:
    assert opened(pyrage.encrypt(content, [*STRANGERS[:before], OURS, *STRANGERS[:after]])) == content


def test_what_is_not_for_us_is_not_read() -> None:
    with pytest.raises(ImagoError) as caught:
        opened(pyrage.encrypt(b"x", [THEIRS, *STRANGERS]))
    assert caught.value.code == "recipient.none"


@given(st.binary(max_size=400))
def test_any_bytes_as_age_are_refused(content: bytes) -> None:
    for text in (content, age.VERSION + content, age.VERSION + b"-> X25519 " + content):
        with pytest.raises(ImagoError):
            opened(text)


@given(st.data())
@settings(max_examples=50)
def test_one_changed_byte_of_an_age_file_is_noticed(data: st.DataObject) -> None:
    whole = RIVER
    at = data.draw(st.integers(0, len(whole) - 1))
    other = data.draw(st.integers(1, 255))
    with pytest.raises(ImagoError):
        opened(whole[:at] + bytes([whole[at] ^ other]) + whole[at + 1 :])


@pytest.fixture(scope="module", params=SIZES[1:])
def payload(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, SealedPayload]:
    content = bytes(n % 251 for n in range(request.param))
    stream = io.BytesIO(pyrage.encrypt(content, [OURS]))
    found = age.open_header(stream.read, FRAME.opening)
    path = tmp_path_factory.mktemp("sealed") / "payload"
    path.write_bytes(b"before" + stream.read())
    return content, SealedPayload(path, found.file_key, 6)


@given(st.integers(0, 4 * PIECE), st.integers(0, 4 * PIECE))
@settings(max_examples=40)
def test_any_place_of_a_payload_is_a_slice(payload: tuple[bytes, SealedPayload], offset: int, size: int) -> None:
    content, sealed = payload
    assert sealed.size == len(content)
    assert sealed.read(offset, size) == content[offset : offset + size]


def test_a_payload_that_was_changed_in_the_store_is_damaged(
    payload: tuple[bytes, SealedPayload], tmp_path_factory: pytest.TempPathFactory
) -> None:
    content, _ = payload
    stream = io.BytesIO(pyrage.encrypt(content, [OURS]))
    found = age.open_header(stream.read, FRAME.opening)
    path = tmp_path_factory.mktemp("sealed") / "payload"
    kept = stream.read()
    for spoiled in (kept[:-1] + bytes([kept[-1] ^ 1]), kept[:-1], kept + b"x"):
        path.write_bytes(spoiled)
        with pytest.raises(BadInput) as caught, SealedPayload(path, found.file_key) as sealed:
            sealed.read(0, len(content) + 1)
        assert caught.value.code == "damaged.store"
    path.write_bytes(kept[:20])
    with pytest.raises(BadInput):
        SealedPayload(path, found.file_key)


NAMES = st.lists(
    st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=110), min_size=1, max_size=5
)


@given(NAMES, st.integers(0, archive.LARGEST))
def test_tarfile_reads_every_header(parts: list[str], size: int) -> None:
    path = "/".join(parts)
    try:
        check_path(path)
    except BadInput:
        assume(False)
    block = archive.header(path, size)
    told = tarfile.TarInfo.frombuf(block, "utf-8", "strict")
    assert (told.name, told.size, told.mode, told.type, told.mtime) == (path, size, 0o644, tarfile.REGTYPE, 0)
    assert (told.uid, told.gid, told.uname, told.gname, told.linkname) == (0, 0, "", "", "")
    archive.expect(block, path, size)


@given(st.integers(0, 255), st.booleans())
def test_names_of_every_length(length: int, folders: bool) -> None:
    path = ("x/" * 200 if folders else "x" * 300)[:length]
    assume(not path.endswith("/"))
    error = error_of(lambda: archive.header(path, 0))
    if error is None:
        assert tarfile.TarInfo.frombuf(archive.header(path, 0), "utf-8", "strict").name == path
    else:
        assert (error.code, length > archive.NAME) == ("malformed.path-long", True)


@given(st.lists(st.binary(max_size=1500), max_size=5))
def test_tarfile_reads_the_whole_archive(contents: list[bytes]) -> None:
    data = b""
    for number, content in enumerate(contents):
        data += archive.header(f"likeness/{number}", len(content)) + content + bytes(archive.padding(len(content)))
    with tarfile.open(fileobj=io.BytesIO(data + archive.END), mode="r:") as bundle:
        members = bundle.getmembers()
        read_back = [bundle.extractfile(member).read() for member in members]  # type: ignore[union-attr]
    assert read_back == contents
    places = archive.offsets(0, iter(map(len, contents)))
    assert [member.offset_data for member in members] == list(places)


@given(st.binary(min_size=0, max_size=600), st.integers(0, 511), st.integers(1, 255))
def test_any_other_header_is_refused(noise: bytes, at: int, other: int) -> None:
    block = archive.header("likeness/x.png", 77)
    spoiled = block[:at] + bytes([block[at] ^ other]) + block[at + 1 :]
    for wrong in (noise, noise[:512].ljust(512, b"\0"), spoiled):
        with pytest.raises(BadInput):
            archive.expect(wrong, "likeness/x.png", 77)


@given(st.text(max_size=80) | st.text("ab/.\\:\u202e\u0301 Cconux", max_size=20))
def test_a_name_that_passes_is_the_same_everywhere(path: str) -> None:
    error = error_of(lambda: check_path(path))
    if error is not None:
        assert error.code.startswith("malformed.path-")
        assert error.line().isprintable()
    else:
        assert all(c.isprintable() or c.isspace() for c in path)
        assert not path.startswith("/")
        assert not {"", ".", ".."} & set(path.split("/"))
