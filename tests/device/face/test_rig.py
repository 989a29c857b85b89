import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from device.errors import BadInput
from device.face.rig import load, save
from device.face.rig_files import read_png, write_png
from tests.fakes.likeness import small_rig


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    save(small_rig(), tmp_path)
    return tmp_path


def arrays(folder: Path) -> dict[str, np.ndarray]:
    with np.load(folder / "rig.npz") as bundle:
        return {name: bundle[name] for name in bundle.files}


def test_what_was_saved_is_what_is_loaded(saved: Path) -> None:
    rig, back = small_rig(), load(saved)
    assert np.array_equal(rig.photo, back.photo)
    assert np.array_equal(rig.matte, back.matte)
    assert np.array_equal(rig.lower.bases, back.lower.bases)
    assert rig.mouth.slit.centre == back.mouth.slit.centre
    assert np.array_equal(rig.eyes[1].disc, back.eyes[1].disc)
    assert back.eyes[0].rect == rig.eyes[0].rect


def test_the_same_rig_gives_the_same_bytes(saved: Path, tmp_path: Path) -> None:
    save(small_rig(), tmp_path / "again")
    for path in saved.rglob("*.*"):
        if "again" not in path.parts:
            assert path.read_bytes() == (tmp_path / "again" / path.relative_to(saved)).read_bytes()


@pytest.mark.parametrize("name", ["landmarks", "head", "upper", "lower", "grids", "mouth", "eyes", "version"])
def test_a_missing_array_is_named(saved: Path, name: str) -> None:
    kept = {key: value for key, value in arrays(saved).items() if key != name}
    np.savez(saved / "rig.npz", allow_pickle=False, **kept)
    with pytest.raises(BadInput, match=name):
        load(saved)


def nan(a: dict[str, np.ndarray]) -> None:
    a["upper"][0, 0, 0, 0] = np.nan


def infinite(a: dict[str, np.ndarray]) -> None:
    a["landmarks"][3, 1] = np.inf


def wrong_shape(a: dict[str, np.ndarray]) -> None:
    a["landmarks"] = a["landmarks"][:400]


def other_version(a: dict[str, np.ndarray]) -> None:
    a["version"] = np.array([99], np.int32)


def text(a: dict[str, np.ndarray]) -> None:
    a["mouth"] = np.array(["a"] * len(a["mouth"]))


def far_mouth(a: dict[str, np.ndarray]) -> None:
    a["mouth"][0] = 5000


def eye_outside(a: dict[str, np.ndarray]) -> None:
    a["eyes"][0, 70] = -40


def wild_field(a: dict[str, np.ndarray]) -> None:
    a["lower"][:] = 1e7


def no_step(a: dict[str, np.ndarray]) -> None:
    a["grids"][1, 2] = 0


def one_more(a: dict[str, np.ndarray]) -> None:
    a["more"] = np.zeros(3)


@pytest.mark.parametrize(
    "spoil",
    [nan, infinite, wrong_shape, other_version, text, far_mouth, eye_outside, wild_field, no_step, one_more],
)
def test_malformed_numbers_are_refused(saved: Path, spoil: Callable[[dict[str, np.ndarray]], None]) -> None:
    values = arrays(saved)
    spoil(values)
    np.savez(saved / "rig.npz", allow_pickle=False, **values)
    with pytest.raises(BadInput):
        load(saved)


def test_a_pickle_is_not_opened(saved: Path) -> None:
    values: dict[str, np.ndarray] = arrays(saved)
    values["mouth"] = np.array([print] * len(values["mouth"]), dtype=object)
    np.savez(saved / "rig.npz", allow_pickle=True, **values)
    with pytest.raises(BadInput):
        load(saved)


def test_a_huge_array_is_refused_by_its_header(saved: Path) -> None:
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f4", "fortran_order": False, "shape": (100_000, 100_000)})
    with zipfile.ZipFile(saved / "rig.npz") as old:
        members = {name: old.read(name) for name in old.namelist()}
    members["upper.npy"] = header.getvalue()
    with zipfile.ZipFile(saved / "rig.npz", "w") as new:
        for name, content in members.items():
            new.writestr(name, content)
    with pytest.raises(BadInput):
        load(saved)


def test_a_zip_bomb_is_refused(saved: Path) -> None:
    with zipfile.ZipFile(saved / "rig.npz") as old:
        members = {name: old.read(name) for name in old.namelist()}
    members["upper.npy"] = bytes(40 << 20)
    with zipfile.ZipFile(saved / "rig.npz", "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in members.items():
            new.writestr(name, content)
    with pytest.raises(BadInput, match="32 MiB"):
        load(saved)


@pytest.mark.parametrize("layer", ["photo", "matte", "background", "mouth_upper", "eye_left_ball", "eye_right_disc"])
def test_a_missing_or_torn_layer_is_refused(saved: Path, layer: str) -> None:
    path = saved / "layers" / f"{layer}.png"
    whole = path.read_bytes()
    path.write_bytes(whole[:40])
    with pytest.raises(BadInput):
        load(saved)
    path.unlink()
    with pytest.raises(BadInput, match=layer):
        load(saved)


def test_a_layer_of_another_size_is_refused(saved: Path) -> None:
    write_png(saved / "layers" / "matte.png", np.zeros((10, 10), np.uint8))
    with pytest.raises(BadInput, match="160 x 200"):
        load(saved)


def test_a_picture_that_claims_to_be_enormous_is_not_unpacked(saved: Path) -> None:
    path = saved / "layers" / "photo.png"
    content = bytearray(path.read_bytes())
    content[16:24] = (60_000).to_bytes(4, "big") * 2
    path.write_bytes(bytes(content))
    with pytest.raises(BadInput, match="60000"):
        read_png(path, 3)


def test_nothing_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        load(tmp_path / "nobody")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.floats(0, 1), byte=st.integers(0, 255), cut=st.booleans())
def test_damage_anywhere_ends_in_bad_input_or_in_a_rig(saved: Path, at: float, byte: int, cut: bool) -> None:
    path = saved / "rig.npz"
    whole = path.read_bytes()
    place = int(at * (len(whole) - 1))
    try:
        path.write_bytes(whole[:place] if cut else whole[:place] + bytes([byte]) + whole[place + 1 :])
        load(saved)
    except BadInput:
        pass
    finally:
        path.write_bytes(whole)
