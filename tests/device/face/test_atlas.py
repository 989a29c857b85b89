import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from device.errors import BadInput
from device.face.atlas import CELLS, REGIONS, TEXTURE, Region, load_atlas, packed, save_atlas
from device.face.rig import load, save
from device.face.rig_files import write_png
from tests.fakes.likeness import small_atlas, small_rig


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    save_atlas(tmp_path, small_atlas())
    return tmp_path


def test_what_was_saved_is_what_is_loaded(tmp_path: Path) -> None:
    save(replace(small_rig(), atlas=small_atlas()), tmp_path)
    back = load(tmp_path).atlas
    assert [region.name for region in back] == ["eyeLeft", "mouth"]
    for region, want in zip(back, small_atlas(), strict=True):
        assert np.array_equal(region.cells, want.cells)
        assert np.array_equal(region.poses, want.poses)
        assert np.array_equal(region.place, want.place)


def test_the_same_atlas_gives_the_same_bytes(saved: Path, tmp_path: Path) -> None:
    save_atlas(tmp_path / "again", small_atlas())
    for name in ("atlas.npz", "layers/atlas.png"):
        assert (saved / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_a_likeness_without_one_keeps_none_of_an_earlier_bake(saved: Path) -> None:
    save(small_rig(), saved)
    assert load(saved).atlas == ()
    assert not (saved / "layers" / "atlas.png").exists()


@given(st.lists(st.tuples(st.integers(4, 400), st.integers(4, TEXTURE)), min_size=1, max_size=40))
def test_no_cell_lies_over_another(sizes: list[tuple[int, int]]) -> None:
    corners, height = packed(sizes)
    taken = np.zeros((height, TEXTURE), np.uint8)
    for (x, y), (high, wide) in zip(corners, sizes, strict=True):
        assert x + wide <= TEXTURE
        taken[y : y + high, x : x + wide] += 1
    assert taken.max() == 1


def test_more_than_fits_is_refused(tmp_path: Path) -> None:
    def of(count: int, side: int) -> Region:
        cells = np.zeros((count, side, side, 4), np.uint8)
        return replace(small_atlas()[1], cells=cells, poses=np.zeros((count, small_atlas()[1].poses.shape[1]), "f4"))

    for region in (of(CELLS + 1, 8), of(5, 1100)):
        with pytest.raises(BadInput, match="at most"):
            save_atlas(tmp_path, (region,))


Arrays = dict[str, np.ndarray]


def other_version(a: Arrays) -> None:
    a["version"] = np.array([2], np.int32)


def fewer_poses(a: Arrays) -> None:
    a["poses"] = a["poses"][:-1]


def unknown_region(a: Arrays) -> None:
    a["cells"][0, 0] = len(REGIONS)


def half_a_region(a: Arrays) -> None:
    a["cells"] = a["cells"].astype(np.float32)
    a["cells"][0, 0] = 0.5


def outside(a: Arrays) -> None:
    a["cells"][-1, 1] = TEXTURE


def negative(a: Arrays) -> None:
    a["cells"][-1, 2] = -3


def two_sizes(a: Arrays) -> None:
    a["cells"][-1, 3] -= 1


def flat_place(a: Arrays) -> None:
    a["places"][:] = 0


def far_place(a: Arrays) -> None:
    a["places"][:, 2] = 1e9


def nan(a: Arrays) -> None:
    a["poses"][0, 0] = np.nan


def too_many(a: Arrays) -> None:
    a["cells"] = np.repeat(a["cells"], 60, 0)
    a["poses"] = np.repeat(a["poses"], 60, 0)


@pytest.mark.parametrize(
    "spoil",
    [other_version, fewer_poses, unknown_region, half_a_region, outside, negative, two_sizes, flat_place, far_place,
     nan, too_many],
)  # fmt: skip
def test_a_malformed_index_is_refused(saved: Path, spoil: Callable[[Arrays], None]) -> None:
    with np.load(saved / "atlas.npz") as bundle:
        arrays = {name: bundle[name] for name in bundle.files}
    spoil(arrays)
    np.savez(saved / "atlas.npz", allow_pickle=False, **arrays)
    with pytest.raises(BadInput):
        load_atlas(saved)


def test_a_pose_beyond_all_limits_is_limited(saved: Path) -> None:
    with np.load(saved / "atlas.npz") as bundle:
        arrays = {name: bundle[name] for name in bundle.files}
    arrays["poses"][:] = 1e6
    np.savez(saved / "atlas.npz", allow_pickle=False, **arrays)
    assert load_atlas(saved)[0].poses.max() == 12.0


def test_a_missing_torn_or_larger_texture_is_refused(saved: Path) -> None:
    texture = saved / "layers" / "atlas.png"
    content = texture.read_bytes()
    texture.write_bytes(content[: len(content) // 2])
    with pytest.raises(BadInput):
        load_atlas(saved)
    write_png(texture, np.zeros((100, TEXTURE + 1, 4), np.uint8))
    with pytest.raises(BadInput, match="texture"):
        load_atlas(saved)
    texture.unlink()
    with pytest.raises(BadInput, match="layer"):
        load_atlas(saved)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.floats(0, 1), byte=st.integers(0, 255), cut=st.booleans())
def test_damage_anywhere_ends_in_bad_input_or_in_an_atlas(saved: Path, at: float, byte: int, cut: bool) -> None:
    for path in (saved / "atlas.npz", saved / "layers" / "atlas.png"):
        whole = path.read_bytes()
        place = int(at * (len(whole) - 1))
        try:
            path.write_bytes(whole[:place] if cut else whole[:place] + bytes([byte]) + whole[place + 1 :])
            for region in load_atlas(saved):
                assert len(region.cells) == len(region.poses)
        except BadInput:
            pass
        finally:
            path.write_bytes(whole)


def test_a_broken_atlas_is_a_broken_likeness(tmp_path: Path) -> None:
    save(replace(small_rig(), atlas=small_atlas()), tmp_path)
    shutil.copyfile(tmp_path / "rig.npz", tmp_path / "atlas.npz")
    with pytest.raises(BadInput):
        load(tmp_path)
