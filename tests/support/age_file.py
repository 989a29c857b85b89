"""age files made by hand, so that a test may spoil any part of one (age-encryption.org/v1)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PIECE = 64 << 10
FILE_KEY = hashlib.sha256(b"file key").digest()[:16]
NONCE = hashlib.sha256(b"nonce").digest()[:16]
EPHEMERAL = X25519PrivateKey.from_private_bytes(hashlib.sha256(b"ephemeral").digest())
GREASE = b"-> grease-x some thing\nAAECAwQ\n"
SCRYPT = b"-> scrypt " + base64.b64encode(bytes(16)).rstrip(b"=") + b" 40\n" + b"A" * 43 + b"\n"


def text(data: bytes) -> bytes:
    """Base64 without padding."""
    return base64.b64encode(data).rstrip(b"=")


def _hkdf(secret: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt, info).derive(secret)


def stanza(to: X25519PublicKey, file_key: bytes = FILE_KEY) -> bytes:
    """A recipient's two lines."""
    share, own = EPHEMERAL.public_key().public_bytes_raw(), to.public_bytes_raw()
    key = _hkdf(EPHEMERAL.exchange(to), share + own, b"age-encryption.org/v1/X25519")
    return b"-> X25519 %b\n%b\n" % (text(share), text(ChaCha20Poly1305(key).encrypt(bytes(12), file_key, None)))


def sealed(data: bytes) -> list[bytes]:
    """A payload's pieces."""
    cipher = ChaCha20Poly1305(_hkdf(FILE_KEY, NONCE, b"payload"))
    parts = [data[at : at + PIECE] for at in range(0, max(1, len(data)), PIECE)]
    return [
        cipher.encrypt(number.to_bytes(11, "big") + bytes([number == len(parts) - 1]), part, None)
        for number, part in enumerate(parts)
    ]


def with_empty_last(data: bytes) -> list[bytes]:
    """Pieces as `sealed`, with one more that holds nothing."""
    cipher = ChaCha20Poly1305(_hkdf(FILE_KEY, NONCE, b"payload"))
    data += bytes(-len(data) % PIECE)
    parts = [*(data[at : at + PIECE] for at in range(0, len(data), PIECE)), b""]
    return [
        cipher.encrypt(number.to_bytes(11, "big") + bytes([number == len(parts) - 1]), part, None)
        for number, part in enumerate(parts)
    ]


@dataclass(frozen=True)
class Age:
    """How a file is made; called with the content."""

    to: X25519PublicKey
    stanzas: Callable[[bytes], bytes] = lambda text: text
    """Changes the recipients' lines before they are covered by the MAC"""
    header: Callable[[bytes], bytes] = lambda text: text
    """Changes the whole header after that"""
    pieces: Callable[[list[bytes]], list[bytes]] = lambda parts: parts
    make: Callable[[bytes], list[bytes]] = sealed

    def __call__(self, data: bytes) -> bytes:
        covered = b"age-encryption.org/v1\n" + self.stanzas(stanza(self.to)) + b"---"
        mac = hmac.new(_hkdf(FILE_KEY, b"", b"header"), covered, "sha256").digest()
        header = self.header(covered + b" " + text(mac) + b"\n")
        return header + NONCE + b"".join(self.pieces(self.make(data)))
