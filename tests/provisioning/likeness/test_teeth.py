from pathlib import Path

import cv2
import numpy as np
import pytest

from device.face.rig import load
from provisioning.likeness.bake import bake
from provisioning.likeness.report import Report
from tests.provisioning.likeness.conftest import written
from tests.support.likeness_inputs import ELDER_SMILING, elder, read


@pytest.fixture(scope="session")
def portrait(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("teeth") / "portrait.png", elder())


def codes(report: Report) -> set[str]:
    return {note.code for note in (*report.used, *report.weak)}


def test_teeth_come_from_a_photograph_that_shows_them(portrait: Path, tmp_path: Path) -> None:
    assert "teeth drawn" in codes(bake(portrait, tmp_path / "drawn"))
    report = bake(portrait, tmp_path / "real", others=[ELDER_SMILING])
    assert "teeth" in codes(report)
    assert "portrait_smiling.jpg" in report.used[1].zh
    drawn, real = (load(tmp_path / name).mouth.layers for name in ("drawn", "real"))
    assert all(np.array_equal(a, b) for a, b in zip(drawn[:3], real[:3], strict=True))
    changed = np.abs(drawn[3].astype(int) - real[3]).max(2) > 12
    assert 0.03 < changed.mean() < 0.4
    solid = changed & (real[3][..., 3] > 250)
    colours = real[3][..., :3][solid].astype(int)
    assert np.median(colours[:, 0] - colours[:, 1]) < 25, "enamel, not lips"


@pytest.mark.parametrize("unfit", ["closed lips", "grey", "small", "no face"])
def test_a_photograph_that_shows_none_is_said_and_changes_nothing(portrait: Path, tmp_path: Path, unfit: str) -> None:
    smile = read(ELDER_SMILING)
    picture = {
        "closed lips": elder(),
        "grey": np.repeat(cv2.cvtColor(smile, cv2.COLOR_RGB2GRAY)[:, :, None], 3, 2),
        "small": cv2.resize(smile, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA),
        "no face": np.full((200, 200, 3), 90, np.uint8),
    }[unfit]
    other = written(tmp_path / "portrait_other.png", np.asarray(picture, np.uint8))
    assert "smile unused" in codes(bake(portrait, tmp_path / "out", others=[other]))
    bake(portrait, tmp_path / "alone")
    assert np.array_equal(load(tmp_path / "out").mouth.layers[3], load(tmp_path / "alone").mouth.layers[3])
