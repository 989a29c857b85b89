"""XML from outside, as a stream: declared entities are refused, so that nothing is fetched and nothing blows up."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO
from xml.parsers import expat

Start = Callable[[str, dict[str, str]], None]
CHUNK = 1 << 16


class BadXml(ValueError):
    """What is wrong with it."""


def parse(file: IO[bytes], start: Start, end: Callable[[str], None], said: Callable[[str], None], most: int) -> None:
    """Calls `start`, `end` and `said` for what stands in the file, which must be at most `most` bytes long. Raises
    BadXml, and what the file's reading raises."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, said
    parser.EntityDeclHandler = _refused
    parser.StartDoctypeDeclHandler = _refused
    try:
        while chunk := file.read(CHUNK):
            most -= len(chunk)
            if most < 0:
                raise BadXml("it is too long")
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise BadXml(expat.ErrorString(error.code)) from None


def _refused(*_: object) -> None:
    raise BadXml("it declares entities")
