"""The socket under `device.link`: the face listens, the mind connects and connects again.

Neither side ever waits for the other: messages to a peer that is away are dropped, and a peer that sends what is not
ours, or does not read, is let go with one line in the log.
"""

from __future__ import annotations

import contextlib
import logging
import os
import selectors
import socket
import stat
import struct
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path

import msgspec

from device.errors import BadInput, Busy
from device.link import MAX_MESSAGE, Keeper, Message, Mood, News, Persona

log = logging.getLogger(__name__)

HEADER = struct.Struct("<I")
MAX_PEERS = 4
"""The mind, and room for one that is just being replaced or an operator's command."""
QUEUE = 512
"""Messages kept in either direction; a conversation sends some ten a second."""
RETRY = 0.25
"""s between two attempts to reach the face."""
STICKY = (Keeper, Persona, Mood, News)
"""Kinds of which the last one is told anew after each connection, in this order: a mood belongs to a face."""
MAX_PATH = 107
"""Bytes of a Unix socket's path that Linux accepts."""

_encoder = msgspec.msgpack.Encoder()
_decoder: msgspec.msgpack.Decoder[Message] = msgspec.msgpack.Decoder(Message)


def encode(message: Message) -> bytes:
    """One message as a frame: u32 little-endian length, then msgpack. Raises BadInput for what cannot be sent."""
    try:
        body = _encoder.encode(message)
    except TypeError as error:
        raise BadInput("message to the face", expected="plain numbers and texts", got=str(error)) from None
    if len(body) > MAX_MESSAGE:
        raise BadInput("message to the face", expected=f"at most {MAX_MESSAGE} bytes", got=f"{len(body)}")
    return HEADER.pack(len(body)) + body


class Decoder:
    """Cuts a byte stream into messages, however the bytes were split on the way."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[Message]:
        """The messages completed by `data`. Raises BadInput for a stream that is not ours; it is lost from then on."""
        self._buffer += data
        messages: list[Message] = []
        while len(self._buffer) >= HEADER.size:
            (length,) = HEADER.unpack_from(self._buffer)
            if length > MAX_MESSAGE:
                raise BadInput("frame on the face's socket", expected=f"at most {MAX_MESSAGE} bytes", got=f"{length}")
            if len(self._buffer) < HEADER.size + length:
                break
            body = bytes(self._buffer[HEADER.size : HEADER.size + length])
            del self._buffer[: HEADER.size + length]
            messages.append(_decode(body))
        return messages


def _decode(body: bytes) -> Message:
    try:
        return _decoder.decode(body)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError, RecursionError) as error:
        raise BadInput("message on the face's socket", expected="one of ours", got=str(error)[:120]) from error


def listen(path: Path) -> socket.socket:
    """A listening socket at `path`, readable and writable by its owner only; one left by a dead process is removed.

    Raises Busy where somebody still listens there and BadInput where the path cannot be one."""
    if len(os.fsencode(path)) > MAX_PATH:
        raise BadInput("socket", expected=f"a path of at most {MAX_PATH} bytes", got=str(path))
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _remove_stale(path)
        before = os.umask(0o177)
        try:
            sock.bind(os.fspath(path))
        finally:
            os.umask(before)
        sock.listen(MAX_PEERS)
    except OSError as error:
        sock.close()
        raise BadInput("socket", expected="a place for one", got=f"{path}: {error.strerror}") from error
    except (Busy, BadInput):
        sock.close()
        raise
    sock.setblocking(False)
    return sock


def _remove_stale(path: Path) -> None:
    if not path.exists():
        return
    if not stat.S_ISSOCK(path.lstat().st_mode):
        raise BadInput("socket", expected="a free path or an old socket", got=f"{path}, another kind of file")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(os.fspath(path))
        except ConnectionRefusedError:
            path.unlink()
            return
    raise Busy("socket", expected=f"{path} to be free", got="a face that listens there", hint="is another one running?")


class _Wake:
    """Lets one thread interrupt another's select."""

    def __init__(self) -> None:
        self.fd = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)

    def set(self) -> None:
        with contextlib.suppress(OSError):
            os.eventfd_write(self.fd, 1)

    def clear(self) -> None:
        with contextlib.suppress(OSError):
            os.eventfd_read(self.fd)

    def close(self) -> None:
        os.close(self.fd)


class FaceServer:
    """The face's end: accepts minds, collects what they say, tells them all about the screen."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._listener = listen(path)
        self._inbox: deque[Message] = deque(maxlen=QUEUE)
        self._peers: dict[socket.socket, Decoder] = {}
        self._keepers: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._wake = _Wake()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="face-link", daemon=True)
        self._thread.start()

    @property
    def peers(self) -> int:
        """How many minds are connected now."""
        return len(self._peers) - len(self._keepers)

    def poll(self) -> list[Message]:
        """Everything that came since the last call, in order. Never waits."""
        messages: list[Message] = []
        with contextlib.suppress(IndexError):
            while True:
                messages.append(self._inbox.popleft())
        return messages

    def send(self, message: Message) -> None:
        """To every peer; never waits. One that has stopped reading is dropped."""
        frame = encode(message)
        with self._lock:
            for peer in list(self._peers):
                try:
                    whole = peer.send(frame, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL) == len(frame)
                except OSError:
                    whole = False
                if not whole:  # the framing is lost with half a frame
                    with contextlib.suppress(OSError):
                        peer.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Lets everybody go and removes the socket."""
        self._closing = True
        self._wake.set()
        self._thread.join(timeout=2)
        self._wake.close()
        self._path.unlink(missing_ok=True)

    def _run(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ)
            selector.register(self._wake.fd, selectors.EVENT_READ)
            while not self._closing:
                for key, _ in selector.select():
                    if key.fileobj is self._listener:
                        self._accept(selector)
                    elif isinstance(key.fileobj, socket.socket):
                        self._read(key.fileobj, selector)
        with self._lock:
            for peer in self._peers:
                peer.close()
            self._peers.clear()
        self._listener.close()

    def _accept(self, selector: selectors.BaseSelector) -> None:
        with contextlib.suppress(OSError):
            peer, _ = self._listener.accept()
            if len(self._peers) >= MAX_PEERS:
                log.warning("the face has %d peers already; another one was turned away", MAX_PEERS)
                peer.close()
                return
            peer.setblocking(False)
            with self._lock:
                self._peers[peer] = Decoder()
            selector.register(peer, selectors.EVENT_READ)

    def _read(self, peer: socket.socket, selector: selectors.BaseSelector) -> None:
        try:
            data = peer.recv(65536)
            messages = self._peers[peer].feed(data)
            if any(isinstance(message, Keeper) for message in messages):
                self._keepers.add(peer)
            self._inbox.extend(messages)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        except BadInput as error:
            log.warning("a peer was dropped: %s", error.line())
            data = b""
        if not data:
            selector.unregister(peer)
            with self._lock:
                self._keepers.discard(peer)
                del self._peers[peer]
            peer.close()


class FaceClient:
    """The mind's end (`ports.FaceLink`): connects in its own thread, again and again, for as long as it lives.

    The last of each kind in STICKY is told anew after each connection, so that a face that was restarted finds its way.
    """

    def __init__(
        self,
        path: Path,
        on_message: Callable[[Message], None] = lambda message: None,
        on_link: Callable[[bool], None] = lambda up: None,
    ) -> None:
        """`on_message` (what the face reports) and `on_link` (came up, went away) are called from the link's thread."""
        self._path = os.fspath(path)
        self._on_message = on_message
        self._on_link = on_link
        self._outbox: deque[Message] = deque()
        self._sticky: dict[type, Message] = {}
        self._connected = False
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._wake = _Wake()
        self._thread = threading.Thread(target=self._run, name="mind-link", daemon=True)
        self._thread.start()

    @property
    def connected(self) -> bool:
        """Whether the face is there now."""
        return self._connected

    def send(self, message: Message) -> None:
        with self._lock:
            if isinstance(message, STICKY):
                self._sticky[type(message)] = message
            if not self._connected or len(self._outbox) >= QUEUE:
                return
            self._outbox.append(message)
        self._wake.set()

    def close(self) -> None:
        """Sends what is queued (for at most a second) and lets the face go."""
        self._closing.set()
        self._wake.set()
        self._thread.join(timeout=2)
        if not self._thread.is_alive():
            self._wake.close()

    def _run(self) -> None:
        while not self._closing.is_set():
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC) as sock:
                sock.settimeout(1.0)
                try:
                    sock.connect(self._path)
                except OSError:
                    self._closing.wait(RETRY)
                    continue
                self._set_link(True)
                try:
                    self._serve(sock)
                except OSError as error:
                    log.info("the face went away (%s)", error)
                except BadInput as error:
                    log.warning("the face was let go: %s", error.line())
                except Exception:  # the thread's edge: what is told of the face's messages may fail
                    log.exception("the line to the face failed")
                self._set_link(False)
            self._closing.wait(RETRY)

    def _set_link(self, up: bool) -> None:
        with self._lock:
            self._outbox.clear()
            if up:
                self._outbox.extend(self._sticky[kind] for kind in STICKY if kind in self._sticky)
            self._connected = up
        self._on_link(up)

    def _serve(self, sock: socket.socket) -> None:
        decoder = Decoder()
        with selectors.DefaultSelector() as selector:
            selector.register(sock, selectors.EVENT_READ)
            selector.register(self._wake.fd, selectors.EVENT_READ)
            while True:
                self._flush(sock)
                if self._closing.is_set():
                    return
                for key, _ in selector.select():
                    if key.fileobj is not sock:
                        self._wake.clear()
                        continue
                    data = sock.recv(65536)
                    if not data:
                        raise ConnectionResetError("closed")
                    for message in decoder.feed(data):
                        self._on_message(message)

    def _flush(self, sock: socket.socket) -> None:
        while True:
            with self._lock:
                if not self._outbox:
                    return
                message = self._outbox.popleft()
            try:
                sock.sendall(encode(message))
            except BadInput as error:
                log.warning("%s", error.line())
