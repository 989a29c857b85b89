"""Items and problems as one file: each as MessagePack behind its length, so that two million of them stay a stream."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from device.errors import BadInput
from provisioning.importers.item import Found

LENGTH = struct.Struct("<I")
MAX_BYTES = 64 << 20
"""Of one item; a longer length is damage."""

_encoder = msgspec.msgpack.Encoder(order="deterministic")
_decoder: msgspec.msgpack.Decoder[Found] = msgspec.msgpack.Decoder(Found)


def write_found(path: Path, found: Iterable[Found]) -> int:
    """Writes all of them in their order -> how many."""
    count = 0
    with path.open("wb") as stream:
        for one in found:
            count += 1
            raw = _encoder.encode(one)
            stream.write(LENGTH.pack(len(raw)))
            stream.write(raw)
    return count


def read_found(path: Path) -> Iterator[Found]:
    """All of them in their order. Raises BadInput for a file that is damaged or cut off."""
    with path.open("rb") as stream:
        while prefix := stream.read(LENGTH.size):
            size = LENGTH.unpack(prefix)[0] if len(prefix) == LENGTH.size else MAX_BYTES + 1
            raw = stream.read(size) if size <= MAX_BYTES else b""
            if size > MAX_BYTES or len(raw) != size:
                raise BadInput(path.name, expected="a whole file of items", got="one that is damaged or cut off")
            try:
                yield _decoder.decode(raw)
            except msgspec.DecodeError as error:
                raise BadInput(path.name, expected="items", got=str(error)) from None
