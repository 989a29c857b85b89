from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.errors import BadInput, Missing
from models_quantized.index import (
    Link,
    PipSettings,
    choose,
    find_wheel,
    parse_settings,
    pip_settings,
    read_page,
    run_pip,
)
from models_quantized.schema import Part
from models_quantized.transfer import Limits, Web
from tests.models_quantized.server import Page, Server

PART = Part(package="some-model", version="1.0", member="some/m.bin", bytes=1000)
DEFAULT = "https://example.org/simple"
QUICK = Limits(connect_s=1.0, read_s=5.0, attempts=1, pause_s=0.0)


def link(filename: str) -> Link:
    return Link(filename, f"https://example.org/{filename}", None, None)


def test_pip_s_own_settings_name_the_index() -> None:
    listing = "global.index-url='https://a.example/simple'\n:env:.cert='/c.pem'\n"
    listing += "global.extra-index-url='https://b.example/ x'\n"
    assert parse_settings(listing, DEFAULT) == PipSettings(
        ("https://a.example/simple", "https://b.example/", "x"), "/c.pem"
    )
    assert parse_settings(listing + ":env:.index-url='https://e.example'", DEFAULT).indexes[0] == "https://e.example"
    assert parse_settings("", DEFAULT).indexes == (DEFAULT,)
    assert parse_settings(":env:.no-index='1'", DEFAULT).indexes == ()


def test_pip_is_there_and_knows_its_default() -> None:
    assert all("://" in index for index in pip_settings().indexes)


@given(st.text(max_size=100))
def test_any_listing_is_read(listing: str) -> None:
    assert isinstance(parse_settings(listing, DEFAULT), PipSettings)


def test_a_json_page_and_an_html_page_say_the_same() -> None:
    name = "some_model-1.0-py3-none-any.whl"
    entry = {"filename": name, "url": f"../../f/{name}", "hashes": {"sha256": "a" * 64}}
    as_json = read_page(json.dumps({"files": [entry]}).encode(), "application/vnd.pypi.simple.v1+json", DEFAULT + "/x/")
    html = f'<!DOCTYPE html><body><a href="../../f/{name}#sha256={"a" * 64}">{name}</a></body>'
    as_html = read_page(html.encode(), "text/html", DEFAULT + "/x/")
    assert as_json == as_html == [Link(name, f"https://example.org/f/{name}", "a" * 64, None)]


@given(st.binary(max_size=200), st.sampled_from(["application/json", "text/html"]))
def test_any_page_is_read_or_refused(body: bytes, media_type: str) -> None:
    try:
        links = read_page(body, media_type, DEFAULT)
    except BadInput:
        return
    assert all(isinstance(found, Link) for found in links)


def test_the_wheel_of_the_version_for_every_platform_is_chosen() -> None:
    names = ["some_model-1.0.1-py3-none-any.whl", "some_model-1.0.tar.gz", "some_model_two-1.0-py3-none-any.whl"]
    right = "Some.Model-1.0-py3-none-any.whl"
    assert choose([link(name) for name in [*names, right]], PART).filename == right
    with pytest.raises(Missing, match=r"a wheel of 1\.0"):
        choose([link(name) for name in names], PART)


def test_a_named_wheel_is_chosen_among_platforms() -> None:
    names = [f"some_model-1.0-cp311-cp311-{platform}.whl" for platform in ("linux_aarch64", "linux_x86_64")]
    part = Part(package="some-model", version="1.0", member="m", bytes=1, wheel=names[1])
    assert choose([link(name) for name in names], part).filename == names[1]
    with pytest.raises(Missing):
        choose([link(name) for name in names], PART)


def test_the_second_index_is_asked_where_the_first_has_nothing(server: Server) -> None:
    server.add_wheel("some-model", {"some/m.bin": b"x"})
    found = find_wheel(Web(QUICK), (f"{server.url}/empty", server.index), PART)
    assert found.url.startswith(server.url)
    assert found.sha256
    with pytest.raises(Missing, match="HTTP 404"):
        find_wheel(Web(QUICK), (f"{server.url}/empty",), PART)
    with pytest.raises(Missing, match="no index to ask"):
        find_wheel(Web(QUICK), ("file:///nowhere", "https://name:word@example.org/simple"), PART)


def test_a_page_that_is_no_page_is_one_reason(server: Server) -> None:
    server.pages["/simple/some-model/"] = Page(b"{]", "application/json")
    with pytest.raises(Missing, match="malformed"):
        find_wheel(Web(QUICK), (server.index,), PART)


def test_pip_itself_fetches_where_it_is_set_up_to(server: Server, tmp_path: Path) -> None:
    members = {"some_model-1.0.dist-info/METADATA": b"Metadata-Version: 2.1\nName: some-model\nVersion: 1.0\n"}
    members |= {"some_model-1.0.dist-info/WHEEL": b"Wheel-Version: 1.0\n", "some_model-1.0.dist-info/RECORD": b""}
    path = server.add_wheel("some-model", {"some/m.bin": b"x", **members})
    wheels = tmp_path / "links"
    wheels.mkdir()
    (wheels / Path(path).name).write_bytes(server.pages[path].body)
    here = (sys.executable, "-m", "pip", "--isolated", "--no-input")
    settings = PipSettings((), command=(*here,))
    with pytest.raises(Missing, match="by pip"):
        run_pip(PipSettings((), command=("false",)), PART, tmp_path)
    with pytest.raises(Missing, match="to run"):
        run_pip(PipSettings((), command=("/nowhere/pip",)), PART, tmp_path)
    script = tmp_path / "pip"
    script.write_text(
        f'#!/bin/sh\nshift\nexec {" ".join(settings.command)} download --no-index --find-links {wheels} "$@"\n'
    )
    script.chmod(0o755)
    got = tmp_path / "got"
    got.mkdir()
    assert run_pip(PipSettings((), command=(str(script),)), PART, got).name == Path(path).name
