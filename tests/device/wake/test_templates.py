"""The file of templates: what is written is read, and whatever else comes is refused in one line."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.errors import BadInput
from device.wake.embedding import DIMENSIONS, directions
from device.wake.templates import HEADER, MOST_BYTES, MOST_FRAMES, Template, Templates, dump, parse


def template(phrase: str = "Hello Grandpa", frames: int = 8, seed: int = 0, threshold: float = 0.3) -> Template:
    random = np.random.default_rng(seed)
    made = directions(random.normal(size=(frames, DIMENSIONS)).astype(np.float32))
    return Template(phrase, made, threshold, 0.31, 0.02)


GOOD = dump(Templates((template(), template("外公你好", seed=1))))


@given(
    st.lists(
        st.tuples(
            st.text(min_size=1, max_size=20).filter(str.strip), st.integers(1, MOST_FRAMES), st.floats(0.01, 2.0)
        ),
        min_size=1,
        max_size=5,
    )
)
def test_what_is_written_is_read(given_: list[tuple[str, int, float]]) -> None:
    written = Templates(tuple(template(p, n, k, x) for k, (p, n, x) in enumerate(given_)))
    read = parse(dump(written))
    assert read.phrases == written.phrases
    for one, other in zip(read.templates, written.templates, strict=True):
        np.testing.assert_array_equal(one.frames, other.frames)
        assert (one.threshold, one.lead, one.tail) == (other.threshold, other.lead, other.tail)


def test_phrases_are_named_once_in_their_order() -> None:
    assert parse(GOOD).phrases == ("Hello Grandpa", "外公你好")


@given(st.binary(max_size=300))
def test_bytes_that_are_no_templates_are_refused(junk: bytes) -> None:
    for content in (junk, HEADER + junk):
        with pytest.raises(BadInput) as caught:
            parse(content)
        assert "\n" not in caught.value.line()


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_a_changed_byte_is_refused_or_gives_sound_templates(at: int, by: int) -> None:
    damaged = bytearray(GOOD)
    damaged[at] ^= by
    try:
        read = parse(bytes(damaged))
    except BadInput:
        return
    for entry in read.templates:
        assert np.isfinite(entry.frames).all()
        assert 0 < entry.threshold <= 2


@given(st.integers(0, len(GOOD) - 1))
def test_a_file_cut_short_is_refused(length: int) -> None:
    with pytest.raises(BadInput):
        parse(GOOD[:length])


def changed(**fields: object) -> bytes:
    """A file with one template, some of its fields replaced."""
    content = msgspec.msgpack.decode(dump(Templates((template(),)))[len(HEADER) :])
    content["templates"][0] |= fields
    return HEADER + msgspec.msgpack.encode(content)


@pytest.mark.parametrize(
    "content",
    [
        HEADER + msgspec.msgpack.encode({"templates": []}),
        changed(threshold=float("nan")),
        changed(threshold=-1.0),
        changed(lead=float("inf")),
        changed(phrase="  "),
        changed(frames=b""),
        changed(frames=b"\0" * 4 * DIMENSIONS),
        changed(frames=b"\xff" * 4 * DIMENSIONS),
        changed(frames=b"\0" * (4 * DIMENSIONS + 1)),
        changed(surprise=1),
        b"imago wake 2\n",
        HEADER + b"\0" * MOST_BYTES,
    ],
)
def test_each_way_of_being_wrong_is_named(content: bytes) -> None:
    with pytest.raises(BadInput, match="wake"):
        parse(content, "wake/templates.msgpack")
