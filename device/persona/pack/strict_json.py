"""JSON from outside, read without any of the liberties that two readers could take differently.

Refused are bytes that are not UTF-8, escapes for half a character, a key twice in one object, NaN and what is too large
for a number, integers beyond 2^53 (which other languages round), and nesting deeper than 32.
"""

from __future__ import annotations

import json
import math
from typing import Any, TypeVar

import msgspec

from device.persona.pack.refusal import refusal

T = TypeVar("T", bound=msgspec.Struct)

LARGEST = 2**53
"""The largest integer that every JSON reader keeps exactly (RFC 8259, section 6)."""
DEEPEST = 32


def read(content: bytes, kind: type[T], subject: str) -> T:
    """The bytes as a `kind`. Raises BadInput with a code `malformed.*`."""
    try:
        data = json.loads(
            content.decode("utf-8"),
            object_pairs_hook=_once,
            parse_constant=_no_constant,
            parse_int=_bounded,
            parse_float=_finite,
        )
        _sound(data, DEEPEST)
        return msgspec.convert(data, kind, strict=True)
    except UnicodeDecodeError as error:
        raise refusal("malformed.utf8", "text in UTF-8", f"a bad byte at {error.start}", subject=subject) from None
    except UnicodeEncodeError:
        raise refusal("malformed.utf8", "whole characters", "half a surrogate pair", subject=subject) from None
    except RecursionError:
        raise refusal("malformed.depth", f"at most {DEEPEST} levels", "far more", subject=subject) from None
    except msgspec.ValidationError as error:
        missing = "missing required field" in str(error)
        code = "malformed.missing-field" if missing else "malformed.type"
        raise refusal(code, "what the format asks for", str(error), subject=subject) from None
    except json.JSONDecodeError as error:
        raise refusal("malformed.json", "JSON", str(error), subject=subject) from None
    except _Odd as error:
        raise refusal(error.code, error.expected, error.got, subject=subject) from None


class _Odd(ValueError):
    """Something that JSON allows and the format does not."""

    def __init__(self, code: str, expected: str, got: str) -> None:
        super().__init__(code)
        self.code, self.expected, self.got = code, expected, got


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _Odd("malformed.duplicate-key", "each key once", f"{key[:40]!r} twice")
        found[key] = value
    return found


def _no_constant(name: str) -> Any:
    raise _Odd("malformed.number", "numbers", name)


def _bounded(digits: str) -> int:
    # Judged by length first: converting a million digits would take minutes.
    if len(digits) > 17 or abs(int(digits)) > LARGEST:
        raise _Odd("malformed.number", "integers up to 2^53", f"{digits[:24]}")
    return int(digits)


def _finite(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise _Odd("malformed.number", "numbers that a computer can hold", digits[:24])
    return value


def _sound(data: Any, levels: int) -> None:
    """Raises _Odd for what is nested too deep, UnicodeEncodeError for text that nobody could write down."""
    if levels == 0:
        raise _Odd("malformed.depth", f"at most {DEEPEST} levels", "more")
    children = [*data, *data.values()] if isinstance(data, dict) else data if isinstance(data, list) else ()
    for child in children:
        if isinstance(child, str):
            child.encode()
        elif isinstance(child, dict | list):
            _sound(child, levels - 1)
