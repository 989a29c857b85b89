"""Who may speak with the studio: only pages that it gave out itself, on this very computer. Pure rules.

A page of the internet can make a browser send requests to 127.0.0.1, and a host name of its own can be made to point
there (DNS rebinding). So the host must be called by its address, the address must hold a word that nobody can guess,
and what changes anything must come from a page of ours.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

MAX_TARGET = 4096
MAX_FORM = 2 << 20
MAX_UPLOAD = 64 << 20
POLICY = (
    "default-src 'none'; img-src 'self'; media-src 'self' blob:; style-src 'self'; script-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cache-Control", "no-store"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(self)"),
)
FORM = "application/x-www-form-urlencoded"
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,40}")


class Turned(Exception):
    """A request that is turned away, with the status for it."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


def check_host(host: str, port: int) -> None:
    """Raises Turned for any other name of this computer."""
    if host not in (f"127.0.0.1:{port}", f"localhost:{port}"):
        raise Turned(403, "another host's name")


def check_origin(headers: Mapping[str, str], port: int) -> None:
    """For what changes something: it must come from a page of ours."""
    origin = headers.get("Origin", "")
    if origin not in (f"http://127.0.0.1:{port}", f"http://localhost:{port}"):
        raise Turned(403, "not from a page of the studio")
    if headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        raise Turned(403, "from another site")


def page_of(target: str, token: str) -> tuple[str, str]:
    """(name of the page, query) of an address. Raises Turned without the right word in it."""
    if len(target) > MAX_TARGET or not target.startswith("/"):
        raise Turned(414 if len(target) > MAX_TARGET else 400, "an address in another form")
    path, _, query = target.partition("?")
    given, slash, name = path[1:].partition("/")
    if not hmac.compare_digest(unquote_to_bytes(given), token.encode()):
        raise Turned(404, "nothing here")
    if not slash or (name and not _NAME.fullmatch(name)):
        raise Turned(404, "nothing here")
    return name or "start", query


def length_of(headers: Mapping[str, str]) -> int:
    """Bytes of a request's body. Raises Turned for none said, or too many."""
    if headers.get("Transfer-Encoding"):
        raise Turned(411, "a body of a length that is not said")
    text = headers.get("Content-Length", "")
    if not (text.isascii() and text.isdecimal() and len(text) < 12):
        raise Turned(411 if not text else 400, "a length that is no number")
    most = MAX_FORM if media_type(headers) == FORM else MAX_UPLOAD
    if int(text) > most:
        raise Turned(413, f"more than {most} bytes")
    return int(text)


def media_type(headers: Mapping[str, str]) -> str:
    """The body's type, without parameters."""
    return headers.get("Content-Type", "").partition(";")[0].strip().lower()
