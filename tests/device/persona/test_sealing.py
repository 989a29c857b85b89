"""Secrets are kept whole, given back to nobody else, and gone when erased: by files, and by a TPM in software."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.errors import BadInput, Broken, Busy, Missing, Refused
from device.persona.own_folder import own_folder
from device.persona.sealing import FileSealer, Sealer, choose
from device.persona.tpm import Tpm, default_tcti
from device.persona.tpm_sealer import COUNTER, VAULT, TpmCounter, TpmSealer
from tests.support.software_tpm import SoftwareTpm, software_tpm

SECRET = bytes(range(32))
OTHER = b"another" * 100


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


Make = Callable[[Path], Sealer]


@pytest.fixture(params=["file", "tpm"])
def make(request: pytest.FixtureRequest) -> Make:
    """One kind of sealer in a folder; calling it again is starting the frame again."""
    if request.param == "file":
        return FileSealer
    tpm = request.getfixturevalue("tpm")
    return lambda folder: TpmSealer(folder, tpm)


def only_file(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


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


DEADLY = {"open", "os.link", "os.rename", "os.remove", "subprocess.Popen"}


def started(work: Callable[[], None]) -> int:
    """`work` in a process of its own."""
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        finally:
            os._exit(1)
    return child


def ended(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def dies_at(step: int, work: Callable[[], None]) -> bool:
    """Does `work` in a process that is no more just before its `step`th deed on disk or TPM; whether it died."""

    def count_and_work() -> None:
        left = [step]

        def deed(event: str, _: object) -> None:
            if event in DEADLY:
                left[0] -= 1
                if left[0] < 0:
                    os._exit(9)

        sys.addaudithook(deed)
        work()

    code = ended(started(count_and_work))
    assert code in (0, 9)
    return code == 9


def test_death_at_every_step_of_sealing_leaves_the_old_or_the_new(make: Make, tmp_path: Path) -> None:
    seen, folder = [], tmp_path / "s"
    make(folder).seal("b", SECRET)
    for step in range(100):
        make(folder).seal("a", SECRET)
        died = dies_at(step, lambda: make(folder).seal("a", OTHER))
        seen.append(make(folder).unseal("a"))
        assert (make(folder).names(), make(folder).unseal("b")) == (("a", "b"), SECRET)
        if not died:
            break
    changed = seen.index(OTHER)
    assert seen == [SECRET] * changed + [OTHER] * (len(seen) - changed)
    assert 3 <= changed < len(seen) - 1  # it was killed on both sides of the moment that decides


def test_death_at_every_step_of_the_first_sealing_does_not_stop_the_next(make: Make, tmp_path: Path) -> None:
    for step in range(100):
        folder = tmp_path / str(step)
        if not dies_at(step, lambda folder=folder: make(folder).seal("a", OTHER)):  # type: ignore[misc]
            break
        assert make(folder).names() in ((), ("a",))
        make(folder).seal("b", SECRET)
        assert make(folder).unseal("b") == SECRET
    assert step > 3


def test_death_at_every_step_of_erasing_and_then_again_erases(make: Make, tmp_path: Path) -> None:
    folder = tmp_path / "s"
    make(folder).seal("b", SECRET)
    for step in range(100):
        make(folder).seal("a", OTHER)
        image = shutil.copytree(folder, tmp_path / f"image-{step}")
        died = dies_at(step, lambda: make(folder).erase("a"))
        make(folder).erase("a")
        if make(folder).kind == "tpm":
            with pytest.raises(BadInput, match="older one"):
                make(image).unseal("a")
        assert (make(folder).names(), make(folder).unseal("b")) == (("b",), SECRET)
        assert b"another" not in b"".join(path.read_bytes() for path in folder.iterdir())
        if not died:
            break
    assert step > 2


def test_several_at_once_lose_nothing(make: Make, tmp_path: Path) -> None:
    names = tuple(f"persona-{number}" for number in range(4))
    children = [started(lambda name=name: make(tmp_path / "s").seal(name, SECRET)) for name in names]  # type: ignore[misc]
    assert [ended(child) for child in children] == [0] * 4
    assert make(tmp_path / "s").names() == names


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


def test_a_disk_that_takes_no_more_loses_nothing(make: Make, tmp_path: Path) -> None:
    make(tmp_path / "s").seal("a", SECRET)

    def on_a_small_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (256, 256))
        with pytest.raises(Broken, match="File too large"):
            make(tmp_path / "s").seal("a", OTHER)
        os._exit(7)

    assert ended(started(on_a_small_disk)) == 7
    assert make(tmp_path / "s").unseal("a") == SECRET
    with pytest.raises(Busy, match="room on the disk"), own_folder(tmp_path / "s"):
        raise OSError(errno.ENOSPC, "No space left on device")


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


# The TPM only


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
