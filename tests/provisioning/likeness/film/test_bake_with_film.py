"""A likeness with a film, by the command that a family's helper types."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from device.face.features import FACE_FEATURES
from device.face.manner import load as load_manner
from device.face.rig import load
from provisioning.likeness.__main__ import main
from provisioning.likeness.bake import find
from provisioning.likeness.film.gather import LABELS, look_at, teeth, weaknesses
from provisioning.likeness.film.read import Film
from provisioning.likeness.film.study import Study, study
from provisioning.likeness.landmarks import FaceReader
from provisioning.likeness.mouth_art import draw_mouth
from tests.provisioning.likeness.film.conftest import Elder
from tests.support import films
from tests.support.likeness_inputs import ELDER, ELDER_SMILING, read


@pytest.fixture(scope="module")
def filmed(sitter: Elder, shaky: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("filmed")
    assert main([str(sitter.photo), "--video", str(shaky), "--out", str(out)]) == 0
    return out


def codes(likeness: Path, kind: str) -> list[str]:
    return [remark["code"] for remark in json.loads((likeness / "report.json").read_text("utf-8"))[kind]]


def test_what_the_film_gave_is_in_the_likeness_and_in_its_report(filmed: Path) -> None:
    manner = load_manner(filmed)
    assert len(manner.blinks) == 4
    assert {kind: len(tracks) > 0 for kind, tracks in manner.tracks.items()} == dict.fromkeys(
        ("calm", "nod", "lowered"), True
    )
    assert set(codes(filmed, "used")) >= {"film blink", "film smile", "film nod", "film lowered", "film calm"}
    assert "sip" in codes(filmed, "weak")
    assert (filmed / "clips" / "sip.webm").stat().st_size > 10_000


def test_the_report_shows_the_films_pictures(filmed: Path) -> None:
    page = (filmed / "report.html").read_text("utf-8")
    film = page[page.index("What was found in films") :]
    assert film.count("data:image/jpeg;base64,") == len(LABELS)
    assert all(zh in film and en in film for en, zh in LABELS.values())
    assert not re.search(r"https?://", page)


def test_only_the_smile_of_the_rig_has_changed(filmed: Path, sitter: Elder) -> None:
    own, plain = load(filmed), sitter.rig
    smiles = [FACE_FEATURES.index(name) for name in ("smileLeft", "smileRight")]
    assert np.array_equal(own.photo, plain.photo)
    for one, other in ((own.upper.bases, plain.upper.bases), (own.lower.bases, plain.lower.bases)):
        assert np.array_equal(np.delete(one, smiles, 0), np.delete(other, smiles, 0))
        assert not np.array_equal(one[smiles], other[smiles])


@pytest.mark.parametrize("content", [b"", b"no film at all", bytes(4000)])
def test_a_bad_film_is_one_line_and_leaves_the_likeness_that_was_there(
    sitter: Elder, tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "film.mp4").write_bytes(content)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "rig.npz").write_bytes(b"the old one")
    assert main([str(sitter.photo), "--video", str(tmp_path / "film.mp4"), "--out", str(tmp_path / "out")]) == 3
    said = capsys.readouterr().err.strip().splitlines()
    assert len([line for line in said if line.startswith("imago: film.mp4: expected a film")]) == 1
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["rig.npz"]


def test_a_film_nobody_insists_on_is_only_told(sitter: Elder, reader: FaceReader, tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_bytes(b"no film")
    seen = look_at([], [tmp_path / "film.mp4"], sitter.found, reader, lambda share, what: None)
    assert [remark.code for remark in seen.weak] == ["film unused"]
    assert "film.mp4" in seen.weak[0].en
    assert "film.mp4" in seen.weak[0].zh
    assert seen.studies == []


def test_what_is_weak_about_a_film_is_said(watched: Study) -> None:
    assert weaknesses(watched) == []
    far = replace(watched.track, points=watched.track.points * np.float32(0.5), unlike=0.07)
    seldom = replace(watched.face, rate=15.0, lids=np.where(np.arange(len(watched.face.lids)) % 3, np.nan, 0.3))
    poor = Study(Film(Path("a.mp4"), 9.0, broken=True), far, seldom, watched.found, [])
    assert [remark.code for remark in weaknesses(poor)] == [
        "film broken", "film slow", "film far", "film aside", "film unlike"
    ]  # fmt: skip


@pytest.mark.slow
def test_the_teeth_of_a_smiling_film_are_used(reader: FaceReader, tmp_path: Path) -> None:
    """At the portrait's full size: in smaller films a tooth is three pixels wide."""
    found = find(reader, read(ELDER), "elder")
    smiling = read(ELDER_SMILING)
    shots = (np.roll(smiling, (k % 3, k % 2), (0, 1)) for k in range(40))
    path = films.write(tmp_path / "smiling.mp4", shots)
    seen = look_at([path], [], found, reader, lambda share, what: None)
    drawn = draw_mouth(found.face, found.tones, found.grain)
    given = teeth(seen, drawn, found)
    assert given is not None
    art, remark = given
    assert "smiling.mp4" in remark.en
    assert not np.array_equal(art.layers[3], drawn.layers[3])
    assert all(np.array_equal(a, b) for a, b in zip(art.layers[:3], drawn.layers[:3], strict=True))


@pytest.mark.slow
def test_the_same_film_gives_the_same_bytes(filmed: Path, sitter: Elder, shaky: Path, tmp_path: Path) -> None:
    assert main([str(sitter.photo), "--video", str(shaky), "--out", str(tmp_path)]) == 0
    for path in sorted(filmed.rglob("*")):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / path.relative_to(filmed)).read_bytes(), path.name


@pytest.mark.slow
def test_another_persons_film_is_told(sitter: Elder, reader: FaceReader, portrait: Path, tmp_path: Path) -> None:
    other = read(portrait)
    shots = (np.roll(other, (k % 3, k % 2), (0, 1)) for k in range(40))
    one = study(films.write(tmp_path / "b.mp4", shots), sitter.found, reader, lambda share: None)
    assert one.track.unlike > 0.06
