"""Public keys and what they are called by: Ed25519 keys that sign (RFC 8032), X25519 keys that decrypt (RFC 7748)."""

from __future__ import annotations

import base64
import binascii
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from device.persona.pack.refusal import refusal

KEY_BYTES = 32
SIGNATURE_BYTES = 64
PRIME = 2**255 - 19
"""Of the field in which a point's y coordinate lies (RFC 8032, section 5.1)."""
SMALL_ORDER_Y = frozenset(
    {
        0,
        1,
        PRIME - 1,
        2707385501144840649318225287225658788936804267575313519463743609750303402022,
        55188659117513257062467267217118295137698188065244968500265048394206261417927,
    }
)
"""y of the eight points whose order divides 8: whoever signs "by" such a key signs every message."""


def key_id(public: bytes) -> str:
    """SHA-256 of the 32 bytes of a public key, in hex."""
    return hashlib.sha256(public).hexdigest()


def checked_key(public: bytes, subject: str = "key") -> bytes:
    """The 32 bytes of an Ed25519 public key that is fit to be trusted. Raises Refused for a weak or twofold one."""
    if len(public) != KEY_BYTES:
        raise refusal("malformed.key", "32 bytes", f"{len(public)}", subject=subject)
    y = int.from_bytes(public, "little") & ((1 << 255) - 1)
    if y >= PRIME:
        raise refusal("signature.key", "a key in its one canonical form", "another form", subject=subject)
    if y in SMALL_ORDER_Y:
        raise refusal("signature.key", "a key of large order", "one that signs everything", subject=subject)
    return public


def signed_by(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the signature is this key's over the message. OpenSSL refuses an S that is not reduced, and compares R by
    its bytes, so that no second form of a signature passes."""
    if len(signature) != SIGNATURE_BYTES or len(public) != KEY_BYTES:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def from_base64(text: str, what: str, subject: str) -> bytes:
    """Standard base64 with its padding, in its one canonical form. Raises BadInput."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise refusal("malformed.base64", f"{what} in base64", text[:40], subject=subject) from None
    if base64.b64encode(data).decode() != text:
        raise refusal("malformed.base64", f"{what} in canonical base64", text[-8:], subject=subject)
    return data


def to_base64(data: bytes) -> str:
    """What `from_base64` reads."""
    return base64.b64encode(data).decode()


def spoken_code(*parts: bytes) -> str:
    """Eight digits from the parts, each led by its length: "4831 2759", to be compared by people.

    scrypt over their SHA-256, 16 MiB and some tenths of a second: whoever exchanges a file on the way must find another
    one with the same digits, among a hundred million, before the stick is used.
    """
    total = hashlib.sha256(b"imago-code-v1")
    for part in parts:
        total.update(len(part).to_bytes(8, "big") + part)
    drawn = hashlib.scrypt(total.digest(), salt=b"imago-code-v1", n=1 << 14, r=8, p=4, maxmem=64 << 20, dklen=8)
    number = int.from_bytes(drawn, "big") % 10**8
    return f"{number // 10**4:04d} {number % 10**4:04d}"
