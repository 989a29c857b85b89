from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator

import pytest

from models_quantized.schema import File, Model, Package, Part, Source
from tests.models_quantized.server import Server


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.close()


def blob(size: int, seed: int = 1) -> bytes:
    """Bytes that no compression shortens, the same each time."""
    return random.Random(seed).randbytes(size)


def file_of(content: bytes, *sources: Source, name: str = "model.bin") -> File:
    return File(name=name, size=len(content), sha256=hashlib.sha256(content).hexdigest(), sources=sources)


def model_of(*files: File, id: str = "tiny") -> Model:
    return Model(id=id, role="test", format="none", licence="CC0-1.0", obligations="none", files=files)


def packaged(server: Server, content: bytes, parts: int = 3, stem: str = "tiny-part") -> Package:
    """`content` cut into wheels on the index of `server`."""
    step = -(-len(content) // parts)
    found = []
    for number in range(parts):
        package, member = f"{stem}{number}", f"{stem}/data/{number}.bin"
        path = server.add_wheel(package, {member: content[number * step : (number + 1) * step]})
        found.append(Part(package=package, version="1.0", member=member, bytes=len(server.pages[path].body)))
    return Package(parts=tuple(found))
