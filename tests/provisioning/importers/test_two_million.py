"""A chat of two million lines is read in the memory that one of a thousand takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.provisioning.importers.speed import KINDS, read, write
from tests.support.exports import SAMPLES

ONE_EACH = list({SAMPLES[kind].importer: kind for kind in KINDS}.values())


@pytest.mark.parametrize("kind", KINDS)
def test_a_chat_that_is_repeated_is_read_whole(tmp_path: Path, kind: str) -> None:
    check(tmp_path, kind, 2000)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ONE_EACH)
def test_memory_does_not_grow_with_the_chat(tmp_path: Path, kind: str) -> None:
    """Two million lines of WhatsApp, where each third message has three; of the others enough to tell."""
    check(tmp_path, kind, 1_200_000 if "whatsapp" in kind else 400_000)


def check(folder: Path, kind: str, count: int) -> None:
    path = folder / SAMPLES[kind].file
    write(kind, count, path)
    told = read(kind, path)
    path.unlink()
    assert count - 2 * count // 1000 <= told.items <= count
    assert told.mib < 100
