"""Every kind of file that tools export gives the same chat; each is known by its content, and left as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisioning.importers import problems
from provisioning.importers.registry import IMPORTERS
from tests.support.exports import CHAT, CHATS, SAMPLES, Sample
from tests.support.imports import claims, found, items, reasons

EVERY = pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
SAID = tuple(m for m in CHAT if m.medium in ("", "voice", "photo", "video"))
QUOTES = str.maketrans("", "", '"\\\r')
ONE_CHAT = {k: s for k, s in SAMPLES.items() if k != "telegram: all"}


def seconds(at: str, sample: Sample) -> str:
    return at if sample.seconds else f"{at[:-2]}00"


@pytest.mark.parametrize("sample", ONE_CHAT.values(), ids=ONE_CHAT)
def test_all_that_was_said_is_there(tmp_path: Path, sample: Sample) -> None:
    all_found = found(sample.importer, sample.write(CHAT), tmp_path / sample.file)
    got = [i for i in items(all_found) if i.medium != "sticker"]
    assert [i.text for i in got] == [m.text for m in SAID]
    assert [i.when.start for i in got] == [seconds(m.at.isoformat(), sample) for m in SAID]
    assert [i.medium or "" for i in got] == [m.medium for m in SAID]
    assert {i.own for i in got} == ({True, False} if sample.owner else {None})
    if sample.owner:
        assert [i.own for i in got] == [m.own for m in SAID]
    assert len({i.speaker for i in got}) == 2
    assert len({i.chat for i in got}) == 1
    told = reasons(all_found)
    assert told[problems.CALL] == 1
    assert told[problems.SYSTEM] + told[problems.RECALLED] >= 2
    assert told[problems.STICKER] + sum(i.medium == "sticker" for i in items(all_found)) == 1


@EVERY
def test_who_spoke_is_kept_apart(tmp_path: Path, sample: Sample) -> None:
    got = items(found(sample.importer, sample.write(CHAT), tmp_path / sample.file))
    speakers = {i.text: i.speaker for i in got}
    mine, hers = speakers["好的外婆，我六点到😀"], speakers["早点睡，晚安。"]
    assert mine != hers == speakers["小明，今天回来吃饭吗？我给你做了红烧肉。"]


@EVERY
def test_lines_lead_back_to_the_words(tmp_path: Path, sample: Sample) -> None:
    raw = sample.write(CHAT)
    all_found = found(sample.importer, raw, tmp_path / sample.file)
    if sample.file.endswith(".json"):
        assert [f.where.line for f in all_found] == sorted(f.where.line for f in all_found)
        return
    written = raw.decode().translate(QUOTES).split("\n")
    for item in items(all_found):
        first = item.text.translate(QUOTES).split("\n")[0]
        assert first in "\n".join(written[item.where.line - 1 : item.where.line + 1])


@EVERY
def test_exactly_one_importer_claims_it(tmp_path: Path, sample: Sample) -> None:
    path = tmp_path / "named.wrongly"
    path.write_bytes(sample.write(CHAT))
    sure = claims(path)
    winner = sure.pop(sample.importer)
    assert winner >= 0.9
    assert max(sure.values()) <= winner - 0.3


@EVERY
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "gb18030"])
def test_any_encoding_gives_the_same(tmp_path: Path, sample: Sample, encoding: str) -> None:
    raw = sample.write(CHAT)
    plain = items(found(sample.importer, raw, tmp_path / sample.file))
    again = raw.decode("utf-8-sig").encode(encoding)
    assert items(found(sample.importer, again, tmp_path / sample.file)) == plain
    assert claims(tmp_path / sample.file)[sample.importer] >= 0.9


@EVERY
def test_a_file_that_was_garbled_gives_the_same(tmp_path: Path, sample: Sample) -> None:
    raw = sample.write(CHAT).removeprefix(b"\xef\xbb\xbf")
    plain = items(found(sample.importer, raw, tmp_path / sample.file))
    garbled = raw.decode("latin-1").encode()
    assert claims(tmp_path / sample.file)[sample.importer] >= 0.9
    assert items(found(sample.importer, garbled, tmp_path / sample.file)) == plain


@EVERY
def test_the_file_stays_as_it_was(tmp_path: Path, sample: Sample) -> None:
    raw = sample.write(CHAT)
    assert found(sample.importer, raw, tmp_path / sample.file) == found(sample.importer, raw, tmp_path / sample.file)
    assert (tmp_path / sample.file).read_bytes() == raw
    assert [p.name for p in tmp_path.iterdir()] == [sample.file]


@EVERY
def test_a_chat_without_messages_says_so(tmp_path: Path, sample: Sample) -> None:
    all_found = found(sample.importer, sample.write(()), tmp_path / sample.file)
    assert items(all_found) == []
    assert reasons(all_found) == {problems.NOTHING: 1}


OTHERS = {
    "prose": "On the 4th of March 2021, at 8:05, Mother said: come home.\n\nShe had cooked.\n",
    "Chinese prose": "1956年3月4日，外婆说：“回来吃饭。”\n\n2021-03-04 8:05:06\n那天下雨。\n",
    "letter": "Dear Ming,\n\n12/3/2020, a cold day. I write to you: come home.\n\nYour grandmother\n",
    "diary": "2021/03/04\nIt rained.\n2021/03/05\nIt rained again: all day.\n",
    "story notes": "# id: tea | date: 1956\n1956: The flood came.\n\nQ: What?\nA: That.\n",
    "other csv": "id,name,type,time,content\n1,a,b,2021-03-04,c\n",
    "bank csv": "Date,Description,Amount\n04/03/2021,Tea,3.20\n",
    "tabs": "08:05\tTea\t3.20\n09:10\tRice\t1.00\n",
    "other json": '{"messages":[{"sender_name":"a","timestamp_ms":1,"content":"b"}],"participants":[{"name":"a"}]}',
    "settings": '{"session":{"a":1},"name":"b"}',
    "list": '[{"date":"2021-03-04","text":"a"}]',
    "server log": "[04/Mar/2021:08:05:06 +0000] GET / 200\n2021-03-04 08:05:06 INFO a\n2021-03-04 08:05:07 INFO b\n",
    "subtitles": "1\n00:00:01,000 --> 00:00:02,000\nHello.\n",
    "mail": "From: a@b.c\nTo: d@e.f\nDate: Thu, 4 Mar 2021 08:05:06 +0800\nSubject: Home\n\nCome home: soon.\n",
    "xml": '<?xml version="1.0"?><smses count="1"><sms address="1" date="1614816306000" body="a" type="1"/></smses>',
    "nothing": "",
    "zeros": "\0" * 500,
    "emoji": "😀😀😀\n😀\n",
}


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_nothing_else_is_claimed(tmp_path: Path, text: str) -> None:
    path = tmp_path / "chat.txt"
    path.write_text(text, encoding="utf-8")
    sure = claims(path)
    assert {name: sure[name] for name in CHATS if sure[name] > 0.3} == {}


def test_every_sample_has_its_importer() -> None:
    assert {s.importer for s in SAMPLES.values()} == set(CHATS) <= set(IMPORTERS)
