"""Nobody but a page of the studio's own is answered: other hosts, words, sites, paths and sizes are turned away."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.memories.memory import Memory
from provisioning.studio import guard
from provisioning.studio.guard import Turned
from provisioning.studio.routes import ROUTES
from tests.fakes.workshop import FakeWorkshop
from tests.provisioning.studio.conftest import TOKEN, Client

WAYS_OUT = [
    "../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "studio.css/../../persona.toml",
    "%2e%2e",
    "persona.toml",
    "static/studio.css",
    "STUDIO.CSS",
    "a" * 60,
]
NOT_LISTED = [
    "../persona.toml",
    "/etc/passwd",
    "persona.toml",
    "photos/../persona.toml",
    "photos/z.jpg",
    "",
    "photos/a.jpg\0",
]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def test_every_answer_forbids_other_sites_scripts_and_keeping(client: Client) -> None:
    for answered in (client.get(), client.get("nothing"), client.get("studio.css"), client.get("report", whole="yes")):
        policy = answered.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "script-src 'unsafe" not in policy
        assert answered.headers["X-Content-Type-Options"] == "nosniff"
        assert answered.headers["Cache-Control"] == "no-store"


def test_pages_obey_their_own_policy(client: Client) -> None:
    """No inline scripts, styles or handlers: the policy would stop them, and the page would be broken."""
    for method, page in ROUTES:
        if method == "GET" and page not in ("report", "sheet", "picture", "face-picture", "sound", "trial", "spoken"):
            text = client.get(page).body.decode("utf-8", errors="replace")
            assert " style=" not in text
            assert "<script>" not in text
            assert " onclick=" not in text
            assert "http://" not in text.replace("http://127.0.0.1", "")


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example", "[::1]", "LOCALHOST"]
)
def test_another_hosts_name_is_turned_away(client: Client, host: str) -> None:
    assert client.send("GET", f"/{TOKEN}/start", headers={"Host": host}).status == 403
    evil = {"Host": f"evil.example:{client.port}"}
    assert client.send("GET", f"/{TOKEN}/start", headers=evil).status == 403


@pytest.mark.parametrize("target", ["/", "/start", f"/{TOKEN}x/start", f"/{TOKEN[:-1]}/start", "//start", f"/{TOKEN}",
                                    "/%00/start", "/../start"])  # fmt: skip
def test_without_the_word_there_is_nothing(client: Client, target: str) -> None:
    assert client.send("GET", target).status == 404


@pytest.mark.parametrize("target", WAYS_OUT)
def test_no_path_leads_out(client: Client, target: str) -> None:
    assert client.send("GET", f"/{TOKEN}/{target}").status == 404


@pytest.mark.parametrize("path", NOT_LISTED)
def test_only_listed_pictures_and_sounds_are_shown(client: Client, path: str) -> None:
    assert client.get("picture", path=path).status == 404
    assert client.get("sound", path=path).status == 404


@pytest.mark.parametrize("origin", ["", "null", "http://evil.example", "https://127.0.0.1", "http://127.0.0.1:1"])
def test_another_sites_form_changes_nothing(client: Client, origin: str) -> None:
    body = b"talk=chats/wechat.csv&speaker=wxid_chuan&seen="
    answered = client.send("POST", f"/{TOKEN}/speakers", body, {**FORM, "Origin": origin})
    assert answered.status == 403
    crossed = {**FORM, "Origin": client.origin, "Sec-Fetch-Site": "cross-site"}
    assert client.send("POST", f"/{TOKEN}/speakers", body, crossed).status == 403
    assert not (client.shop.shoebox / "review").exists()


@pytest.mark.parametrize(("length", "status"), [("", 411), ("-1", 400), ("x", 400), ("1e3", 400), ("99999999999", 413),
                                                (str(guard.MAX_FORM + 1), 413)])  # fmt: skip
def test_a_body_says_its_length_and_is_not_too_long(client: Client, length: str, status: int) -> None:
    headers = {**FORM, "Origin": client.origin, "Content-Length": length}
    assert client.send("POST", f"/{TOKEN}/speakers", b"", headers).status == status


def test_a_chunked_body_is_turned_away(client: Client) -> None:
    headers = {**FORM, "Origin": client.origin, "Content-Length": "", "Transfer-Encoding": "chunked"}
    assert client.send("POST", f"/{TOKEN}/speakers", b"", headers).status == 411


def test_a_body_that_breaks_off_is_turned_away(client: Client) -> None:
    with socket.create_connection(("127.0.0.1", client.port), 10) as connection:
        head = f"POST /{TOKEN}/speakers HTTP/1.1\r\nHost: 127.0.0.1:{client.port}\r\nOrigin: {client.origin}\r\n"
        connection.sendall(f"{head}Content-Length: 100\r\n\r\nshort".encode())
        connection.shutdown(socket.SHUT_WR)
        assert b" 400 " in connection.recv(4096).splitlines()[0]


@pytest.mark.parametrize("body", [b"a=%ff", b"a=\xff", b"&".join(b"a=1" for _ in range(2000))])
def test_fields_in_another_form_are_turned_away(client: Client, body: bytes) -> None:
    assert client.send("POST", f"/{TOKEN}/speakers", body, {**FORM, "Origin": client.origin}).status == 400


def test_other_methods_and_long_addresses(client: Client) -> None:
    assert client.send("GET", f"/{TOKEN}/wrong").status == 405
    assert client.send("POST", f"/{TOKEN}/start", b"", {**FORM, "Origin": client.origin}).status == 405
    assert client.send("GET", f"/{TOKEN}/start?q={'x' * 5000}").status == 414
    assert client.send("PUT", f"/{TOKEN}/start").status == 501


def test_only_this_computer_can_reach_it(client: Client) -> None:
    assert client.studio.server_address[0] == "127.0.0.1"


@given(st.text(max_size=200))
def test_no_address_is_let_in_by_chance(target: str) -> None:
    with pytest.raises(Turned):
        guard.page_of(target, TOKEN)


@given(st.dictionaries(st.sampled_from(["Content-Length", "Transfer-Encoding", "Content-Type"]), st.text(max_size=30)))
def test_any_headers_give_a_length_or_an_answer(headers: dict[str, Any]) -> None:
    status = 200
    try:
        assert 0 <= guard.length_of(headers) <= guard.MAX_UPLOAD
    except Turned as turned:
        status = turned.status
    assert status in (200, 400, 411, 413)


def test_a_page_that_fails_is_one_page(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    client.studio.desk.workshop = Broken(client.shop.shoebox)
    answered = client.get("memories")
    assert answered.status == 500
    assert b"no such thing" not in answered.body
    assert client.get("studio.css").status == 200
    assert "the page memories failed" in caplog.text
    assert TOKEN not in caplog.text


class Broken(FakeWorkshop):
    """With a mistake in it."""

    def memories(self) -> tuple[Memory, ...]:
        raise RuntimeError("no such thing")
