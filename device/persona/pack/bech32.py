"""Bech32 (BIP 173), in which age writes its keys: "age1..." for 32 bytes of an X25519 public key."""

from __future__ import annotations

ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
"""Of the checksum, BIP 173."""


def _polymod(values: list[int]) -> int:
    checksum = 1
    for value in values:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for bit, part in enumerate(GENERATOR):
            checksum ^= part if top >> bit & 1 else 0
    return checksum


def encode(name: str, data: bytes) -> str:
    """`name`, "1", the data in groups of five bits, and six characters of checksum."""
    number, bits = int.from_bytes(data, "big"), 8 * len(data)
    padded = -bits % 5
    number <<= padded
    groups = [number >> at & 31 for at in range(bits + padded - 5, -1, -5)]
    expanded = [ord(c) >> 5 for c in name] + [0] + [ord(c) & 31 for c in name]
    check = _polymod(expanded + groups + [0] * 6) ^ 1
    return name + "1" + "".join(ALPHABET[g] for g in groups + [check >> 5 * (5 - n) & 31 for n in range(6)])


def age_recipient(public: bytes) -> str:
    """ "age1..." """
    return encode("age", public)


def age_identity(private: bytes) -> str:
    """ "AGE-SECRET-KEY-1..." """
    return encode("age-secret-key-", private).upper()
