"""Tasks on a Ray cluster, for institutions with hundreds of personas. An extra: `pip install imago-frame[ray]`.

All machines of the cluster see the shoeboxes and the folder of outcomes under the same path. Workers get tasks, never
keys: a persona is signed where its owner is.
"""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path
from types import TracebackType
from typing import Any

from device.errors import Missing
from provisioning.building.executor import Done, died, perform, prepare_worker
from provisioning.building.task import Task

RETRIES = 2
"""Times that a task is given to another worker when one is lost."""


class RayExecutor:
    """Does tasks on the cluster at `address`; "local" begins one on this machine."""

    def __init__(self, folder: Path, address: str = "local", cores: int | None = None) -> None:
        """Raises Missing where Ray is not installed or nobody answers."""
        try:
            import ray
        except ImportError:
            hint = "pip install 'imago-frame[ray]'"
            raise Missing("Ray", expected="the package ray", got="none", hint=hint) from None
        self._ray: Any = ray
        own: dict[str, Any] = {"num_cpus": cores, "include_dashboard": False} if address == "local" else {}
        try:
            self._ray.init(address=address, log_to_driver=False, configure_logging=False, **own)
        except (ConnectionError, RuntimeError, ValueError) as error:
            raise Missing("Ray", expected=f"a cluster at {address}", got=str(error)) from None
        self.cores = int(self._ray.cluster_resources().get("CPU", 1))
        self._folder = folder
        self._perform = self._ray.remote(num_cpus=1, max_retries=RETRIES)(_perform_prepared)

    def submit(self, task: Task) -> Future[Done]:
        """See Executor."""
        given: Future[Done] = Future()
        future = self._perform.remote(self._folder, task).future()
        future.add_done_callback(lambda done: self._hand_on(task, done, given))
        return given

    def _hand_on(self, task: Task, done: Future[Done], given: Future[Done]) -> None:
        error = done.exception()
        if error is None:
            given.set_result(done.result())
        else:
            lost = isinstance(error, (self._ray.exceptions.WorkerCrashedError, self._ray.exceptions.NodeDiedError))
            given.set_exception(died(task) if lost else error)

    def __enter__(self) -> RayExecutor:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ray.shutdown()


def _perform_prepared(folder: Path, task: Task) -> Done:
    prepare_worker()
    return perform(folder, task)
