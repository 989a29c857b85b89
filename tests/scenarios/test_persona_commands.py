"""A family's whole way by its commands: keys, pairing, packs, another owner, rollback, withdrawal."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from device.__main__ import main as imago
from device.persona.stick import arrival
from device.persona.store import opening
from provisioning.__main__ import main as provision

FACES = Path(__file__).parents[1] / "data" / "face"
TOML = """
[person]
name = "艾达"
languages = ["zh", "en"]
born = 1931
died = 2001
[brought_by]
name = "Tom"
relation = "son"
[consent]
evidence = ["consent/register.txt"]
grants = ["likeness", "photographs"]
"""
ID = "ai-da-1931"


@pytest.fixture(scope="module")
def shoebox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("shoebox")
    for folder in ("photos", "consent"):
        (made / folder).mkdir()
    (made / "persona.toml").write_text(TOML, encoding="utf-8")
    (made / "stories.txt").write_text("1956: Lan made tea at five.\n\nThe boat was green.\n", encoding="utf-8")
    (made / "consent/register.txt").write_text("Tom is her son.\n", encoding="utf-8")
    shutil.copyfile(FACES / "gentle.jpg", made / "photos/portrait.jpg")
    return made


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A frame's home and a family's desk, used by the tests in their order."""
    made = tmp_path_factory.mktemp("place")
    before = dict(os.environ)
    os.environ |= {
        "IMAGO_HOME": str(made / "home"),
        "IMAGO_PASSPHRASE": "a long passphrase",
        "IMAGO_MODELS": os.environ.get("IMAGO_MODELS", str(Path.home() / ".cache/imago/models")),
        "IMAGO_CACHE": str(made / "cache"),
    }
    yield made
    os.environ.clear()
    os.environ |= before
    opening.close_all()


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def run(main: Callable[[list[str]], int], *arguments: object) -> tuple[int, str, str]:
        code = main([str(a) for a in arguments])
        read = capsys.readouterr()
        return code, read.out, read.err

    return run


Told = Callable[..., tuple[int, str, str]]


def build(told: Told, shoebox: Path, place: Path, name: str, *more: object) -> tuple[int, str, str]:
    return told(provision, "build", shoebox, "--out", place / name, "--key", place / "A.key",
                "--for", place / "FRAME.pub", *more)  # fmt: skip


def test_keys_and_pairing(place: Path, told: Told) -> None:
    code, out, _ = told(provision, "key", "new", place / "A.key", "--name", "Tom", "--lang", "en")
    assert code == 0
    (place / "words").write_text(" ".join(w for w in out.split() if not w.isdigit()) + "\n", encoding="utf-8")
    assert told(provision, "key", "new", place / "A.key")[0] == 3
    code, out, _ = told(imago, "pair", "--export", place / "FRAME.pub", "--json")
    assert code == 0
    (place / "code").write_text(json.loads(out)["code"], encoding="utf-8")
    where = arrival.path()
    assert where is not None
    shown = arrival.hear(where)
    assert shown is not None
    assert json.loads(out)["code"] in shown.en


def test_the_first_pack_brings_the_family_with_it(place: Path, shoebox: Path, told: Told) -> None:
    code, _, err = build(told, shoebox, place, "1.imago", "--counter", 1, "--code", (place / "code").read_text())
    assert code == 0, err
    assert told(imago, "pack", "inspect", place / "1.imago")[0] == 0
    code, out, _ = told(imago, "pack", "verify", place / "1.imago", "--json")
    assert (code, json.loads(out)["persona"]) == (0, ID)
    code, out, err = told(imago, "import", place / "1.imago", "--json")
    last = json.loads(out.splitlines()[-1])
    assert (code, last["did"], last["persona"]) == (0, "installed", ID)
    assert last["family_code"] in told(imago, "pair")[1]
    assert ID in told(imago, "personas")[1]


def test_a_wrong_code_is_noticed_at_home(place: Path, shoebox: Path, told: Told) -> None:
    code, _, err = build(told, shoebox, place, "x.imago", "--code", "00000000")
    assert code == 3
    assert "of the frame that you stood before" in err
    assert not (place / "x.imago").exists()


def test_a_newer_one_an_older_one_and_the_way_back(place: Path, shoebox: Path, told: Told) -> None:
    assert build(told, shoebox, place, "2.imago", "--counter", 2)[0] == 0
    assert told(imago, "import", place / "2.imago")[0] == 0
    code, _, err = told(imago, "import", place / "1.imago")
    assert (code, "number 2 or later" in err) == (5, True)
    assert build(told, shoebox, place, "3.imago", "--counter", 1, "--epoch", 1)[0] == 0
    assert told(imago, "import", place / "3.imago")[0] == 0
    assert told(imago, "activate", ID)[0] == 0
    assert told(imago, "activate", "nobody")[0] == 4


def test_an_installed_persona_and_a_pack_can_be_asked_for(place: Path) -> None:
    from device.commands.persona_choice import find

    assert find(ID, print).file.person.name == "艾达"
    assert find(str(place / "3.imago"), print).file.id == ID


def test_two_relatives_must_agree(place: Path, shoebox: Path, told: Told) -> None:
    assert told(provision, "key", "new", place / "B.key", "--name", "Ann")[0] == 0
    order = place / "two.imago-order"
    change = ["key", "change", place / "A.key", "--add", place / "B.key", "--threshold", 2, "--out", order]
    assert told(provision, *change)[0] == 5  # Ann must sign it, too
    assert told(provision, *change, "--with", place / "B.key")[0] == 0
    assert told(imago, "import", order)[0] == 0
    for key in ("A.key", "B.key"):
        assert told(provision, "key", "join", place / key, order)[0] == 0
    code, _, err = build(told, shoebox, place, "4.imago", "--counter", 4, "--epoch", 1)
    assert (code, "1 more relative(s)" in err) == (0, True)
    assert told(imago, "import", place / "4.imago")[0] == 5
    assert told(provision, "sign", place / "4.imago", "--key", place / "B.key")[0] == 0
    assert told(provision, "sign", place / "4.imago", "--key", place / "B.key")[0] == 3
    assert told(imago, "import", place / "4.imago")[0] == 0


def test_a_folder_with_several_things(place: Path, told: Told) -> None:
    stick = place / "stick"
    stick.mkdir()
    for name in ("1.imago", "4.imago"):
        shutil.copyfile(place / name, stick / name)
    (stick / "holiday.jpg").write_bytes(b"\xff\xd8\xff")
    code, out, _ = told(imago, "import", stick)
    assert code == 5
    assert "4.imago: 艾达 is here already." in out
    assert told(imago, "import", place / "cache")[0] == 4


def test_links_and_pipes_are_not_followed(place: Path, told: Told) -> None:
    (place / "link.imago").symlink_to(place / "4.imago")
    os.mkfifo(place / "pipe.imago")
    for name in ("link.imago", "pipe.imago"):
        assert told(imago, "import", place / name)[0] == 3
    assert told(imago, "import", place / "none.imago")[0] == 4


def test_the_paper_brings_a_key_back(place: Path, told: Told, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with (place / "words").open(encoding="utf-8") as words:
        monkeypatch.setattr("sys.stdin", words)
        code = told(provision, "key", "recover", tmp_path / "C.key", "--root", place / "two.imago-order")[0]
    assert code == 0
    assert (
        told(provision, "key", "show", tmp_path / "C.key")[1].split()[1]
        == (told(provision, "key", "show", place / "A.key")[1].split()[1])
    )


def test_consent_is_withdrawn(place: Path, told: Told) -> None:
    order = place / "gone.imago-order"
    assert told(provision, "revoke", ID, "--key", place / "B.key", "--out", order)[0] == 0
    code, out, _ = told(imago, "import", order)
    assert (code, "Nothing is left here." in out) == (0, True)
    assert told(imago, "import", place / "4.imago")[0] == 5
    assert told(imago, "forget", ID)[0] == 4


def test_a_frame_is_taken_from_its_family_but_not_the_personas(place: Path, told: Told) -> None:
    assert told(imago, "pair", "--reset")[0] == 0
    code, out, _ = told(imago, "personas", "--json")
    assert (code, json.loads(out)["family"], json.loads(out)["personas"]) == (0, None, [])
