"""What the family's tool says while it works."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator

from provisioning.bar import bar as rich_bar


def progress(text: str) -> None:
    """One line for the family."""
    print(f"imago-provision: {text}", file=sys.stderr, flush=True)


@contextlib.contextmanager
def bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal; what is called with bytes done and bytes in all."""
    with rich_bar() as tell:
        yield lambda done, total: tell(done / max(total, 1), what)
