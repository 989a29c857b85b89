"""A TPM in software, and both ways of keeping secrets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from device.persona.vault.sealing import FileSealer
from device.persona.vault.tpm import Tpm
from device.persona.vault.tpm_sealer import TpmSealer
from tests.support.sealers import Make
from tests.support.software_tpm import SoftwareTpm, software_tpm


@pytest.fixture(scope="module")
def chip() -> Iterator[SoftwareTpm]:
    with software_tpm() as tpm:
        yield tpm


@pytest.fixture
def tpm(chip: SoftwareTpm) -> Tpm:
    """With nothing of the frame's in it."""
    tpm = Tpm(chip.tcti)
    for index in tpm.indices():
        tpm.undefine(index)
    return tpm


@pytest.fixture(params=["file", "tpm"])
def make(request: pytest.FixtureRequest) -> Make:
    """One kind of sealer in a folder; calling it again is starting the frame again."""
    return of_kind(request)


@pytest.fixture(params=["file", pytest.param("tpm", marks=pytest.mark.slow)])
def make_often(request: pytest.FixtureRequest) -> Make:
    """The same for tests that start it hundreds of times: each talk with a TPM takes several commands."""
    return of_kind(request)


def of_kind(request: pytest.FixtureRequest) -> Make:
    """The kind that is asked for."""
    if request.param == "file":
        return FileSealer
    tpm = request.getfixturevalue("tpm")
    return lambda folder: TpmSealer(folder, tpm)
