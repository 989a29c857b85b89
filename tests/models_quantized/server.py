"""A small web server on this machine: a package index and a hub, with faults on demand.

It is a real server on a real socket; only its content is made up.
"""

from __future__ import annotations

import hashlib
import http.server
import io
import json
import re
import ssl
import threading
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


@dataclass
class Page:
    """What one path answers. `statuses` are given first, one per request; then the body follows.

    `cut_at` ends the connection after so many bytes of the body (once per entry), `stall_at` holds it open there;
    without `ranges` every request gets the whole, and if not `sized` nobody says how long it is.
    """

    body: bytes = b""
    media_type: str = "application/octet-stream"
    statuses: list[int] = field(default_factory=list)
    cut_at: list[int] = field(default_factory=list)
    stall_at: int | None = None
    ranges: bool = True
    sized: bool = True
    location: str = ""


class Server:
    """Serves `pages` on a free port of the loopback interface until closed."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.asked: list[tuple[str, str]] = []  # path and Range header of every request
        self.released = threading.Event()  # set: nothing stalls any more
        self._http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"owner": self}))
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    @property
    def index(self) -> str:
        return f"{self.url}/simple"

    def close(self) -> None:
        self.released.set()
        self._http.shutdown()
        self._http.server_close()

    def speak_tls(self, folder: Path) -> Path:
        """From now on answer in TLS, with a certificate for localhost that nobody knows; the file of it."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
        draft = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        draft = draft.serial_number(1).add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
        draft = draft.not_valid_before(datetime(2020, 1, 1)).not_valid_after(datetime(2120, 1, 1))
        path = folder / "certificate.pem"
        path.write_bytes(draft.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
        secret = folder / "key.pem"
        secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path, secret)
        self._http.socket = context.wrap_socket(self._http.socket, server_side=True, do_handshake_on_connect=False)
        return path

    def requests_of(self, path: str) -> list[str]:
        """The Range headers with which `path` was asked for."""
        return [asked for where, asked in self.asked if where == path]

    def add_wheel(self, package: str, members: Mapping[str, bytes], version: str = "1.0") -> str:
        """Put a wheel with `members` on the index; the path of the wheel."""
        body = wheel(members)
        name = f"{package.replace('-', '_')}-{version}-py3-none-any.whl"
        entry = {"filename": name, "url": f"../../files/{name}", "size": len(body)}
        entry["hashes"] = {"sha256": hashlib.sha256(body).hexdigest()}
        page = json.dumps({"meta": {"api-version": "1.1"}, "name": package, "files": [entry]}).encode()
        self.pages[f"/simple/{package}/"] = Page(page, "application/vnd.pypi.simple.v1+json")
        self.pages[f"/files/{name}"] = Page(body)
        return f"/files/{name}"


def wheel(members: Mapping[str, bytes]) -> bytes:
    """A wheel as far as its members go, stored without compression."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), content)
    return buffer.getvalue()


class _Handler(http.server.BaseHTTPRequestHandler):
    owner: Server

    def do_GET(self) -> None:
        asked = self.headers.get("Range", "")
        self.owner.asked.append((self.path, asked))
        page = self.owner.pages.get(self.path)
        if page is None:
            self.send_error(404)
        elif page.statuses:
            self._status(page)
        else:
            self._body(page, asked)

    def _status(self, page: Page) -> None:
        self.send_response(page.statuses.pop(0))
        if page.location:
            self.send_header("Location", page.location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _body(self, page: Page, asked: str) -> None:
        match = re.fullmatch(r"bytes=(\d+)-", asked) if page.ranges else None
        start = int(match[1]) if match else 0
        if start >= len(page.body) > 0:
            self.send_error(416)
            return
        self.send_response(206 if match else 200)
        self.send_header("Content-Type", page.media_type)
        if page.sized:
            self.send_header("Content-Length", str(len(page.body) - start))
        self.end_headers()
        end = page.cut_at.pop(0) if page.cut_at else len(page.body)
        if page.stall_at is not None and not self.owner.released.is_set():
            self.wfile.write(page.body[start : page.stall_at])
            self.wfile.flush()
            self.owner.released.wait(30)
            start = max(start, page.stall_at)
        self.wfile.write(page.body[start:end])

    def log_message(self, *_: object) -> None:
        """Silent."""
