"""What the rooms found comes into the report as it is."""

from __future__ import annotations

import pytest

from device.persona.unpacked import PersonaFile
from device.persona.voice_file import Interjection, Original, Spoken, VoiceFile
from device.schema import convert
from provisioning.photos.choice import Candidate, Choice
from provisioning.photos.seen import Face, Seen
from provisioning.report import assemble
from provisioning.report.content import Reason, Report, Words
from provisioning.report.fidelity import areas, like_voice
from provisioning.report.page import page
from provisioning.voice_kit.compare import Compared
from provisioning.voice_kit.measure import Intelligible, Likeness, Measures

BOX = (0.0, 0.0, 1.0, 1.0)
FACE = Face(BOX, 96, 8, 0.7, 0.9, 0, 1)


def candidate(photo: str, role: str, why: str) -> Candidate:
    return Candidate(photo, 0, BOX, 0.8, {}, 96, "", role, why, "原因")


def file(**consent: object) -> PersonaFile:
    person = {"name": "Ada", "languages": ["en"], "born": 1921, **({"died": 1994} if consent.pop("dead", True) else {})}
    told = {"id": "ada", "person": person, "brought_by": {"name": "Tom", "relation": "son"}, "consent": consent}
    return convert(told, PersonaFile, "persona.toml")


def measured(held_out: Likeness | None) -> Measures:
    first = Likeness(0.1, 0.9, {"manner": 0.9, "style": 0.9})
    wrong = Intelligible({"manner": 0.1, "style": 0.2}, {"manner": 0.05})
    return Measures(first, held_out, wrong, {"manner": 3.9, "style": 3.1, "original": 3.6}, {}, 6)


def test_the_photographs_that_were_chosen_and_why() -> None:
    candidates = (candidate("a.jpg", "portrait", "large"), candidate("b.jpg", "portrait_smiling", "teeth"),
                  candidate("c.jpg", "", "too small"), candidate("d.jpg", "", "too small"))  # fmt: skip
    seen = {"a.jpg": Seen("a.jpg", "", 1, 1, faces=(FACE,))}
    told = assemble.likeness(Choice("x", "portrait", False, candidates), seen, 1, ["strip.jpg"], moving=["smile.jpg"])
    assert [(c.path, c.part.en) for c in told.chosen] == [("a.jpg", "the face"), ("b.jpg", "the smile")]
    assert told.chosen[0].why == (Words("large", "原因"),)
    assert told.passed_over == (Reason(Words("too small", "原因"), 2),)
    assert (told.compared, told.strip) == (("strip.jpg",), ("smile.jpg",))
    assert (told.eye_distance, told.turned, told.films) == (96, 8, 1)


def test_no_portrait_is_no_face() -> None:
    told = assemble.likeness(Choice("", "nobody", True, ()), {})
    assert told.chosen == ()
    assert areas(Report(assemble.about(file()), likeness=told))[3].score == 0.0


def test_voices_are_judged_by_the_encoder_that_took_no_part() -> None:
    spoken = VoiceFile(1, {"zh": Spoken("kokoro", 2)})
    clips = [Original(f"{n}.opus", "x", "zh", 30.0, (), 0.0, "v.wav", 0.0, mood="glad") for n in range(4)]
    sounds = [Interjection("l.opus", "laugh", 1.0, 0.0, "v.wav", 0.0)]
    pairs = [Compared("x", "zh", {"original": "0-o.opus", "style": "0-s.opus"}), Compared("y", "en", {"stock": "s"})]
    told = assemble.voice(spoken, clips, sounds, measured(Likeness(0.4, 0.8, {"style": 0.6})), pairs, {"noise": 2})
    assert (told.minutes, told.passages, told.stranger, told.same) == (2.0, 4, 0.4, 0.8)
    assert {t.code: t.used for t in told.tiers} == {"T0": True, "T1": False, "T2": True}
    assert next(t for t in told.tiers if t.code == "T1").errors == 0.1  # the worse of two languages
    assert like_voice(told) == pytest.approx(0.5 * 0.8)
    assert [(p.original, p.made, p.tier) for p in told.pairs] == [("ab/0-o.opus", "ab/0-s.opus", "T2")]
    assert (told.moods, told.interjections, told.kept_out) == ({"glad": 4}, {"laugh": 1}, {"noise": 2})


def test_without_the_second_encoder_the_first_counts_and_without_both_nothing_is_claimed() -> None:
    spoken = VoiceFile(1, {"zh": Spoken("fastspeech", 1)})
    assert assemble.voice(spoken, [], [], measured(None)).stranger == 0.1
    told = assemble.voice(spoken, [], [], None)
    assert told.stranger is None
    assert like_voice(told) is None
    assert not told.tiers[0].used


def test_what_consent_lacks() -> None:
    lacking = [w.en for w in assemble.agreement(file(dead=False)).lacking]
    assert lacking == ["Nothing is granted yet.", "Evidence of the relation and the death.",
                       "A living person must agree themselves."]  # fmt: skip
    assert assemble.agreement(file(evidence=["a"], grants=["likeness"])).lacking == ()
    assert assemble.agreement(file(basis="self", grants=["likeness"])).lacking[0].zh == "还缺本人朗读的录音。"
    assert assemble.agreement(file()).by == "Tom"
    assert "1921 – 1994" in page(Report(assemble.about(file())))
