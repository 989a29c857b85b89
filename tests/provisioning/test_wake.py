"""A persona's wake phrases are enrolled from text, from recordings, or both; what can't be used is named."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.errors import BadInput
from device.persona.unpacked import Person, PersonaFile
from device.ports import MIC_RATE, Pcm, Speech
from device.wake.templates import FILE, parse
from provisioning import wake
from provisioning.wake import Recording, build, templates_for
from provisioning.wake_phrases import phrases_of
from provisioning.wake_sound import SPEAKERS, SPEECH_DBFS, cut, disguised, in_a_room, with_noise
from tests.device.wake.test_enrolment import spectral


class Whistle:
    """A synthesizer that says every letter as a tone of its own, 80 ms long, with overtones that Praat can work on."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def synthesize(self, text: str) -> Speech:
        self.said.append(text)
        t = np.arange(int(0.08 * MIC_RATE)) / MIC_RATE
        tones = [100.0 + 7 * (ord(letter) % 31) for letter in text if letter.isalnum()]
        sounds = [sum(np.sin(2 * np.pi * k * tone * t) / k for k in range(1, 9)) * 0.1 for tone in tones]
        pcm = np.concatenate(sounds) if sounds else np.zeros(0)
        return Speech(pcm.astype(np.float32), MIC_RATE, (), text)


def persona(called: tuple[str, ...] = ("Grandpa", "外公"), phrases: tuple[str, ...] = ()) -> PersonaFile:
    content = {
        "id": "ada",
        "person": {"name": "Ada", "called": called, "languages": ["en", "zh"]},
        "wake": {"phrases": phrases},
    }
    words = {"greeting": {"en": "Hello."}, "farewell": {"en": "Bye."}, "dont_know": {"en": ["No."]}}
    known = {field.name for field in msgspec.structs.fields(Person)}
    content["person"] |= {key: value for key, value in words.items() if key in known}  # type: ignore[operator]
    return msgspec.convert(content, PersonaFile)


def recording(name: str = "wake/1.wav") -> Recording:
    pcm = Whistle().synthesize("hello ada dear").pcm
    return Recording("Hello Ada", np.concatenate([np.zeros(8000, np.float32), pcm, np.zeros(8000, np.float32)]), name)


def test_the_phrases_are_those_of_the_persona_or_what_it_is_called() -> None:
    assert phrases_of(persona(phrases=("Hello Grandpa", "外公你好"))) == ("Hello Grandpa", "外公你好")
    assert phrases_of(persona()) == ("Grandpa", "外公")


@pytest.mark.parametrize("phrase", ["!?", "a" * 41])
def test_a_phrase_that_nobody_can_say_is_named(phrase: str) -> None:
    with pytest.raises(BadInput, match="wake phrase"):
        phrases_of(persona(phrases=(phrase,)))


def test_from_text_every_speaker_says_each_phrase_in_a_voice_of_its_language() -> None:
    english, chinese = Whistle(), Whistle()
    made = templates_for(["Hello Grandpa", "外公你好外公你好"], {"en": [english], "zh": [chinese]}, spectral)
    assert made.phrases == ("Hello Grandpa", "外公你好外公你好")
    assert len(made.templates) == 2 * len(SPEAKERS)
    assert "Hello Grandpa. " in english.said
    assert "外公你好外公你好。" in chinese.said


def test_a_text_with_a_phrase_in_it_is_no_example_of_other_speech() -> None:
    voice = Whistle()
    texts = {"en": ["I said hello grandpa to him.", "He rowed."]}
    templates_for(["Hello Grandpa"], {"en": [voice]}, spectral, texts=texts)
    assert "He rowed." in voice.said
    assert "I said hello grandpa to him." not in voice.said


def test_recordings_stand_beside_the_spoken_ones() -> None:
    made = templates_for(["Hello Ada"], {"en": [Whistle()]}, spectral, [recording()])
    assert len(made.templates) == 1 + len(SPEAKERS)


def test_a_silent_recording_is_named() -> None:
    silent = Recording("Hello Ada", np.zeros(MIC_RATE, np.float32), "wake/2.wav")
    with pytest.raises(BadInput, match=r"wake/2\.wav"):
        templates_for(["Hello Ada"], {"en": [Whistle()]}, spectral, [silent])


def test_the_file_is_written_and_the_same_each_time(tmp_path: Path) -> None:
    one, two = (build(persona(("Grandpa Chen",)), tmp_path / n, {"en": [Whistle()]}) for n in ("a", "b"))
    assert one == tmp_path / "a" / FILE
    assert one.read_bytes() == two.read_bytes()
    assert parse(one.read_bytes()).phrases == ("Grandpa Chen",)


def test_the_texts_of_the_house_contain_no_name_by_which_it_is_called() -> None:
    for sentence in (text for texts in wake.OTHER_TEXTS.values() for text in texts):
        assert not any(name in sentence.lower() for name in ("grandpa", "grandma", "外公", "外婆", "爷爷", "奶奶"))


def tone(seconds: float, level: float) -> Pcm:
    return (level * np.sin(np.arange(int(seconds * MIC_RATE)) * 0.3)).astype(np.float32)


@given(st.floats(0.0, 1.0), st.floats(0.2, 1.0), st.floats(0.01, 0.9))
def test_a_recording_is_cut_to_what_is_said_and_levelled(before: float, seconds: float, level: float) -> None:
    quiet = np.zeros(int(before * MIC_RATE), np.float32)
    made = cut(np.concatenate([quiet, tone(seconds, level), quiet]))
    assert len(made) / MIC_RATE == pytest.approx(seconds, abs=0.06)
    assert 20 * np.log10(np.sqrt(np.mean(np.square(made)))) == pytest.approx(SPEECH_DBFS, abs=0.01)


def test_rooms_and_noise_keep_the_length_and_come_out_the_same_for_the_same_seed() -> None:
    pcm = tone(0.5, 0.1)
    one, two = (with_noise(in_a_room(pcm, r, 0.4, 0.6), r, 10.0) for r in map(np.random.default_rng, (1, 1)))
    assert len(one) == len(pcm)
    np.testing.assert_array_equal(one, two)
    assert not np.allclose(one, pcm, atol=1e-3)


def test_a_disguise_changes_pace_and_leaves_the_shortest_alone() -> None:
    pcm = Whistle().synthesize("hello grandpa").pcm
    assert len(disguised(pcm, SPEAKERS[1])) == pytest.approx(len(pcm) * SPEAKERS[1].pace, rel=0.02)
    assert disguised(pcm[:1000], SPEAKERS[1]) is not None
