"""The studio's web server: on this computer only, for pages that it gave out itself."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from device.errors import Busy, ImagoError
from provisioning.studio import guard
from provisioning.studio.answer import Request, Response
from provisioning.studio.desk import Desk
from provisioning.studio.guard import Turned
from provisioning.studio.routes import ROUTES

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
SECONDS = 30
"""After which a connection that says nothing is closed"""
MAX_FIELDS = 400
_COOKIE = "imago_language"


class Studio(ThreadingHTTPServer):
    """One shoebox's pages."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, desk: Desk, port: int = 0) -> None:
        """Listens on a port, 0 for any that is free. Raises Busy for one that is taken."""
        self.desk = desk
        self.one_at_a_time = threading.Lock()
        try:
            super().__init__((HOST, port), _Handler)
        except (OSError, OverflowError) as error:
            raise Busy(f"port {port}", expected="a free port", got=str(error)) from None

    @property
    def address(self) -> str:
        """What to open in a browser."""
        return f"http://{HOST}:{self.server_address[1]}/{self.desk.token}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that went away in the middle is nothing to tell of."""

    def answer(self, method: str, target: str, headers: Mapping[str, str], read: Any) -> Response:
        """The response to one request; `read(n)` gives its body."""
        port = int(self.server_address[1])
        guard.check_host(headers.get("Host", ""), port)
        name, query = guard.page_of(target, self.desk.token)
        page = ROUTES.get((method, name))
        if page is None:
            raise Turned(405 if any(known == name for _, known in ROUTES) else 404, "nothing here")
        form: dict[str, list[str]] = {}
        body, kind = b"", guard.media_type(headers)
        if method == "POST":
            guard.check_origin(headers, port)
            body = read(guard.length_of(headers))
            if kind == guard.FORM:
                form, body = _fields(body), b""
        told = {key: values[0] for key, values in _fields(query.encode()).items()}
        request = Request(method, name, told, form, body, kind, _language(headers, told), headers.get("Range", ""))
        with self.one_at_a_time:
            try:
                return page(self.desk, request)
            except ImagoError as error:
                return self.desk.error(error, request)


class _Handler(BaseHTTPRequestHandler):
    server: Studio
    timeout = SECONDS
    server_version = "studio"
    sys_version = ""

    def do_GET(self) -> None:
        self._serve("GET")

    def do_POST(self) -> None:
        self._serve("POST")

    def _serve(self, method: str) -> None:
        self.close_connection = True
        try:
            response = self.server.answer(method, self.path, dict(self.headers.items()), self._read)
        except Turned as turned:
            text = f"{turned.status}: {turned.why}\n".encode()
            response = Response(text, "text/plain; charset=utf-8", turned.status)
        except Exception:  # the edge of a connection's thread: one page fails, the studio goes on
            log.exception("the page %s failed", self.path.rpartition("/")[2].partition("?")[0])
            response = Response(b"500: this page failed\n", "text/plain; charset=utf-8", 500)
        self.send_response(response.status)
        for name, value in {**dict(guard.HEADERS), **dict(response.headers)}.items():  # of two policies both would hold
            self.send_header(name, value)
        if response.status != 303:
            self.send_header("Content-Type", response.kind)
        self.send_header("Content-Length", str(len(response.body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(response.body)

    def _read(self, length: int) -> bytes:
        try:
            content = self.rfile.read(length)
        except OSError:
            content = b""
        if len(content) != length:
            raise Turned(400, "a body that breaks off")
        return content

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: addresses hold the word, and what a family looks at is its own."""


def _fields(text: bytes) -> dict[str, list[str]]:
    try:
        told = text.decode("ascii")
        return parse_qs(told, keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError:
        raise Turned(400, "fields in another form") from None


def _language(headers: Mapping[str, str], query: Mapping[str, str]) -> str:
    """As chosen, else as the browser prefers."""
    cookies = dict(part.strip().partition("=")[::2] for part in headers.get("Cookie", "").split(";"))
    wanted = query.get("lang") or cookies.get(_COOKIE) or headers.get("Accept-Language", "")[:2].lower()
    return "zh" if wanted == "zh" else "en"
