"""The kit's pieces of work, from files to files."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest

from device.persona import voice_file
from device.persona.voice_file import Interjection, Original
from provisioning.voice_kit import sound, tasks
from provisioning.voice_kit.heard import Recording
from provisioning.voice_kit.measure import Measures
from provisioning.voice_kit.person import Known
from tests.support import wordless
from tests.support.shoebox_sound import PERSON_EN, PERSON_ZH, said, scene, silence, write


def read(folder: Path) -> Recording:
    return msgspec.json.decode((folder / tasks.RECORDING).read_bytes(), type=Recording)


def heard(path: Path, out: Path, told: str, **options: object) -> Path:
    out.mkdir(parents=True)
    tasks.hear({"recording": path}, {"told": told, **options}, out)
    return out


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_recording_is_heard_and_kept(tmp_path: Path) -> None:
    pcm, _ = scene(said("man", PERSON_ZH[0]), said("woman", PERSON_ZH[1]))
    path = write(tmp_path / "blob", pcm, "m4a")
    recording = read(heard(path, tmp_path / "one", "voice/2019-03-02.m4a"))
    assert (recording.path, recording.date, recording.problem) == ("voice/2019-03-02.m4a", "2019-03-02", "")
    assert [p.voice for p in recording.passages] == [0, 1]
    assert recording.seconds == pytest.approx(len(pcm) / 16_000, abs=0.1)
    kept = np.concatenate(list(sound.blocks(tmp_path / "one" / tasks.SOUND, "x")))
    assert len(kept) / 16_000 == pytest.approx(recording.seconds, abs=0.01)
    again = heard(path, tmp_path / "two", "voice/2019-03-02.m4a")
    assert files(again) == files(tmp_path / "one")


def test_a_chat_knows_the_date_better(tmp_path: Path) -> None:
    path = write(tmp_path / "blob", silence(1.0), "wav")
    recording = read(heard(path, tmp_path / "a", "chats/msg 2001.amr", date="2019-05-01T10:00:00", date_confidence=1.0))
    assert (recording.date, recording.date_confidence) == ("2019-05-01T10:00:00", 1.0)
    assert recording.problem == "nobody speaks in it"


@pytest.mark.parametrize("raw", [b"", b"no recording", b"\x02#!SILK_V3\x05", b"RIFF\xff\xff\xff\xffWAVE"])
def test_what_is_no_recording_is_one_problem_and_no_sound(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "blob"
    path.write_bytes(raw)
    out = heard(path, tmp_path / "out", "voice/broken.amr")
    assert list(files(out)) == [tasks.RECORDING]
    recording = read(out)
    assert "voice/broken.amr" in recording.problem
    assert str(tmp_path) not in recording.problem
    assert recording.passages == ()
    assert tasks.pieces(path, "x") == 1


@pytest.mark.slow
def test_in_pieces_it_is_heard_as_in_one(tmp_path: Path) -> None:
    pcm, _ = scene(*[said("joe", text) for text in PERSON_EN])
    quiet = scene(silence(60.0))[0]
    path = write(tmp_path / "blob", np.concatenate([pcm, *[quiet] * 5, pcm]), "flac")
    assert tasks.pieces(path, "x") == 2
    whole = heard(path, tmp_path / "whole", "voice/long.flac")
    inputs = {"recording": path}
    for number in range(2):
        inputs[f"piece{number}"] = tmp_path / f"piece{number}"
        inputs[f"piece{number}"].mkdir()
        tasks.hear_piece(
            {"recording": path}, {"told": "voice/long.flac", "piece": number, "pieces": 2}, inputs[f"piece{number}"]
        )
    (tmp_path / "joined").mkdir()
    tasks.join(inputs, {"told": "voice/long.flac"}, tmp_path / "joined")
    assert files(tmp_path / "joined") == files(whole)
    assert len(read(whole).passages) == 2 * len(PERSON_EN)


@pytest.fixture(scope="module")
def shoebox(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("shoebox")
    scenes = {
        "tea": scene(
            *[said("man", t) for t in PERSON_ZH[:3]], wordless.laugh(1, 140.0), said("woman", "爸爸，喝茶吧。")
        ),
        "birthday": scene(said("woman", PERSON_ZH[0]), *[said("man", t) for t in PERSON_ZH[3:]], wordless.hum(2)),
        "guest": scene(said("joe", PERSON_EN[0]), said("joe", PERSON_EN[1])),
    }
    made = {}
    for name, (pcm, _) in scenes.items():
        path = write(folder / f"{name}.mp3", pcm, "mp3")
        made[name] = heard(path, folder / name, f"voice/{name}.mp3")
    return made


@pytest.mark.slow
def test_a_kit_is_made_of_what_the_person_says(tmp_path: Path, shoebox: dict[str, Path]) -> None:
    tasks.kit(shoebox, {"languages": ["zh"]}, tmp_path)
    known = msgspec.json.decode((tmp_path / "voices.json").read_bytes(), type=Known)
    assert known.guessed
    assert len(known.voices) == 3
    index = (tmp_path / "voice" / voice_file.ORIGINALS).read_bytes()
    originals = msgspec.json.decode(index, type=list[Original])
    assert {o.recording for o in originals} == {"voice/tea.mp3", "voice/birthday.mp3"}
    assert len(originals) == len(PERSON_ZH)
    assert all((tmp_path / "voice" / o.file).is_file() for o in originals)
    found = msgspec.json.decode((tmp_path / "voice" / voice_file.INTERJECTIONS).read_bytes(), type=list[Interjection])
    assert {i.kind for i in found} >= {"hum"}
    spoken = voice_file.read(tmp_path / "voice" / voice_file.FILE).languages["zh"]
    assert spoken.tier == 1
    assert spoken.manner is not None
    assert 100 < spoken.manner.pitch_hz < 140
    measures = msgspec.json.decode((tmp_path / "measures.json").read_bytes(), type=Measures)
    for likeness in (measures.first, measures.held_out):
        assert likeness is not None
        assert likeness.again > likeness.stranger
        assert likeness.voices["manner-zh"] > likeness.voices["stock-zh"]
    assert measures.intelligible.cer["stock"] < 0.2
    assert measures.mos["original"] > 2
    for pair in msgspec.json.decode((tmp_path / "ab" / "ab.json").read_bytes()):
        assert set(pair["files"]) == {"original", "stock", "manner"}
        assert all((tmp_path / "ab" / file).is_file() for file in pair["files"].values())


@pytest.mark.slow
def test_the_family_says_that_it_is_somebody_else(tmp_path: Path, shoebox: dict[str, Path]) -> None:
    tasks.kit(shoebox, {"languages": ["en"], "person": [{"recording": "voice/guest.mp3", "at": -1.0}]}, tmp_path)
    known = msgspec.json.decode((tmp_path / "voices.json").read_bytes(), type=Known)
    assert not known.guessed
    index = (tmp_path / "voice" / voice_file.ORIGINALS).read_bytes()
    assert {o.recording for o in msgspec.json.decode(index, type=list[Original])} == {"voice/guest.mp3"}
    measures = msgspec.json.decode((tmp_path / "measures.json").read_bytes(), type=Measures)
    assert measures.first is None
    assert any("too few" in note for note in measures.notes)


def test_a_kit_of_nothing_is_empty_and_whole(tmp_path: Path) -> None:
    tasks.kit({}, {"languages": []}, tmp_path)
    assert voice_file.read(tmp_path / "voice" / voice_file.FILE).languages == {}
    assert (tmp_path / "voice" / voice_file.ORIGINALS).read_bytes() == b"[]"
    assert (tmp_path / "ab" / "ab.json").read_bytes() == b"[]"
