from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import cv2
import matplotlib
import numpy as np
import pytest

from device.face.pose import INDEX, neutral
from device.face.render_cpu import RenderCpu
from device.face.rig import Rig, load
from models_quantized import catalog
from provisioning.likeness.bake import bake
from provisioning.likeness.landmarks import FaceReader
from provisioning.likeness.report import Report
from tests.support.likeness_inputs import GOOD


@pytest.fixture(scope="session")
def portrait() -> Path:
    """A public-domain portrait that comes with matplotlib."""
    return Path(matplotlib.get_data_path()) / "sample_data" / "grace_hopper.jpg"


@pytest.fixture(scope="session")
def picture(portrait: Path) -> np.ndarray:
    stored = cv2.imread(str(portrait))
    assert stored is not None
    return np.asarray(cv2.cvtColor(stored, cv2.COLOR_BGR2RGB), np.uint8)


@pytest.fixture(scope="session")
def likeness(portrait: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("likeness")
    bake(portrait, out)
    return out


@pytest.fixture(scope="session")
def reader() -> FaceReader:
    return FaceReader(catalog.verified_path("face-landmarks"))


@dataclass(frozen=True)
class Baked:
    """One of the inputs, baked."""

    photo: np.ndarray
    report: Report
    rig: Rig

    @cached_property
    def renderer(self) -> RenderCpu:
        """At the photograph's own size."""
        return RenderCpu(self.rig, (self.photo.shape[1], self.photo.shape[0]))

    def frame(self, weights: dict[str, float]) -> np.ndarray:
        pose = neutral()
        for name, weight in weights.items():
            pose[INDEX[name]] = weight
        return self.renderer.render(pose)


@pytest.fixture(scope="session")
def baked(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Baked]:
    """Bakes an input by its name, once."""
    folder = tmp_path_factory.mktemp("inputs")

    @cache
    def one(name: str) -> Baked:
        photo = GOOD[name]()
        path = written(folder / f"{name}.png", photo)
        report = bake(path, folder / name)
        return Baked(photo, report, load(folder / name))

    return one


def written(path: Path, picture: np.ndarray) -> Path:
    assert cv2.imwrite(str(path), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    return path
