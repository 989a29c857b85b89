"""Processor time by thread: what works is seen, under its name; what sleeps is not."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.bench.idle import ThreadTime, thread_times, used


def burn(seconds: float) -> None:
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def test_a_thread_that_works_is_seen_under_its_name() -> None:
    go, done = threading.Event(), threading.Event()

    def work() -> None:
        go.wait(20)
        burn(0.3)
        done.set()
        go.clear()
        go.wait(20)

    threads = [threading.Thread(target=work, name="busy"), threading.Thread(target=done.wait, args=(20,), name="lazy")]
    for thread in threads:
        thread.start()
    before = thread_times(os.getpid())
    go.set()
    assert done.wait(20)
    spent = used(before, thread_times(os.getpid()), 1.0, {os.getpid(): "here"})
    go.set()
    for thread in threads:
        thread.join(20)
    shares = {row["thread"]: row["core_share"] for row in spent["threads"] if row["process"] == "here"}
    assert shares["busy"] == pytest.approx(0.3, abs=0.05)
    assert shares.get("lazy", 0.0) < 0.05


def test_children_count_with_their_parent() -> None:
    code = "import time\nwhile time.process_time() < 0.3: pass\nprint('ready', flush=True)\ninput()"
    before = thread_times(os.getpid())
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        spent = used(before, thread_times(os.getpid()), 1.0, {child.pid: "child"})
        child.communicate(b"\n", 20)
    assert spent["by_process"]["child"] == pytest.approx(0.3, abs=0.1)


@given(st.dictionaries(st.integers(1, 9), st.tuples(st.integers(1, 3), st.floats(0, 50), st.floats(0, 50)), min_size=1))
def test_the_parts_are_the_whole(threads: dict[int, tuple[int, float, float]]) -> None:
    before = {n: ThreadTime(process, "t", b) for n, (process, b, _) in threads.items()}
    after = {n: ThreadTime(process, "t", b + more) for n, (process, b, more) in threads.items()}
    spent = used(before, after, 60.0, {1: "mind", 2: "face"})
    assert sum(spent["by_process"].values()) == pytest.approx(spent["core_share"], abs=1e-3)
    assert spent["core_share"] == pytest.approx(sum(more for _, _, more in threads.values()) / 60.0, abs=1e-3)


def test_a_process_that_is_gone_has_no_threads() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        child.wait(20)
    assert thread_times(child.pid) == {}
