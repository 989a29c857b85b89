"""Reads age v1 files (age-encryption.org/v1) that are encrypted to an X25519 recipient: the part of the format that
packs use, as a stream in constant memory, and nothing else of it.

The file key can be taken out of the header and the payload kept without it: its 64 KiB pieces can then be read in any
order, each of them authenticated (`sealed.py`).
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from device.persona.pack.envelope import Read, read_exactly
from device.persona.pack.refusal import refusal

PIECE = 64 << 10
"""Bytes of plaintext in a piece of the payload."""
TAG = 16
NONCE = 16
"""Bytes before the payload's pieces, of which its key is made."""
MOST_HEADER = 16 << 10
MOST_STANZAS = 64
"""age itself sets no bound; a hundred thousand recipients are somebody's joke."""
VERSION = b"age-encryption.org/v1\n"
STANZA = re.compile(rb"-> [!-~]+( [!-~]+)*\n")
BODY = re.compile(rb"[A-Za-z0-9+/]{0,64}\n")
MAC = re.compile(rb"--- [A-Za-z0-9+/]{43}\n")


@dataclass(frozen=True, slots=True)
class Opened:
    """What the header of an age file gave."""

    file_key: bytes
    """16 bytes"""
    header_size: int


class _Lines:
    """Reads line by line, with a bound on all of them together; keeps what it read."""

    def __init__(self, read_some: Read, taken: bytes) -> None:
        self._read = read_some
        self.taken = taken

    def line(self) -> bytes:
        line = b""
        while not line.endswith(b"\n"):
            byte = self._read(1)
            if not byte or len(self.taken) + len(line) >= MOST_HEADER:
                raise refusal("malformed.age-header", f"an age header of up to {MOST_HEADER} bytes", "no end of it")
            line += byte
        self.taken += line
        return line


def open_header(read_some: Read, identity: X25519PrivateKey) -> Opened:
    """Reads the header and unwraps the file key. Raises BadInput, or Refused where it is for somebody else."""
    beginning = read_exactly(read_some, len(VERSION))
    if beginning != VERSION:
        raise refusal("malformed.plaintext", "an encrypted content (age v1)", "something else")
    lines = _Lines(read_some, beginning)
    file_key: bytes | None = None
    for count in range(MOST_STANZAS + 1):
        before = lines.taken
        line = lines.line()
        if line.startswith(b"---"):
            break
        if count == MOST_STANZAS:
            raise refusal("malformed.age-stanzas", f"at most {MOST_STANZAS} recipients", "more")
        arguments, body = _stanza(line, lines)
        if file_key is None and arguments[0] == b"X25519":
            file_key = _unwrap(arguments, body, identity)
    if not MAC.fullmatch(line):
        raise refusal("malformed.age-header", "the header's end", "another line")
    if file_key is None:
        raise refusal("recipient.none", "a pack for this frame", "one that its key does not open")
    _check_mac(file_key, before + b"---", line)
    return Opened(file_key, len(lines.taken))


def _stanza(line: bytes, lines: _Lines) -> tuple[list[bytes], bytes]:
    if not STANZA.fullmatch(line):
        raise refusal("malformed.age-header", "a recipient's line", "another line")
    body = b""
    while True:
        part = lines.line()
        if not BODY.fullmatch(part):
            raise refusal("malformed.age-header", "a recipient's body", "another line")
        body += part[:-1]
        if len(part) < 65:
            break
    arguments = line[3:-1].split(b" ")
    if arguments[0] == b"scrypt":
        raise refusal(
            "malformed.age-scrypt", "recipients' keys", "a passphrase"
        )  # its work factor is the sender's choice
    return arguments, _unpadded(body)


def _unpadded(text: bytes) -> bytes:
    try:
        data = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except ValueError:
        raise refusal("malformed.age-header", "base64", "something else") from None
    if base64.b64encode(data).rstrip(b"=") != text:
        raise refusal("malformed.age-header", "canonical base64", "another form")
    return data


def _unwrap(arguments: list[bytes], body: bytes, identity: X25519PrivateKey) -> bytes | None:
    """The file key, or None where the stanza is for another."""
    if len(arguments) != 2 or len(share := _unpadded(arguments[1])) != 32 or len(body) != 32:
        raise refusal("malformed.age-header", "an X25519 recipient", "another shape")
    try:
        secret = identity.exchange(X25519PublicKey.from_public_bytes(share))
    except ValueError:  # the all-zero secret of a small-order share (RFC 7748, section 6.1)
        raise refusal("malformed.age-share", "a share of large order", "a weak one") from None
    own = identity.public_key().public_bytes_raw()
    key = _hkdf(secret, share + own, b"age-encryption.org/v1/X25519")
    try:
        return ChaCha20Poly1305(key).decrypt(bytes(12), body, None)
    except InvalidTag:
        return None


def _hkdf(secret: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt, info).derive(secret)


def _check_mac(file_key: bytes, covered: bytes, line: bytes) -> None:
    key = _hkdf(file_key, b"", b"header")
    if not hmac.compare_digest(hmac.new(key, covered, "sha256").digest(), _unpadded(line[4:-1])):
        raise refusal("malformed.age-mac", "an untouched header", "a changed one")


def payload_cipher(file_key: bytes, nonce: bytes) -> ChaCha20Poly1305:
    """The cipher of a payload's pieces."""
    return ChaCha20Poly1305(_hkdf(file_key, nonce, b"payload"))


def piece_nonce(number: int, last: bool) -> bytes:
    """12 bytes: an 11-byte counter and whether it is the last piece (age's STREAM)."""
    return number.to_bytes(11, "big") + bytes([last])


def pieces(read_some: Read, file_key: bytes) -> Iterator[bytes]:
    """The plaintext of a payload, up to 64 KiB at a time; what was given out before an error is not to be trusted as
    whole. Raises BadInput."""
    nonce = read_exactly(read_some, NONCE)
    if len(nonce) < NONCE:
        raise refusal("damaged.age-cut", "a payload", "its beginning only")
    cipher = payload_cipher(file_key, nonce)
    number, now = 0, read_exactly(read_some, PIECE + TAG)
    while True:
        following = read_exactly(read_some, PIECE + TAG) if len(now) == PIECE + TAG else b""
        last = not following
        try:
            plain = cipher.decrypt(piece_nonce(number, last), now, None)
        except (InvalidTag, ValueError):
            if last and len(now) == PIECE + TAG:
                raise refusal("damaged.age-cut", "the last piece of the content", "its end missing") from None
            raise refusal("damaged.age-piece", "an untouched content", f"a changed piece {number}") from None
        if last and not plain and number:
            raise refusal("malformed.age-empty", "a last piece with something in it", "an empty one")
        yield plain
        if last:
            return
        number, now = number + 1, following
