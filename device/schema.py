"""Checks data from outside against a msgspec struct and reports every mistake at once, with the likely spelling."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from device.errors import BadInput, Missing

T = TypeVar("T", bound=msgspec.Struct)

MAX_BYTES = 1 << 20
"""A settings file is never longer."""


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file as plain data. Raises Missing or BadInput."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise Missing(str(path), expected="a TOML file", got="nothing there") from None
    except OSError as error:
        raise BadInput(str(path), expected="a readable TOML file", got=error.strerror or "an error") from None
    return parse_toml(raw, str(path))


def parse_toml(raw: bytes, subject: str) -> dict[str, Any]:
    """The bytes of a TOML file as plain data. Raises BadInput."""
    if len(raw) > MAX_BYTES:
        raise BadInput(subject, expected=f"at most {MAX_BYTES} bytes", got=f"{len(raw)} bytes")
    try:
        return msgspec.toml.decode(raw.removeprefix(b"\xef\xbb\xbf"), type=dict[str, Any])
    except (ValueError, RecursionError, msgspec.DecodeError) as error:  # the first also for a number of 4301 digits
        raise BadInput(subject, expected="TOML in UTF-8", got=str(error)) from None


def convert(data: dict[str, Any], kind: type[T], subject: str) -> T:
    """`data` as a `kind`. Raises BadInput naming all that is wrong with it, in the order of the file."""
    problems = list(_problems(data, kind, ""))
    if problems:
        raise BadInput(subject, expected=f"{len(problems)} thing(s) otherwise", got="; ".join(problems))
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        raise BadInput(subject, expected="valid settings", got=str(error)) from None


def _problems(data: dict[str, Any], kind: type[msgspec.Struct], where: str) -> list[str]:
    fields = {f.encode_name: f for f in msgspec.structs.fields(kind)}
    found = [f"unknown {where}{key}{_suggestion(key, fields)}" for key in data if key not in fields]
    for name, field in fields.items():
        if name not in data:
            if field.required:
                found.append(f"{where}{name} is missing")
            continue
        value = data[name]
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct) and isinstance(value, dict):
            found += _problems(value, field.type, f"{where}{name}.")
            continue
        try:
            msgspec.convert(value, field.type)
        except msgspec.ValidationError as error:
            found.append(f"{where}{name}: {_lower(str(error))}")
    return found


def _suggestion(key: str, fields: dict[str, Any]) -> str:
    close = difflib.get_close_matches(key, fields, n=1)
    return f", perhaps {close[0]}" if close else ""


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
