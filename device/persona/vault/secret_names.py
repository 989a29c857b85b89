"""What a secret may be called and how long it may be; the same for every way of keeping it."""

from __future__ import annotations

import re

from device.errors import BadInput, Missing

MAX_SECRET = 4096
"""Bytes"""

_NAME = re.compile(r"[a-z0-9-]{1,80}")


def check(name: str, secret: bytes) -> None:
    """Raises BadInput."""
    check_name(name)
    if not 1 <= len(secret) <= MAX_SECRET:
        raise BadInput(f"secret {name}", expected=f"1 to {MAX_SECRET} bytes", got=f"{len(secret)}")


def check_name(name: str) -> None:
    """Raises BadInput."""
    if not _NAME.fullmatch(name):
        raise BadInput("name of a secret", expected="1 to 80 of a-z, 0-9 and -", got=repr(name[:100]))


def none_there(name: str) -> Missing:
    return Missing(f"secret {name}", expected="a sealed secret", got="none of that name")
