"""What Telegram writes beside plain words, and the stream of records below."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioning.importers import problems
from provisioning.importers.item import Found
from provisioning.importers.json_records import Damage, Record, records
from tests.support.exports import CHAT, telegram, telegram_all
from tests.support.imports import found, items, reasons, source

BASE = {"id": 1, "type": "message", "date": "2021-03-04T08:05:06", "from": "外婆", "from_id": "user1"}


def read(tmp_path: Path, *messages: dict[str, Any]) -> list[Found]:
    raw = json.dumps({"name": "家", "messages": [{**BASE, **m} for m in messages]}).encode()
    return found("telegram", raw, tmp_path / "result.json")


TEXTS: list[tuple[Any, str]] = [
    ("在", "在"),
    (["看 ", {"type": "link", "text": "http://a.b"}, " 好"], "看 http://a.b 好"),
    ([{"type": "bold", "text": "好"}, 5, None, {"a": 1}], "好"),
    ({"text": "在"}, "在"),
]


@pytest.mark.parametrize(("text", "told"), TEXTS)
def test_words_and_lists_of_words(tmp_path: Path, text: Any, told: str) -> None:
    assert [i.text for i in items(read(tmp_path, {"text": text}))] == [told]


MEDIA: list[tuple[dict[str, Any], tuple[str | None, str]]] = [
    ({"photo": "photos/1.jpg", "text": "院子"}, ("photo", "photos/1.jpg")),
    ({"file": "voice/1.ogg", "media_type": "voice_message", "text": ""}, ("voice", "voice/1.ogg")),
    ({"file": "round/1.mp4", "media_type": "video_message", "text": ""}, ("video", "round/1.mp4")),
    ({"file": "a.pdf", "file_name": "账本.pdf", "text": ""}, ("file", "a.pdf")),
    ({"file": "(File not included.)", "media_type": "video_file", "text": ""}, ("video", "")),
    ({"location_information": {"latitude": 30.2, "longitude": 120.1}, "text": ""}, ("location", "30.2, 120.1")),
    ({"file": "stickers/1.webp", "media_type": "sticker", "text": ""}, ("sticker", "stickers/1.webp")),
]


@pytest.mark.parametrize(("message", "told"), MEDIA)
def test_media(tmp_path: Path, message: dict[str, Any], told: tuple[str | None, str]) -> None:
    (item,) = items(read(tmp_path, message))
    assert (item.medium, item.attachment, item.text) == (*told, message["text"])


NOBODY: list[tuple[dict[str, Any], str]] = [
    ({"type": "service", "action": "phone_call", "text": ""}, problems.CALL),
    ({"type": "service", "action": "pin_message", "text": ""}, problems.SYSTEM),
    ({"forwarded_from": "报纸", "text": "新闻"}, problems.FORWARDED),
    ({"contact_information": {"first_name": "a"}, "text": ""}, problems.CARD),
    ({"poll": {"question": "a"}, "text": ""}, "a poll"),
    ({"media_type": "sticker", "sticker_emoji": "😀", "text": ""}, problems.STICKER),
    ({"text": ""}, problems.EMPTY),
]


@pytest.mark.parametrize(("message", "reason"), NOBODY)
def test_what_nobody_said(tmp_path: Path, message: dict[str, Any], reason: str) -> None:
    assert reasons(read(tmp_path, message)) == {reason: 1}


def test_a_deleted_account_and_a_time_of_no_zone(tmp_path: Path) -> None:
    (item,) = items(read(tmp_path, {"from": None, "date": None, "date_unixtime": "1614816306", "text": "在"}))
    assert (item.speaker, item.name) == ("user1", "")
    assert (item.when.start, item.when.confidence) == ("2021-03-04T00:05:06", 0.8)


def taken(tmp_path: Path, raw: bytes) -> list[Record | Damage]:
    (tmp_path / "a.json").write_bytes(raw)
    return list(records(source(tmp_path / "a.json")))


def test_what_stands_above_is_told_with_each_record(tmp_path: Path) -> None:
    raw = b'{"a":{"b":1},"chats":{"list":[{"name":"x","messages":[{"m":[{"n":{}}]}]},{"name":"y","messages":[{}]}]}}'
    told = [(r.value, [sorted(m) for m in r.above]) for r in taken(tmp_path, raw) if isinstance(r, Record)]
    assert told == [({"m": [{"n": {}}]}, [["a", "chats"], [], ["name"]]), ({}, [["a", "chats"], [], ["name"]])]


@pytest.mark.parametrize("write", [telegram, telegram_all])
def test_names_of_chats_are_right_after_damage(tmp_path: Path, write: Any) -> None:
    chat = [CHAT[0]._replace(text=f"{i}") for i in range(30)]
    raw = write(chat)
    at = raw.index(b'"id": 4,')
    spoiled = raw[: at + 4] + b"\x01}]" + raw[at + 8 :]
    whole = items(found("telegram", raw, tmp_path / "a.json"))
    left = items(found("telegram", spoiled, tmp_path / "a.json"))
    assert len(left) >= len(whole) - 2
    assert [i.text for i in left[-20:]] == [i.text for i in whole[-20:]]
    assert {i.chat for i in left} == {i.chat for i in whole}


def test_damage_between_records_costs_none(tmp_path: Path) -> None:
    raw = b'{"a":1,"messages":[{"id":1},{"id":2},\x01{"id":3}, {"id":4}]}'
    got = taken(tmp_path, raw)
    assert [r.value["id"] for r in got if isinstance(r, Record)] == [1, 2, 3, 4]
    assert sum(isinstance(r, Damage) for r in got) == 1
    above = taken(tmp_path, raw.replace(b":1,", b":\x01,"))
    assert [r.value["id"] for r in above if isinstance(r, Record)] == [1, 2, 3, 4]


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**25), 10**25)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=150)
@given(st.lists(st.dictionaries(st.text(max_size=6), JSON, max_size=5), max_size=6), st.sampled_from([None, 1]))
def test_any_record_is_read_as_json_reads_it(
    tmp_path_factory: pytest.TempPathFactory, told: list[dict[str, Any]], indent: int | None
) -> None:
    folder = tmp_path_factory.getbasetemp()
    raw = json.dumps({"name": "a", "messages": told}, ensure_ascii=False, indent=indent).encode("utf-8", "replace")
    got = taken(folder, raw)
    assert all(isinstance(r, Record) for r in got)
    expected = [tidy(m) for m in json.loads(raw)["messages"]]
    assert [tidy(r.value) for r in got if isinstance(r, Record)] == expected


def tidy(value: Any) -> Any:
    """As the stream gives it: without NUL and byte order marks, numbers as floats."""
    if isinstance(value, str):
        return value.replace("\0", "").lstrip("\ufeff")
    if isinstance(value, list):
        return [tidy(v) for v in value]
    if isinstance(value, dict):
        return {tidy(k): tidy(v) for k, v in value.items()}
    return float(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value
