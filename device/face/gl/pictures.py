"""Pictures and curves as textures."""

from __future__ import annotations

from typing import Any

import moderngl
import numpy as np
from numpy.typing import NDArray

from device.face.slit import Slit

Image = NDArray[np.uint8]
Floats = NDArray[np.float32]


def texture(gl: Any, picture: Image, smooth: bool = True) -> Any:
    """(h, w, 3 or 4), read between its pixels linearly where `smooth`; its edge pixels go on beyond it."""
    height, width, channels = picture.shape
    out = gl.texture((width, height), channels, np.ascontiguousarray(picture), alignment=1)
    _settle(out, smooth)
    return out


def stack(gl: Any, pictures: list[Image]) -> Any:
    """RGBA pictures of one shape as an array of textures."""
    height, width, _ = pictures[0].shape
    out = gl.texture_array((width, height, len(pictures)), 4, np.ascontiguousarray(np.stack(pictures)))
    _settle(out, True)
    return out


def curves(gl: Any, *samples: Floats) -> Any:
    """Up to three curves of equal length as one row of exact numbers."""
    row = np.zeros((1, len(samples[0]), 4), np.float32)
    for channel, values in enumerate(samples):
        row[0, :, channel] = values
    out = gl.texture((row.shape[1], 1), 4, row.tobytes(), dtype="f4")
    _settle(out, False)
    return out


def whole(values: Floats) -> Image:
    """Numbers of 0..255 as whole ones."""
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def place_slit(program: Any, slit: Slit) -> None:
    """Tells a program that has shaders.SLIT where its slit is."""
    program["centre"] = slit.centre
    program["direction"] = tuple(float(c) for c in slit.direction()[0])
    program["half_width"] = slit.half


def _settle(picture: Any, smooth: bool) -> None:
    method = moderngl.LINEAR if smooth else moderngl.NEAREST
    picture.filter = (method, method)
    picture.repeat_x = picture.repeat_y = False
