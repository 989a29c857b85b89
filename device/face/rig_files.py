"""Reading and writing a rig's files: arrays without pickles, pictures without surprises, both within limits."""

from __future__ import annotations

import io
import math
import zipfile
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from device.errors import BadInput

Image = NDArray[np.uint8]
Floats = NDArray[np.float32]
Shape = tuple[int | None, ...]

MAX_SIDE = 4096
"""Pixels; no layer is larger."""
_MAX_FILE = 64 << 20
_MAX_ARRAY = 32 << 20
_PNG = b"\x89PNG\r\n\x1a\n"
_HINT = "bake the likeness again, or copy it again from where it came"


def write_arrays(path: Path, arrays: dict[str, NDArray[np.generic]]) -> None:
    """An npz with fixed times and order, so that the same numbers give the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as bundle:
        for name in sorted(arrays):
            values = arrays[name]
            kept = values.astype(np.float32) if values.dtype.kind == "f" else values
            content = io.BytesIO()
            np.lib.format.write_array(content, np.ascontiguousarray(kept), allow_pickle=False)
            bundle.writestr(zipfile.ZipInfo(f"{name}.npy"), content.getvalue(), zipfile.ZIP_DEFLATED)


def read_arrays(path: Path, shapes: dict[str, Shape]) -> dict[str, Floats]:
    """Exactly the named arrays, as float32, each of its shape (None: any length from 1 to 4096), all finite."""
    try:
        if path.stat().st_size > _MAX_FILE:
            raise BadInput(str(path), expected="a file under 64 MiB", got=f"{path.stat().st_size} bytes", hint=_HINT)
        with zipfile.ZipFile(path) as bundle:
            _check_members(path, bundle, shapes)
            return {name: _array(path, bundle, name, shape) for name, shape in shapes.items()}
    except (OSError, ValueError, zipfile.BadZipFile, EOFError, RuntimeError) as error:
        raise BadInput(str(path), expected="a rig's arrays", got=f"{error}", hint=_HINT) from error
    except zipfile.zlib.error as error:  # type: ignore[attr-defined]  # zipfile lets zlib's own error through
        raise BadInput(str(path), expected="a rig's arrays", got=f"{error}", hint=_HINT) from error


def _check_members(path: Path, bundle: zipfile.ZipFile, shapes: dict[str, Shape]) -> None:
    members = {info.filename: info.file_size for info in bundle.infolist()}
    missing = sorted({f"{name}.npy" for name in shapes} - set(members))
    if missing:
        raise BadInput(str(path), expected=f"the array {missing[0]}", got="a file without it", hint=_HINT)
    if len(members) > len(shapes) or len(bundle.infolist()) > len(shapes):
        raise BadInput(str(path), expected=f"{len(shapes)} arrays", got=f"{len(bundle.infolist())}", hint=_HINT)
    if max(members.values()) > _MAX_ARRAY:
        raise BadInput(str(path), expected="arrays under 32 MiB", got=f"{max(members.values())} bytes", hint=_HINT)


def _array(path: Path, bundle: zipfile.ZipFile, name: str, shape: Shape) -> Floats:
    with bundle.open(f"{name}.npy") as member:
        content = member.read(_MAX_ARRAY + 1)
    _check_array_header(path, name, content)
    values = np.lib.format.read_array(io.BytesIO(content), allow_pickle=False, max_header_size=4096)
    if values.dtype.kind not in "fiu":
        raise BadInput(str(path), expected=f"numbers in {name}", got=str(values.dtype), hint=_HINT)
    fits = len(values.shape) == len(shape) and all(
        1 <= have <= MAX_SIDE if want is None else have == want for have, want in zip(values.shape, shape, strict=True)
    )
    if not fits:
        raise BadInput(str(path), expected=f"{name} of shape {shape}", got=str(values.shape), hint=_HINT)
    if not np.isfinite(values).all():
        raise BadInput(str(path), expected=f"finite numbers in {name}", got="infinity or no number", hint=_HINT)
    return np.ascontiguousarray(values, np.float32)


def _check_array_header(path: Path, name: str, content: bytes) -> None:
    """Refuses by the header alone what claims more numbers than it brings."""
    stream = io.BytesIO(content)
    if np.lib.format.read_magic(stream) != (1, 0):
        raise BadInput(str(path), expected=f"{name} as npy 1.0", got="another version", hint=_HINT)
    shape, _, dtype = np.lib.format.read_array_header_1_0(stream, max_header_size=4096)
    claimed = math.prod(shape) * dtype.itemsize
    if claimed != len(content) - stream.tell():
        raise BadInput(str(path), expected=f"{claimed} bytes of {name}", got="another number", hint=_HINT)


def write_png(path: Path, picture: Image) -> None:
    """RGB, RGBA or grey; the channels are stored in a PNG's usual order."""
    channels = 1 if picture.ndim == 2 else picture.shape[2]
    code = {3: cv2.COLOR_RGB2BGR, 4: cv2.COLOR_RGBA2BGRA}.get(channels)
    stored = picture if code is None else cv2.cvtColor(picture, code)
    done, content = cv2.imencode(".png", stored, [cv2.IMWRITE_PNG_COMPRESSION, 6])
    if not done:
        raise BadInput(str(path), expected="a picture that can be stored", got=str(picture.shape))
    path.write_bytes(content.tobytes())


def read_png(path: Path, channels: int, size: tuple[int, int] | None = None) -> Image:
    """(h, w) for one channel, (h, w, channels) in RGB order otherwise; `size` is the (h, w) it must have."""
    try:
        if path.stat().st_size > _MAX_FILE:
            raise BadInput(str(path), expected="a picture under 64 MiB", got="a larger one", hint=_HINT)
        content = path.read_bytes()
    except OSError as error:
        raise BadInput(str(path), expected="a layer", got=error.strerror or "an error", hint=_HINT) from error
    _check_header(path, content)
    flag = {1: cv2.IMREAD_GRAYSCALE, 3: cv2.IMREAD_COLOR, 4: cv2.IMREAD_UNCHANGED}[channels]
    try:
        decoded = cv2.imdecode(np.frombuffer(content, np.uint8), flag)
    except cv2.error as error:
        raise BadInput(str(path), expected="a whole PNG", got="a damaged one", hint=_HINT) from error
    if decoded is None:
        raise BadInput(str(path), expected="a whole PNG", got="a damaged one", hint=_HINT)
    have = 1 if decoded.ndim == 2 else decoded.shape[2]
    if have != channels or decoded.dtype != np.uint8 or (size is not None and decoded.shape[:2] != tuple(size)):
        wanted = f"{channels} channels" + (f" of {size[1]} x {size[0]}" if size else "")
        raise BadInput(str(path), expected=wanted, got=f"{decoded.shape}", hint=_HINT)
    code = {3: cv2.COLOR_BGR2RGB, 4: cv2.COLOR_BGRA2RGBA}.get(channels)
    return np.asarray(decoded if code is None else cv2.cvtColor(decoded, code), np.uint8)


def _check_header(path: Path, content: bytes) -> None:
    """Refuses by the header alone what would unpack into too many pixels."""
    if len(content) < 33 or not content.startswith(_PNG) or content[12:16] != b"IHDR":
        raise BadInput(str(path), expected="a PNG", got="something else", hint=_HINT)
    width, height = int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")
    if not (1 <= width <= MAX_SIDE and 1 <= height <= MAX_SIDE):
        raise BadInput(str(path), expected=f"sides up to {MAX_SIDE} pixels", got=f"{width} x {height}", hint=_HINT)
