"""A real server on a free port over a made-up shoebox, and a plain client."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest

from provisioning.studio.desk import Desk
from provisioning.studio.server import Studio
from tests.fakes.workshop import FakeWorkshop, QuotingMind, shoebox

TOKEN = "a-word-that-nobody-can-guess"


@dataclass
class Answered:
    """A response, read whole."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


@dataclass
class Client:
    """Speaks with the studio as a browser would, or not at all as one would."""

    studio: Studio
    shop: FakeWorkshop
    mind: QuotingMind

    @property
    def port(self) -> int:
        return int(self.studio.server_address[1])

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def send(self, method: str, target: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Answered:
        """Exactly this; `headers` replace the usual ones, with "" they are left out."""
        usual = {"Host": f"127.0.0.1:{self.port}", "Content-Length": str(len(body)) if method == "POST" else ""}
        told = {name: value for name, value in {**usual, **(headers or {})}.items() if value}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in told.items():
            connection.putheader(name, value)
        connection.endheaders(body or None)
        response = connection.getresponse()
        answered = Answered(response.status, dict(response.getheaders()), response.read())
        connection.close()
        return answered

    def get(self, page: str = "", **query: str) -> Answered:
        """A page."""
        return self.send("GET", f"/{TOKEN}/{page}" + (f"?{urlencode(query)}" if query else ""))

    def post(self, page: str, **fields: str | list[str]) -> Answered:
        """A form."""
        body = urlencode(fields, doseq=True).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.origin}
        return self.send("POST", f"/{TOKEN}/{page}", body, headers)

    def upload(self, target: str, body: bytes, kind: str) -> Answered:
        """A recording or a document."""
        return self.send("POST", f"/{TOKEN}/{target}", body, {"Content-Type": kind, "Origin": self.origin})


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    shop, mind = shoebox(tmp_path / "box"), QuotingMind()
    desk = Desk(shop, TOKEN, lambda recording, language: "something else", lambda: mind)
    studio = Studio(desk)
    thread = threading.Thread(target=studio.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield Client(studio, shop, mind)
    studio.shutdown()
    studio.server_close()
    thread.join(10)
