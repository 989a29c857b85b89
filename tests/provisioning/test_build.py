"""The recipe from a shoebox to a persona: whole or not at all, and only when something has changed."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from device.errors import BadInput, ImagoError, Missing
from device.mind.memory_file import Origin, connect, read_rows
from device.persona.unpacked import load
from provisioning.build import id_from
from provisioning.intake.digests import Digests
from provisioning.recipe.spec import spec_of
from tests.support import tiny_portrait_network
from tests.support.builds import build_unpacked

FACES = Path(__file__).parents[1] / "data" / "face"
PERSONA = """
[person]
name = "Ada"
languages = ["en"]
greeting = { en = "Hello." }
farewell = { en = "Bye." }
[person.dont_know]
en = ["I do not know."]
"""
STORIES = "# id: tea | place: the kitchen | people: Lan\n1956: Lan made tea at five.\n\nThe boat was green.\n"


def digest_of(shoebox: Path, face: str = "", network: Path | None = None, films: Sequence[Path] = ()) -> str:
    return spec_of(shoebox, "ada", Digests(), face, network, films).digest


def fill(shoebox: Path) -> Path:
    for folder in ("photos", "consent"):
        (shoebox / folder).mkdir(parents=True)
    (shoebox / "persona.toml").write_text(PERSONA, encoding="utf-8")
    (shoebox / "stories.txt").write_text(STORIES, encoding="utf-8")
    (shoebox / "consent/statement.txt").write_text("She wished it.\n", encoding="utf-8")
    shutil.copyfile(FACES / "gentle.jpg", shoebox / "photos/portrait.jpg")
    shutil.copyfile(FACES / "laughing.jpg", shoebox / "photos/portrait_laughing.jpg")
    (shoebox / "video").mkdir()
    (shoebox / "video/garden.MP4").write_bytes(b"\0\0\0\x18ftypisom" + b"half a film")
    (shoebox / "video/about.txt").write_text("Filmed by Tom.")
    return shoebox


@pytest.fixture
def shoebox(tmp_path: Path) -> Path:
    return fill(tmp_path / "shoebox")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A persona of an earlier build, of which only the names matter."""
    persona = tmp_path / "personas" / "ada"
    persona.mkdir(parents=True)
    (persona / "persona.toml").write_text("the old one", encoding="utf-8")
    return persona


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A shoebox and the persona made of it."""
    folder = tmp_path_factory.mktemp("built")
    shoebox = fill(folder / "shoebox")
    return shoebox, build_unpacked(shoebox, folder / "Grandma Ada", lambda line: None)


def silent(line: str) -> None:
    raise AssertionError(f"nothing to do, but: {line}")


def test_a_whole_persona(built: tuple[Path, Path]) -> None:
    persona = load(built[1])
    assert (persona.id, persona.file.person.name, persona.missing) == ("grandma-ada", "Ada", ())
    assert [p.name for p in built[1].parent.iterdir() if p.name.startswith(".")] == []


def test_the_likeness_looks_at_the_persons_other_portraits_and_reports(built: tuple[Path, Path]) -> None:
    likeness = built[1] / "likeness"
    weak = json.loads((likeness / "report.json").read_text(encoding="utf-8"))["weak"]
    assert "smile unused" in [remark["code"] for remark in weak], "too small a picture of teeth"
    assert "film unused" in [remark["code"] for remark in weak], "a film that cannot be read is told, and no more"
    assert (likeness / "report.html").stat().st_size > 20_000


def test_the_memories_know_where_they_come_from(built: tuple[Path, Path]) -> None:
    connection = connect(built[1] / "memory.sqlite")
    tea, boat = read_rows(connection)
    connection.close()
    assert (tea.id, tea.text, tea.people, tea.place) == ("tea", "Lan made tea at five.", ("Lan",), "the kitchen")
    assert (tea.time_start, tea.origin) == ("1956", Origin("stories.txt", 2))
    assert (boat.time_start, boat.origin) == ("", Origin("stories.txt", 4))


def test_the_manifest_lists_every_other_file(built: tuple[Path, Path]) -> None:
    listed = {f["path"]: f for f in json.loads((built[1] / "manifest.json").read_text(encoding="utf-8"))["files"]}
    there = {p.relative_to(built[1]).as_posix(): p for p in built[1].rglob("*") if p.is_file()}
    assert set(there) - set(listed) == {"manifest.json"}
    assert all(there[name].stat().st_size == f["size"] for name, f in listed.items())
    kinds = {name: listed[name]["kind"] for name in ("persona.toml", "memory.sqlite", "likeness/rig.npz")}
    assert kinds == {"persona.toml": "identity", "memory.sqlite": "memory", "likeness/rig.npz": "likeness"}


def test_the_same_shoebox_is_not_built_twice(built: tuple[Path, Path]) -> None:
    shoebox, out = built
    before = (out / "manifest.json").stat()
    assert build_unpacked(shoebox, out, silent) == out
    after = (out / "manifest.json").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_a_persona_that_lost_a_file_is_built_again(built: tuple[Path, Path]) -> None:
    shoebox, out = built
    (out / "consent/statement.txt").unlink()
    said: list[str] = []
    build_unpacked(shoebox, out, said.append)
    assert said
    assert (out / "consent/statement.txt").is_file()


@pytest.mark.parametrize("portrait", [b"no picture", b""])
def test_a_build_that_fails_leaves_the_persona_that_was_there(shoebox: Path, old: Path, portrait: bytes) -> None:
    (shoebox / "photos/portrait.jpg").write_bytes(portrait)
    with pytest.raises(BadInput, match="photograph"):
        build_unpacked(shoebox, old, lambda line: None)
    assert (old / "persona.toml").read_text(encoding="utf-8") == "the old one"
    assert [p.name for p in old.parent.iterdir()] == [old.name]


def test_a_film_that_was_asked_for_must_be_of_use(shoebox: Path, old: Path) -> None:
    for path in (shoebox / "video/garden.MP4", shoebox / "video/gone.mp4"):
        with pytest.raises(BadInput, match=path.stem):
            build_unpacked(shoebox, old, lambda line: None, films=[path])
    assert (old / "persona.toml").read_text(encoding="utf-8") == "the old one"


def test_a_build_that_is_interrupted_leaves_the_persona_that_was_there(shoebox: Path, old: Path) -> None:
    def interrupted(line: str) -> None:
        if "memories" in line:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_unpacked(shoebox, old, interrupted)
    assert (old / "persona.toml").read_text(encoding="utf-8") == "the old one"
    assert [p.name for p in old.parent.iterdir()] == [old.name]


@pytest.mark.parametrize(
    ("lost", "expected"),
    [
        ("persona.toml", "persona.toml"),
        ("stories.txt", "stories"),
        ("consent", "statements"),
    ],
)
def test_what_the_shoebox_lacks_is_said(shoebox: Path, tmp_path: Path, lost: str, expected: str) -> None:
    path = shoebox / lost
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    with pytest.raises(Missing) as caught:
        build_unpacked(shoebox, tmp_path / "out", lambda line: None)
    assert expected in caught.value.expected
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("text", ["not toml", '["gone.jpg"]\ncaption = "x"\n', '["../persona.toml"]\ncaption = "x"\n'])
def test_an_album_names_photographs_that_are_there(shoebox: Path, tmp_path: Path, text: str) -> None:
    (shoebox / "album.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=r"album\.toml"):
        build_unpacked(shoebox, tmp_path / "out", lambda line: None)


@given(st.text(max_size=90))
def test_any_name_makes_an_id(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", id_from(name))


def test_ids_read_like_the_names() -> None:
    assert [id_from(name) for name in ("Grandma Ada", "外婆", "--x--")] == ["grandma-ada", "persona", "x"]


@settings(max_examples=40, deadline=None)
@given(first=st.binary(max_size=20), second=st.binary(min_size=1, max_size=20), data=st.data())
def test_the_digest_changes_with_any_byte(first: bytes, second: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(second) - 1))
    changed = second[:at] + bytes([second[at] ^ data.draw(st.integers(1, 255))]) + second[at + 1 :]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "letters").mkdir()
        (folder / "persona.toml").write_bytes(b"-")
        (folder / "a").write_bytes(first)
        (folder / "letters/b").write_bytes(second)
        digest = digest_of(folder)
        assert digest == digest_of(folder)
        assert digest != digest_of(folder, "left"), "another face makes another persona"
        assert digest != digest_of(folder, films=[folder / "a"]), "and so does a film"
        (folder / "letters/b").write_bytes(changed)
        assert digest_of(folder) != digest
        (folder / "letters/b").write_bytes(second)
        (folder / "letters/b").rename(folder / "letters/c")
        assert digest_of(folder) != digest


def test_a_portrait_network_makes_another_persona(tmp_path: Path) -> None:
    shoebox, network = tmp_path / "box", tiny_portrait_network.write(tmp_path / "network")
    shoebox.mkdir()
    (shoebox / "persona.toml").write_bytes(b"a")
    with_it = digest_of(shoebox, "", network)
    assert with_it != digest_of(shoebox)
    assert with_it == digest_of(shoebox, "", network)
    (network / "notes.txt").write_text("not a part of it")
    assert with_it == digest_of(shoebox, "", network)
    (network / "stitching.onnx").write_bytes(b"another")
    assert with_it != digest_of(shoebox, "", network)


@pytest.mark.parametrize("content", [None, b"not ONNX"])
def test_a_network_that_will_not_do_is_said_before_anything_is_built(
    shoebox: Path, old: Path, tmp_path: Path, content: bytes | None
) -> None:
    network = tiny_portrait_network.write(tmp_path / "network")
    file = network / "warping_spade.onnx"
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)
    told: list[str] = []
    with pytest.raises(ImagoError, match="warping_spade"):
        build_unpacked(shoebox, old, told.append, network=network)
    assert (old / "persona.toml").read_text(encoding="utf-8") == "the old one"
    assert not any("material" in line for line in told)


@pytest.mark.parametrize("text", ["[person]\nname = ", PERSONA + "\n[sound]\n", PERSONA.replace("farewell", "farwell")])
def test_a_mistake_is_reported_with_the_familys_own_file(shoebox: Path, tmp_path: Path, text: str) -> None:
    source = shoebox / "persona.toml"
    source.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        build_unpacked(shoebox, tmp_path / "out", lambda line: None)
    assert caught.value.subject == str(source)


def test_a_byte_order_mark_is_no_mistake(shoebox: Path, tmp_path: Path) -> None:
    (shoebox / "persona.toml").write_text(PERSONA, encoding="utf-8-sig")
    (shoebox / "stories.txt").unlink()
    with pytest.raises(Missing, match=r"stories\.txt"):
        build_unpacked(shoebox, tmp_path / "out", lambda line: None)


@given(st.binary(max_size=200))
@settings(max_examples=25, deadline=None)
@example("[person]\nname = '外婆'".encode("gb18030"))
def test_no_persona_toml_ends_in_a_traceback(raw: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shoebox = Path(folder) / "box"
        shoebox.mkdir()
        (shoebox / "persona.toml").write_bytes(raw)
        with pytest.raises(ImagoError):
            build_unpacked(shoebox, Path(folder) / "out", lambda line: None)


def test_a_build_killed_between_its_two_renames_loses_nothing(tmp_path: Path) -> None:
    old = tmp_path / ".lan.old.123"
    old.mkdir()
    (old / "persona.toml").write_text("whole")
    with pytest.raises(Missing):
        build_unpacked(tmp_path / "no-shoebox", tmp_path / "lan", lambda text: None)
    (tmp_path / "shoebox").mkdir()
    (tmp_path / "shoebox" / "persona.toml").write_text("nonsense = [")
    with pytest.raises(BadInput):
        build_unpacked(tmp_path / "shoebox", tmp_path / "lan", lambda text: None)
    assert (tmp_path / "lan" / "persona.toml").read_text() == "whole"
