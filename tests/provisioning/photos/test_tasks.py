"""Photographs go through the tasks, one after another, as in a build."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from device.errors import BadInput
from provisioning.likeness.bake import find
from provisioning.likeness.judge import refuse
from provisioning.likeness.photograph import read_photo
from provisioning.photos.__main__ import looked, main
from provisioning.photos.faces import Meter
from provisioning.photos.look import look
from provisioning.photos.seen import Seen
from provisioning.photos.strip import FACE
from provisioning.photos.tasks import choose, decoded, decoded_choice, portrait, see
from tests.support.likeness_inputs import HOPPER, elder, low_light, open_smile, read, side_light, thick_spectacles
from tests.support.photographs import family, save, screenshot

See = Callable[[str], Path]


@pytest.fixture
def shoebox(tmp_path: Path) -> Path:
    """Nobody called anything a portrait."""
    photos = tmp_path / "photos"
    save(elder(), photos / "IMG_20010203_101112.jpg", quality=92)
    save(open_smile(), photos / "laughing.png")
    save(low_light(), photos / "evening.webp")
    save(thick_spectacles(), photos / "reading.tif")
    save(side_light(), photos / "window.jpg")
    save(family(), photos / "family.jpg")
    save(read(HOPPER), photos / "somebody.jpg")
    screenshot().save(photos / "a.png")
    (photos / "broken.jpg").write_bytes((photos / "family.jpg").read_bytes()[:5000])
    (photos / "IMG_20010203_101112.jpg.supplem.json").write_text(json.dumps(
        {"title": "IMG_20010203_101112.jpg", "description": "生日", "photoTakenTime": {"timestamp": "981166272"}}
    ))  # fmt: skip
    return tmp_path


@pytest.fixture
def seeing(shoebox: Path, tmp_path: Path) -> See:
    def one(name: str) -> Path:
        out = tmp_path / "out" / name
        out.mkdir(parents=True)
        sides = [f"photos/{name}.supplem.json"] if (shoebox / "photos" / f"{name}.supplem.json").exists() else []
        inputs = {"photo": shoebox / "photos" / name, **{f"side{n}": shoebox / side for n, side in enumerate(sides)}}
        see(inputs, {"told": f"photos/{name}", "sides": sides, "time": "2024-05-01T10:00:00"}, out)
        return out

    return one


def test_all_is_told_of_one(seeing: See) -> None:
    out = seeing("IMG_20010203_101112.jpg")
    seen = decoded(out / "seen.json")
    assert (seen.path, seen.caption) == ("photos/IMG_20010203_101112.jpg", "生日")
    assert (seen.kind, seen.nature.format) == ("photo", "jpeg")
    assert (seen.date, seen.date_source, seen.date_confidence) == ("2001-02-03T10:11:12", "name", 0.85)
    assert (len(seen.faces), len(seen.faces[0].embedding), seen.faces[0].judged) == (1, 128, True)
    with Image.open(out / "faces.jpg") as faces, Image.open(out / "thumbnail.jpg") as small:
        assert faces.size == FACE
        assert max(small.size) <= 480


def test_the_same_again_gives_the_same_bytes(shoebox: Path, seeing: See, tmp_path: Path) -> None:
    first = {path.name: path.read_bytes() for path in seeing("family.jpg").iterdir()}
    again = tmp_path / "again"
    again.mkdir()
    see({"photo": shoebox / "photos/family.jpg"}, {"told": "photos/family.jpg", "time": "2024-05-01T10:00:00"}, again)
    assert {path.name: path.read_bytes() for path in again.iterdir()} == first


def test_what_is_broken_is_one_line(seeing: See) -> None:
    out = seeing("broken.jpg")
    seen = decoded(out / "seen.json")
    assert seen.problem.startswith("a damaged picture")
    assert "\n" not in seen.problem
    assert [path.name for path in out.iterdir()] == ["seen.json"]


def test_a_file_of_no_date_has_its_own_with_little_trust(seeing: See) -> None:
    seen = decoded(seeing("family.jpg") / "seen.json")
    assert (seen.date, seen.date_source) == ("2024-05-01", "file")
    assert seen.date_confidence < 0.3


def test_an_unset_clock_is_told(meter: Meter, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2000:01:01 00:00:10"
    Image.new("RGB", (64, 64)).save(tmp_path / "a.jpg", exif=exif)
    seen, _, _ = look(tmp_path / "a.jpg", "photos/a.jpg", meter)
    assert seen.date_confidence < 0.1
    future, _, _ = look(tmp_path / "a.jpg", "photos/a.jpg", meter, latest="1999-12-31")
    assert future.date == ""
    assert future.nature.doubts == ("exif says 2000-01-01T00:00:10, which is doubted",)


def test_a_side_car_that_is_none_is_told(meter: Meter, tmp_path: Path) -> None:
    Image.new("RGB", (64, 64)).save(tmp_path / "a.jpg")
    (tmp_path / "a.xmp").write_text("nothing")
    seen, _, _ = look(tmp_path / "a.jpg", "photos/a.jpg", meter, [("photos/a.xmp", tmp_path / "a.xmp")])
    assert seen.nature.doubts == ("photos/a.xmp: no XMP",)


def test_the_best_is_chosen_and_the_likeness_takes_it(shoebox: Path, seeing: See, tmp_path: Path, meter: Meter) -> None:
    names = sorted(path.name for path in (shoebox / "photos").iterdir() if path.suffix != ".json")
    folders = {f"seen{n}": seeing(name) for n, name in enumerate(names)}
    out = tmp_path / "choice"
    out.mkdir()
    choose(folders, {}, out)
    choice = decoded_choice(out / "choice.json")
    assert choice.portrait is not None
    assert choice.portrait.photo == "photos/IMG_20010203_101112.jpg"
    assert choice.ask
    assert {one.role: one.photo for one in choice.others}["portrait_smiling"] == "photos/laughing.png"
    assert "photos/somebody.jpg" not in {one.photo for one in choice.candidates}
    with Image.open(out / "strip.jpg") as strip:
        assert strip.size[0] > 5 * FACE[0]
    cut = tmp_path / "cut"
    cut.mkdir()
    number = names.index("family.jpg")
    portrait({"photo": shoebox / "photos/family.jpg", "seen": folders[f"seen{number}"]}, {"face": 0}, cut)
    picture = read_photo(cut / "portrait.png")
    refuse(find(meter.reader, picture, "portrait.png"))  # one face, and it will do


def test_the_review_is_heeded_and_its_mistakes_told(seeing: See, tmp_path: Path) -> None:
    inputs = {"a": seeing("family.jpg"), "b": seeing("somebody.jpg"), "review": tmp_path / "photos.toml"}
    out = tmp_path / "choice"
    out.mkdir()
    inputs["review"].write_text('[photos."photos/family.jpg"]\nperson = 2\nfaces = ["", "Grace"]\n')
    choose(inputs, {}, out)
    choice = decoded_choice(out / "choice.json")
    assert (choice.how, choice.ask) == ("review", False)
    hers = {("photos/family.jpg", 1), ("photos/somebody.jpg", 0)}
    assert {(one.photo, one.face) for one in choice.candidates} == hers
    inputs["review"].write_text('[photos."photos/family.jpg"]\nperson = "left"\n')
    with pytest.raises(BadInput, match=r"photos\.toml"):
        choose(inputs, {}, out)


def test_a_face_that_is_not_there(shoebox: Path, seeing: See, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="face 3"):
        portrait({"photo": shoebox / "photos/family.jpg", "seen": seeing("family.jpg")}, {"face": 2}, tmp_path)


def test_no_photographs_at_all(tmp_path: Path) -> None:
    choose({}, {}, tmp_path)
    assert decoded_choice(tmp_path / "choice.json").how == "nobody"


def test_the_command_counts(shoebox: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = looked(shoebox)
    assert (report["photographs"], report["problems"], report["kinds"]["screenshot"]) == (9, 1, 1)
    assert report["faces"] == 8
    assert main([str(shoebox / "none"), "--json"]) == 4
    assert "a folder of photographs" in capsys.readouterr().err


def test_one_pixel_and_the_animated(meter: Meter, tmp_path: Path) -> None:
    Image.new("RGB", (1, 1)).save(tmp_path / "dot.png")
    dot, _, faces = look(tmp_path / "dot.png", "dot.png", meter)
    assert (dot.width, dot.problem, faces) == (1, "", None)
    frames = [Image.fromarray(np.full((40, 40, 3), v, np.uint8)) for v in (10, 200)]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    seen, _, _ = look(tmp_path / "a.gif", "a.gif", meter)
    assert any("animated" in doubt for doubt in seen.nature.doubts)


def test_what_was_seen_comes_back(seeing: See) -> None:
    seen = decoded(seeing("family.jpg") / "seen.json")
    assert isinstance(seen, Seen)
    assert len(seen.faces) == 2
