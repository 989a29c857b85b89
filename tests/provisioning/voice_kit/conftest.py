"""The real engines, opened once."""

from __future__ import annotations

import pytest

from provisioning.voice_kit import hear
from provisioning.voice_kit.hear import Engines


@pytest.fixture(scope="session")
def engines() -> Engines:
    return hear.engines(threads=2)
