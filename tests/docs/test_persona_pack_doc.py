"""docs/persona-pack.md says what the code does: every code, every field and every number of it."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from device.errors import ImagoError
from device.persona.pack import (
    age,
    archive,
    consent,
    content,
    envelope,
    family,
    keys,
    manifest,
    refusal,
    signed,
    strict_json,
)
from device.persona.store import frame_identity, orders, state, store
from provisioning import keys as owner_keys

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "persona-pack.md").read_text(encoding="utf-8")
CODE = re.compile(rf"({'|'.join(refusal.GROUPS)})\.[a-z][a-z0-9-]*[a-z0-9]")
WORDS = " ".join(TEXT.split())
FILES = {"consent.json", "device.face"}


def codes_of_the_code() -> set[str]:
    found = {f"consent.grant-{grant}" for grant in get_args(manifest.Grant)}
    for folder in (ROOT / "device", ROOT / "provisioning"):
        for path in folder.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value):
                    found.add(node.value)
    return found - FILES


def test_the_table_has_every_code_and_no_other() -> None:
    rows = re.findall(r"^\| `([a-z]+\.[a-z0-9-]+)` \|", TEXT, re.M)
    table = [code for code in rows if code not in manifest.FILES]
    assert len(table) == len(set(table))
    assert set(table) == codes_of_the_code()


def test_no_code_in_the_text_is_unknown() -> None:
    named = {match.group() for match in CODE.finditer(" ".join(re.findall(r"`([^`\n]+)`", TEXT)))}
    assert named - FILES <= codes_of_the_code()


@pytest.mark.parametrize("name", refusal.GROUPS)
def test_groups_are_told_as_they_are(name: str) -> None:
    group = refusal.GROUPS[name]
    assert issubclass(group.error, ImagoError)
    row = f"| `{name}` | {group.error.__name__} | {group.error.exit_code} | {group.en} | {group.zh} |"
    assert row in TEXT


STRUCTS: tuple[type[msgspec.Struct], ...] = (
    signed.Signature,
    signed._Wire,
    envelope.Envelope,
    manifest.Manifest,
    manifest.Entry,
    consent.Consent,
    consent.Declaration,
    consent.Evidence,
    consent.Audience,
    family.Root,
    family.Owner,
    family.Introduction,
    orders.Revocation,
    frame_identity.FramePublic,
    owner_keys.OwnerFile,
)


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda struct: struct.__name__)
def test_every_field_stands_there(struct: type[msgspec.Struct]) -> None:
    assert [f.encode_name for f in msgspec.structs.fields(struct) if f"`{f.encode_name}`" not in TEXT] == []


NUMBERS = {
    "a statement": (signed.MAX_BYTES, "A statement has at most 65536 bytes"),
    "the manifest": (manifest.MAX_BYTES, "a signed manifest at most 8388608"),
    "signatures": (signed.MOST_SIGNATURES, "at most 8 (`malformed.signatures`)"),
    "the ciphertext": (envelope.LONGEST, "integer, 1 to 3900000000"),
    "chunks": (envelope.MOST_CHUNKS, "at most 1024"),
    "hashes": (44 * envelope.MOST_CHUNKS, "at most 45056 characters"),
    "the smallest chunk": (envelope.CHUNK_SIZES[0], "from 65536 to"),
    "the largest chunk": (envelope.CHUNK_SIZES[-1], "to 4194304"),
    "the age header": (age.MOST_HEADER, "The header has at most 16384 bytes"),
    "stanzas": (age.MOST_STANZAS, "and 64 stanzas"),
    "pieces": (age.PIECE, "pieces of 65536 bytes"),
    "the archive's end": (len(archive.END), "exactly 1024 zero bytes"),
    "files": (manifest.MOST_FILES, "up to 20000 entries"),
    "a path": (manifest.LONGEST_PATH, "1 to 255 bytes (`malformed.path-long`)"),
    "folders": (manifest.DEEPEST, "at most 8 parts"),
    "a prefix": (archive.PREFIX, "1 to 155 bytes"),
    "a name": (archive.NAME, "at most 100 bytes remain"),
    "the software": (manifest.API, "this version is 1"),
    "the consent": (consent.MAX_BYTES, "at most 262144 bytes"),
    "heard": (consent.LEAST_MATCH, "at least 0.8 was heard"),
    "owners": (family.MOST_OWNERS, "array of 1 to 8"),
    "FRAME.pub": (frame_identity.MAX_BYTES, "at most 8192 bytes"),
    "integers": (strict_json.LARGEST, "9007199254740992"),
    "depth": (strict_json.DEEPEST, "more than 32 deep"),
    "scrypt": (owner_keys.LOG_N, "written as 17"),
    "the most of scrypt": (owner_keys.MOST_LOG_N, "12 to 20"),
    "a passphrase": (owner_keys.SHORTEST, "at least 8 characters"),
    "pictures": (content.MOST_SIDE, "16384 pixels"),
    "texts": (content.MOST_TEXT >> 20, "at most 4 MiB"),
    "RAM": (manifest.MOST_OPENED >> 20, "must fit 512 MiB"),
    "room": (store.SPARE >> 20, "32 MiB more"),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_are_the_codes(name: str) -> None:
    value, words = NUMBERS[name]
    assert str(value) in words
    assert words in WORDS


def test_lists_are_the_codes() -> None:
    types = {v for n, v in vars(signed).items() if n.isupper() and isinstance(v, str) and v.startswith("application/")}
    assert {f"`{kind}`" for kind in types} == set(re.findall(r"^\| (`application/[^`]+`) ", TEXT, re.M))
    assert [word for word in consent.NEAREST | consent.NEAR if not re.search(rf"\b{word}\b", WORDS)] == []
    assert [suffix for suffix in content.LOOKS if suffix not in WORDS] == []
    assert all(f"`{folder}/` | `{kind}`" in TEXT for folder, kind in manifest.FOLDERS.items())
    assert all(f"`{file}` | `{kind}`" in TEXT for file, kind in manifest.FILES.items())
    assert all(str(y) in TEXT for y in keys.SMALL_ORDER_Y if y not in (0, 1, keys.PRIME - 1))
    assert state.TRIES == 3
    assert "with three tries" in TEXT


def test_names_of_types_stand_there() -> None:
    for name in (frame_identity.TYPE, owner_keys.TYPE, store.UNTOUCHED.decode()):
        assert f"`{name}`" in TEXT
