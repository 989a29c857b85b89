"""Downloads of Messenger and Instagram."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioning.importers.item import Item, Problem
from provisioning.importers.messenger import Messenger, mended
from tests.support.documents import NOON, TALK, escaped, messenger, secure_messenger
from tests.support.reading import read

TYPED = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff\ufffd")


def talk(folder: Path, raw: bytes) -> tuple[list[Item], list[Problem]]:
    return read(Messenger(), folder, "chats/message_1.json", raw)


def test_a_talk_is_read_in_the_order_of_the_file(tmp_path: Path) -> None:
    items, problems = talk(tmp_path, messenger(TALK))
    assert [(i.where.line, i.speaker, i.text, i.medium) for i in items] == [
        (1, "许兰", "", "voice"),
        (4, "Mei", "", "photo"),
        (5, "许兰", "汤在锅里 🍲", None),
    ]
    assert items[2].when.start == "2021-03-01T04:00:00"
    assert items[2].when.confidence < 1
    assert items[2].when.utc
    assert {i.chat for i in items} == {"许兰"}
    assert items[1].attachment == "messages/inbox/x/photos/soup.jpg"
    assert [p.reason for p in problems] == ["a recalled message", "a reaction or notice"]


def test_an_encrypted_talk_is_read_too(tmp_path: Path) -> None:
    items, problems = talk(tmp_path, secure_messenger())
    assert [(i.speaker, i.text, i.medium) for i in items] == [("许兰", "汤在锅里", None), ("Mei", "", "photo")]
    assert not problems


@pytest.mark.parametrize("text", ["naïve", "héllo ça va", "汤", "Ã", ""])
def test_text_that_is_right_stays(text: str) -> None:
    assert mended(text) == text


@given(st.text())
def test_any_text_comes_back(text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    assert mended(escaped(text)) == text


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["许兰", "Mei"]), st.text(TYPED, max_size=30)), max_size=8))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, said: list[tuple[str, str]]) -> None:
    raw = messenger([{"sender_name": w, "timestamp_ms": NOON * 1000, "content": t} for w, t in said])
    items, problems = talk(tmp_path_factory.mktemp("box"), raw)
    texts = [(w, t) for w, t in said if t][::-1]
    assert [(i.speaker, i.text) for i in items] == texts
    assert len(items) + len([p for p in problems if not p.ambiguous]) == len(said)


def test_several_pictures_are_several_items(tmp_path: Path) -> None:
    photos = [{"uri": "a.jpg"}, {"uri": "b.jpg"}]
    items, _ = talk(
        tmp_path, messenger([{"sender_name": "Mei", "timestamp_ms": 1, "content": "two", "photos": photos}])
    )
    assert [(i.text, i.attachment) for i in items] == [("two", "a.jpg"), ("", "b.jpg")]
    assert items[0].when.start == ""


def test_calls_and_links_are_told_by_what_they_are(tmp_path: Path) -> None:
    said = [
        {"sender_name": "Mei", "timestamp_ms": NOON * 1000, "content": "Mei called you.", "call_duration": 60},
        {
            "sender_name": "Mei",
            "timestamp_ms": NOON * 1000,
            "content": "look",
            "share": {"link": "https://example.com/a"},
        },
    ]
    items, problems = talk(tmp_path, messenger(said))
    assert [p.reason for p in problems] == ["a call"]
    assert [(i.text, i.medium, i.attachment) for i in items] == [("look", "link", "https://example.com/a")]


def test_what_is_cut_off_keeps_what_stood_before(tmp_path: Path) -> None:
    raw = messenger(TALK)
    items, problems = talk(tmp_path, raw[: raw.rindex(b'"content"')])
    assert len(items) == 2
    assert problems[-1].reason == "a damaged record"


@pytest.mark.parametrize(
    "message",
    [
        {"sender_name": 3},
        {"sender_name": "M", "timestamp_ms": "x", "content": 4, "photos": [None, {"uri": 1}]},
        {"sender_name": "M", "timestamp_ms": 10**15 * 9, "content": "x"},
        {"content": "x"},
        {},
    ],
)
def test_records_of_another_shape_are_told(tmp_path: Path, message: dict[str, object]) -> None:
    raw = json.dumps({"participants": [3], "messages": [message], "title": 4}).encode()
    _, problems = talk(tmp_path, raw)
    assert len(problems) == 1


ENDLESS = [
    b"[" * 200_000,
    b'{"participants":' * 50_000,
    b'{"messages": [' + b"[" * 300_000,
    b'{"messages": [' + b"9" * 9000,
]


@pytest.mark.parametrize("raw", ENDLESS)
def test_depth_without_end_is_one_problem(tmp_path: Path, raw: bytes) -> None:
    items, problems = talk(tmp_path, raw)
    assert not items
    assert len(problems) == 1
