"""``python -m tests.data.packs.make``: the test vectors of docs/persona-pack.md, the same bytes each time.

All keys here are made of published sentences and protect nothing. File key, ephemeral share and nonce of the encryption
are fixed, which nobody may do with a real pack; thanks to that a spoiled pack differs in few bytes.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from device.persona.pack import archive, signed
from device.persona.pack.bech32 import age_identity
from device.persona.pack.family import Family, Owner, pairing_proof
from device.persona.pack.keys import to_base64
from device.persona.store import frame_identity
from provisioning.keys import signed_root, words
from tests.support.packs import FAMILY, FRAME, OTHER_FRAME, PAPER, SERIES, STRANGER, Recipe, make, signing, sound

FOLDER = Path(__file__).parent
KINDS = ("generic-x86_64",)
PAIRING = hashlib.sha256(b"pairing of a test").digest()
EPHEMERAL = X25519PrivateKey.from_private_bytes(hashlib.sha256(b"share of a test").digest())
FILE_KEY = hashlib.sha256(b"file key of a test").digest()[:16]
NONCE = hashlib.sha256(b"nonce of a test").digest()[:16]
NEAR = 24
"""Equal bytes between two places that differ, so few that one patch takes both."""


def hkdf(secret: bytes, salt: bytes, info: bytes) -> bytes:
    """32 bytes."""
    return HKDF(SHA256(), 32, salt, info).derive(secret)


def bare(data: bytes) -> bytes:
    """Base64 as age writes it."""
    return base64.b64encode(data).rstrip(b"=")


def encrypt(plain: bytes, recipients: tuple[bytes, ...]) -> bytes:
    """An age v1 file of one piece to X25519 keys."""
    share = EPHEMERAL.public_key().public_bytes_raw()
    head = b"age-encryption.org/v1\n"
    for key in recipients:
        secret = EPHEMERAL.exchange(X25519PublicKey.from_public_bytes(key))
        wrap = hkdf(secret, share + key, b"age-encryption.org/v1/X25519")
        head += b"-> X25519 %b\n%b\n" % (bare(share), bare(ChaCha20Poly1305(wrap).encrypt(bytes(12), FILE_KEY, None)))
    head += b"---"
    mac = hmac.new(hkdf(FILE_KEY, b"", b"header"), head, "sha256").digest()
    payload = ChaCha20Poly1305(hkdf(FILE_KEY, NONCE, b"payload")).encrypt(bytes(11) + b"\1", plain, None)
    return head + b" " + bare(mac) + b"\n" + NONCE + payload


def for_family(plain: bytes) -> bytes:
    """To the frame and to the family itself."""
    return encrypt(plain, (FRAME.recipient, PAPER.reading.public_key().public_bytes_raw()))


VALID = Recipe().with_(encrypt=for_family)


def patch(before: bytes, after: bytes) -> list[list[Any]]:
    """[offset in `before`, bytes to take away, base64 of bytes to put there], from the back to the front."""
    start = next(
        (n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after))
    )
    if len(before) != len(after):
        left = min(len(before), len(after)) - start
        same = next((n for n in range(left) if before[-1 - n] != after[-1 - n]), left)
        put = after[start : len(after) - same]
        return [[start, len(before) - same - start, to_base64(put)]]
    found: list[list[int]] = []
    for at in (n for n in range(start, len(before)) if before[n] != after[n]):
        if found and at - found[-1][1] < NEAR:
            found[-1][1] = at + 1
        else:
            found.append([at, at + 1])
    return [[begin, end - begin, to_base64(after[begin:end])] for begin, end in reversed(found)]


def patched(data: bytes, changes: list[list[Any]]) -> bytes:
    """The pack after a patch."""
    for at, taken, put in changes:
        data = data[:at] + base64.b64decode(put) + data[at + taken :]
    return data


def flipped(data: bytes, at: int) -> bytes:
    """With one bit another way round."""
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def spoiled(good: bytes) -> dict[str, tuple[str, bytes]]:
    """What is wrong -> the code, the pack."""
    start = 12 + int.from_bytes(good[8:12], "big")
    consent = VALID.consent
    letters = {**VALID.files, "letters/1.txt": ("letters", b"Dear all")}
    stranger = STRANGER.signing(1)
    recipes: dict[str, tuple[str, Recipe]] = {
        "signed by a stranger": ("signature.stranger", VALID.with_(signers=(stranger,))),
        "an unknown critical extension": ("device.critical", VALID.with_(envelope={"critical": ["zip"]})),
        "a hash too many": ("malformed.chunk-count", VALID.with_(envelope={"chunks": to_base64(bytes(64))})),
        "for a Jetson": ("device.kind", VALID.with_(envelope={"device": ["jetson-orin"]})),
        "for another frame": ("recipient.other", VALID.with_(envelope={"recipients": [OTHER_FRAME.id]})),
        "a duplicate key": (
            "malformed.duplicate-key",
            VALID.with_(envelope_text=lambda text: text[:-1] + b',"counter":10}'),
        ),
        "inside of another pack": ("signature.inner-pack", VALID.with_(envelope={"pack": "cd" * 16})),
        "a file after the last": (
            "malformed.file-unlisted",
            VALID.with_(archive=lambda parts: [*parts[:-1], archive.header("voice/x.wav", 44), *parts[-1:]]),
        ),
        "a symbolic link": (
            "malformed.archive-symlink",
            VALID.with_(archive=lambda parts: [*parts[:4], parts[4][:156] + b"2" + parts[4][157:], *parts[5:]]),
        ),
        "padding with something in it": (
            "malformed.archive-padding",
            VALID.with_(archive=lambda parts: [*parts[:3], parts[3][:-1] + b"x", *parts[4:]]),
        ),
        "a voice without its grant": ("consent.grant-voice", VALID.with_(consent={**consent, "grants": ["likeness"]})),
        "a relative's word for the living": ("consent.living", VALID.with_(consent={**consent, "died": ""})),
        "another consent's serial": ("consent.serial", VALID.with_(envelope={"consent_serial": 2})),
        "letters without their grant": ("consent.grant-letters", VALID.with_(files=letters)),
        "a sound that is another": ("malformed.file-digest", VALID.with_(archive=_quiet)),
    }
    return {
        "the first byte": ("malformed.magic", flipped(good, 0)),
        "line ends changed": ("damaged.transfer", good.replace(b"\r\n", b"\n")),
        "cut in the ciphertext": ("damaged.cut", good[:-100]),
        "cut in the envelope": ("damaged.cut", good[: start - 1]),
        "a byte more": ("malformed.trailing", good + b"\0"),
        "a bit of the signature": ("signature.wrong", _false_signature(good)),
        "a bit of the age header": ("damaged.chunk", flipped(good, start + 40)),
        "the last bit": ("damaged.chunk", flipped(good, len(good) - 1)),
        **{name: (code, make(recipe)) for name, (code, recipe) in recipes.items()},
    }


def _quiet(parts: list[bytes]) -> list[bytes]:
    return [part.replace(sound(), sound()[:-1] + b"\1") for part in parts]


def _false_signature(good: bytes) -> bytes:
    size = int.from_bytes(good[8:12], "big")
    told = json.loads(good[12 : 12 + size])
    right = told["signatures"][0]["sig"]
    return good.replace(right.encode(), to_base64(flipped(base64.b64decode(right), 3)).encode())


def by_frame() -> dict[str, dict[str, Any]]:
    """What is right about the pack and wrong for a frame -> the code, what the frame remembers."""
    return {
        "an old epoch": {"code": "rollback.epoch", "floor": {"epoch": 1}},
        "a lower counter": {"code": "rollback.counter", "floor": {"counter": 11}},
        "the same number, another pack": {"code": "rollback.twin", "floor": {"counter": 10, "digest": "0" * 64}},
        "consent withdrawn": {"code": "revoked.consent", "floor": {"revoked": 1}},
    }


def second_root(by: list[Ed25519PrivateKey]) -> Family:
    """A lost key's owner has another one; signed as given, and by the new owner."""
    after = PAPER.signing(2)
    first = FAMILY.root
    root = msgspec.structs.replace(
        first,
        version=2,
        family=FAMILY.id,
        owners=(Owner(to_base64(after.public_key().public_bytes_raw()), "Mei"),),
        revoked=tuple(FAMILY.keys),
    )
    return signed_root(root, [*by, after])


def introduction() -> bytes:
    """As an order."""
    proof = pairing_proof(PAIRING, FAMILY.statement.payload, FRAME.id)
    told = {"root": to_base64(FAMILY.statement.encode()), "frame": FRAME.id, "proof": proof}
    return signed.sign(signed.INTRODUCTION, msgspec.json.encode(told), signing((PAPER.signing(1),))).encode()


def revocation() -> bytes:
    """As an order."""
    told = {"family": FAMILY.id, "series": SERIES, "serial": 1, "reason": "She asked for it."}
    return signed.sign(signed.REVOCATION, msgspec.json.encode(told), signing((PAPER.signing(1),))).encode()


def keys() -> dict[str, Any]:
    """Every secret of the vectors."""
    return {
        "warning": "Test keys, published. Protect nothing with them.",
        "paper": {"entropy": PAPER.entropy.hex(), "en": words(PAPER, "en"), "zh": words(PAPER, "zh")},
        "owner-1": PAPER.signing(1).private_bytes_raw().hex(),
        "owner-2": PAPER.signing(2).private_bytes_raw().hex(),
        "recovery": PAPER.recovery.private_bytes_raw().hex(),
        "reading": age_identity(PAPER.reading.private_bytes_raw()),
        "family": FAMILY.id,
        "family code": FAMILY.code(FRAME.id),
        "frame": FRAME.id,
        "frame code": public().code,
        "frame opens by": age_identity(FRAME.opening.private_bytes_raw()),
        "frame signs by": FRAME.signing.private_bytes_raw().hex(),
    }


def public() -> frame_identity.FramePublic:
    """FRAME.pub."""
    return frame_identity.public(FRAME, KINDS, PAIRING)


def expected(good: bytes) -> dict[str, Any]:
    """What a reader must find in the valid pack."""
    size = int.from_bytes(good[8:12], "big")
    payload = base64.b64decode(json.loads(good[12 : 12 + size])["payload"])
    plain: list[bytes] = []
    make(VALID.with_(encrypt=lambda data: plain.append(data) or for_family(data)))  # type: ignore[func-returns-value]
    told = json.loads(plain[0][512 : 512 + int(plain[0][124:135], 8)])
    return {
        "digest": hashlib.sha256(payload).hexdigest(),
        "envelope": json.loads(payload),
        "manifest": json.loads(base64.b64decode(told["payload"])),
        "consent": VALID.consent,
    }


def contents() -> dict[str, bytes]:
    """File -> content."""
    good = make(VALID)
    bad = {name: {"code": code, "patch": patch(good, data)} for name, (code, data) in spoiled(good).items()}
    return {
        "grandpa.imago": good,
        "keys.json": _json(keys()),
        "expected.json": _json(expected(good)),
        "refused.json": _json({**bad, **by_frame()}),
        "FRAME.pub": frame_identity.encode_public(public()),
        "root-1.json": FAMILY.statement.encode(),
        "root-2-by-owners.json": second_root([PAPER.signing(1)]).statement.encode(),
        "root-2-by-recovery.json": second_root([PAPER.recovery]).statement.encode(),
        "introduction.json": introduction(),
        "revocation.json": revocation(),
    }


def _json(told: object) -> bytes:
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"


if __name__ == "__main__":
    for file, content in contents().items():
        (FOLDER / file).write_bytes(content)
