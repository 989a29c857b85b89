"""A progress bar on the error stream, for what takes longer than a family waits without being told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn


@contextmanager
def bar() -> Iterator[Callable[[float, str], None]]:
    """Gives what is to be called with 0..1 and what is being done; on a stream that is no terminal nothing is shown."""
    columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("", total=1.0)
        yield lambda share, what: shown.update(task, completed=share, description=what)
