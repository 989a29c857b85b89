import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.errors import BadInput, Usage
from provisioning.likeness.__main__ import main
from provisioning.likeness.bake import find
from provisioning.likeness.judge import Found, refuse, weaknesses
from provisioning.likeness.landmarks import FaceReader
from provisioning.likeness.photograph import chosen, find_face
from tests.provisioning.likeness.conftest import Baked, written
from tests.support.likeness_inputs import GOOD, elder
from tests.support.likeness_refusals import BAD, hand, two_faces

WHY = {
    "sunglasses": "dark glasses",
    "sunglasses in colour": "dark glasses",
    "cartoon": "a drawing",
    "posterised": "a drawing",
    "microphone": "something dark in front",
    "mask": "another colour in front",
    "profile": "turned far aside",
    "half a face": "none that could be found",
    "two faces": "2 faces",
    "tiny face": "pixels between the eyes",
    "no face": "none that could be found",
    "closed eyes": "got closed ones",
}


@pytest.mark.parametrize("name", WHY)
def test_each_is_refused_for_its_own_reason_with_a_hint(reader: FaceReader, name: str) -> None:
    with pytest.raises(BadInput, match=WHY[name]) as caught:
        refuse(find(reader, BAD[name](), "a.jpg"))
    assert caught.value.hint


def test_a_hand_before_the_mouth_is_a_doubt_and_no_refusal(reader: FaceReader) -> None:
    found = find(reader, hand(), "a.jpg")
    refuse(found)
    assert "mouth hidden" in [note.code for note in weaknesses(found, np.zeros((4, 4), np.uint8))]


@pytest.mark.parametrize("name", ["black and white", "jpeg 30", "low light", "tilted"])
def test_a_good_photograph_is_no_doubt(reader: FaceReader, name: str) -> None:
    found = find(reader, GOOD[name](), "a.jpg")
    assert "mouth hidden" not in [note.code for note in weaknesses(found, np.zeros((4, 4), np.uint8))]


@pytest.mark.parametrize(("choice", "at"), [("left", 0), ("2", 1), ("middle", 1), ("right", 2), ("3", 2)])
def test_one_of_three_is_chosen(choice: str, at: int) -> None:
    assert chosen(choice, 3, "a.jpg") == at


@pytest.mark.parametrize(("choice", "count"), [("", 2), ("middle", 2), ("0", 2), ("3", 2), ("2", 1), ("9" * 5000, 2)])
def test_a_choice_that_names_nobody_is_said(choice: str, count: int) -> None:
    with pytest.raises(BadInput, match="--face left"):
        chosen(choice, count, "a.jpg")


@given(st.text(), st.integers(1, 9))
def test_any_choice_is_a_face_or_an_error(choice: str, count: int) -> None:
    with suppress(BadInput, Usage):
        assert 0 <= chosen(choice, count, "a.jpg") < count


def test_the_picture_is_cut_to_the_one_who_is_meant(reader: FaceReader) -> None:
    both = two_faces()
    for choice, side in (("left", both[:, :600]), ("2", both[:, 600:])):
        alone, points, _ = find_face(reader, both, "a.jpg", choice)
        assert len(reader.detect(alone)) == 1
        assert abs(alone.shape[1] - 600) < 60
        want = find_face(reader, np.ascontiguousarray(side), "a.jpg")[1]
        apart = points[:, 0] - want[:, 0] - (alone.shape[1] - 600) * (choice == "2")
        assert np.median(np.abs(apart)) < 3


def test_the_command_says_it_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    photo = written(tmp_path / "two.png", two_faces())
    assert main([str(photo), "--out", str(tmp_path / "out")]) == 3
    said = capsys.readouterr().err.strip()
    assert re.search(r"expected one face, got 2 faces .*--face left, right or 1 to 2", said)
    assert main([str(photo), "--out", str(tmp_path / "out"), "--face", "aunt"]) == 2


def test_the_command_bakes_the_one_and_tells_both_languages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    photo = written(tmp_path / "one.png", elder())
    assert main([str(photo), "--out", str(tmp_path / "out"), "--face", "1"]) == 0
    said = capsys.readouterr().out
    assert "they are drawn" in said
    assert "补画" in said
    assert (tmp_path / "out" / "report.html").exists()


@pytest.mark.parametrize("name", ["tilted", "side light", "tight crop", "small face"])
def test_a_blink_caught_by_the_camera_is_refused_and_half_a_blink_is_said(
    baked: Callable[[str], Baked], reader: FaceReader, name: str
) -> None:
    def seen(shut: float) -> Found:
        return find(reader, baked(name).frame({"eyeBlinkLeft": shut, "eyeBlinkRight": shut}), "a.jpg")

    with pytest.raises(BadInput, match="closed ones"):
        refuse(seen(1.0))
    refuse(seen(0.5))
    winking = find(reader, baked(name).frame({"eyeBlinkLeft": 1.0}), "a.jpg")
    refuse(winking)
    said = {note.code for note in weaknesses(winking, np.zeros((4, 4), np.uint8))}
    assert said & {"one eye closed", "narrow eyes"}, "the landmarks take both eyes for more alike than they are"
