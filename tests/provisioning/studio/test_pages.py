"""Each page: what it shows, what it keeps, what it refuses; and nothing from the material is markup."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from provisioning.memories.kinship import ways
from provisioning.memories.review import parse_people
from provisioning.photos.review import Reviewed
from provisioning.review import answers, listening, memories, people, photographs
from provisioning.studio.desk import MENU
from tests.fakes.workshop import PERSONA, FakeWorkshop
from tests.provisioning.report.test_page import CANARY, parsed
from tests.provisioning.studio.conftest import TOKEN, Client


def field(text: str, name: str, number: int = 0) -> str:
    """The value of a page's n-th field of that name."""
    found = [a.get("value") or "" for tag, a in parsed(text).tags if tag == "input" and a.get("name") == name]
    return found[number]


def originals(box: Path) -> dict[str, bytes]:
    return {
        p.relative_to(box).as_posix(): p.read_bytes()
        for p in box.rglob("*")
        if p.is_file() and "review" not in p.parts and p.name != "persona.toml"
    }


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("page", [page for page, _, _ in MENU])
def test_every_page_is_there_in_both_languages(client: Client, page: str, language: str) -> None:
    answered = client.get(page, lang=language)
    assert answered.status == 200
    assert f'<html lang="{language}">' in answered.text
    han = re.findall(r"[\u4e00-\u9fff]", re.sub(r"(?s)<main>.*</main>", "", answered.text))
    assert bool(len(han) > 10) is (language == "zh")


def test_the_language_is_remembered(client: Client) -> None:
    chosen = client.get("language", to="zh", back="memories")
    assert (chosen.status, chosen.headers["Location"]) == (303, f"/{TOKEN}/memories")
    cookie = chosen.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    again = client.send("GET", f"/{TOKEN}/memories", headers={"Cookie": cookie.split(";")[0]})
    assert '<html lang="zh">' in again.text
    assert client.get("language", to="zh", back="//evil.example").headers["Location"] == f"/{TOKEN}/start"


def test_start_counts_what_is_there_and_what_is_left(client: Client) -> None:
    text = parsed(client.get("start").text).text
    assert "0 / 2" in text
    client.post("speakers", talk="chats/wechat.csv", speaker="wxid_chuan", seen="")
    assert "1 / 2" in parsed(client.get("start").text).text


def test_who_is_grandpa(client: Client) -> None:
    page = client.get("speakers")
    assert "Which of these is Grandpa?" in page.text
    assert 'value="wxid_chuan" checked' in page.text
    assert client.post("speakers", talk="chats/wechat.csv", speaker="wxid_mei", seen="").status == 303
    assert people.all_of(client.shop.shoebox).speakers == {"chats/wechat.csv": "wxid_mei"}
    assert client.post("speakers", talk="chats/wechat.csv", speaker="wxid_chuan", seen="").status == 409
    assert client.post("speakers", talk="chats/other.csv", speaker="x", seen="").status == 404
    assert client.post("speakers", talk="chats/wechat.csv", speaker="x", seen="").status == 404
    assert client.post("speakers", talk="chats/wechat.csv").status == 400


def test_who_the_others_are(client: Client) -> None:
    fields = {"name": "Ting", "kinship": "son", "same": "阿听", "seen-kinship": "", "seen-merge": ""}
    assert client.post("person", **fields).status == 303
    told = people.all_of(client.shop.shoebox)
    assert (told.kinship, told.merge) == ({"Ting": "son"}, {"Ting": "阿听"})
    assert client.post("person", **{**fields, "kinship": "emperor"}).status == 404
    again = {"seen-kinship": people.shown(client.shop.shoebox, "kinship", "Ting"), "seen-merge": "x"}
    assert client.post("person", **{**fields, **again, "kinship": "none"}).status == 303
    assert parse_people((client.shop.shoebox / people.FILE).read_bytes()).kinship == {"Ting": ""}
    assert client.post("person", **{**fields, "name": "Nobody"}).status == 404


def test_every_kinship_that_is_offered_is_understood_and_has_a_name_in_both_languages() -> None:
    from provisioning.report import kinship
    from provisioning.studio.pages.speakers import KINDS

    for kind in KINDS:
        assert ways(kind)
        assert kinship.chinese(kind)
        assert kinship.generation(kind) is not None


def test_a_letter_is_read_and_the_next_one_comes(client: Client) -> None:
    before = originals(client.shop.shoebox)
    page = client.get("letters")
    assert "a1" * 32 in page.text
    assert page.text.count("<rect") == 6
    saved = client.post("letters", sha="a1" * 32, text="秀兰：\r\n船厂忙。", seen=field(page.text, "seen"))
    assert saved.status == 303
    kept = client.shop.shoebox / "review/letters" / f"{'a1' * 8}.txt"
    assert kept.read_text(encoding="utf-8") == "秀兰：\n船厂忙。\n"
    assert "b2" * 32 in client.get("letters").text
    assert originals(client.shop.shoebox) == before
    assert client.post("letters", sha="../x", text="", seen="").status == 404


def test_what_two_tabs_wrote_is_told_and_kept(client: Client) -> None:
    seen = field(client.get("letters", sha="a1" * 32).text, "seen")
    assert client.post("letters", sha="a1" * 32, text="first", seen=seen).status == 303
    second = client.post("letters", sha="a1" * 32, text="second & last", seen=seen)
    assert second.status == 409
    assert "second &amp; last" in second.text
    assert "Somebody changed this meanwhile" in second.text


def test_a_long_letter_fits(client: Client) -> None:
    answered = client.post("letters", sha="a1" * 32, text="信" * 90_000, seen="")
    assert answered.status == 303
    assert client.post("letters", sha="b2" * 32, text="信" * 100_001, seen="").status == 400


def test_faces_captions_and_strangers(client: Client) -> None:
    assert client.post("face", group="f1", who="秀兰", seen="").status == 303
    assert client.post("face", group="f2", who="", stranger="yes", seen="").status == 303
    told = {"path": "photos/a.jpg", "caption": "The ferry", "people": "Lan，Ting, Lan", "exclude": "yes", "at": "0"}
    seen = photographs.shown(client.shop.shoebox, "photos/a.jpg")
    assert client.post("photographs", **told, seen=seen).status == 303
    assert photographs.names(client.shop.shoebox) == {"f1": "秀兰", "f2": ""}
    said = photographs.all_of(client.shop.shoebox)
    assert said["photos/a.jpg"] == Reviewed(en="The ferry", people=("Lan", "Ting"), faces=("秀兰",), exclude=True)
    assert said["photos/c.jpg"] == Reviewed(faces=("秀兰",))
    assert said["photos/b.jpg"] == Reviewed(exclude=True)
    assert client.post("photographs", **{**told, "path": "../a.jpg"}, seen="").status == 404
    assert client.post("face", group="f9", who="x", seen="").status == 404
    assert "a stranger" in client.get("photographs").text


def test_pictures_are_upright_small_and_bare(client: Client) -> None:
    answered = client.get("picture", path="photos/a.jpg")
    assert answered.headers["Content-Type"] == "image/jpeg"
    assert answered.body.startswith(b"\xff\xd8")
    assert client.get("face-picture", group="f1", number="1").status == 200
    assert client.get("face-picture", group="f1", number="2").status == 404
    assert client.get("face-picture", group="f1", number="x").status == 400


def test_memories_are_found_corrected_and_hidden(client: Client) -> None:
    assert "1 memory" in client.get("memories", q="ferry pudong").text
    page = client.get("memories", id="m1")
    fields = {
        "id": "m1",
        "language": "en",
        "text": "We took the bridge.",
        "when": "1958",
        "people": "秀兰",
        "place": "Shanghai",
    }
    assert client.post("memories", **fields, seen=field(page.text, "seen")).status == 303
    assert memories.all_of(client.shop.shoebox)["m1"] == memories.Correction("We took the bridge.", when="1958")
    assert "We took the bridge." in client.get("memories", id="m1").text
    assert client.post("memories", **fields, seen="").status == 409
    assert client.post("memories", **{**fields, "id": "m9"}, seen="").status == 404
    bad = client.post("memories", **{**fields, "when": "in May"}, seen=memories.shown(client.shop.shoebox, "m1"))
    assert bad.status == 400
    assert "1956-05" in bad.text


def test_an_answer_in_writing(client: Client) -> None:
    page = client.get("questions", lang="zh")
    assert "他和秀兰是怎么认识的？" in page.text
    assert client.post("questions?lang=zh", id="how-they-met", answer="渡船上。", seen="").status == 303
    assert answers.all_of(client.shop.shoebox) == {"how-they-met": "渡船上。"}
    written = (client.shop.shoebox / answers.FILE).read_text(encoding="utf-8")
    assert "# question: how-they-met\nQ: 他和秀兰是怎么认识的？\nA: 渡船上。" in written
    assert client.post("questions", id="how-they-met", answer="train", seen="").status == 409
    assert client.post("questions", id="../x", answer="x", seen="").status == 404


def test_an_answer_said_aloud(client: Client) -> None:
    sound = b"\x1aE\xdf\xa3" + bytes(100)
    assert client.upload("spoken?id=how-they-met", sound, "audio/webm;codecs=opus").status == 200
    assert (client.shop.shoebox / "voice/answers/how-they-met.webm").read_bytes() == sound
    heard = client.get("spoken", id="how-they-met")
    assert (heard.body, heard.headers["Content-Type"]) == (sound, "audio/webm")
    part = client.send("GET", f"/{TOKEN}/spoken?id=how-they-met", headers={"Range": "bytes=4-9"})
    assert (part.status, part.body, part.headers["Content-Range"]) == (206, bytes(6), "bytes 4-9/104")
    past = client.send("GET", f"/{TOKEN}/spoken?id=how-they-met", headers={"Range": "bytes=900-"})
    assert past.status == 416
    assert client.upload("spoken?id=how-they-met", b"<html>", "audio/webm").status == 400
    assert client.upload("spoken?id=how-they-met", sound, "text/html").status == 400
    assert client.upload("spoken?id=../../x", sound, "audio/webm").status == 404
    assert client.upload("spoken?id=how-they-met", b"", "audio/webm").status == 400


def test_listening_is_blind_and_counts_once(client: Client) -> None:
    page = client.get("listen")
    assert "T1" not in page.text
    assert "made/" not in page.text
    sides = [client.get("trial", id="greeting", side=side, turn="0").body for side in "ab"]
    assert sorted(sides) == sorted(client.shop.files[f"made/t{n}.wav"].read_bytes() for n in "12")
    assert client.post("listen", trial="greeting", choice="a", turn="0").status == 303
    assert client.post("listen", trial="greeting", choice="a", turn="0").status == 400
    chosen = "T1" if sides[0] == client.shop.files["made/t1.wav"].read_bytes() else "T2"
    assert listening.all_of(client.shop.shoebox) == {"greeting": {chosen: 1}}
    assert client.post("listen", trial="greeting", choice="c", turn="1").status == 400
    assert client.post("listen", trial="x", choice="a", turn="0").status == 404


def test_a_and_b_change_places(client: Client) -> None:
    first = {client.get("trial", id="greeting", side="a", turn=str(turn)).body for turn in range(12)}
    assert len(first) == 2


def test_talking_shows_what_it_rests_on_and_a_correction_changes_the_answer(client: Client) -> None:
    asked = client.post("preview", question="How did you and Lan cross the river?")
    assert asked.status == 303
    page = client.get("preview")
    assert "stories.txt:3" in page.text
    seen = field(page.text, "seen")
    told = len(client.mind.embedded)
    fields = {"turn": "0", "id": "m1", "language": "en", "text": "We swam across the river.", "when": "1957"}
    changed = client.post("wrong", **fields, people="秀兰", place="Shanghai", seen=seen)
    assert changed.headers["Location"].endswith("preview?renewed=1#turn0")
    after = parsed(client.get("preview", renewed="1").text)
    assert "We swam across the river." in after.text
    assert "We took the ferry to Pudong" in after.text
    assert len(client.mind.embedded) == told + 1
    assert client.post("wrong", **{**fields, "turn": "7"}, people="", place="", seen="").status == 400
    assert client.post("preview", question=" ").status == 400
    assert client.post("preview", question="x" * 501).status == 400


def test_what_it_does_not_know_is_marked(client: Client) -> None:
    client.post("preview", question="What is the capital of Peru?")
    assert "does not know" in client.get("preview").text


def test_consent_step_by_step(client: Client) -> None:
    box = client.shop.shoebox

    def step(**fields: str | list[str]) -> int:
        return client.post("consent", seen=field(client.get("consent").text, "seen"), **fields).status

    assert "A frame would refuse it." in client.get("consent", judge="yes").text
    assert step(step="who", basis="relative", by="Lin Mei", relation="granddaughter") == 303
    assert step(step="evidence", file=["consent/statement.txt", "persona.toml"]) == 303
    assert step(step="grants", grant=["likeness", "photographs", "nonsense"]) == 303
    assert step(**{"step": "wishes", "wishes": "Ask about the river.", "for": "family", "names": "Mei, Leo"}) == 303
    assert "A frame would take it." in client.get("consent", judge="yes").text
    text = (box / "persona.toml").read_text(encoding="utf-8")
    assert text.startswith(PERSONA.split("[consent]")[0])
    assert 'grants = ["likeness", "photographs"]   # one by one' in text
    assert text.rstrip().endswith('[style]\nen = "Short plain sentences."')
    assert client.post("consent", step="grants", seen="old").status == 409
    assert step(step="who", basis="king", by="", relation="") == 400
    assert step(step="dance") == 400


def test_evidence_is_copied_under_a_plain_name(client: Client) -> None:
    kept = client.upload("evidence?name=..%2F..%2F%E6%88%B7%E5%8F%A3.pdf", b"%PDF", "application/octet-stream")
    assert kept.status == 200
    assert (client.shop.shoebox / "consent/户口.pdf").read_bytes() == b"%PDF"
    assert client.upload("evidence?name=", b"x", "application/octet-stream").status == 400
    assert client.upload("evidence?name=a.pdf", b"", "application/octet-stream").status == 400


def test_the_living_read_a_sentence_aloud(client: Client) -> None:
    sound = client.shop.files["voice/msg1.wav"].read_bytes()
    assert client.upload("declaration?seen=", sound, "audio/wav").status == 404
    seen = field(client.get("consent").text, "seen")
    client.post("consent", step="who", basis="self", by="", relation="", seen=seen)
    assert client.post("sentence").status == 303
    page = client.get("consent")
    assert "我同意这个相框用我的样子和声音" in page.text
    answered = client.upload(f"declaration?seen={field(page.text, 'seen')}", sound, "audio/wav")
    assert b'"good":false' in answered.body
    assert b"something else" in answered.body
    assert 'declaration = "consent/declaration.wav"' in (client.shop.shoebox / "persona.toml").read_text(
        encoding="utf-8"
    )
    assert client.get("declared").body.startswith(b"RIFF")


def test_a_declaration_elsewhere_is_not_played(client: Client) -> None:
    path = client.shop.shoebox / "persona.toml"
    path.write_text(
        PERSONA.replace("[consent]   # by whom", '[consent]\ndeclaration = "../../secret.wav"'), encoding="utf-8"
    )
    assert client.get("declared").status == 404


def test_the_report_and_the_sheet_are_whole_pages(client: Client) -> None:
    whole = client.get("report", whole="yes", lang="zh")
    assert "default-src 'none'" in whole.headers["Content-Security-Policy"]
    assert "大概会有多像" in whole.text
    assert "Which house did he grow up in" in client.get("sheet").text


def test_a_broken_persona_toml_is_told_on_every_page(client: Client) -> None:
    (client.shop.shoebox / "persona.toml").write_text("[person", encoding="utf-8")
    answered = client.get("consent")
    assert answered.status == 400
    assert "TOML" in answered.text


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.one_of(st.just(CANARY), st.text(min_size=1, max_size=40)))
def test_every_text_is_escaped_on_every_page(client: Client, text: str) -> None:
    """The pages of a shoebox whose every text is odd have the tags of the plain one's and no others."""
    plain = client.shop
    shop = replace_texts(plain, text)
    client.studio.desk.workshop = shop
    try:
        for page in ("speakers", "letters", "photographs", "memories", "questions", "listen"):
            answered = client.get(page)
            assert answered.status == 200
            tags = {tag for tag, _ in parsed(answered.text).tags}
            assert "img" not in tags or not [a for t, a in parsed(answered.text).tags if t == "img" and "onerror" in a]
            scripts = [a for tag, a in parsed(answered.text).tags if tag == "script"]
            assert all((a.get("src") or "").startswith(f"/{TOKEN}/") for a in scripts)
    finally:
        client.studio.desk.workshop = plain


def replace_texts(shop: FakeWorkshop, text: str) -> FakeWorkshop:
    """The workshop with the material's texts replaced."""
    talk = shop.told_talks[0]
    odd = replace(talk.candidates[0], name=text, examples=(text,))
    return dataclasses.replace(
        shop,
        told_talks=(replace(talk, title=text, candidates=(odd,)),),
        told_memories=tuple(
            replace(m, text=text, question=text, place=text, people=(text,)) for m in shop.told_memories
        ),
        told_pages=tuple(
            replace(p, lines=tuple(replace(line, text=text) for line in p.lines)) for p in shop.told_pages
        ),
        told_photographs=tuple(replace(p, caption=text, people=(text,)) for p in shop.told_photographs),
        told_questions=tuple(replace(q, en=text, zh=text, why_en=text) for q in shop.told_questions),
        told_trials=tuple(replace(t, text=text) for t in shop.told_trials),
        told_relatives=tuple(replace(r, name=text) for r in shop.told_relatives),
    )
