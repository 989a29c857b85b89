import os
import socket
import stat
import struct
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.errors import BadInput, Busy
from device.link import MAX_MESSAGE, Heard, Keeper, Message, Mood, News, Notice, Persona, Speak, Touch
from device.link_transport import MAX_PATH, QUEUE, Decoder, FaceClient, FaceServer, encode

MESSAGES: list[Message] = [
    Mood("listening", 1.5),
    Speak(3, 0, 2.5, 0.7, (("PP", 0.0, 0.1, 1.0), ("aa", 0.1, 0.3, 0.8)), "爸", "zh"),
    Heard("你好", "zh"),
    Notice("", ""),
    Touch("key space", 9.0),
]


def wait_for(done: Callable[[], object], seconds: float = 5.0) -> None:
    """Until `done()` is true; another thread is at work."""
    until = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < until, "it never came"
        threading.Event().wait(0.005)


@given(st.lists(st.sampled_from(MESSAGES), max_size=6), st.data())
def test_messages_survive_any_cutting_of_the_stream(messages: list[Message], data: st.DataObject) -> None:
    stream = b"".join(map(encode, messages))
    decoder, got = Decoder(), []
    while stream:
        n = data.draw(st.integers(1, len(stream)))
        got += decoder.feed(stream[:n])
        stream = stream[n:]
    assert got == messages


@given(st.binary(max_size=300))
def test_any_bytes_are_messages_or_bad_input(data: bytes) -> None:
    decoder = Decoder()
    try:
        decoder.feed(data)
        decoder.feed(struct.pack("<I", len(data)) + data)
    except BadInput:
        pass


def test_a_frame_that_is_too_long_is_refused_at_once() -> None:
    with pytest.raises(BadInput):
        Decoder().feed(struct.pack("<I", MAX_MESSAGE + 1))
    with pytest.raises(BadInput):
        encode(Heard("x" * (MAX_MESSAGE + 1), "en"))


def test_both_ways_over_a_socket_only_the_owner_may_use(tmp_path: Path) -> None:
    server = FaceServer(tmp_path / "run" / "face.sock")
    assert stat.S_IMODE((tmp_path / "run" / "face.sock").stat().st_mode) == 0o600
    back: list[Message] = []
    client = FaceClient(tmp_path / "run" / "face.sock", back.append)
    wait_for(lambda: client.connected and server.peers)
    for message in MESSAGES:
        client.send(message)
    got: list[Message] = []
    wait_for(lambda: got.extend(server.poll()) or len(got) >= len(MESSAGES))
    assert got == MESSAGES
    server.send(Touch("touch 3 4", 1.0))
    wait_for(lambda: back)
    assert back == [Touch("touch 3 4", 1.0)]
    client.close()
    wait_for(lambda: server.peers == 0)
    server.close()
    assert not (tmp_path / "run" / "face.sock").exists()


def test_a_face_that_comes_later_learns_persona_and_mood_and_nothing_stale(tmp_path: Path) -> None:
    path = tmp_path / "face.sock"
    links: list[bool] = []
    client = FaceClient(path, on_link=links.append)
    for message in (Mood("thinking", 1.0), Heard("old", "en"), Persona("/p", "Lan"), Mood("speaking", 2.0)):
        client.send(message)
    for _ in range(2):
        server = FaceServer(path)
        got: list[Message] = []
        wait_for(lambda got=got, server=server: got.extend(server.poll()) or len(got) >= 2)  # type: ignore[misc]
        assert got == [Persona("/p", "Lan"), Mood("speaking", 2.0)]
        server.close()
        wait_for(lambda: not client.connected)
    client.close()
    assert links == [True, False, True, False]


def test_a_peer_that_talks_nonsense_is_dropped_and_the_others_stay(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server = FaceServer(tmp_path / "face.sock")
    client = FaceClient(tmp_path / "face.sock")
    with socket.socket(socket.AF_UNIX) as stranger:
        stranger.connect(os.fspath(tmp_path / "face.sock"))
        wait_for(lambda: server.peers == 2)
        stranger.sendall(b"GET / HTTP/1.1\r\n\r\n")
        wait_for(lambda: server.peers == 1)
        assert stranger.recv(1) == b""
    client.send(Mood("idle", 0.0))
    got: list[Message] = []
    wait_for(lambda: got.extend(server.poll()) or got)
    assert sum("dropped" in record.message for record in caplog.records) == 1
    client.close()
    server.close()


def test_a_peer_that_never_reads_is_dropped_and_nobody_waits(tmp_path: Path) -> None:
    server = FaceServer(tmp_path / "face.sock")
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.connect(os.fspath(tmp_path / "face.sock"))
        wait_for(lambda: server.peers == 1)
        for _ in range(2000):
            server.send(Touch("x" * 1000, 0.0))
        wait_for(lambda: server.peers == 0)
    server.close()


def test_sending_never_raises_with_the_face_away_or_the_queue_full(tmp_path: Path) -> None:
    client = FaceClient(tmp_path / "nowhere.sock")
    for _ in range(QUEUE * 3):
        client.send(Mood("idle", 0.0))
    client.send(Heard("x" * (MAX_MESSAGE + 10), "en"))
    client.close()
    client.send(Mood("idle", 0.0))


def test_an_old_socket_is_replaced_a_living_one_and_other_files_are_not(tmp_path: Path) -> None:
    path = tmp_path / "face.sock"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(os.fspath(path))
    first = FaceServer(path)
    with pytest.raises(Busy):
        FaceServer(path)
    first.close()
    path.write_text("a letter")
    with pytest.raises(BadInput):
        FaceServer(path)
    assert path.read_text() == "a letter"
    with pytest.raises(BadInput):
        FaceServer(tmp_path / ("x" * MAX_PATH))


def test_a_keeper_is_no_mind_and_its_persona_and_news_outlast_the_face(tmp_path: Path) -> None:
    path, server = tmp_path / "face", FaceServer(tmp_path / "face")
    keeper = FaceClient(path)
    said: list[Message] = [Keeper(), Persona("/nowhere", "Lan"), News("persona", "Lan is coming", "兰来了")]
    try:
        for message in said:
            keeper.send(message)
        heard: list[Message] = []
        wait_for(lambda: heard.extend(server.poll()) or len(heard) >= 3)
        assert heard == said
        assert server.peers == 0
        server.close()
        server, heard = FaceServer(path), []
        wait_for(lambda: heard.extend(server.poll()) or len(heard) >= 3)
        assert heard == said
    finally:
        keeper.close()
        server.close()
