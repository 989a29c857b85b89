"""Who of a conversation is the person is guessed only with a ground; the wrong person's chat is nobody's."""

from __future__ import annotations

from device.persona.unpacked import BroughtBy, Person, PersonaFile
from provisioning.importers.item import Item, When, Where
from provisioning.intake.attachments import carried
from provisioning.intake.overlap import Overlap
from provisioning.intake.speakers import Guess, by_path, guesses
from provisioning.intake.talks import Talk, count

LAN = PersonaFile(
    id="lan",
    person=Person(name="李玉兰", languages=("zh", "en"), called=("外婆", "Grandma Lan")),
    brought_by=BroughtBy("Lin Xia", "granddaughter"),
)


def said(*lines: tuple[str, str], own: str = "me", chat: str = "c", start: str = "2019-02-04T21:03:11") -> list[Item]:
    return [
        Item("message", text, Where("chats/a.csv", n), When(start), speaker, speaker.title(), speaker == own, chat)
        for n, (speaker, text) in enumerate(lines, 1)
    ]


def talk(items: list[Item]) -> tuple[Talk, ...]:
    return count("chats/a.csv", items, LAN.person.called)


def one(items: list[Item], persona: PersonaFile = LAN, **said: str) -> Guess:
    (guess,) = guesses(persona, said, talk(items))
    return guess


GRANDMOTHER = said(("me", "外婆，吃饭了吗"), ("wxid_7", "吃过了，你呢"), ("me", "外婆我想你"), ("wxid_7", "我也想你"))


def test_what_the_family_says_counts() -> None:
    told = PersonaFile("lan", LAN.person, chats={"chats/a.csv": {"speaker": "Wxid_7"}})
    assert one(GRANDMOTHER, told) == Guess("chats/a.csv", "c", "wxid_7", 1.0, "told")
    nobody = PersonaFile("lan", LAN.person, chats={"chats/a.csv": {"speaker": "wxid_9"}})
    assert not one(GRANDMOTHER, nobody).counts


def test_a_name_is_theirs_and_a_later_word_of_the_family_goes_first() -> None:
    assert one(said(("me", "hi"), ("grandma lan", "hello"))).ground == "named"
    assert one(GRANDMOTHER, c="me").speaker == "me"
    assert not one(GRANDMOTHER, c="").counts


def test_two_accounts_with_her_name_are_both_hers() -> None:
    items = [
        Item("message", text, Where("chats/a.csv", n), speaker=account, name=name, chat="c")
        for n, (account, name, text) in enumerate(
            (("193804020", "外婆", "到了"), ("lan@example.com", "外婆", "好的"), ("7", "小夏", "外婆早")), 1
        )
    ]
    found = guesses(LAN, {}, talk(items))
    assert {(guess.speaker, guess.ground) for guess in found} == {("193804020", "named"), ("lan@example.com", "named")}
    assert by_path(found) == {"chats/a.csv": ("193804020", "lan@example.com")}


def test_who_is_called_so_by_the_others_is_guessed() -> None:
    guess = one(GRANDMOTHER)
    assert (guess.speaker, guess.ground, guess.counts) == ("wxid_7", "called", True)


def test_somebody_who_speaks_of_her_is_not_her() -> None:
    both = said(("me", "外婆说明天来"), ("aunt", "外婆好吗"), ("me", "外婆好"), ("aunt", "外婆腿疼"))
    assert not one(both).counts


def test_in_a_group_nobody_is_guessed() -> None:
    assert not one([*GRANDMOTHER, *said(("uncle", "妈，外婆，都好"))]).counts


def test_the_only_other_one_is_asked_about_but_not_used() -> None:
    guess = one(said(("me", "到了"), ("wxid_7", "好的")))
    assert (guess.speaker, guess.ground, guess.counts) == ("wxid_7", "other", False)


def test_the_wrong_persons_chat_is_nobodys() -> None:
    guess = one(said(("x", "in stock?"), ("y", "sold out"), ("z", "ok"), own="nobody"))
    assert (guess.speaker, guess.counts, guess.ground) == ("", False, "none")
    assert by_path([guess]) == {}


def test_letters_without_a_name_are_theirs_and_others_are_not() -> None:
    mine = [Item("letter", "Dear Ting", Where("letters/a.txt", 1))]
    theirs = [Item("letter", "Dear Mother", Where("letters/b.txt", 1), name="Ting")]
    (a,) = guesses(LAN, {}, count("letters/a.txt", mine, ()))
    (b,) = guesses(LAN, {}, count("letters/b.txt", theirs, ()))
    assert (a.ground, b.counts) == ("alone", False)


def test_speakers_are_shown_by_lines_of_their_own() -> None:
    (told,) = talk(GRANDMOTHER)
    shown = {speaker.id: speaker for speaker in told.speakers}
    assert shown["wxid_7"].called == {"外婆": 2}
    assert shown["wxid_7"].examples == ("吃过了，你呢",)
    assert (shown["me"].own, shown["me"].count) == (True, 2)
    assert (told.first, told.last) == ("2019-02-04T21:03:11",) * 2


def test_an_overlapping_export_repeats_nothing() -> None:
    overlap = Overlap()
    first = said(("a", "好的好的"), ("a", "好的好的"), ("a", "明天来"))
    again = said(("A", "好的好的"), ("A", "明天来"), ("A", "后天也来"), start="2019-02-04T21:03")
    assert [fresh for _, fresh in overlap.fresh(first)] == [True, True, True]
    assert [fresh for _, fresh in overlap.fresh(again)] == [False, False, True]
    later = said(("a", "明天来"), start="2019-02-05T08:00:00")
    assert [fresh for _, fresh in overlap.fresh(later)] == [True]


def test_what_cannot_be_told_apart_is_kept() -> None:
    overlap = Overlap()
    for _ in range(2):
        assert all(fresh for _, fresh in overlap.fresh(said(("a", "好"), ("a", "undated line"), start="2019")))


def test_recordings_are_joined_to_their_messages() -> None:
    files = ["voice/msg_1.silk", "chats/x/VID.mp4", "chats/y/VID.mp4", "chats/z/a.jpg", "chats/w/a.jpg"]
    items = [
        Item("message", "", Where("chats/a.csv", 3), When("2019-02-04"), "lan", attachment="C:\\We\\MSG_1.silk"),
        Item("message", "", Where("chats/x/chat.txt", 4), speaker="lan", attachment="VID.mp4"),
        Item("message", "", Where("chats/x/chat.txt", 5), speaker="lan", attachment="gone.jpg"),
        Item("message", "", Where("chats/q/chat.txt", 6), speaker="lan", attachment="a.jpg"),
    ]
    found = carried(items, files)
    assert list(found) == ["chats/x/VID.mp4", "voice/msg_1.silk"]
    assert found["voice/msg_1.silk"].start == "2019-02-04"
