"""The made-up family's shoebox: the same every time, and in the formats it names, by readers not of this house."""

from __future__ import annotations

import csv
import email
import hashlib
import io
import json
import mailbox
import re
import sqlite3
import xml.etree.ElementTree as ElementTree
import zipfile
from email.policy import default
from pathlib import Path
from typing import Any

import av
import msgspec
import pillow_heif
import pypdf
import pysilk
import pytest
from PIL import ExifTags, Image, ImageOps

from device.persona.unpacked import PersonaFile
from device.schema import convert, read_toml
from provisioning.stories import read_stories
from tests.support.family import apple, bad, exports, questions, recordings, shoebox, talk, voices
from tests.support.family.shoebox import Account


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Account]:
    folder = tmp_path_factory.mktemp("family") / "box"
    return folder, shoebox.write(folder, sound=False)


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def records(entry: dict[str, Any]) -> int:
    return int(entry["items"] + entry["either"] + entry["skipped"])


def test_the_same_seed_gives_the_same_bytes(box: tuple[Path, Account], tmp_path: Path) -> None:
    again = shoebox.write(tmp_path / "again", sound=False)
    assert digests(tmp_path / "again") == digests(box[0])
    assert again == box[1]


def test_the_full_size_is_longer_and_depends_on_the_seed() -> None:
    small, first, second = exports.exports(1, False), exports.exports(1, True), exports.exports(2, True)
    name = "chats/wechat/xia-pywxdump.csv"
    assert first[name].told.items == small[name].told.items + 6000
    assert first[name].content != second[name].content
    assert exports.exports(1, True) == first


def test_every_file_is_accounted_for(box: tuple[Path, Account]) -> None:
    folder, account = box
    others = {name for name in digests(folder) if not name.startswith(("review/", "consent/", "persona.toml"))}
    assert others == set(account)
    assert msgspec.toml.decode(shoebox.as_toml(account)).keys() == account.keys()


def test_the_persona_and_stories_are_ones_that_this_house_reads(box: tuple[Path, Account]) -> None:
    folder, account = box
    file = convert({"id": "lan", **read_toml(folder / "persona.toml")}, PersonaFile, "persona.toml")
    assert all((folder / name).is_file() for name in (*file.consent.evidence, *file.chats))
    stories = {name: read_stories(folder / name, folder) for name in ("stories.txt", "stories.zh.txt")}
    assert {s.id for s in stories["stories.txt"]} == {s.id for s in stories["stories.zh.txt"]}
    assert all(len(found) == account[name]["items"] for name, found in stories.items())


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("xia-pywxdump", "id,MsgSvrID,type_name,is_sender,talker,room_name,msg,src,CreateTime"),
        ("qin-weflow", "id,MsgSvrID,type_name,is_sender,talker,msg,src,CreateTime"),
        ("family-memotrace",
         "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender"),
        ("mei-chatlog", "Time,SenderName,Sender,TalkerName,Talker,Content"),
    ],
)  # fmt: skip
def test_wechat_tables(box: tuple[Path, Account], name: str, columns: str) -> None:
    found = rows(box[0] / f"chats/wechat/{name}.csv")
    assert list(found[0]) == columns.split(",")
    assert len(found) == records(box[1][f"chats/wechat/{name}.csv"])
    assert all(None not in row and None not in row.values() for row in found)


def test_wechat_json(box: tuple[Path, Account]) -> None:
    told = json.loads((box[0] / "chats/wechat/xia-echotrace.json").read_bytes())
    assert {m["isSend"] for m in told["messages"]} == {0, 1, None}
    assert len(told["messages"]) == records(box[1]["chats/wechat/xia-echotrace.json"])
    table = rows(box[0] / "chats/wechat/xia-pywxdump.csv")
    assert [m["formattedTime"] for m in told["messages"]] == [row["CreateTime"] for row in table]
    lines = [
        json.loads(line) for line in (box[0] / "chats/wechat/family-chatlab.jsonl").read_text("utf-8").splitlines()
    ]
    messages = [line for line in lines if line["_type"] == "message"]
    assert len(messages) == records(box[1]["chats/wechat/family-chatlab.jsonl"])


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("qq/周文杰", r"^\d{4}-\d\d-\d\d \d{1,2}:\d\d:\d\d .+[)>]\r?$"),
        ("whatsapp/emma", r"^\u200e?\[\d\d/\d\d/\d{4}, \d{1,2}:\d\d:\d\d\u202f[AP]M\] "),
        ("whatsapp/jie", r"^\d{1,2}/\d{1,2}/\d\d, \d\d:\d\d - "),
        ("whatsapp/leeds", r"^\[\d\d\.\d\d\.\d\d, \d\d:\d\d:\d\d\] "),
        ("line/tom", r"^[上下]午\d\d:\d\d\t"),
    ],
)
def test_text_exports_have_as_many_heads_as_messages(box: tuple[Path, Account], name: str, pattern: str) -> None:
    text = (box[0] / f"chats/{name}.txt").read_bytes().decode("utf-8-sig")
    assert len(re.findall(pattern, text, re.M)) == records(box[1][f"chats/{name}.txt"])


def test_telegram_and_meta(box: tuple[Path, Account]) -> None:
    telegram = json.loads((box[0] / "chats/telegram/result.json").read_bytes())
    assert len(telegram["messages"]) == records(box[1]["chats/telegram/result.json"])
    assert any(isinstance(m["text"], list) for m in telegram["messages"])
    name = "chats/meta/inbox/grandma/message_1.json"
    thread = json.loads((box[0] / name).read_bytes())
    said = [m["content"].encode("latin-1").decode() for m in thread["messages"] if "content" in m]
    assert len(thread["messages"]) == records(box[1][name])
    assert any("哎呀" in text for text in said)


def test_imessage(box: tuple[Path, Account]) -> None:
    database = sqlite3.connect(f"file:{box[0] / 'chats/apple/chat.db'}?mode=ro", uri=True)
    found = database.execute("SELECT text, attributedBody FROM message ORDER BY ROWID").fetchall()
    database.close()
    assert len(found) == records(box[1]["chats/apple/chat.db"])
    assert any(text is None for text, _ in found)
    assert all((text is None) != (body is None) for text, body in found)
    assert any("年夜饭".encode() in (body or b"") for _, body in found)


def test_a_typedstream_tells_its_text_by_length() -> None:
    for text in ("短", "长" * 100):
        raw = apple.typedstream(text)
        at = raw.index(b"NSString\x01\x94\x84\x01+") + len(b"NSString\x01\x94\x84\x01+")
        length, start = (
            (int.from_bytes(raw[at + 1 : at + 3], "little"), at + 3) if raw[at] == 0x81 else (raw[at], at + 1)
        )
        assert raw[start : start + length].decode() == text


def test_text_messages_are_xml_once_halves_are_joined(box: tuple[Path, Account]) -> None:
    raw = (box[0] / "chats/sms/sms-20101001.xml").read_text("utf-8")
    assert "&#55357;&#56832;" in raw
    joined = raw.replace("&#55357;&#56832;", "😀")
    root = ElementTree.fromstring(joined.encode())
    assert len(root) == records(box[1]["chats/sms/sms-20101001.xml"])
    assert root.find("mms/parts/part") is not None


def test_mail(box: tuple[Path, Account], tmp_path: Path) -> None:
    copied = tmp_path / "archive.mbox"
    copied.write_bytes((box[0] / "chats/mail/archive.mbox").read_bytes())
    found = mailbox.mbox(copied, factory=None, create=False)
    assert len(found) == box[1]["chats/mail/archive.mbox"]["items"]
    old = email.message_from_bytes(bytes(found[2]), policy=default)
    assert old["subject"] == "你爸的茶杯"
    assert "茶垢" in old.get_content()  # type: ignore[attr-defined]
    single = email.message_from_bytes((box[0] / "chats/mail/2015-qin-book.eml").read_bytes(), policy=default)
    assert [part.get_content_type() for part in single.walk()][1:] == ["text/plain", "image/png"]


def test_letters(box: tuple[Path, Account]) -> None:
    with zipfile.ZipFile(box[0] / "letters/2003-12-28-recipe.docx") as archive:
        body = ElementTree.fromstring(archive.read("word/document.xml"))
    assert "冰糖一两" in "".join(body.itertext())
    read = pypdf.PdfReader(box[0] / "letters/2011-08-leeds-diary.pdf")
    assert "drizzle" in read.pages[0].extract_text()
    with pytest.raises(UnicodeDecodeError):
        (box[0] / "letters/1992-01-20-from-wenjie.txt").read_text("utf-8")


def test_scans_are_reviewed_but_for_one(box: tuple[Path, Account]) -> None:
    scans = {name: entry for name, entry in box[1].items() if entry["kind"] == "scan"}
    assert [entry["reviewed"] for entry in scans.values()].count(False) == 1
    for name, entry in scans.items():
        review = box[0] / f"review/letters/{hashlib.sha256((box[0] / name).read_bytes()).hexdigest()[:16]}.txt"
        assert review.is_file() == entry["reviewed"]


def test_photographs_open_and_carry_what_is_told(box: tuple[Path, Account]) -> None:
    pillow_heif.register_heif_opener()
    for name, entry in box[1].items():
        if entry["kind"] == "photo":
            with Image.open(box[0] / name) as picture:
                taken = picture.getexif().get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal, "")
                assert bool(taken) == (entry["date_source"] == "exif"), name
                upright = ImageOps.exif_transpose(picture).size
            assert upright[1] > upright[0] or "lan" not in entry["people"] or "three" in name
    for path in (box[0] / "photos/takeout").glob("*.json"):
        assert len(re.sub(r"\(\d\)", "", path.stem)) <= 46
    assert {e["use"] for e in box[1].values() if e["kind"] == "photo"} == {
        "likeness", "album", "document", "screenshot", "none",
    }  # fmt: skip


def test_doubles_are_doubles(box: tuple[Path, Account]) -> None:
    copies = {name: e["copy_of"] for name, e in box[1].items() if e.get("copy_of")}
    assert copies
    assert all((box[0] / a).read_bytes() == (box[0] / b).read_bytes() for a, b in copies.items())


@pytest.mark.parametrize("kind", [*voices.FORMATS, "silk"])
def test_sound_in_every_format(kind: str) -> None:
    pcm = voices.joined(voices.laugh(), voices.cough(), voices.music(1.0))
    made = voices.encoded(pcm, kind)
    assert voices.encoded(pcm, kind) == made
    if kind == "silk":
        seconds = len(pysilk.decode(made)) / 2 / voices.RATE
    else:
        with av.open(io.BytesIO(made)) as container:
            rate = container.streams.audio[0].rate
            seconds = sum(frame.samples for frame in container.decode(audio=0)) / rate
    assert seconds == pytest.approx(len(pcm) / voices.RATE, abs=0.15)


def test_the_recordings_come_in_every_format_and_failing() -> None:
    kinds = {name.rsplit(".", 1)[1] for name in recordings.RECORDINGS}
    assert kinds == {*voices.FORMATS, "silk"}
    uses = {recording.heard.use for recording in recordings.RECORDINGS.values()}
    assert uses == {"good", "noisy", "clipped", "music", "others", "stranger", "silent"}


def test_five_photographs_and_one_letter(tmp_path: Path) -> None:
    account = shoebox.write_five(tmp_path / "five")
    kinds = [entry["kind"] for entry in account.values()]
    assert (kinds.count("photo"), kinds.count("letter"), len(kinds)) == (5, 1, 6)


def test_what_is_bad_is_bad(tmp_path: Path) -> None:
    account = bad.write(tmp_path / "bad", lines=1000)
    assert all("wrong" in entry for entry in account.values())
    assert set(digest_names(tmp_path / "bad")) == set(account)
    assert len((tmp_path / "bad/chats/long.txt").read_text("utf-8").splitlines()) == 1000
    giant = (tmp_path / "bad/video/giant.mp4").stat()
    assert giant.st_size == bad.FILM
    assert giant.st_blocks * 512 < 1 << 20
    with pytest.raises(UnicodeDecodeError):
        (tmp_path / "bad/chats/gb18030.csv").read_text("utf-8")


def digest_names(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]


def test_numbers_for_tests_have_right_check_digits() -> None:
    number = talk.identity_number("999999", "19620305", "002")
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    assert number[17] == "10X98765432"[sum(int(d) * w for d, w in zip(number[:17], weights, strict=True)) % 11]
    doubled = [int(d) * (1 + n % 2) for n, d in enumerate(reversed("6200000000000005"))]
    assert sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def test_questions_stand_on_files_that_are_there(box: tuple[Path, Account]) -> None:
    asked = questions.load("questions.toml")
    assert len(asked) == 30
    assert len({q.id for q in asked}) == 30
    ids = {f"{name}#{s.id}" for name in ("stories.txt", "stories.zh.txt") for s in read_stories(box[0] / name, box[0])}
    there = {*box[1], *ids, *recordings.RECORDINGS, "review/people.toml"}
    assert not [(q.id, cited) for q in asked for cited in q.cite if cited not in there]
    assert all(q.cite or q.unknown for q in asked)
    five = questions.load("questions_five.toml")
    assert (len(five), sum(q.unknown for q in five)) == (10, 8)


def test_canaries_are_in_the_material(box: tuple[Path, Account]) -> None:
    told = questions.canaries()
    text = "".join(e.content.decode("utf-8", "replace") for e in exports.exports(1, False).values())
    assert all(number in text for number in told["numbers"])
    assert all(secret in text for secret in told["secrets"])
    assert all(word in text for word in told["strangers"])
    unread = next(e["text"] for e in box[1].values() if e["kind"] == "scan" and not e["reviewed"])
    assert all(word in unread for word in told["unreviewed"])


def test_an_answer_is_judged_by_what_it_must_and_must_not_say() -> None:
    asked = next(q for q in questions.load("questions.toml") if q.id == "dog-name")
    assert not questions.mistakes(asked, "我从来没有养过狗。", ("stories.zh.txt#no-dog",), abstained=False)
    assert questions.mistakes(asked, "我的狗叫阿黄。", ("stories.zh.txt#no-dog",), abstained=False)
    assert questions.mistakes(asked, "我从来没有养过狗。", ("letters/x.txt",), abstained=False)
    assert questions.mistakes(asked, "阿黄。", ("stories.zh.txt#no-dog",), abstained=False)
    pork = next(q for q in questions.load("questions.toml") if q.id == "pork-steaming")
    assert not questions.mistakes(pork, "要蒸三趟。", ("chats/wechat/xia-echotrace.json",), abstained=False)
    assert questions.mistakes(pork, "记不得了。", (), abstained=True)
    unknown = next(q for q in questions.load("questions.toml") if q.id == "beijing")
    assert not questions.mistakes(unknown, "That thread I lost.", (), abstained=True)
    assert questions.mistakes(unknown, "It was cold there.", (), abstained=False)
