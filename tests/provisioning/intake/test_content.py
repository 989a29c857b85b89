"""What a file is, is told by its bytes: by those that real writers give, and by none that only begin alike."""

from __future__ import annotations

import io
import wave
import zipfile

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from provisioning.intake.content import content_of
from tests.support.documents import docx, pdf


def picture(form: str) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (20, 10), "red").save(stream, form)
    return stream.getvalue()


def sound(form: str, codec: str, rate: int = 48000) -> bytes:
    stream = io.BytesIO()
    with av.open(stream, "w", format=form) as container:
        track = container.add_stream(codec, rate=rate)
        track.layout = "mono"
        for n in range(20):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
            frame.sample_rate, frame.pts = rate, n * 1024
            container.mux(track.encode(frame))
        container.mux(track.encode(None))
    return stream.getvalue()


def film(form: str) -> bytes:
    stream = io.BytesIO()
    with av.open(stream, "w", format=form) as container:
        track = container.add_stream("mpeg4" if form != "webm" else "libvpx", rate=10)
        track.width, track.height, track.pix_fmt = 32, 32, "yuv420p"
        for _ in range(3):
            container.mux(track.encode(av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8))))
        container.mux(track.encode(None))
    return stream.getvalue()


def wav() -> bytes:
    stream = io.BytesIO()
    with wave.open(stream, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(200))
    return stream.getvalue()


def archive(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as file:
        for name, content in members.items():
            file.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF", "WEBP", "GIF", "BMP"])
def test_pictures(form: str) -> None:
    assert content_of(picture(form)) == "picture"


@pytest.mark.parametrize(
    ("form", "codec"),
    [
        ("mp3", "libmp3lame"),
        ("adts", "aac"),
        ("ogg", "libopus"),
        ("flac", "flac"),
        ("ipod", "aac"),
        ("aiff", "pcm_s16be"),
    ],
)
def test_sounds(form: str, codec: str) -> None:
    assert content_of(sound(form, codec)[:4096]) == "sound"


def test_mp3_without_a_tag_is_a_sound() -> None:
    raw = sound("mp3", "libmp3lame")
    assert raw.startswith(b"ID3")
    size = 10 + int("".join(f"{byte:07b}" for byte in raw[6:10]), 2)
    assert content_of(raw[size:]) == "sound"


@pytest.mark.parametrize("form", ["mp4", "mov", "avi", "matroska"])
def test_films(form: str) -> None:
    assert content_of(film(form)[:4096]) == "film"


def test_other_sounds_and_pictures() -> None:
    assert content_of(wav()) == "sound"
    assert content_of(b"#!AMR\n" + bytes(32)) == "sound"
    assert content_of(b"\x02#!SILK_V3" + bytes(32)) == "sound"
    assert content_of(b"\0\0\0\x18ftypheic" + bytes(32)) == "picture"


def test_texts_and_archives() -> None:
    assert content_of(docx("Dear Lin,")) == "text"
    assert content_of(pdf("Dear Lin,")) == "text"
    assert content_of(archive(**{"chat.txt": b"hello"})) == "archive"
    assert content_of(b"") == "empty"
    for words in (
        "BMW 和我",
        "II* 号楼",
        "ID3 cards of ours",
        "你好",
        "RIFF is a guitar's",
        "FORM 3 of the county",
        "caff",
    ):
        assert content_of(words.encode()) == "text", words
    assert content_of("写给阿听的信".encode("utf-16")) == "text", "FF FE is a byte order mark, not MPEG"


@given(st.binary(max_size=64))
def test_any_bytes_are_something(raw: bytes) -> None:
    assert content_of(raw) in ("picture", "sound", "film", "archive", "text", "empty")
