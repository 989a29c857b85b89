"""A dozen very different photographs, made by arithmetic from two portraits: the demo elder's and the public-domain one
that comes with matplotlib. For tests and contact sheets only."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import matplotlib
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Floats = NDArray[Any]
Make = Callable[[], Image]

PHOTOS = Path(__file__).parents[2] / "demo" / "shoebox" / "photos"
ELDER, ELDER_SMILING = PHOTOS / "portrait.png", PHOTOS / "portrait_smiling.jpg"
HOPPER = Path(matplotlib.get_data_path()) / "sample_data" / "grace_hopper.jpg"
_IRISES = ((259.5, 291.0), (342.0, 293.5))  # of the elder at half size
_SEED = 4


def read(path: Path) -> Image:
    """RGB."""
    stored = cv2.imread(str(path), cv2.IMREAD_COLOR)
    assert stored is not None, path
    return np.asarray(cv2.cvtColor(stored, cv2.COLOR_BGR2RGB), np.uint8)


def elder() -> Image:
    """The demo elder at half size: 600 x 750, 82 pixels between the eyes."""
    return np.asarray(cv2.resize(read(ELDER), (600, 750), interpolation=cv2.INTER_AREA), np.uint8)


def _rounded(picture: Floats) -> Image:
    return np.clip(np.round(picture), 0, 255).astype(np.uint8)


def _noise(shape: tuple[int, ...], grain: float) -> Floats:
    """Unit noise with grains of about that many pixels."""
    raw = np.random.default_rng(_SEED).normal(size=shape).astype(np.float32)
    soft = cv2.GaussianBlur(raw, (0, 0), grain)
    return np.asarray(soft / soft.std(), np.float32)


def _jpeg(picture: Image, quality: int) -> Image:
    done, content = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done
    return np.ascontiguousarray(np.asarray(cv2.imdecode(content, cv2.IMREAD_COLOR), np.uint8)[..., ::-1])


def black_and_white() -> Image:
    grey = cv2.cvtColor(read(HOPPER), cv2.COLOR_RGB2GRAY).astype(np.float32)
    return _rounded(np.repeat((grey + 4 * _noise(grey.shape, 0.6))[:, :, None], 3, 2))


def faded_print() -> Image:
    """A yellowed print: little contrast, little colour, the grain of its paper, scratches."""
    picture = elder().astype(np.float32)
    grey = picture @ np.array([0.299, 0.587, 0.114], np.float32)
    weak = 0.3 * picture + 0.7 * grey[:, :, None]
    faded = np.array([92, 76, 52]) + weak / 255 * (np.array([236, 214, 168]) - np.array([92, 76, 52]))
    faded += 5 * _noise(grey.shape, 1.1)[:, :, None]
    out = _rounded(faded)
    rng = np.random.default_rng(_SEED)
    for x, y, dx, dy in rng.uniform([0, 0, -60, 40], [600, 750, 60, 300], (9, 4)):
        cv2.line(out, (int(x), int(y)), (int(x + dx), int(y + dy)), (238, 226, 196), 1, cv2.LINE_AA)
    return out


def low_light() -> Image:
    """A warm lamp far away and a sensor at its limit."""
    dim = (elder() / 255.0) ** 1.25 * np.array([0.42, 0.33, 0.22]) * 255
    noise = np.dstack([_noise(dim.shape[:2], 0.7), np.roll(_noise(dim.shape[:2], 0.7), 37, 0),
                       np.roll(_noise(dim.shape[:2], 0.7), 91, 1)])  # fmt: skip
    return _jpeg(_rounded(dim + noise * (3 + 0.05 * dim)), 88)


def _spectacles(picture: Image, thickness: float, colour: tuple[int, int, int]) -> Image:
    """Two rims, a bridge and temples, drawn at four times the size."""
    big = cv2.resize(picture, None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC)
    wide = max(round(4 * thickness), 1)
    (lx, ly), (rx, ry) = (((x + 0.5) * 4, (y + 0.5) * 4) for x, y in _IRISES)
    axes = (4 * 34, 4 * 26)
    for x, y, out in ((lx - 12, ly + 24, -1), (rx + 12, ry + 24, 1)):
        cv2.ellipse(big, (int(x), int(y)), axes, 0, 0, 360, colour, wide, cv2.LINE_AA)
        edge = (int(x + out * axes[0]), int(y - 20))
        cv2.line(big, edge, (int(x + out * 4 * 64), int(y - 48)), colour, wide, cv2.LINE_AA)
    bridge = (int((lx + rx) / 2), int((ly + ry) / 2 + 30))
    cv2.ellipse(big, bridge, (int(rx - lx + 24) // 2 - axes[0] + 6, 28), 0, 180, 360, colour, wide, cv2.LINE_AA)
    return np.asarray(cv2.resize(big, picture.shape[1::-1], interpolation=cv2.INTER_AREA), np.uint8)


def thin_spectacles() -> Image:
    return _spectacles(elder(), 1.6, (92, 84, 72))


def thick_spectacles() -> Image:
    return _spectacles(elder(), 6.0, (26, 20, 18))


def small_face() -> Image:
    """46 pixels between the eyes in a picture of 1400 x 1050."""
    person = cv2.resize(read(ELDER), (336, 420), interpolation=cv2.INTER_AREA)
    wall = np.empty((1050, 1400, 3), np.float32)
    wall[:] = np.linspace([70, 66, 52], [112, 98, 70], 1400)[None]
    wall += 2 * _noise(wall.shape[:2], 2.0)[:, :, None]
    out = _rounded(wall)
    out[630:, 240:576] = person
    soft = np.zeros(out.shape[:2], np.float32)
    soft[650:, 260:556] = 1
    share = cv2.GaussianBlur(soft, (0, 0), 12)[:, :, None]
    return _rounded(out * share + wall * (1 - share))


def tilted() -> Image:
    matrix = cv2.getRotationMatrix2D((300, 330), 15, 1.0)
    turned = cv2.warpAffine(elder(), matrix, (600, 750), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101)
    return np.asarray(turned, np.uint8)


def side_light() -> Image:
    """Window light from the picture's left, almost none from the right."""
    picture = elder()
    x = np.arange(picture.shape[1], dtype=np.float32)
    light = 0.16 + 1.0 / (1 + np.exp((x - 300) / 26))
    return _rounded(picture * light[None, :, None])


def jpeg_30() -> Image:
    return _jpeg(read(HOPPER), 30)


def tight_crop() -> Image:
    """Hair and chin touch the border."""
    return np.ascontiguousarray(read(ELDER)[370:960, 360:870])


def turned(degrees: float = 8.0) -> Image:
    """A slight turn of the head, drawn by the elder's own likeness: needs the bake's models."""
    from device.face.features import HEAD_FEATURES
    from device.face.remap import remap
    from models_quantized import catalog
    from provisioning.likeness.geometry import measure
    from provisioning.likeness.head import head_bases
    from provisioning.likeness.landmarks import FaceReader
    from provisioning.likeness.matte import person_matte

    picture = elder()
    reader = FaceReader(catalog.verified_path("face-landmarks"))
    points, _ = reader.landmarks(picture, reader.detect(picture)[0])
    matte = person_matte(picture, catalog.verified_path("portrait-mask"))
    bases = head_bases(points, matte, measure(picture, points), 6.0)
    angle = np.deg2rad(degrees)
    yaw = [HEAD_FEATURES.index(name) for name in ("yawSin", "yawCos")]
    forward = np.float32(np.sin(angle)) * bases[yaw[0]] + np.float32(1 - np.cos(angle)) * bases[yaw[1]]
    field = cv2.resize(forward, (600, 750), interpolation=cv2.INTER_LINEAR)
    own = np.stack(np.meshgrid(np.arange(600, dtype=np.float32), np.arange(750, dtype=np.float32)), -1)
    back = field
    for _ in range(8):
        back = remap(field, own - back, cv2.INTER_LINEAR, cv2.BORDER_REPLICATE)
    return np.asarray(remap(picture, own - back, cv2.INTER_CUBIC, cv2.BORDER_REFLECT_101), np.uint8)


def open_smile() -> Image:
    """The elder's other photograph: lips parted, teeth in view."""
    return np.asarray(cv2.resize(read(ELDER_SMILING), (600, 750), interpolation=cv2.INTER_AREA), np.uint8)


GOOD: dict[str, Make] = {
    "black and white": black_and_white,
    "faded print": faded_print,
    "low light": low_light,
    "thin spectacles": thin_spectacles,
    "thick spectacles": thick_spectacles,
    "small face": small_face,
    "turned": turned,
    "tilted": tilted,
    "side light": side_light,
    "jpeg 30": jpeg_30,
    "tight crop": tight_crop,
    "open smile": open_smile,
}
"""What a family may bring: none of these is to be refused."""
HOPPER_ROWS = frozenset({"black and white", "jpeg 30"})
"""Those made from HOPPER; all others show the elder."""

INPUTS: dict[str, Make] = {"the demo elder": lambda: read(ELDER), **GOOD}
"""All that the contact sheet shows."""
