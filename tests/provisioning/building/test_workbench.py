"""Every executor gives the same bytes; errors come through whole; what is kept is not done again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from device.errors import BadInput, Broken, ImagoError
from provisioning.building.executor import Executor, HereExecutor, ProcessExecutor
from provisioning.building.kept import Kept
from provisioning.building.on_ray import RayExecutor
from provisioning.building.task import Input, Task
from provisioning.building.workbench import SPEEDS, Workbench
from tests.provisioning.building.test_kept import WORK, given, shout

EXECUTORS: dict[str, Callable[[Path], Executor]] = {
    "here": HereExecutor,
    "processes": lambda folder: ProcessExecutor(folder, 2),
    "ray": lambda folder: RayExecutor(folder, cores=2),
}


def texts(folder: Path) -> list[Path]:
    made = []
    for name in ("a", "b", "c"):
        made.append(folder / f"{name}.txt")
        made[-1].write_text(f"{name}! ", encoding="utf-8")
    return made


@pytest.mark.parametrize("name", EXECUTORS)
def test_a_small_build(tmp_path: Path, name: str) -> None:
    paths = texts(tmp_path)
    refused = Task("a letter", f"{WORK}:refuse", 1, {"text": given(paths[0])})
    told: list[tuple[float, str]] = []
    with EXECUTORS[name](tmp_path / "kept") as executor:
        bench = Workbench(Kept(tmp_path / "kept"), executor, lambda share, what: told.append((share, what)))
        *said, wrong = bench.outcomes([*(shout(path) for path in paths), refused])
        assert all(isinstance(outcome, Input) for outcome in said), said
        joined = bench.outcome(
            Task("all", f"{WORK}:join", 1, {str(n): s for n, s in enumerate(said) if isinstance(s, Input)})
        )
        bench.close()
    assert (joined.path / "said.txt").read_text(encoding="utf-8") == "A! +B! +C! "
    assert isinstance(wrong, BadInput)
    assert wrong.as_dict()["code"] == "letters.empty"
    assert wrong.hint == "write some"
    assert bench.made == 4
    assert told
    assert told[-1][0] == 1.0
    assert (tmp_path / "kept" / SPEEDS).is_file()


def test_executors_agree_and_share_what_is_kept(tmp_path: Path) -> None:
    paths = texts(tmp_path)
    digests = []
    for name, make in EXECUTORS.items():
        with make(tmp_path / name) as executor:
            outcomes = Workbench(Kept(tmp_path / name), executor).outcomes([shout(path) for path in paths])
        digests.append([outcome.digest for outcome in outcomes if isinstance(outcome, Input)])
    assert digests[0] == digests[1] == digests[2]
    with HereExecutor(tmp_path / "ray") as executor:
        again = Workbench(Kept(tmp_path / "ray"), executor)
        again.outcomes([shout(path) for path in paths])
    assert again.made == 0, "what the cluster made serves this machine"


@pytest.mark.parametrize("name", ["processes", "ray"])
def test_a_worker_that_dies_is_told_and_the_rest_is_kept(tmp_path: Path, name: str) -> None:
    paths = texts(tmp_path)
    with EXECUTORS[name](tmp_path / "kept") as executor:
        bench = Workbench(Kept(tmp_path / "kept"), executor)
        bench.outcome(shout(paths[0]))
        with pytest.raises(Broken, match="worker died"):
            bench.outcome(Task("too large", f"{WORK}:die", 1, {"text": given(paths[0])}))
    with EXECUTORS[name](tmp_path / "kept") as executor:
        bench = Workbench(Kept(tmp_path / "kept"), executor)
        bench.outcomes([shout(path) for path in paths])
        assert bench.made == 2


def test_what_is_started_early_is_waited_for_late_and_its_error_is_not_lost(tmp_path: Path) -> None:
    paths = texts(tmp_path)
    refused = Task("a letter", f"{WORK}:refuse", 1, {"text": given(paths[0])})
    with ProcessExecutor(tmp_path / "kept", 2) as executor:
        bench = Workbench(Kept(tmp_path / "kept"), executor)
        bench.start([refused, shout(paths[1])])
        assert isinstance(bench.outcomes([shout(paths[0])])[0], Input)
        with pytest.raises(ImagoError, match="a letter"):
            bench.outcome(refused)
        assert isinstance(bench.outcomes([shout(paths[1])])[0], Input)
