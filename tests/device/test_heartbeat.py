"""Signs of life as systemd takes them."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.heartbeat import ALIVE, EVERY_S, READY, Heartbeat


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as listening:
        listening.bind(str(tmp_path / "notify"))
        yield listening


def signs(listening: socket.socket) -> list[bytes]:
    found = []
    try:
        while True:
            found.append(listening.recv(100))
    except BlockingIOError:
        return found


def test_it_is_ready_once_and_alive_as_often_as_is_wanted(supervisor: socket.socket) -> None:
    heartbeat = Heartbeat({"NOTIFY_SOCKET": supervisor.getsockname(), "WATCHDOG_USEC": "4000000"})
    assert heartbeat.every_s == 2.0
    for t in (0.0, 0.5, 1.9, 2.0, 2.1, 4.5):
        heartbeat.beat(t)
    assert signs(supervisor) == [READY, ALIVE, ALIVE]


def test_abstract_addresses_begin_with_an_at_sign() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as listening:
        listening.bind("\0imago-test-heartbeat")
        Heartbeat({"NOTIFY_SOCKET": "@imago-test-heartbeat"}).beat(0.0)
        assert signs(listening) == [READY]


def test_nobody_who_listens_is_no_trouble(tmp_path: Path) -> None:
    for environment in ({}, {"NOTIFY_SOCKET": str(tmp_path / "nobody")}, {"NOTIFY_SOCKET": "x" * 500}):
        Heartbeat(environment).beat(0.0)


@given(st.text(max_size=20))
def test_any_wish_gives_a_time_between_signs(wanted: str) -> None:
    assert 0.0 < Heartbeat({"WATCHDOG_USEC": wanted}).every_s <= EVERY_S
