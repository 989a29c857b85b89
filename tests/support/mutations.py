"""Valid packs, changed at random at one layer; what lies around the change is signed, hashed and encrypted anew."""

from __future__ import annotations

import copy
import json
import zipfile
from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np

from device.persona.album import Photo, encode
from device.persona.pack.archive import BLOCK
from device.persona.pack.envelope import MAGIC
from tests.support.age_file import Age
from tests.support.packs import FRAME, PNG, TOML, Recipe, make, sound
from tests.support.refused import ciphertext_at
from tests.support.refused_content import NPY, arrays, summed, zipped

OUR = FRAME.opening.public_key()
BASE = Recipe(encrypt=Age(OUR))
DATA = make(BASE)
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, 2**53, 2**53 + 1, 2**63, 10**400, 0.5, 1e308, "", "any", "..", "/", "a" * 300,
    "\0", "\ud800", "\u202e", "0" * 64, "0" * 32, "ab" * 16 + "\n", "self", "voice", "letters", "likeness/x.png",
    "consent/consent.json", [], {}, [[]], [None], {"": 0}, ["lease"],
)  # fmt: skip
BYTES = (b"\0", b"\xff", b"\n", b'"', b"{", b"}", b"[", b"\\u0000", b",", b" ", b"9" * 30, b"/../", b"-> ", b"---")


def raw(data: bytes, rng: Random) -> bytes:
    """One to three changes of bytes."""
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        a, b = sorted((rng.randrange(len(data) + 1), rng.randrange(len(data) + 1)))
        if rng.random() < 0.7:
            b = min(b, a + rng.randrange(1, 40))
        data = _changed(data, a, b, rng)
    return data


def _changed(data: bytes, a: int, b: int, rng: Random) -> bytes:
    match rng.randrange(7):
        case 0 if a < len(data):
            return data[:a] + bytes([data[a] ^ 1 << rng.randrange(8)]) + data[a + 1 :]
        case 1:
            return data[:a] + rng.choice(BYTES) + data[a:]
        case 2:
            return data[:a] + data[b:]
        case 3:
            return data[:b] + data[a:b] + data[b:]
        case 4:
            c = min(len(data), b + (b - a))
            return data[:a] + data[b:c] + data[a:b] + data[c:]
        case 5:
            return data[:a]
        case _:
            return data[:a] + rng.randbytes(b - a) + data[b:]


def value(data: Any, rng: Random) -> Any:
    """A JSON value with one thing in it changed."""
    data = copy.deepcopy(data)
    places = list(_places(data))
    holder, key = rng.choice(places)
    old = holder[key]
    match rng.randrange(7):
        case 0:
            del holder[key]
        case 1 if isinstance(old, int):
            holder[key] = old + rng.choice((-1, 1, 5, -(2**40)))
        case 2 if isinstance(old, str) and old:
            at = rng.randrange(len(old))
            holder[key] = old[:at] + rng.choice(("", "0", "a", ".", "/", "\n", "é")) + old[at + 1 :]
        case 3 if isinstance(holder, list):
            holder.insert(rng.randrange(len(holder) + 1), copy.deepcopy(old))
        case 4 if isinstance(holder, dict):
            holder[rng.choice((key + "x", "critical", "later", key.upper()))] = rng.choice(ODD)
        case 5:
            other_holder, other_key = rng.choice(places)
            if isinstance(other_holder[other_key], dict | list):
                holder[key] = rng.choice(ODD)
            else:
                holder[key], other_holder[other_key] = other_holder[other_key], old
        case _:
            holder[key] = rng.choice(ODD)
    return data


def _places(data: Any) -> Any:
    for key in data if isinstance(data, dict) else range(len(data)):
        yield data, key
        if isinstance(data[key], dict | list):
            yield from _places(data[key])


def json_text(rng: Random) -> Callable[[bytes], bytes]:
    """JSON with one value changed."""
    return lambda text: json.dumps(value(json.loads(text), rng), separators=(",", ":")).encode()


def statement(rng: Random) -> bytes:
    """The envelope's statement changed, its length right."""
    end = ciphertext_at(DATA)
    old = DATA[len(MAGIC) + 4 : end]
    new = raw(old, rng) if rng.random() < 0.5 else json_text(rng)(old)
    return MAGIC + len(new).to_bytes(4, "big") + new + DATA[end:]


def header(rng: Random) -> bytes:
    """One header of the archive changed, its checksum right."""

    def changed(parts: list[bytes]) -> list[bytes]:
        which = 2 * rng.randrange(len(parts) // 2)
        spoiled = raw(parts[which], rng)[:BLOCK].ljust(BLOCK, b"\0")
        return [*parts[:which], summed(spoiled), *parts[which + 1 :]]

    return make(BASE.with_(archive=changed))


def _age_pieces(rng: Random) -> bytes:
    return make(BASE.with_(encrypt=Age(OUR, pieces=lambda parts: [raw(b"".join(parts), rng)])))


NUMBERS = arrays(a=np.zeros((2, 3), np.float32), b=np.array(["x"]))
FILES = {
    "persona.toml": TOML,
    "likeness/x.png": PNG,
    "likeness/x.jpg": b"\xff\xd8\xff\xe0\0\4JF\xff\xff\xdb\0\3x\xff\xc0\0\x11\x08\0\x10\0\x10\3" + bytes(9),
    "likeness/x.npz": NUMBERS,
    "likeness/y.npz": zipped({"a.npy": NPY}, zipfile.ZIP_DEFLATED),
    "voice/x.wav": sound(),
    "album/album.json": encode((Photo("kite.jpg", 1280, 960, "1994-04", ("Mei",), "", {"en": "The kite."}),)),
}
"""Contents of which the frame looks at more than the first bytes."""


def file(rng: Random) -> tuple[str, bytes]:
    """A file's path, and its content changed."""
    path = rng.choice(tuple(FILES))
    return path, raw(FILES[path], rng)


LAYERS: dict[str, Callable[[Random], bytes]] = {
    "bytes": lambda rng: raw(DATA, rng),
    "statement": statement,
    "envelope": lambda rng: make(BASE.with_(envelope_text=json_text(rng))),
    "envelope's text": lambda rng: make(BASE.with_(envelope_text=lambda text: raw(text, rng))),
    "manifest": lambda rng: make(BASE.with_(manifest_text=json_text(rng))),
    "manifest's text": lambda rng: make(BASE.with_(manifest_text=lambda text: raw(text, rng))),
    "consent": lambda rng: make(BASE.with_(consent_text=json_text(rng))),
    "consent's text": lambda rng: make(BASE.with_(consent_text=lambda text: raw(text, rng))),
    "archive": lambda rng: make(BASE.with_(archive=lambda parts: [raw(b"".join(parts), rng)])),
    "archive's header": header,
    "age recipients": lambda rng: make(BASE.with_(encrypt=Age(OUR, stanzas=lambda text: raw(text, rng)))),
    "age header": lambda rng: make(BASE.with_(encrypt=Age(OUR, header=lambda text: raw(text, rng)))),
    "age payload": _age_pieces,
}
"""What is changed -> the pack. What lies around it is made right again."""
FAMILYS_OWN = frozenset({"envelope", "envelope's text", "manifest", "manifest's text", "consent", "consent's text",
                         "age recipients"})  # fmt: skip
"""Where the family itself said something else: it may be lawful. Everywhere else only the same is."""
