"""What two readers of the format could take differently is refused, or has one form."""

from __future__ import annotations

import msgspec
import pytest

from device.errors import BadInput
from device.persona.pack.family import Hex32
from device.persona.pack.keys import spoken_code
from device.persona.pack.strict_json import read
from tests.support import packs


class Sample(msgspec.Struct, frozen=True):
    """Of everything one."""

    digits: Hex32 = "ab" * 16
    share: float = 0.0


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"unknown": "\\ud800"}', "malformed.utf8"),
        ('{"unknown": "\\uDE00\\uD83D"}', "malformed.utf8"),
        ('{"share": 1e999}', "malformed.number"),
        ('{"unknown": -1e999}', "malformed.number"),
        ('{"digits": "%s\\n"}' % ("ab" * 16), "malformed.type"),
    ],
    ids=["half a pair", "a pair the wrong way round", "infinity", "minus infinity", "a line's end after the digits"],
)
def test_doubtful_json_is_refused(text: str, code: str) -> None:
    with pytest.raises(BadInput) as caught:
        read(text.encode(), Sample, "sample")
    assert caught.value.code == code


def test_whole_pairs_are_characters() -> None:
    assert read(b'{"digits": "%b", "other": "\\ud83d\\ude00"}' % (b"cd" * 16), Sample, "sample").digits == "cd" * 16


def test_an_unencrypted_archive_is_called_so() -> None:
    plain = packs.make(packs.Recipe().with_(encrypt=lambda archive: archive))
    with pytest.raises(BadInput) as caught:
        packs.verify(plain)
    assert caught.value.code == "malformed.plaintext"


def test_a_code_depends_on_where_its_parts_end() -> None:
    assert spoken_code(b"ab", b"c") != spoken_code(b"a", b"bc")
    assert spoken_code(b"family", b"1") == "1826 1500"
