"""Children that die are started again, later each time; tested with a clock in the hand."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from device.clock import SystemClock
from device.heartbeat import READY, Heartbeat
from device.supervisor import GRACE_S, LONGEST_DELAY_S, PATIENCE_S, STEADY_S, Child, Signs, Supervisor, delay_s

BEATS = """
import pathlib, sys, time
from device.heartbeat import Heartbeat
heartbeat = Heartbeat()
heartbeat.beat(0.0)
pathlib.Path(sys.argv[1]).touch()
time.sleep(60)
"""


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Child]:
    """A child that gives a sign once and then no more."""
    child = Child("watched", [sys.executable, "-c", BEATS, str(tmp_path / "up")], signs=Signs("watched"))
    child.look(0.0)
    until(lambda: (tmp_path / "up").exists())
    yield child
    child.end()


def until(there: Callable[[], bool]) -> None:
    for _ in range(2000):
        if there():
            return
        threading.Event().wait(0.01)
    pytest.fail("it never came")


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


def test_who_gives_no_sign_any_more_is_ended_and_comes_back(watched: Child) -> None:
    process = watched.process
    assert process is not None
    os.kill(process.pid, signal.SIGSTOP)
    watched.look(100.0)
    watched.look(100.0 + PATIENCE_S)
    assert process.poll() is None
    watched.look(100.1 + PATIENCE_S)
    process.wait(10)
    watched.look(101.0 + PATIENCE_S)
    assert (watched.process, watched.deaths) == (None, 1)
    watched.look(102.0 + PATIENCE_S)
    assert watched.process is not None
    assert watched.process.pid != process.pid


def test_the_first_sign_may_take_its_time(tmp_path: Path) -> None:
    child = Child("slow", [sys.executable, "-c", "import time; time.sleep(60)"], signs=Signs("slow"))
    child.look(0.0)
    child.look(50 * PATIENCE_S)
    assert child.process is not None
    assert child.process.poll() is None
    child.end()


def test_it_is_ready_when_all_children_are_and_says_so_in_turn(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(20.0)
        child = Child("one", [sys.executable, "-c", BEATS, str(tmp_path / "up")], signs=Signs("one"))
        heartbeat = Heartbeat({"NOTIFY_SOCKET": str(tmp_path / "notify")})
        supervisor = Supervisor([child], SystemClock(), heartbeat=heartbeat)
        told: list[bytes] = []

        def listen() -> None:
            told.append(systemd.recv(100))
            told.append(b"up" if child.signs is not None and child.signs.heard else b"")
            supervisor.stop()

        listening = threading.Thread(target=listen)
        listening.start()
        supervisor.run()
        listening.join()
    assert told == [READY, b"up"]


def test_it_is_ready_when_it_says_so_and_not_any_more_when_it_is_told_to_become_something_else(watched: Child) -> None:
    watched.look(1.0)
    assert watched.ready
    before = watched.process
    assert before is not None
    watched.become([sys.executable, "-c", "import time; time.sleep(60)"], 2.0)
    assert not watched.ready
    before.wait(10)
    watched.look(2.5)
    assert watched.process is not None
    assert watched.process is not before, "the look that sees it gone starts the other one"
    assert (watched.ended, watched.deaths, watched.ready) == (0, 0, False)


def test_who_does_not_go_when_asked_is_made_to() -> None:
    code = "import signal, sys, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
    child = Child("deaf", [sys.executable, "-c", code])
    child.look(0.0)
    process = child.process
    assert process is not None
    os.kill(process.pid, signal.SIGSTOP)  # whether it has come as far as to ignore signals or not
    child.become([], 1.0)
    child.look(1.0 + GRACE_S)
    assert process.poll() is None
    child.look(1.1 + GRACE_S)
    process.wait(10)
    child.look(2.0 + GRACE_S)
    assert child.process is None
    child.look(9.0 + GRACE_S)
    assert child.process is None, "there is nothing to start"
