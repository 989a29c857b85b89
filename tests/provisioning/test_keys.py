"""The family's keys: on paper, in a file, and one in the place of another."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.errors import BadInput, ImagoError, Missing, Refused, Usage
from device.persona.pack.family import succeed
from device.persona.pack.keys import key_id
from provisioning import keys
from provisioning.keys import OwnerKey, Paper, changed, first_root, from_words, replaced, signed_root, words

PAPER = Paper(bytes(range(32)))


def owner(paper: Paper = PAPER) -> OwnerKey:
    return OwnerKey(paper.signing(1), paper.reading, first_root(paper, "Mei"))


@given(st.binary(min_size=32, max_size=32), st.sampled_from(["en", "zh"]))
def test_words_bring_the_paper_back(entropy: bytes, language: str) -> None:
    said = words(Paper(entropy), language)  # type: ignore[arg-type]
    assert len(said.split()) == 24
    assert from_words(f"  {said}\n").entropy == entropy


def test_chinese_words_may_be_written_without_spaces() -> None:
    assert from_words(words(PAPER, "zh").replace(" ", "")) == PAPER


@pytest.mark.parametrize(
    "spoil", [lambda w: w[:-1], lambda w: [*w, w[0]], lambda w: [w[1], w[0], *w[2:]], lambda w: []]
)
def test_misread_words_are_noticed(spoil: object) -> None:
    listed = words(PAPER, "en").split()
    with pytest.raises(BadInput):
        from_words(" ".join(spoil(listed)))  # type: ignore[operator]


@given(st.text(max_size=300))
def test_any_other_text_is_one_clear_error(text: str) -> None:
    with pytest.raises(BadInput):
        from_words(text)


def test_a_key_is_kept_and_opened(tmp_path: Path) -> None:
    path = tmp_path / "OWNER.key"
    keys.save(path, owner(), "a long passphrase")
    assert path.stat().st_mode & 0o077 == 0
    again = keys.load(path, "a long passphrase")
    assert again.public == owner().public
    assert again.identity == owner().identity
    assert again.family.id == owner().family.id
    assert PAPER.signing(1).private_bytes_raw() not in path.read_bytes()


def test_a_wrong_passphrase_and_a_weak_one(tmp_path: Path) -> None:
    path = tmp_path / "OWNER.key"
    with pytest.raises(Usage):
        keys.save(path, owner(), "short")
    keys.save(path, owner(), "a long passphrase")
    with pytest.raises(Refused):
        keys.load(path, "another passphrase")
    with pytest.raises(BadInput):
        keys.save(path, owner(), "a long passphrase")


@given(at=st.integers(0, 4000), byte=st.integers(0, 255))
def test_a_damaged_key_is_one_clear_error(tmp_path_factory: pytest.TempPathFactory, at: int, byte: int) -> None:
    path = tmp_path_factory.mktemp("key") / "OWNER.key"
    content = bytearray(SAVED)
    content[at % len(content)] = byte
    path.write_bytes(bytes(content))
    with contextlib.suppress(ImagoError):  # any other error is a failure of this test
        keys.outside(path)


@pytest.mark.parametrize("field", ["sealed", "salt", "public"])
def test_a_key_whose_secret_was_touched_does_not_open(tmp_path: Path, field: str) -> None:
    path = tmp_path / "OWNER.key"
    told = json.loads(SAVED)
    told[field] = ("B" if told[field][0] == "A" else "A") + told[field][1:]
    path.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(Refused):
        keys.load(path, "a long passphrase")


def _saved() -> bytes:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        keys.save(Path(folder) / "k", owner(), "a long passphrase")
        return (Path(folder) / "k").read_bytes()


SAVED = _saved()


def test_no_key_there(tmp_path: Path) -> None:
    with pytest.raises(Missing):
        keys.load(tmp_path / "OWNER.key", "a long passphrase")


def test_an_owner_is_added_and_removed(tmp_path: Path) -> None:
    other = Paper(bytes(32))
    for name, paper in (("a.key", PAPER), ("b.key", other)):
        keys.save(tmp_path / name, owner(paper), "a long passphrase")
    first = owner().family
    both = signed_root(changed(first, [keys.owner_of(tmp_path / "b.key")], [], 2), [PAPER.signing(1), other.signing(1)])
    succeed(first, both.statement.encode())
    keys.join(tmp_path / "b.key", both)
    assert keys.outside(tmp_path / "b.key")[1].id == first.id
    alone = changed(both, [], [key_id(owner().public)], 1)
    after = signed_root(alone, [PAPER.signing(1), other.signing(1)])
    assert set(succeed(both, after.statement.encode()).keys) == {key_id(owner(other).public)}
    with pytest.raises(Refused):
        keys.join(tmp_path / "a.key", after)
    with pytest.raises(BadInput):
        changed(both, [], ["abc"], None)


def test_a_stolen_file_is_overruled_by_the_paper() -> None:
    now = owner().family
    after, number = replaced(now, PAPER, "Mei")
    assert number == 2
    accepted = succeed(now, after.statement.encode())
    assert key_id(owner().public) in accepted.root.revoked
    again, number = replaced(accepted, PAPER, "Mei")
    assert number == 3
    assert succeed(accepted, again.statement.encode()).root.version == 3
    with pytest.raises(Refused):
        replaced(now, Paper(bytes(32)), "nobody")


def test_a_persona_has_the_same_series_in_all_its_packs_and_no_other() -> None:
    family, other = owner().family, owner(Paper(bytes(32))).family
    assert keys.series_of(family, "grandpa") == keys.series_of(family, "grandpa")
    assert len({keys.series_of(f, p) for f in (family, other) for p in ("grandpa", "grandma")}) == 4
