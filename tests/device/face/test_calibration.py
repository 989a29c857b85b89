from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.errors import BadInput
from device.face import calibration
from device.face.calibration import MOST_BLACK, Calibration, decode
from device.face.keystone import limited

near = st.floats(-2, 2)
made = st.builds(
    Calibration,
    corners=st.lists(st.tuples(near, near), min_size=4, max_size=4).map(limited),
    black=st.integers(0, MOST_BLACK),
    gamma=st.floats(0.5, 2.0),
    mirror=st.booleans(),
    upside_down=st.booleans(),
)
json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8), inner, max_size=5),
)
fields = st.dictionaries(st.sampled_from(Calibration.__struct_fields__), json)


@given(made)
def test_what_was_saved_comes_back(calibrated: Calibration) -> None:
    assert decode(msgspec.json.encode(calibrated), "file") == calibrated


@given(st.binary(max_size=200) | (json | fields).map(msgspec.json.encode))
def test_any_bytes_are_a_calibration_or_one_clear_error(data: bytes) -> None:
    try:
        read = decode(data, "file")
    except BadInput:
        pass
    else:
        assert 0.5 <= read.gamma <= 2.0
        assert limited(read.corners) == read.corners


@pytest.mark.parametrize(
    "text",
    [
        '{"corners": [[0.9, 0], [1, 0], [1, 1], [0, 1]]}',
        '{"corners": [[0, 0], [1, 0], [1, 1]]}',
        '{"black": 255}',
        '{"gamma": 9}',
        '{"blck": 1}',
        "[" * 3000,
        '{"black":' + " " * 5000 + "1}",
    ],
)
def test_what_no_hand_can_set_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        decode(text.encode(), "file")


def test_a_file_is_written_whole_and_read_back(tmp_path: Path) -> None:
    path, wanted = tmp_path / "home" / calibration.FILE, Calibration(black=7, mirror=False)
    calibration.save(wanted, path)
    assert calibration.load(path, Calibration()) == wanted
    assert [p.name for p in path.parent.iterdir()] == [calibration.FILE]


@pytest.mark.parametrize("junk", [None, b"", b"{", b"\xff\xfe", b'{"black": -1}'])
def test_without_a_usable_file_the_settings_hold(
    tmp_path: Path, junk: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    path, otherwise = tmp_path / calibration.FILE, Calibration(upside_down=True)
    if junk is not None:
        path.write_bytes(junk)
    assert calibration.load(path, otherwise) == otherwise
    assert calibration.load(None, otherwise) == otherwise
    assert bool(caplog.text) == (junk is not None)


def test_a_folder_in_its_place_is_a_line_in_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert calibration.load(tmp_path, Calibration()) == Calibration()
    assert "cannot be read" in caplog.text
