"""One file over HTTPS into a folder, resumable at any byte.

What has arrived lies in ``NAME.part`` and is continued with an HTTP Range request; only when the size and,
where known, the SHA-256 are right does the file get its name. A host that did not answer is not asked again.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import ssl
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPMessage
from pathlib import Path
from typing import IO

from device.errors import BadInput, Broken, Busy, ImagoError, Missing
from models_quantized.catalog import sha256_of

BLOCK = 1 << 18  # bytes read from the network at a time
LOOPBACK = ("127.0.0.1", "localhost")
NETWORK_ERRORS = (OSError, http.client.HTTPException)


@dataclass(frozen=True)
class Limits:
    """How patient a transfer is."""

    connect_s: float = 3.0  # seconds until a host that does not answer is given up for this run
    read_s: float = 30.0  # seconds without a byte until a connection is given up
    attempts: int = 4  # tries per file, each continuing where the last one stopped
    pause_s: float = 1.0  # seconds before the second try; twice as long before each further one
    page_bytes: int = 32 << 20  # largest page of a package index


@dataclass(frozen=True)
class Wanted:
    """What is to arrive: at most `cap` bytes, exactly `size` and with this hash where they are known."""

    url: str
    cap: int
    size: int | None = None
    sha256: str | None = None


class _Again(Exception):
    """A failure that another attempt may mend."""


class _PastTheEnd(_Again):
    """The server has nothing from the asked byte on: what is here cannot be its beginning."""


def check_url(url: str) -> None:
    """Raise `BadInput` unless `url` is HTTPS, or HTTP to this very machine."""
    parts = urllib.parse.urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise BadInput(f"address {url}", expected="https", got=parts.scheme or "no scheme")


class _SafeRedirects(urllib.request.HTTPRedirectHandler):
    """Follows a redirect only to where we would have gone ourselves."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        check_url(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


@dataclass
class Web:
    """The network as one run of a fetch sees it; safe to share between threads."""

    limits: Limits = field(default_factory=Limits)
    stop: threading.Event = field(default_factory=threading.Event)
    _reach: dict[tuple[str, int], bool] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def __post_init__(self) -> None:
        self._opener = urllib.request.build_opener(_SafeRedirects, urllib.request.HTTPSHandler(context=self._tls))

    def trust(self, certificates: str | None) -> None:
        """Trust the authorities in this file besides the system's."""
        if certificates and Path(certificates).is_file():
            with contextlib.suppress(ssl.SSLError):
                self._tls.load_verify_locations(certificates)

    def page(self, url: str, accept: str) -> tuple[bytes, str, str]:
        """A small document, its media type and its final address; raises `Missing`, `Broken`, `BadInput`."""
        for attempt in range(self.limits.attempts):
            try:
                with self._open(url, {"Accept": accept}) as answer:
                    body = answer.read(self.limits.page_bytes)
                    return body, answer.headers.get_content_type(), answer.geturl()
            except (_Again, *NETWORK_ERRORS) as error:
                self._before_next(attempt, url, error)
        raise AssertionError("the last attempt raises")

    def download(self, wanted: Wanted, target: Path, on_bytes: Callable[[int], None]) -> None:
        """Bring `wanted` to `target`, continuing what an earlier run left.

        `on_bytes` hears of every byte, also of those that were here already. Raises `Missing` (nobody there, 404),
        `Broken` (the server fails or cuts off), `BadInput` (other bytes than wanted), `Busy` (disk full).
        """
        part = target.with_name(target.name + ".part")
        resumed = part.exists() and part.stat().st_size > 0
        self._complete(wanted, part, on_bytes)
        if wanted.sha256 and sha256_of(part) != wanted.sha256:
            on_bytes(-part.stat().st_size)
            part.unlink()
            if not resumed:
                raise BadInput(wanted.url, expected=f"SHA-256 {wanted.sha256[:12]}...", got="other bytes")
            self.download(wanted, target, on_bytes)  # the old beginning may have been of another file: once afresh
            return
        with disk(target), part.open("rb") as stream:
            os.fsync(stream.fileno())
            part.replace(target)

    def _complete(self, wanted: Wanted, part: Path, on_bytes: Callable[[int], None]) -> None:
        here = part.stat().st_size if part.exists() else 0
        on_bytes(here)
        for attempt in range(self.limits.attempts):
            try:
                self._continue(wanted, part, on_bytes)
                return
            except (_Again, *NETWORK_ERRORS) as error:
                if isinstance(error, _PastTheEnd):
                    on_bytes(-part.stat().st_size)
                    part.unlink()
                self._before_next(attempt, wanted.url, error)

    def _continue(self, wanted: Wanted, part: Path, on_bytes: Callable[[int], None]) -> None:
        """One request for the bytes that are still missing."""
        here = part.stat().st_size if part.exists() else 0
        if wanted.size is not None and here == wanted.size:
            return
        with self._open(wanted.url, {"Range": f"bytes={here}-"} if here else {}) as answer:
            if here and answer.status != http.client.PARTIAL_CONTENT:
                on_bytes(-here)  # the server cannot continue: from the start
                here = 0
            whole = _announced(answer, here)
            expected = wanted.size if wanted.size is not None else whole
            if whole is not None and (whole > wanted.cap or whole != expected):
                raise BadInput(
                    wanted.url,
                    expected=f"{expected if whole <= wanted.cap else wanted.cap} bytes",
                    got=f"{whole} bytes",
                )
            here = self._receive(answer, part, here, wanted.cap, on_bytes)
            if expected is not None and here != expected:
                raise _Again(f"the connection ended after {here} of {expected} bytes")

    def _receive(
        self, answer: http.client.HTTPResponse, part: Path, here: int, cap: int, on_bytes: Callable[[int], None]
    ) -> int:
        """Append the body from byte `here` on; the number of bytes that the file then has."""
        with disk(part):
            stream = part.open("ab" if here else "wb")
        with stream:
            while block := answer.read1(BLOCK):
                if self.stop.is_set():
                    raise Broken(str(part.name), expected="to go on", got="an interruption", hint="run it again")
                with disk(part):
                    stream.write(block)
                    stream.flush()  # what a kill leaves behind is what a later run continues
                here += len(block)
                on_bytes(len(block))
                if here > cap:
                    raise BadInput(answer.geturl(), expected=f"at most {cap} bytes", got="more")
        return here

    def _open(self, url: str, headers: dict[str, str]) -> http.client.HTTPResponse:
        check_url(url)
        self._reachable(url)
        request = urllib.request.Request(url, headers={"User-Agent": "imago", **headers})
        try:
            answer: http.client.HTTPResponse = self._opener.open(request, timeout=self.limits.read_s)
        except urllib.error.HTTPError as error:
            error.close()
            raise _refusal(url, error) from error
        return answer

    def meet(self, urls: Iterable[str]) -> None:
        """Find out which hosts answer, all at once, so that many silent ones cost no more time than one."""
        hops = {_first_hop(url) for url in urls}
        with self._lock:
            probes = [(hop, *_probe(hop, self.limits.connect_s)) for hop in hops if hop not in self._reach]
            end = time.monotonic() + self.limits.connect_s
            for hop, thread, taken in probes:
                thread.join(max(0.0, end - time.monotonic()))
                self._reach[hop] = taken.is_set()

    def silent(self, url: str) -> bool:
        """Whether the host of `url` was found not to answer."""
        return self._reach.get(_first_hop(url)) is False

    def _reachable(self, url: str) -> None:
        """Raise `Missing` if the host of `url` (or the proxy before it) did not take a connection in time."""
        self.meet([url])
        if self.silent(url):
            raise Missing(_first_hop(url)[0], expected=f"an answer within {self.limits.connect_s:g} s", got="no answer")

    def _before_next(self, attempt: int, url: str, error: Exception) -> None:
        """Wait for the next attempt, or raise `Broken` after the last."""
        reason = getattr(error, "reason", None) or error
        hopeless = isinstance(reason, ssl.SSLCertVerificationError) or self.stop.is_set()
        if hopeless or attempt + 1 >= self.limits.attempts:
            if isinstance(error, OSError):
                self._reach[_first_hop(url)] = False  # nothing else from there in this run
            raise Broken(_host(url), expected="the whole file", got=str(reason), hint="run it again, it resumes")
        self.stop.wait(self.limits.pause_s * 2**attempt)


def _announced(answer: http.client.HTTPResponse, here: int) -> int | None:
    """The size of the whole file by the server's word."""
    length = answer.headers.get("Content-Length", "")
    return here + int(length) if length.isdigit() else None


def _refusal(url: str, error: urllib.error.HTTPError) -> ImagoError | _Again:
    if error.code >= http.client.INTERNAL_SERVER_ERROR or error.code == http.client.TOO_MANY_REQUESTS:
        return _Again(f"HTTP {error.code}")
    if error.code == http.client.REQUESTED_RANGE_NOT_SATISFIABLE:
        return _PastTheEnd(f"HTTP {error.code}")
    return Missing(_host(url), expected="the file", got=f"HTTP {error.code}")


def _host(url: str) -> str:
    return urllib.parse.urlsplit(url).hostname or url


def _first_hop(url: str) -> tuple[str, int]:
    """Whom we really connect to: the host of `url`, or the proxy that the environment names for it."""
    parts = urllib.parse.urlsplit(url)
    proxy = urllib.request.getproxies().get(parts.scheme)
    if proxy and not urllib.request.proxy_bypass(parts.netloc):
        parts = urllib.parse.urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


def _probe(hop: tuple[str, int], timeout_s: float) -> tuple[threading.Thread, threading.Event]:
    """A thread that sets the event once `hop` takes a connection; a thread, because a name look-up has no time-out."""
    taken = threading.Event()

    def connect() -> None:
        with contextlib.suppress(OSError), socket.create_connection(hop, timeout=timeout_s):
            taken.set()

    thread = threading.Thread(target=connect, daemon=True, name=f"connect {hop[0]}")
    thread.start()
    return thread, taken


@contextlib.contextmanager
def disk(path: Path) -> Iterator[None]:
    """Turns the errors of writing to `path` into `Busy`."""
    try:
        yield
    except OSError as error:
        raise Busy(
            f"disk of {path.parent}",
            expected="room to write",
            got=error.strerror or str(error),
            hint="free some space or set IMAGO_MODELS to a folder on another disk, then run it again",
        ) from error
