"""Secrets are kept whole, given back to nobody else, and gone when erased: in files, and by a TPM in software."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.errors import BadInput, Missing, Refused
from device.persona.vault.sealing import FileSealer, Sealer, choose
from device.persona.vault.tpm import Tpm, default_tcti
from device.persona.vault.tpm_sealer import VAULT, TpmSealer
from tests.support.sealers import OTHER, SECRET, Make, only_file
from tests.support.software_tpm import SoftwareTpm

# What holds of both kinds


def test_what_is_sealed_is_unsealed_after_a_restart(make: Make, tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there" / "yet"
    sealer = make(folder)
    assert sealer.names() == ()
    sealer.seal("frame-x25519", SECRET)
    sealer.seal("persona-7", OTHER)
    again = make(folder)
    assert again.names() == ("frame-x25519", "persona-7")
    assert (again.unseal("frame-x25519"), again.unseal("persona-7")) == (SECRET, OTHER)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_a_newer_secret_replaces_the_older(make: Make, tmp_path: Path) -> None:
    sealer = make(tmp_path / "s")
    sealer.seal("a", SECRET)
    sealer.seal("a", OTHER)
    assert (sealer.names(), sealer.unseal("a")) == (("a",), OTHER)
    only_file(tmp_path / "s")


def test_what_is_erased_is_missing_and_may_be_erased_again(make: Make, tmp_path: Path) -> None:
    sealer = make(tmp_path / "s")
    sealer.erase("a")
    for name in ("a", "b"):
        sealer.seal(name, SECRET)
    for _ in range(2):
        sealer.erase("a")
        with pytest.raises(Missing, match="secret a"):
            make(tmp_path / "s").unseal("a")
    assert (sealer.names(), sealer.unseal("b")) == (("b",), SECRET)
    sealer.erase("b")
    assert sealer.names() == ()


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "A", "a b", "a\n", "a\0", "é", "a" * 81, "a.secret"])
def test_no_other_names(make: Make, tmp_path: Path, name: str) -> None:
    sealer = make(tmp_path / "s")
    for use in (lambda: sealer.seal(name, SECRET), lambda: sealer.unseal(name), lambda: sealer.erase(name)):
        with pytest.raises(BadInput, match="name of a secret"):
            use()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("secret", [b"", bytes(4097)], ids=["none", "long"])
def test_no_secret_without_bytes_or_with_too_many(make: Make, tmp_path: Path, secret: bytes) -> None:
    with pytest.raises(BadInput, match="1 to 4096 bytes"):
        make(tmp_path / "s").seal("a", secret)


def test_a_damaged_file_is_one_clear_error(make: Make, tmp_path: Path) -> None:
    folder = tmp_path / "s"
    make(folder).seal("a", SECRET)
    path = only_file(folder)
    whole = path.read_bytes()
    flipped = [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in (0, 14, 15, 40, len(whole) - 1)]
    cut = [whole[:end] for end in (0, 1, 15, 30, len(whole) - 1)]
    for damaged in (*flipped, *cut, whole + b"\0", whole * 2, bytes(2 << 20)):
        path.write_bytes(damaged)
        with pytest.raises(BadInput, match=r"secrets\.tpm|secret a|a\.secret"):
            make(folder).unseal("a")
    path.write_bytes(whole)
    assert make(folder).unseal("a") == SECRET  # trying changed nothing


def test_what_others_may_read_is_refused(make: Make, tmp_path: Path) -> None:
    folder = tmp_path / "s"
    make(folder).seal("a", SECRET)
    for path, mode, right in ((only_file(folder), 0o640, 0o600), (folder, 0o755, 0o700)):
        path.chmod(mode)
        with pytest.raises(Refused, match=f"chmod {right:o}"):
            make(folder).unseal("a")
        path.chmod(right)
    assert make(folder).unseal("a") == SECRET


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_what_belongs_to_others_is_refused(make: Make, tmp_path: Path) -> None:
    folder = tmp_path / "s"
    make(folder).seal("a", SECRET)
    for path in (only_file(folder), folder):
        os.chown(path, 65534, -1)
        with pytest.raises(Refused, match="user 65534"):
            make(folder).unseal("a")
        os.chown(path, 0, -1)


def test_links_and_pipes_are_refused(make: Make, tmp_path: Path) -> None:
    folder = tmp_path / "s"
    make(folder).seal("a", SECRET)
    path = only_file(folder)
    elsewhere = path.rename(tmp_path / path.name)
    path.symlink_to(elsewhere)
    with pytest.raises(Refused):
        make(folder).unseal("a")
    path.unlink()
    os.mkfifo(path, 0o600)
    with pytest.raises(Refused, match="plain file"):
        make(folder).unseal("a")
    path.unlink()
    (tmp_path / "link").symlink_to(folder)
    with pytest.raises(Refused, match="link"):
        make(tmp_path / "link").seal("a", SECRET)


def test_a_leftover_of_writing_is_no_secret_and_goes(make: Make, tmp_path: Path) -> None:
    folder = tmp_path / "s"
    make(folder).seal("a", SECRET)
    for name in (".new-a.secret", ".old-a.secret", f".new-{VAULT}"):
        (folder / name).write_bytes(OTHER)
    (folder / ".new-link").symlink_to(tmp_path / "mine")
    (tmp_path / "mine").write_bytes(OTHER)
    assert make(folder).names() == ("a",)
    make(folder).seal("a", OTHER)
    only_file(folder)
    assert make(folder).unseal("a") == OTHER
    assert (tmp_path / "mine").read_bytes() == OTHER


@settings(max_examples=12)
@given(
    st.lists(
        st.tuples(
            st.from_regex(r"[a-z0-9-]{1,80}", fullmatch=True) | st.sampled_from(["a", "b"]),
            st.none() | st.binary(min_size=1, max_size=4096),
        ),
        max_size=4,
    )
)
def test_whatever_was_last_said_of_each_name_holds(
    chip: SoftwareTpm, tmp_path_factory: pytest.TempPathFactory, deeds: list[tuple[str, bytes | None]]
) -> None:
    for kind in ("file", "tpm"):
        folder = tmp_path_factory.mktemp("s") / "s"
        sealer: Sealer = FileSealer(folder) if kind == "file" else TpmSealer(folder, Tpm(chip.tcti))
        held: dict[str, bytes] = {}
        for name, secret in deeds:
            if secret is None:
                sealer.erase(name)
                held.pop(name, None)
            else:
                sealer.seal(name, secret)
                held[name] = secret
        assert sealer.names() == tuple(sorted(held))
        assert {name: sealer.unseal(name) for name in held} == held


# Files only


def test_a_secret_under_another_name_is_refused(tmp_path: Path) -> None:
    FileSealer(tmp_path / "s").seal("a", SECRET)
    (tmp_path / "s/a.secret").rename(tmp_path / "s/b.secret")
    with pytest.raises(BadInput, match="secret b"):
        FileSealer(tmp_path / "s").unseal("b")


@pytest.mark.parametrize("deed", ["erase", "replace"])
def test_the_bytes_themselves_are_overwritten(tmp_path: Path, deed: str) -> None:
    sealer = FileSealer(tmp_path / "s")
    sealer.seal("a", OTHER)
    with (tmp_path / "s/a.secret").open("rb") as still_open:
        sealer.erase("a") if deed == "erase" else sealer.seal("a", SECRET)
        content = still_open.read()
    assert len(content) > len(OTHER)
    assert not any(content)


# Which of the two


def test_a_new_frame_takes_the_tpm_where_one_answers(tpm: Tpm, chip: SoftwareTpm, tmp_path: Path) -> None:
    sealer, counter = choose(tmp_path / "s", chip.tcti)
    assert sealer.kind == "tpm"
    assert counter is not None
    sealer.seal("a", SECRET)
    assert choose(tmp_path / "s", chip.tcti)[0].unseal("a") == SECRET


NOWHERE = "swtpm:path=/nonexistent/tpm"


def test_without_a_tpm_files(tmp_path: Path) -> None:
    sealer, counter = choose(tmp_path / "s", NOWHERE)
    assert (sealer.kind, counter) == ("file", None)


def test_a_tpm_that_went_is_missed(tpm: Tpm, chip: SoftwareTpm, tmp_path: Path) -> None:
    choose(tmp_path / "s", chip.tcti)[0].seal("a", SECRET)
    with pytest.raises(Missing, match="holds this frame's secrets"):
        choose(tmp_path / "s", NOWHERE)


def test_a_tpm_that_came_leaves_the_files(tpm: Tpm, chip: SoftwareTpm, tmp_path: Path) -> None:
    choose(tmp_path / "s", NOWHERE)[0].seal("a", SECRET)
    sealer, counter = choose(tmp_path / "s", chip.tcti)
    assert (sealer.kind, sealer.unseal("a")) == ("file", SECRET)
    assert counter is not None
    TpmSealer(tmp_path / "s", tpm).seal("b", SECRET)
    with pytest.raises(BadInput, match="secrets of one kind"):
        choose(tmp_path / "s", chip.tcti)


def test_how_the_tpm_is_found() -> None:
    assert default_tcti({"TPM2TOOLS_TCTI": "swtpm:port=1"}) == "swtpm:port=1"
    assert default_tcti({}) in ("", "device:/dev/tpmrm0")
