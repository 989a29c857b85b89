"""The file `wake/templates.msgpack` of a persona: what its phrases sound like, and how near is near enough. Pure.

A line that names the format and its version, then one msgpack map of the fields below; arrays are little-endian
float32.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import numpy as np

from device.errors import BadInput
from device.wake.embedding import DIMENSIONS, Frames

FILE = "templates.msgpack"
HEADER = b"imago wake 1\n"
MOST_BYTES = 4 << 20
MOST_TEMPLATES = 400
MOST_FRAMES = 40
"""In one template: 3.2 s."""


@dataclass(frozen=True, slots=True)
class Template:
    """One enrolled saying of a phrase."""

    phrase: str
    frames: Frames
    """Shape (n, DIMENSIONS), each of length 1: distances are 1 - the cosine."""
    threshold: float
    """Mean distance per frame up to which it is the phrase."""
    lead: float
    """s from the phrase's beginning to the end of what its first frame hears."""
    tail: float
    """s from the phrase's end to the end of what its last frame hears; below 0 where the phrase goes on."""


@dataclass(frozen=True, slots=True)
class Templates:
    """All of a persona."""

    templates: tuple[Template, ...]

    @property
    def phrases(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(template.phrase for template in self.templates))


class _Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    phrase: str
    frames: bytes
    threshold: float
    lead: float
    tail: float


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    templates: list[_Template]


def dump(templates: Templates) -> bytes:
    """The file's content."""
    entries = [_Template(t.phrase, _raw(t.frames), t.threshold, t.lead, t.tail) for t in templates.templates]
    return HEADER + msgspec.msgpack.encode(_File(entries))


def parse(content: bytes, name: str = FILE) -> Templates:
    """The templates in a file's content. Raises BadInput saying what is wrong with it."""
    if len(content) > MOST_BYTES:
        raise _bad(name, f"at most {MOST_BYTES} bytes", f"{len(content)}")
    if not content.startswith(HEADER):
        raise _bad(name, f"the header {HEADER.decode().strip()!r}", repr(content[: len(HEADER)]))
    try:
        file = msgspec.msgpack.decode(content[len(HEADER) :], type=_File)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _bad(name, "templates in msgpack", str(error)) from error
    if not 1 <= len(file.templates) <= MOST_TEMPLATES:
        raise _bad(name, f"1 to {MOST_TEMPLATES} templates", str(len(file.templates)))
    return Templates(tuple(_checked(name, entry) for entry in file.templates))


def _checked(name: str, entry: _Template) -> Template:
    rows, over = divmod(len(entry.frames), 4 * DIMENSIONS)
    if not entry.phrase.strip() or over or not 1 <= rows <= MOST_FRAMES:
        raise _bad(
            name, f"a phrase of 1 to {MOST_FRAMES} whole frames", f"{entry.phrase!r} of {len(entry.frames)} bytes"
        )
    if not (0.0 < entry.threshold <= 2.0 and 0.0 <= entry.lead <= 10.0 and -10.0 <= entry.tail <= 10.0):
        got = f"{entry.threshold}, {entry.lead} and {entry.tail}"
        raise _bad(name, "a threshold over 0 and at most 2, and times within 10 s", got)
    frames = np.frombuffer(entry.frames, "<f4").reshape(rows, DIMENSIONS).astype(np.float32)
    with np.errstate(all="ignore"):
        lengths = np.linalg.norm(frames, axis=1)
    if not (np.abs(lengths - 1.0) < 1e-3).all():
        raise _bad(name, f"frames of length 1 in {entry.phrase!r}", "others")
    return Template(entry.phrase, frames, entry.threshold, entry.lead, entry.tail)


def _raw(array: Frames) -> bytes:
    return np.ascontiguousarray(array, "<f4").tobytes()


def _bad(name: str, expected: str, got: str) -> BadInput:
    return BadInput(name, expected=expected, got=got, hint="enrol the wake phrase again")
