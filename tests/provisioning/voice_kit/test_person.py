"""Who of those who speak is the person."""

from __future__ import annotations

from provisioning.voice_kit.heard import Passage, Recording, Sound, Word
from provisioning.voice_kit.person import Mark, known, passages_of
from tests.provisioning.voice_kit.test_voices import sayings

GOOD = Sound(40.0, 0.0, 0.0)


def recording(path: str, *said: tuple[int, int, float]) -> Recording:
    """(person, number of the voice within it, seconds) of each passage."""
    at, passages = 0.0, []
    for n, (who, voice, seconds) in enumerate(said):
        vector = sayings(who, n + 1)[n]
        words = (Word("好", at, at + seconds),)
        passages.append(Passage(at, at + seconds, "好", "zh", words, voice, GOOD, embedding=vector))
        at += seconds + 1
    return Recording(path, "0" * 64, at, tuple(passages))


A = recording("a.m4a", (1, 0, 5.0), (2, 1, 3.0), (1, 0, 4.0))
B = recording("b.m4a", (2, 0, 6.0), (1, 1, 2.0), (3, 2, 2.0))


def test_the_same_people_are_found_in_all_recordings() -> None:
    found = known([A, B])
    assert [voice.seconds for voice in found.voices] == [11.0, 9.0, 2.0]
    assert found.voices[0].recordings == {"a.m4a": (0,), "b.m4a": (1,)}
    assert [p.end - p.start for _, p in passages_of(found.voices[1], [A, B])] == [3.0, 6.0]


def test_whoever_speaks_most_is_a_guess() -> None:
    found = known([A, B])
    assert (found.person, found.guessed) == (0, True)
    assert found.voices[0].example[0] == "a.m4a"


def test_the_family_says_who_it_is() -> None:
    assert known([A, B], [Mark("a.m4a", 7.0)]).person == 1
    assert known([A, B], [Mark("b.m4a")]).person == 1
    assert not known([A, B], [Mark("b.m4a", 12.0)]).guessed
    assert known([A, B], [Mark("gone.m4a", 1.0), Mark("a.m4a", 99.0)]).guessed


def test_nobody() -> None:
    assert known([]).person == -1
    assert known([Recording("x", "0" * 64, 1.0, ())]).person == -1
