"""Work in a process of its own, that may die in the middle."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

DEADLY = {"open", "os.link", "os.rename", "os.remove", "subprocess.Popen"}
"""Audit events of Python's that stand for a deed on the disk or an order to a program"""


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
