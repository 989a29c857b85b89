from pathlib import Path

import cv2
import matplotlib
import numpy as np
import pytest

from models_quantized import catalog
from provisioning.likeness.bake import bake
from provisioning.likeness.landmarks import FaceReader


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
