"""A reader that shares no code with the frame's takes and refuses the same packs for the same reasons."""

from __future__ import annotations

import io
import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.dsse import Envelope
from securesystemslib.signer import CryptoSigner, SSlibKey

from device.errors import ImagoError
from device.persona.pack import consent, signed
from device.persona.pack.bech32 import age_identity
from device.persona.pack.family import read_root, succeed
from device.persona.pack.keys import key_id
from device.persona.pack.verify import Floor
from device.persona.store import frame_identity, orders
from provisioning import pack
from provisioning.keys import from_words
from tests.data.packs import make as vectors
from tests.support import packs, second_reader

FOLDER = vectors.FOLDER
GOOD = (FOLDER / "grandpa.imago").read_bytes()
EXPECTED = json.loads((FOLDER / "expected.json").read_bytes())
REFUSED = json.loads((FOLDER / "refused.json").read_bytes())
KEYS = json.loads((FOLDER / "keys.json").read_bytes())
FRAME = second_reader.Frame(
    KEYS["frame"], KEYS["frame opens by"], frozenset(vectors.KINDS), (FOLDER / "root-1.json").read_bytes()
)


def codes(data: bytes, floor: dict[str, Any]) -> tuple[str, str]:
    """What the frame and the second reader refuse it for, "" for nothing."""
    found = []
    reads = (
        lambda: packs.verify(data, floors={packs.SERIES: Floor(**floor)}),
        lambda: second_reader.read(data, replace(FRAME, floor=floor)),
    )
    for read in reads:
        try:
            read()
            found.append("")
        except (ImagoError, second_reader.Refusal) as error:
            found.append(error.code if isinstance(error, ImagoError) else str(error))
    return found[0], found[1]


def test_the_vectors_are_made_anew_by_their_command() -> None:
    for name, content in vectors.contents().items():
        assert (FOLDER / name).read_bytes() == content, f"python -m tests.data.packs.make ({name})"
    assert len(GOOD) < 20_000


def test_both_readers_find_what_is_expected() -> None:
    mine, other = packs.verify(GOOD), second_reader.read(GOOD, FRAME)
    assert mine.outside.digest == other.digest == EXPECTED["digest"]
    assert (other.envelope, other.manifest, other.consent) == tuple(
        EXPECTED[name] for name in ("envelope", "manifest", "consent")
    )
    assert [(e.path, e.sha256) for e in mine.manifest.files] == [
        (e["path"], e["sha256"]) for e in EXPECTED["manifest"]["files"]
    ]
    assert (mine.consent.subject, mine.manifest.name) == (other.consent["subject"], other.manifest["name"])


@pytest.mark.parametrize("name", REFUSED)
def test_both_readers_refuse_for_the_same_reason(name: str) -> None:
    case = REFUSED[name]
    data = vectors.patched(GOOD, case.get("patch", []))
    assert codes(data, case.get("floor", {})) == (case["code"], case["code"])


@pytest.mark.parametrize("at", range(0, len(GOOD), 97))
def test_no_flipped_bit_passes_either(at: int) -> None:
    mine, other = codes(vectors.flipped(GOOD, at), {})
    assert mine
    assert other


def test_the_keys_of_the_vectors_are_those_of_the_words() -> None:
    for language in ("en", "zh"):
        paper = from_words(KEYS["paper"][language])
        assert paper.entropy.hex() == KEYS["paper"]["entropy"]
        assert paper.signing(2).private_bytes_raw().hex() == KEYS["owner-2"]
    public = frame_identity.read_public((FOLDER / "FRAME.pub").read_bytes())
    assert (public.id, public.code) == (KEYS["frame"], KEYS["frame code"])


def obey(tmp_path: Path, name: str, *, known: bool = True) -> tuple[str, packs.Site]:
    site = packs.site(tmp_path, packs.FAMILY if known else None)
    site.store.sealer.seal(frame_identity.PAIRING, vectors.PAIRING)
    return orders.take(io.BytesIO((FOLDER / name).read_bytes()).read, site.store, site.identity).did, site


def test_the_orders_are_obeyed(tmp_path: Path) -> None:
    did, site = obey(tmp_path / "1", "introduction.json", known=False)
    assert (did, site.store.family and site.store.family.id) == ("paired", KEYS["family"])
    for number, name in enumerate(("root-2-by-owners.json", "root-2-by-recovery.json"), 2):
        did, site = obey(tmp_path / f"{number}", name)
        assert (did, site.store.family and site.store.family.root.version) == ("owners changed", 2)
    did, site = obey(tmp_path / "4", "revocation.json")
    assert (did, site.store.state.marks[packs.SERIES].revoked) == ("nothing to revoke", 1)
    with pytest.raises(ImagoError, match="version"):
        succeed(read_root(FRAME.root), FRAME.root)


def test_packs_of_the_familys_tool_are_read_by_the_second_reader(tmp_path: Path) -> None:
    folder = tmp_path / "persona"
    for path, (_, content) in packs.Recipe().files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    (folder / "voice" / "long.wav").write_bytes(packs.sound(150_000))
    agreed = consent.Consent(**{**packs.CONSENTED, "grants": tuple(packs.CONSENTED["grants"]), "evidence": ()})
    agreed = msgspec.structs.replace(agreed, evidence=(consent.Evidence("register.txt", "0" * 64),))
    planned = pack.plan(folder, packs.FAMILY, "陈望川", agreed, {}, {})
    order = pack.Order((vectors.public(),), 0, 1, chunk_size=packs.CHUNK)
    out = tmp_path / "p.imago"
    pack.write(planned, order, packs.FAMILY, 1, packs.signing((packs.PAPER.signing(1),)), out, lambda done, total: None)
    read = second_reader.read(out.read_bytes(), FRAME)
    assert {path: content for path, content in read.files.items() if not path.startswith("consent/")} == {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
    assert len(read.envelope["chunks"]) > 4 * 44
    assert read.digest == packs.verify(out.read_bytes()).outside.digest


def test_a_family_reads_its_own_pack_with_age_and_tar(tmp_path: Path) -> None:
    size = int.from_bytes(GOOD[8:12], "big")
    identity = pyrage.x25519.Identity.from_str(KEYS["reading"])
    archive = pyrage.decrypt(GOOD[12 + size :], [identity])
    subprocess.run(["tar", "-x", "-C", str(tmp_path)], input=archive, check=True)
    for path, (_, content) in packs.Recipe().files.items():
        assert (tmp_path / path).read_bytes() == content
    reading = from_words(KEYS["paper"]["en"]).reading
    assert age_identity(reading.private_bytes_raw()) == KEYS["reading"]


def test_statements_are_those_of_securesystemslib_both_ways() -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    public = key.public_key().public_bytes_raw()
    theirs = SSlibKey(key_id(public), "ed25519", "ed25519", {"public": public.hex()})
    ours = signed.sign(signed.ROOT, b'{"a": 1}', {public: key.sign})
    there = Envelope.from_dict(json.loads(ours.encode()))
    assert list(there.verify([theirs], 1)) == [key_id(public)]
    assert there.pae() == ours.message
    made = Envelope(b"{}", signed.MANIFEST, {})
    made.sign(CryptoSigner(key, theirs))
    back = signed.parse(json.dumps(made.to_dict()).encode(), signed.MANIFEST, "manifest")
    assert signed.require(back, {key_id(public): public}, 1) == {key_id(public)}
