from __future__ import annotations

import hashlib
import socket
from pathlib import Path

import pytest

from device.errors import BadInput, Broken, Missing
from models_quantized.transfer import Limits, Wanted, Web, check_url
from tests.models_quantized.conftest import blob
from tests.models_quantized.server import Page, Server

CONTENT = blob(300_000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()
QUICK = Limits(connect_s=1.0, read_s=5.0, attempts=3, pause_s=0.0)


def get(server: Server, target: Path, cap: int = len(CONTENT), sha256: str | None = SHA256) -> list[float]:
    told: list[float] = []
    Web(QUICK).download(Wanted(f"{server.url}/m", cap, None, sha256), target, told.append)
    return told


def test_every_byte_is_told_once(server: Server, tmp_path: Path) -> None:
    server.pages["/m"] = Page(CONTENT)
    told = get(server, tmp_path / "m")
    assert (tmp_path / "m").read_bytes() == CONTENT
    assert sum(told) == len(CONTENT)


def test_it_continues_where_it_stopped(server: Server, tmp_path: Path) -> None:
    server.pages["/m"] = Page(CONTENT, statuses=[503, 500])
    (tmp_path / "m.part").write_bytes(CONTENT[:1234])
    assert sum(get(server, tmp_path / "m")) == len(CONTENT)
    assert server.requests_of("/m") == ["bytes=1234-"] * 3
    assert (tmp_path / "m").read_bytes() == CONTENT


def test_a_server_without_ranges_starts_over(server: Server, tmp_path: Path) -> None:
    server.pages["/m"] = Page(CONTENT, cut_at=[1000], ranges=False)
    assert sum(get(server, tmp_path / "m")) == len(CONTENT)
    assert (tmp_path / "m").read_bytes() == CONTENT


@pytest.mark.parametrize("beginning", [blob(1000, 2), blob(len(CONTENT), 2), blob(len(CONTENT) + 5, 2)])
def test_a_foreign_beginning_is_thrown_away(server: Server, tmp_path: Path, beginning: bytes) -> None:
    server.pages["/m"] = Page(CONTENT)
    (tmp_path / "m.part").write_bytes(beginning)
    assert sum(get(server, tmp_path / "m")) == len(CONTENT)
    assert (tmp_path / "m").read_bytes() == CONTENT


def test_wrong_bytes_are_refused(server: Server, tmp_path: Path) -> None:
    server.pages["/m"] = Page(blob(300_000, 3))
    with pytest.raises(BadInput, match="SHA-256"):
        get(server, tmp_path / "m")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("status", "error"), [(404, Missing), (403, Missing), (500, Broken), (503, Broken), (429, Broken)]
)
def test_a_refusing_server_is_one_error(server: Server, tmp_path: Path, status: int, error: type[Exception]) -> None:
    server.pages["/m"] = Page(CONTENT, statuses=[status] * 9)
    with pytest.raises(error, match=str(status)):
        get(server, tmp_path / "m")
    assert len(server.asked) == (1 if error is Missing else QUICK.attempts)


def test_a_connection_that_keeps_ending_is_given_up_and_kept(server: Server, tmp_path: Path) -> None:
    server.pages["/m"] = Page(CONTENT, cut_at=[100, 200, 300])
    with pytest.raises(Broken, match="300 of 300000 bytes"):
        get(server, tmp_path / "m")
    assert (tmp_path / "m.part").read_bytes() == CONTENT[:300]


@pytest.mark.parametrize("sized", [True, False])
def test_more_than_the_cap_is_refused(server: Server, tmp_path: Path, sized: bool) -> None:
    server.pages["/m"] = Page(CONTENT, sized=sized)
    with pytest.raises(BadInput, match="1000 bytes"):
        get(server, tmp_path / "m", cap=1000, sha256=None)


def test_a_redirect_cannot_lead_out_of_https(server: Server, tmp_path: Path) -> None:
    server.pages["/m"] = Page(statuses=[302], location="http://example.org/m")
    with pytest.raises(BadInput, match="https"):
        get(server, tmp_path / "m")
    server.pages["/m"] = Page(statuses=[302], location="/elsewhere")
    server.pages["/elsewhere"] = Page(CONTENT)
    get(server, tmp_path / "m")
    assert (tmp_path / "m").read_bytes() == CONTENT


@pytest.mark.parametrize("url", ["http://example.org/", "ftp://example.org/", "file:///etc/passwd", "nothing", ""])
def test_only_https_is_spoken(url: str) -> None:
    with pytest.raises(BadInput, match="https"):
        check_url(url)


def test_a_host_that_does_not_answer_is_asked_once(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        web = Web(QUICK)
        for _ in range(2):
            with pytest.raises(Missing, match="an answer within 1 s"):
                web.download(Wanted(f"http://127.0.0.1:{port}/m", 10), tmp_path / "m", lambda _: None)
        closed.listen(1)
        with pytest.raises(Missing):  # it would answer now, but was found silent in this run
            web.page(f"http://127.0.0.1:{port}/m", "*/*")


def test_a_stopped_run_ends_soon_and_keeps_what_it_has(server: Server, tmp_path: Path) -> None:
    server.pages["/m"] = Page(CONTENT)
    web = Web(QUICK)
    with pytest.raises(Broken, match="interruption"):
        web.download(Wanted(f"{server.url}/m", len(CONTENT)), tmp_path / "m", lambda n: web.stop.set() if n else None)
    assert 0 < (tmp_path / "m.part").stat().st_size < len(CONTENT)


def test_a_server_that_falls_silent_is_given_up_and_what_came_is_kept(server: Server, tmp_path: Path) -> None:
    server.pages["/m"] = Page(CONTENT, stall_at=1000)
    web = Web(Limits(connect_s=1.0, read_s=0.2, attempts=2, pause_s=0.0))
    with pytest.raises(Broken, match="timed out"):
        web.download(Wanted(f"{server.url}/m", len(CONTENT)), tmp_path / "m", lambda _: None)
    assert (tmp_path / "m.part").read_bytes() == CONTENT[:1000]


def test_hosts_that_swallow_everything_are_found_out(tmp_path: Path) -> None:
    with socket.socket() as deaf, socket.socket() as first, socket.socket() as second:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        for waiting in (first, second):  # they fill the queue; a third connection hangs
            waiting.setblocking(False)
            waiting.connect_ex(deaf.getsockname())
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/m"
        web = Web(Limits(connect_s=0.2))
        web.meet([url, url])
        assert web.silent(url)


def test_a_certificate_is_asked_for_and_can_be_trusted(server: Server, tmp_path: Path) -> None:
    server.pages["/m"] = Page(CONTENT)
    certificate = server.speak_tls(tmp_path)
    url = server.url.replace("http:", "https:").replace("127.0.0.1", "localhost") + "/m"
    web = Web(QUICK)
    with pytest.raises(Broken, match="certificate"):
        web.download(Wanted(url, len(CONTENT), None, SHA256), tmp_path / "m", lambda _: None)
    trusting = Web(QUICK)
    trusting.trust(str(certificate))
    trusting.download(Wanted(url, len(CONTENT), None, SHA256), tmp_path / "m", lambda _: None)
    assert (tmp_path / "m").read_bytes() == CONTENT
