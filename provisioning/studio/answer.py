"""What comes in from a browser and what goes back: values, without sockets."""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from device.errors import BadInput


@dataclass(frozen=True, slots=True)
class Request:
    """One request, its place and size already checked."""

    method: str
    page: str
    """Name of the page"""
    query: dict[str, str] = field(default_factory=dict)
    form: dict[str, list[str]] = field(default_factory=dict)
    body: bytes = b""
    """Of an upload; b"" for forms"""
    kind: str = ""
    """Media type of the body, without parameters"""
    language: str = "en"
    range: str = ""

    def one(self, name: str) -> str:
        """A form's value. Raises BadInput where it is missing or there are several."""
        values = self.form.get(name, [])
        if len(values) != 1:
            raise BadInput(name, expected="one value", got=f"{len(values)}")
        return values[0]

    def maybe(self, name: str) -> str:
        """A form's value; "" where it is not there."""
        return self.form.get(name, [""])[0]

    def number(self, name: str, most: int = 1_000_000) -> int:
        """A number of the address; 0 where it is missing. Raises BadInput."""
        text = self.query.get(name, "0")
        if not (text.isascii() and text.isdecimal() and len(text) < 8 and int(text) <= most):
            raise BadInput(name, expected=f"a number up to {most}", got=text[:40])
        return int(text)


@dataclass(frozen=True, slots=True)
class Response:
    """What goes back."""

    body: bytes
    kind: str = "text/html; charset=utf-8"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


def html(text: str, status: int = 200) -> Response:
    """A page."""
    return Response(text.encode("utf-8"), status=status)


def go(where: str) -> Response:
    """Look there: after a form, so that reloading sends nothing twice."""
    return Response(b"", status=303, headers=(("Location", where),))


def json(value: object) -> Response:
    """For the pages' own scripts."""
    return Response(msgspec.json.encode(value), "application/json")
