from pathlib import Path

import pytest

from tests.provisioning.likeness.conftest import written
from tests.support import tiny_portrait_network
from tests.support.likeness_inputs import elder


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a network of the right signature that nobody may change."""
    return tiny_portrait_network.write(tmp_path_factory.mktemp("network"))


@pytest.fixture(scope="session")
def portrait(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("neural") / "portrait.png", elder())
