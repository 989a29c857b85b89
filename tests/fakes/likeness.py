"""A likeness that needs no photograph and no model: small, smooth, and with every part a real one has."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from device.face.atlas import Region
from device.face.features import FACE_FEATURES, HEAD_FEATURES
from device.face.pose import posed
from device.face.rig import Eye, Field, Mouth, Rig
from device.face.slit import SAMPLES, Slit

WIDTH, HEIGHT = 160, 200
MOUTH = (80.0, 130.0)


def small_rig() -> Rig:
    """A 160 x 200 picture with a person-shaped matte; lipDrop parts the lips, the head's features shift the picture."""
    rng = np.random.default_rng(5)
    photo = rng.integers(90, 200, (HEIGHT, WIDTH, 3)).astype(np.uint8)
    y, x = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    matte = (np.clip(70 - np.hypot(x - 80, (y - 110) * 0.8), 0, 1) * 255).astype(np.uint8)
    landmarks = np.zeros((478, 3), np.float32)
    angles = np.linspace(0, 2 * np.pi, 478)
    landmarks[:, 0], landmarks[:, 1] = 80 + 45 * np.cos(angles), 100 + 60 * np.sin(angles)
    landmarks[468, :2], landmarks[473, :2] = (60, 85), (100, 85)
    head = Field((0.0, 0.0), 10.0, np.zeros((len(HEAD_FEATURES), 20, 16, 2), np.float32))
    head.bases[HEAD_FEATURES.index("yawSin"), :, :, 0] = 20
    return Rig(photo, matte, np.full_like(photo, 60), landmarks, head, _field(False), _field(True), _mouth(), _eyes())


def _field(lower: bool) -> Field:
    bases = np.zeros((len(FACE_FEATURES), 40, 32, 2), np.float32)
    gy, gx = np.mgrid[:40, :32].astype(np.float32)
    x, y = 24 + (gx + 0.5) * 3.5 - MOUTH[0], 40 + (gy + 0.5) * 3.5 - MOUTH[1]
    near = np.exp(-((x / 22) ** 2) - (np.maximum(np.abs(y) - 6, 0) / 22) ** 2)
    if lower:
        bases[FACE_FEATURES.index("lipDrop"), :, :, 1] = 14 * near
    return Field((24.0, 40.0), 3.5, bases)


def _mouth() -> Mouth:
    line = np.zeros(SAMPLES, np.float32)
    layers = [np.zeros((40, 60, 4), np.uint8) for _ in range(4)]
    layers[0][:] = (30, 10, 10, 255)
    place = np.array([[1, 0, MOUTH[0] - 30], [0, 1, MOUTH[1] - 20]], np.float32)
    return Mouth(Slit(MOUTH, 0.0, 22.0, line, line), 14.0, place, tuple(layers))


def _eyes() -> tuple[Eye, Eye]:
    arc = (6 * (1 - np.linspace(-1, 1, SAMPLES) ** 2)).astype(np.float32)
    ball = np.full((40, 36, 3), 220, np.uint8)
    disc = np.zeros((40, 36, 4), np.uint8)
    disc[14:26, 12:24] = (40, 30, 20, 255)

    def eye(x: float) -> Eye:
        slit = Slit((x, 85.0), 0.0, 12.0, -arc, arc)
        return Eye(slit, (int(x) - 18, 65, 36, 40), (x, 85.0, 6.0), (14, 8), ball, disc)

    return eye(60.0), eye(100.0)


def small_atlas() -> tuple[Region, ...]:
    """Smooth cells of plain colours for the small rig: a shut left eye, and the mouth at two openings."""
    eye = Region("eyeLeft", _at(82, 65), posed({"eyeBlinkLeft": 1.0})[None], _cells((20, 60, 200), size=(40, 36)))
    mouths = _cells((200, 30, 30), (30, 200, 30), size=(56, 72))
    poses = np.stack([posed({"jawOpen": 0.4}), posed({"jawOpen": 0.8})])
    return eye, Region("mouth", _at(44, 104), poses, mouths)


def _at(x: float, y: float) -> NDArray[np.float32]:
    return np.array([[1, 0, x], [0, 1, y]], np.float32)


def _cells(*colours: tuple[int, int, int], size: tuple[int, int]) -> NDArray[np.uint8]:
    y, x = np.mgrid[: size[0], : size[1]].astype(np.float32)
    away = np.hypot(2 * (x + 0.5) / size[1] - 1, 2 * (y + 0.5) / size[0] - 1)
    counts = np.rint(255 * np.clip((0.95 - away) / 0.4, 0, 1))
    waves = 20 * np.sin(x / 3)[..., None] * np.sin(y / 4)[..., None]
    return np.stack([np.dstack([np.array(c) + waves, counts]) for c in colours]).clip(0, 255).astype(np.uint8)
