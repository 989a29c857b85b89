"""Backups of text messages."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioning.importers import sms_xml
from provisioning.importers.item import Item, Problem
from provisioning.importers.sms_xml import SmsXml
from tests.support.documents import mms, sms
from tests.support.documents import sms_xml as backup
from tests.support.reading import read, source


def phone(folder: Path, raw: bytes) -> tuple[list[Item], list[Problem]]:
    return read(SmsXml(), folder, "chats/sms.xml", raw)


def test_texts_of_both_sides(tmp_path: Path) -> None:
    items, problems = phone(tmp_path, backup(sms("你在哪里？😀"), sms("Home\nnow", own=True)))
    assert [(i.text, i.speaker, i.name, i.own, i.chat) for i in items] == [
        ("你在哪里？😀", "+8613900000001", "外婆", False, "外婆"),
        ("Home\nnow", "me", "", True, "外婆"),
    ]
    assert not problems


def test_the_phones_own_clock_tells_the_zone(tmp_path: Path) -> None:
    (item,), _ = phone(tmp_path, backup(sms("x")))
    assert (item.when.start, item.when.confidence, item.when.utc) == ("2021-03-01T12:00:00", 1.0, False)
    (chinese,), _ = phone(tmp_path, backup(sms("x").replace("Mar 1, 2021 12:00:00 PM", "2021年3月1日 下午12:00:00")))
    assert chinese.when == item.when
    (other,), _ = phone(tmp_path, backup(sms("x").replace("Mar 1, 2021 12:00:00 PM", "1 mars 2021")))
    assert (other.when.start, other.when.confidence, other.when.utc) == ("2021-03-01T04:00:00", 0.8, True)


def test_pictures_are_named_and_their_bytes_dropped(tmp_path: Path) -> None:
    items, problems = phone(tmp_path, backup(mms("The kite", bytes(3_000_000)), sms("after")))
    assert [(i.text, i.medium, i.attachment) for i in items] == [("The kite", "photo", "kite.jpg"), ("after", None, "")]
    assert not problems


def test_pictures_can_be_taken_out(tmp_path: Path) -> None:
    picture = bytes(range(256)) * 20_000
    given_file = source(tmp_path, "chats/sms.xml", backup(sms("x"), mms("The kite", picture), mms("", b"second")))
    named = [
        (i.where, i.medium, i.attachment) for i in SmsXml().read(given_file) if isinstance(i, Item) and i.attachment
    ]
    taken = list(SmsXml().attached(given_file))
    assert [t[:3] for t in taken] == named
    assert [t.content for t in taken] == [picture, b"second"]


texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60)


@settings(max_examples=60, deadline=None)
@given(st.lists(texts, min_size=1, max_size=6))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, said: list[str]) -> None:
    said = [text.replace("\ufffe", "").replace("\uffff", "").strip() or "x" for text in said]
    said = ["y" if text in ("null", "(Unknown)", "insert-address-token") else text for text in said]
    items, problems = phone(tmp_path_factory.mktemp("box"), backup(*(sms(text) for text in said)))
    assert [i.text for i in items] == said
    assert all(p.ambiguous for p in problems)


@pytest.mark.parametrize("size", [1, 7, 50, 1000])
def test_where_the_file_is_cut_into_pieces_does_not_matter(tmp_path: Path, size: int) -> None:
    raw = backup(sms("你在哪里？😀"), mms("kite", bytes(500)), sms("x", own=True))
    path = tmp_path / "sms.xml"
    path.write_bytes(raw)
    whole = list(sms_xml.records(path, "utf-8"))
    assert list(sms_xml.records(path, "utf-8", size)) == whole
    assert len(whole) == 3


def test_a_damaged_record_is_one_problem(tmp_path: Path) -> None:
    broken = sms("one").replace('toa="null"', "toa=null")
    items, problems = phone(tmp_path, backup(broken, sms("two"), sms("three").replace("&", "")))
    assert [i.text for i in items] == ["two", "three"]
    assert [p.reason for p in problems] == ["a damaged record"]


@pytest.mark.parametrize("odd", ["&#0;", "&#xD83D;", "&#55357;", "\x01", "&#56832;&#55357;", "&#99999999;"])
def test_what_xml_may_not_hold_costs_one_character(tmp_path: Path, odd: str) -> None:
    (item,), problems = phone(tmp_path, backup(sms("aXb").replace("aXb", f"a{odd}b")))
    assert (item.text[0], item.text[-1]) == ("a", "b")
    assert set(item.text[1:-1]) == {"\ufffd"}
    assert [p.ambiguous for p in problems] == [True]


BOMB = '<!DOCTYPE smses [<!ENTITY a "ha"><!ENTITY b "{}"><!ENTITY f SYSTEM "file:///etc/hostname">]>'.format(
    "&a;" * 1000
)


@pytest.mark.parametrize("entity", ["&b;", "&f;"])
def test_declared_entities_mean_nothing(tmp_path: Path, entity: str) -> None:
    raw = backup(sms("one").replace("one", entity), sms("two")).replace(b"<smses", BOMB.encode() + b"<smses")
    items, problems = phone(tmp_path, raw)
    assert [i.text for i in items] == ["two"]
    assert [p.reason for p in problems] == ["a damaged record"]


def test_a_record_without_end_is_one_problem(tmp_path: Path) -> None:
    long = sms("one").replace("one", "很长" * 5_000_000)
    items, problems = phone(tmp_path, backup(long, sms("two")))
    assert [i.text for i in items] == ["two"]
    assert [p.reason for p in problems] == ["a message that is too long"]


def test_drafts_and_messages_that_failed_are_told(tmp_path: Path) -> None:
    records = [sms("x").replace('type="1"', f'type="{kind}"') for kind in (3, 5)]
    items, problems = phone(tmp_path, backup(*records))
    assert not items
    assert [p.reason for p in problems] == ["a draft", "a message that was never sent"]


def test_fewer_messages_than_its_beginning_says(tmp_path: Path) -> None:
    raw = backup(sms("one"), sms("two"))
    items, problems = phone(tmp_path, raw[: raw.index(b"<sms ", raw.index(b"two") - 300)])
    assert len(items) == 1
    assert problems[-1].detail == "1 of 2 messages"


def test_a_group_tells_who_wrote(tmp_path: Path) -> None:
    group = mms("hi").replace('address="+8613900000001" m_type', 'address="+8613900000001~+8613900000002" m_type')
    items, _ = phone(tmp_path, backup(group))
    assert (items[0].speaker, items[0].name, items[0].chat) == ("+8613900000001", "", "外婆")
