import contextlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.errors import BadInput
from device.face.pose import PARAMETERS
from device.face.record import LONGEST, Recorder, load
from device.face.scenes.caption_track import Caption
from tests.device.face.speech import clause


def recorder(frames: int) -> Recorder:
    made = Recorder((640, 360), 30.0)
    for k in range(frames):
        made.add(k / 30, np.full(len(PARAMETERS), k, np.float32), Caption(heard="外公" if k % 20 > 10 else ""))
    made.tell(clause(1.0))
    made.tell(clause(1.1))
    return made


def test_what_is_saved_is_read_back(tmp_path: Path) -> None:
    recorder(50).log().save(tmp_path / "out" / "frames.npz")
    log = load(tmp_path / "out" / "frames.npz")
    assert log.t[-1] == 49 / 30
    assert log.pose[7, 3] == 7
    assert log.captions[log.caption[15]].heard == "外公"
    assert log.size == (640, 360)
    assert log.speaks == (clause(1.1),)  # the corrected start replaced the first
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["frames.npz"]


def test_an_hour_keeps_only_the_last_twenty_minutes() -> None:
    made = Recorder((640, 360), 1.0)
    for k in range(3600):
        made.add(float(k), np.zeros(len(PARAMETERS), np.float32), Caption())
    log = made.log()
    assert len(log.t) == LONGEST
    assert log.t[-1] == 3599


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_a_damaged_log_is_bad_input_or_still_whole(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    path = tmp_path_factory.mktemp("log") / "frames.npz"
    recorder(20).log().save(path)
    data, random = bytearray(path.read_bytes()), np.random.default_rng(seed)
    if seed % 3 == 0:
        data = data[: int(random.integers(len(data)))]
    for at in random.integers(0, max(len(data), 1), 5):
        if data:
            data[at % len(data)] ^= 1 << int(random.integers(8))
    path.write_bytes(data)
    with contextlib.suppress(BadInput):
        assert len(load(path).t) == 20


def test_a_missing_log_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        load(tmp_path / "none.npz")
