"""What only a TPM can do: no file opens without it, nothing erased comes back, a counter that only goes up."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from device.errors import BadInput, Broken, Busy, Missing
from device.persona.vault.tpm import Tpm
from device.persona.vault.tpm_sealer import COUNTER, TpmCounter, TpmSealer
from tests.support.sealers import OTHER, SECRET, only_file
from tests.support.software_tpm import SoftwareTpm, software_tpm


def test_the_file_is_nothing_without_the_tpm(tpm: Tpm, tmp_path: Path) -> None:
    TpmSealer(tmp_path / "s", tpm).seal("a", SECRET)
    assert SECRET not in only_file(tmp_path / "s").read_bytes()
    with software_tpm() as stranger:
        with pytest.raises(Broken, match="another frame's"):
            TpmSealer(tmp_path / "s", Tpm(stranger.tcti)).unseal("a")
        with pytest.raises(Broken, match="another frame's"):  # and what is there is not written over
            TpmSealer(tmp_path / "s", Tpm(stranger.tcti)).seal("b", SECRET)
        TpmSealer(tmp_path / "other", Tpm(stranger.tcti)).seal("b", SECRET)
        with pytest.raises(BadInput, match="damaged file, or an older one"):
            TpmSealer(tmp_path / "s", Tpm(stranger.tcti)).unseal("a")
    assert TpmSealer(tmp_path / "s", tpm).unseal("a") == SECRET


def test_no_copy_of_the_disk_brings_an_erased_secret_back(tpm: Tpm, tmp_path: Path) -> None:
    sealer = TpmSealer(tmp_path / "s", tpm)
    sealer.seal("a", SECRET)
    sealer.seal("b", SECRET)
    shutil.copytree(tmp_path / "s", tmp_path / "image")
    sealer.erase("a")
    with pytest.raises(BadInput, match="older one"):
        TpmSealer(tmp_path / "image", tpm).unseal("a")
    assert sealer.unseal("b") == SECRET
    assert len(tpm.indices()) == 1


def test_a_lost_file_does_not_stop_a_new_beginning(tpm: Tpm, tmp_path: Path) -> None:
    TpmSealer(tmp_path / "s", tpm).seal("a", SECRET)
    only_file(tmp_path / "s").unlink()
    TpmSealer(tmp_path / "s", tpm).seal("b", SECRET)
    assert TpmSealer(tmp_path / "s", tpm).names() == ("b",)
    assert len(tpm.indices()) == 1


def test_more_secrets_than_there_is_room_for(tpm: Tpm, tmp_path: Path) -> None:
    sealer = TpmSealer(tmp_path / "s", tpm, room=1000)
    sealer.seal("a", OTHER)
    with pytest.raises(Busy, match="forget a persona"):
        sealer.seal("b", OTHER)
    assert (sealer.names(), sealer.unseal("a")) == (("a",), OTHER)


def test_secrets_and_counter_outlive_a_power_cut(tmp_path: Path) -> None:
    with software_tpm() as chip:
        tpm = Tpm(chip.tcti)
        TpmSealer(tmp_path / "s", tpm).seal("a", SECRET)
        first = TpmCounter(tpm).increment()
        chip.stop()
        with pytest.raises(Broken, match="TPM"):
            TpmSealer(tmp_path / "s", tpm).unseal("a")
        chip.start()
        assert TpmSealer(tmp_path / "s", tpm).unseal("a") == SECRET
        assert TpmCounter(tpm).value() == first
        assert TpmCounter(tpm).increment() == first + 1


def test_a_tpm_that_hangs_is_broken(tmp_path: Path) -> None:
    with software_tpm() as chip, chip.frozen(), pytest.raises(Broken, match="no answer"):
        Tpm(chip.tcti, timeout_s=0.3).ask()


def test_without_the_tools_it_says_so(chip: SoftwareTpm) -> None:
    with pytest.raises(Missing, match="apt install tpm2-tools"):
        Tpm(chip.tcti, environment={"PATH": "/nonexistent"}).ask()


def test_the_counter_only_goes_up(tpm: Tpm) -> None:
    counter = TpmCounter(tpm)
    values = [counter.value(), counter.value(), counter.increment(), counter.increment(), counter.value()]
    assert [value - values[0] for value in values] == [0, 0, 1, 2, 2]
    tpm.undefine(COUNTER)
    assert TpmCounter(tpm).value() > values[-1]
    tpm.undefine(COUNTER)
    tpm.define_counter(COUNTER)  # the power failed before its first increment
    assert TpmCounter(tpm).value() > values[-1] + 1
