"""Children that die are started again, later each time; tested with a clock in the hand."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator

import pytest

from device.supervisor import LONGEST_DELAY_S, STEADY_S, Child, delay_s


@pytest.fixture
def sleeper() -> Iterator[Child]:
    child = Child("sleeper", [sys.executable, "-c", "import time; time.sleep(60)"])
    yield child
    child.end()


def kill(child: Child) -> None:
    assert child.process is not None
    os.kill(child.process.pid, signal.SIGKILL)
    child.process.wait()


def test_a_killed_child_comes_back_after_a_delay(sleeper: Child) -> None:
    sleeper.look(0.0)
    kill(sleeper)
    sleeper.look(1.0)
    assert sleeper.process is None
    sleeper.look(1.0 + delay_s(1) / 2)
    assert sleeper.process is None
    sleeper.look(1.0 + delay_s(1))
    assert sleeper.process is not None


def test_a_long_life_forgives_earlier_deaths(sleeper: Child) -> None:
    sleeper.deaths = 7
    sleeper.look(0.0)
    kill(sleeper)
    sleeper.look(STEADY_S + 1)
    assert sleeper.deaths == 1


def test_the_delay_doubles_and_is_bounded() -> None:
    assert [delay_s(n) for n in (1, 2, 3)] == [0.5, 1.0, 2.0]
    assert delay_s(50) == delay_s(5000) == LONGEST_DELAY_S


def test_ending_stops_even_the_deaf() -> None:
    code = "import signal, sys, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
    child = Child("deaf", [sys.executable, "-c", code])
    child.look(0.0)
    process = child.process
    assert process is not None
    child.end(timeout_s=0.2)
    assert process.poll() is not None
