"""Reads single files out of a pack that lies encrypted in the store: any bytes of it, each piece authenticated."""

from __future__ import annotations

import contextlib
import io
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag

from device.errors import BadInput
from device.persona.pack.age import NONCE, PIECE, TAG, payload_cipher, piece_nonce
from device.persona.pack.refusal import refusal


class SealedPayload:
    """The plaintext of an age payload as bytes at places. Not for several threads at once."""

    def __init__(self, path: Path, file_key: bytes, start: int = 0) -> None:
        """`start`: where in the file it begins. Raises OSError, or BadInput for a file that is no payload."""
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        self._start = start
        self._stored = os.fstat(self._descriptor).st_size - start
        self._path = path
        self._held: tuple[int, bytes] = (-1, b"")
        with contextlib.ExitStack() as undone:
            undone.callback(self.close)
            nonce = os.pread(self._descriptor, NONCE, start)
            if self._stored < NONCE + TAG:
                raise self._damaged("a payload", f"{self._stored} bytes")
            self._cipher = payload_cipher(file_key, nonce)
            self._last = (self._stored - NONCE - 1) // (PIECE + TAG)
            self.size = self._stored - NONCE - (self._last + 1) * TAG
            """Bytes of plaintext."""
            self._piece(self._last)  # which alone says that it is the last: nothing is missing after it
            undone.pop_all()

    def close(self) -> None:
        """Safe to call twice."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> SealedPayload:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read(self, offset: int, size: int) -> bytes:
        """The bytes at a place, fewer at the end. Raises BadInput where they are not as they were put there."""
        parts = []
        end = min(offset + size, self.size)
        while offset < end:
            number, within = divmod(offset, PIECE)
            part = self._piece(number)[within : within + end - offset]
            parts.append(part)
            offset += len(part)
        return b"".join(parts)

    def _piece(self, number: int) -> bytes:
        if self._held[0] != number:
            at = self._start + NONCE + number * (PIECE + TAG)
            raw = os.pread(self._descriptor, PIECE + TAG, at)
            try:
                self._held = (number, self._cipher.decrypt(piece_nonce(number, number == self._last), raw, None))
            except (InvalidTag, ValueError):
                raise self._damaged("the bytes that were put there", f"others in piece {number}") from None
        return self._held[1]

    def _damaged(self, expected: str, got: str) -> BadInput:
        error = refusal("damaged.store", expected, got, "import the persona again", subject=str(self._path))
        assert isinstance(error, BadInput)
        return error


class SealedFile(io.RawIOBase):
    """One file of a payload, as a file that can be read from any place."""

    def __init__(self, payload: SealedPayload, offset: int, size: int) -> None:
        super().__init__()
        self._payload, self._offset, self._size = payload, offset, size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise io.UnsupportedOperation("a place before the beginning")  # a ValueError and an OSError
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int = -1) -> bytes:
        left = max(0, self._size - self._at)
        data = self._payload.read(self._offset + self._at, left if size < 0 else min(size, left))
        self._at += len(data)
        return data

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        data = self.read(len(view))
        view[: len(data)] = data
        return len(data)
