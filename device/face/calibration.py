"""How a picture is fitted to one booth: kept in `hologram.json`, read back with nothing taken on trust."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import msgspec

from device.errors import BadInput
from device.face.keystone import STRAIGHT, Corners, limited
from device.whole_file import write_whole

log = logging.getLogger(__name__)

FILE = "hologram.json"
"""Its name in IMAGO_HOME."""
MOST_BLACK = 64
MAX_BYTES = 4096
Gamma = Annotated[float, msgspec.Meta(ge=0.5, le=2.0)]


class Calibration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was set by hand on the device."""

    corners: Corners = STRAIGHT
    black: Annotated[int, msgspec.Meta(ge=0, le=MOST_BLACK)] = 0
    """Values up to this become true black"""
    gamma: Gamma = 1.0
    mirror: bool = True
    upside_down: bool = False


def decode(data: bytes, subject: str) -> Calibration:
    """A calibration from its file's bytes. Raises BadInput for whatever could not have been set by hand."""
    try:
        if len(data) > MAX_BYTES:
            raise ValueError(f"{len(data)} bytes")
        read = msgspec.json.decode(data, type=Calibration)
        straight = limited(read.corners)
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise BadInput(subject, expected="a calibration", got=str(error), hint="press c and set it again") from None
    if straight != read.corners:
        raise BadInput(subject, expected="corners near the screen's", got="others", hint="press c and set it again")
    return read


def load(path: Path | None, otherwise: Calibration) -> Calibration:
    """What was saved in `path`; `otherwise` where nothing was, or it cannot be used (a line in the log says why)."""
    if path is None:
        return otherwise
    try:
        return decode(path.read_bytes(), str(path))
    except FileNotFoundError:
        return otherwise
    except OSError as error:
        log.warning("%s cannot be read: %s", path, error)
    except BadInput as error:
        log.warning("%s", error.line())
    return otherwise


def save(calibration: Calibration, path: Path) -> None:
    """Writes it whole or not at all. Raises OSError."""
    write_whole(path, msgspec.json.encode(calibration))
