"""What importers, photographs and the voice kit found comes onto the pages."""

from __future__ import annotations

from provisioning.intake.speakers import Guess
from provisioning.intake.talks import Speaker
from provisioning.intake.talks import Talk as Counted
from provisioning.photos.people import Everybody, Somebody
from provisioning.photos.people import Sighting as Seen_
from provisioning.photos.seen import Face, Seen
from provisioning.report.labels import label
from provisioning.studio import findings
from provisioning.voice_kit.compare import Compared

LAN = Speaker("wxid_lan", "Lan", 40, None, ("Eat something.",))
XIA = Speaker("wxid_xia", "Xia", 60, True, ("I'm late!",))


def test_the_guess_comes_first_with_its_reason() -> None:
    counted = [Counted("chats/a.csv", "c1", "message", (XIA, LAN))]
    (talk,) = findings.talks(counted, [Guess("chats/a.csv", "c1", "wxid_lan", 0.85, "called")])
    assert [c.speaker for c in talk.candidates] == ["wxid_lan", "wxid_xia"]
    assert (talk.candidates[0].guess, talk.candidates[0].why.en) == (0.85, "the others call them so")
    assert talk.candidates[1].guess == 0
    assert (talk.title, talk.known_as) == ("Lan, Xia", "chats/a.csv")


def test_conversations_of_one_file_are_told_apart() -> None:
    counted = [Counted("t.json", "Lan", "message", (LAN, XIA)), Counted("t.json", "Tom", "message", (XIA,)),
               Counted("l.txt", "", "letter", (LAN,))]  # fmt: skip
    told = findings.talks(counted, [Guess("t.json", "Tom", "", 0.0, "none")])
    assert [talk.known_as for talk in told] == ["Lan", "Tom"]
    assert told[1].candidates[0].guess == 0.0


def test_faces_with_their_boxes_and_the_person_as_a_guess() -> None:
    face = Face((0.1, 0.1, 0.3, 0.3), 60, 0, 1, 1, 0, 1)
    seen = {"a.jpg": Seen("a.jpg", "", 1, 1, faces=(face, face))}
    people = (Somebody("f1", "", (Seen_("a.jpg", 1), Seen_("gone.jpg", 0)), 1, 1.0, False),
              Somebody("f2", "Xia", (Seen_("a.jpg", 0),), 1, 0.5, False),
              Somebody("f3", "", (Seen_("a.jpg", 7),), 1, 0.1, True))  # fmt: skip
    groups = findings.faces(Everybody(people, "f1", "guess", False), seen, "Lan")
    assert [(g.id, g.guess) for g in groups] == [("f1", "Lan"), ("f2", "Xia")]
    assert [(f.path, f.number, f.box) for f in groups[0].faces] == [("a.jpg", 1, face.box)]


def test_every_two_voices_of_a_sentence_are_a_pair_and_the_recording_is_none() -> None:
    compared = [Compared("Eat.", "en", {"original": "o", "stock": "s", "manner": "m", "style": "y"}),
                Compared("Sleep.", "en", {"original": "o", "stock": "s"})]  # fmt: skip
    told = findings.trials(compared)
    assert [t.id for t in told] == ["00-stock-manner", "00-stock-style", "00-manner-style"]
    assert told[0].voices == (("stock", "ab/s"), ("T1", "ab/m"))
    assert all(label(name).zh for trial in told for name, _ in trial.voices)
