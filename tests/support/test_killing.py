"""The tool that kills at every writing call finds the writers that do not survive it, and only those."""

from __future__ import annotations

import errno
import random
import sys
from pathlib import Path

import pytest

from tests.support.killing import (
    Outcome,
    count_calls,
    killed_at_every_call,
    run_failing,
    run_killed,
    run_killed_at_random,
    why_not,
)
from tests.support.toy_writers import NEW, OLD, WRITERS, WRONG_WHEN_KILLED

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not())


def toy(writer: str, folder: Path) -> list[str]:
    return [sys.executable, "-m", "tests.support.toy_writers", writer, str(folder)]


def python(text: str, *arguments: object) -> list[str]:
    return [sys.executable, "-I", "-S", "-c", text, *map(str, arguments)]


def start(folder: Path) -> None:
    """The old state, whatever a run before has left."""
    (folder / "incoming").mkdir(parents=True, exist_ok=True)
    for draft in folder.rglob("draft"):
        draft.unlink()
    (folder / "kept").write_bytes(OLD)


def broken(writer: str, folder: Path, torn: bool) -> list[str]:
    """The calls before which a SIGKILL leaves neither the old nor the new content."""
    found = []
    outcome = None
    for outcome in killed_at_every_call(toy(writer, folder), folder, lambda: start(folder), torn=torn):
        if (folder / "kept").read_bytes() not in (OLD, NEW):
            found.append(str(outcome.killed_at))
    assert outcome is not None
    assert outcome.returncode == 0
    assert (folder / "kept").read_bytes() == NEW
    return found


@pytest.mark.parametrize("writer", WRITERS)
def test_a_kill_breaks_just_those_that_write_in_place(writer: str, tmp_path: Path) -> None:
    assert bool(broken(writer, tmp_path, torn=False)) is (writer in WRONG_WHEN_KILLED)


def test_a_kill_in_the_midst_of_a_call_leaves_half_of_it(tmp_path: Path) -> None:
    command = python(
        "import os, sys; f = os.open(sys.argv[1], 1025); os.write(f, b'12'); os.pwrite(f, b'abcdef', 2)",
        file := tmp_path / "f",
    )
    file.write_bytes(b"")
    assert run_killed(command, tmp_path, 2, torn=True).killed_at == "pwrite64 f"
    assert file.read_bytes() == b"12abc"


def test_calls_before_the_kill_are_named(tmp_path: Path) -> None:
    start(tmp_path)
    outcome = run_killed(toy("right", tmp_path), tmp_path, 6)
    assert outcome.returncode == -9
    assert outcome.calls == ["openat draft", "write draft", "write draft", "write draft", "fsync draft"]
    assert outcome.killed_at == "rename draft -> kept"


def test_calls_elsewhere_and_reads_are_not_counted(tmp_path: Path) -> None:
    start(inside := tmp_path / "inside")
    text = "import sys; open(sys.argv[1]).read(); open(sys.argv[2], 'w').write('x'); print('x', flush=True)"
    assert count_calls(python(text, inside / "kept", tmp_path / "outside"), inside) == 0


def test_threads_and_children_are_counted_as_one(tmp_path: Path) -> None:
    text = (
        "import os, sys, threading; os.chdir(sys.argv[1]);"
        "t = threading.Thread(target=os.mkdir, args=('a',)); t.start(); t.join();"
        "os.fork() or os._exit(os.mkdir('b') or 0); os.wait(); os.mkdir('c')"
    )
    command = python(text, tmp_path)
    assert run_killed(command, tmp_path, 3).calls == ["mkdir a", "mkdir b"]
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["a", "b"]


def test_a_child_that_left_the_group_ends_too(tmp_path: Path) -> None:
    text = (
        "import os, sys, time; os.chdir(sys.argv[1]); read, write = os.pipe()\n"
        "if not os.fork():\n os.setsid(); os.close(write); os.read(read, 1); os.mkdir('late'); os._exit(0)\n"
        "os.mkdir('first')"
    )
    assert run_killed(python(text, tmp_path), tmp_path, 1).killed_at == "mkdir first"
    assert not list(tmp_path.iterdir())


def test_every_spelling_of_a_path_is_seen(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    text = (
        "import os, sys; os.chdir(sys.argv[1]); fd = os.open('link', os.O_RDONLY);"
        "os.mkdir('link/a'); os.mkdir('b', dir_fd=fd); os.mkdir('link/../real/c');"
        "os.chdir('link'); os.mkdir('../real/d')"
    )
    assert count_calls(python(text, tmp_path), tmp_path / "link") == 4


def failing(writer: str, folder: Path, n: int, error: int, onwards: bool = True) -> Outcome:
    start(folder)
    return run_failing(toy(writer, folder), folder, n, error, onwards=onwards)


def test_a_full_disk_from_each_call_on_leaves_the_old_and_no_draft(tmp_path: Path) -> None:
    for n in range(1, 7):
        outcome = failing("right", tmp_path, n, errno.ENOSPC)
        assert outcome.returncode == 1
        assert "No space left on device" in outcome.stderr
        assert (tmp_path / "kept").read_bytes() == OLD
        assert not (tmp_path / "draft").exists()


def test_on_a_full_disk_files_can_still_be_opened_and_removed(tmp_path: Path) -> None:
    outcome = failing("emptied and written in place", tmp_path, 1, errno.ENOSPC)
    assert outcome.calls == ["openat kept", "write kept: ENOSPC"]
    assert (tmp_path / "kept").read_bytes() == b""


def test_one_failing_call(tmp_path: Path) -> None:
    outcome = failing("right", tmp_path, 5, errno.EIO, onwards=False)
    assert outcome.calls[4:] == ["fsync draft: EIO", "unlink draft"]
    assert "Input/output error" in outcome.stderr


def test_a_random_kill_comes_within_its_time(tmp_path: Path) -> None:
    rng = random.Random(3)
    forever = python("while True: pass")
    assert run_killed_at_random(forever, 0.05, rng).returncode == -9
    assert run_killed_at_random(["true"], 60, random.Random(1)).killed_at is None


def test_a_command_that_fails_is_not_counted(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="left with 3"):
        count_calls(python("raise SystemExit(3)"), tmp_path)
