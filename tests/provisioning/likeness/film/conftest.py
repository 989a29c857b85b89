from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from device.face.rig import Rig, load
from device.face.rig_files import write_png
from provisioning.likeness.bake import bake, find
from provisioning.likeness.film.study import Study, study
from provisioning.likeness.judge import Found
from provisioning.likeness.landmarks import FaceReader
from provisioning.likeness.photograph import read_photo
from tests.support import films
from tests.support.likeness_inputs import elder

SIZE = (360, 450)
CAST = (1.0, 0.86, 0.66)
BLINKS, SMILE, NOD, LOWERED, OPEN, CUP = (
    (0.8, 2.1, 6.4, 9.4),
    (2.9, 4.6),
    (5.0, 6.2),
    (6.9, 8.9),
    (10.1, 10.9),
    (11.3, 12.4),
)
"""s: what happens when in the film."""


@dataclass(frozen=True)
class Elder:
    """The demo elder's photograph, at half its size, and what was made of it without a film."""

    photo: Path
    likeness: Path
    rig: Rig
    found: Found


def script() -> dict[str, films.Knots]:
    pitch = [*films.nod(NOD[0], 2, 6.0), *films.hump(LOWERED[0], 0.7, 0.6, 0.7, 8.0)[1:]]
    weights = films.blink(*BLINKS, closing=0.12, opening=0.26)
    smile = films.hump(SMILE[0], 0.4, 0.9, 0.4, 1.0)
    jaw = films.hump(OPEN[0], 0.2, 0.4, 0.2, 0.5)
    return {**weights, "mouthSmileLeft": smile, "mouthSmileRight": smile, "headPitch": pitch, "jawOpen": jaw}


@pytest.fixture(scope="session")
def sitter(tmp_path_factory: pytest.TempPathFactory, reader: FaceReader) -> Elder:
    folder = tmp_path_factory.mktemp("elder")
    write_png(folder / "elder.png", elder())
    bake(folder / "elder.png", folder / "likeness")
    found = find(reader, read_photo(folder / "elder.png"), "elder.png")
    return Elder(folder / "elder.png", folder / "likeness", load(folder / "likeness"), found)


@pytest.fixture(scope="session")
def shaky(sitter: Elder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirteen seconds by a hand-held camera, turned, in warm light, with grain."""
    camera = films.Camera(shake=4.0, tilt=1.5, cast=CAST, grain=2.5)
    scene = films.Scene(13.0, script(), CUP, camera)
    path = tmp_path_factory.mktemp("film") / "garden.mp4"
    return films.write(path, films.pictures(sitter.rig, scene, SIZE), turned=270)


@pytest.fixture(scope="session")
def watched(sitter: Elder, shaky: Path, reader: FaceReader) -> Study:
    told: list[float] = []
    one = study(shaky, sitter.found, reader, told.append)
    assert told == sorted(told)
    assert 0.95 < told[-1] <= 1.0
    return one


def colour(picture: np.ndarray, points: np.ndarray) -> np.ndarray:
    """(3,) mean of the cheeks and the forehead."""
    x, y = np.round(points[[50, 280, 151], :2]).astype(int).T
    return np.mean([picture[b - 3 : b + 4, a - 3 : a + 4].mean((0, 1)) for a, b in zip(x, y, strict=True)], axis=0)
