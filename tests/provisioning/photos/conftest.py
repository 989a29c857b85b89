import pytest

from provisioning.photos.faces import Meter
from provisioning.photos.tasks import meter as made


@pytest.fixture(scope="session")
def meter() -> Meter:
    """The models themselves."""
    return made()
