"""What families really bring: files cut off, empty, of nothing, endless, deeper and later than anything."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from provisioning.importers import json_records, problems
from provisioning.importers.decoding import MAX_LINE
from provisioning.importers.item import Item, Problem
from tests.provisioning.importers.fuzz import check
from tests.support.exports import CHAT, CHATS, SAMPLES, Message, Sample
from tests.support.imports import found, items, reasons

EVERY = pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)


@EVERY
def test_a_file_cut_off_anywhere_gives_what_came_before(tmp_path: Path, sample: Sample) -> None:
    raw = sample.write(CHAT)
    folder = tmp_path / "one"
    folder.mkdir()
    whole = items(found(sample.importer, raw, tmp_path / sample.file))
    for end in range(0, len(raw), 97):
        check(sample.importer, raw[:end], folder / "chat")
    half = items(found(sample.importer, raw[: len(raw) // 2], tmp_path / sample.file))
    assert [i.text for i in half[:-1]] == [i.text for i in whole[: len(half) - 1]]
    assert len(half) >= 3


@EVERY
def test_zero_bytes_at_the_end_are_no_message(tmp_path: Path, sample: Sample) -> None:
    raw = sample.write(CHAT)
    whole = items(found(sample.importer, raw, tmp_path / sample.file))
    assert items(found(sample.importer, raw + bytes(70_000), tmp_path / sample.file)) == whole


@EVERY
def test_damage_in_the_middle_costs_its_own_message(tmp_path: Path, sample: Sample) -> None:
    chat = [CHAT[i % 3]._replace(text=f"第{i}句话，吃饭。") for i in range(40)]
    raw = sample.write(chat)
    at = raw.index("第20句".encode())
    spoiled = raw[: at - 9] + b'\xff\x00"{' + raw[at + 4 :]
    texts = [i.text for i in items(found(sample.importer, spoiled, tmp_path / sample.file))]
    missing = {m.text for m in chat} - set(texts)
    assert len(missing) <= 2, missing
    assert "第39句话，吃饭。" in texts


@EVERY
def test_a_chat_of_emoji_alone(tmp_path: Path, sample: Sample) -> None:
    chat = [CHAT[i % 2]._replace(text="😀" * (i + 1)) for i in range(5)]
    got = items(found(sample.importer, sample.write(chat), tmp_path / sample.file))
    assert [i.text for i in got][:5] == [m.text for m in chat]


@EVERY
def test_a_line_of_a_million_characters(tmp_path: Path, sample: Sample) -> None:
    chat = [CHAT[0], CHAT[1]._replace(text="很" * 1_000_000), CHAT[12]]
    all_found = found(sample.importer, sample.write(chat), tmp_path / sample.file)
    got = items(all_found)
    assert (got[0].text, got[-1].text) == (CHAT[0].text, CHAT[12].text)
    longest = max((i.text for i in got), key=len)
    assert len(longest) == 1_000_000 or reasons(all_found)[problems.LONG]
    assert set(longest) == {"很"}


REPEATED = (
    "\n", " ", "\t", " \n", "<", "<title>", "<a:", '"', '""', "[", "{", "(", "\\", "=", ":", ": ", "\u200e", "[引用]",
    "<attached: ", "2021-03-04 8:05:06 ", "锛", "Ã", "\ufffd",
)  # fmt: skip


@pytest.mark.parametrize("sample", {s.importer: s for s in SAMPLES.values()}.values(), ids=CHATS)
@pytest.mark.parametrize("piece", REPEATED)
def test_a_piece_repeated_without_end_is_read_to_the_end(tmp_path: Path, sample: Sample, piece: str) -> None:
    """Where a pattern tries each beginning with each end, this does not return."""
    words = "小明，今天回来吃饭吗？我给你做了红烧肉。"
    raw = sample.write(CHAT[:3]).replace(words.encode(), f"好{piece * 100_000}好".encode(), 1)
    check(sample.importer, raw, tmp_path / "chat")


@pytest.mark.parametrize("name", CHATS)
@pytest.mark.parametrize(
    "raw", [b"", b"\n", b"\0" * 100_000, b"\xff" * 1000, b"{", b"[", b'""', b"id", "外婆".encode()]
)
def test_what_is_no_export_is_one_problem(tmp_path: Path, name: str, raw: bytes) -> None:
    all_found = found(name, raw, tmp_path / "file")
    assert items(all_found) == []
    assert 1 <= len(all_found) <= 3


@pytest.mark.parametrize("count", [10_000, pytest.param(1_000_000, marks=pytest.mark.long)])
def test_records_of_nothing(tmp_path: Path, count: int) -> None:
    nothing = {
        "telegram": b'{"messages":[' + b"{}," * (count - 1) + b"{}]}",
        "qq": b"\n" * count,
        "whatsapp": b"\n" * count,
        "line": b"\t\n" * count,
        "wechat-csv": SAMPLES["wechat csv: PyWxDump"].write(()) + b"\r\n" * count,
    }
    for name, raw in nothing.items():
        assert not any(isinstance(f, Item) for f in found(name, raw, tmp_path / "file"))


@pytest.mark.parametrize("name", ["telegram", "wechat-json"])
def test_json_deeper_than_anything(tmp_path: Path, name: str) -> None:
    for raw in (
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b'{"messages":[' * 50_000,
        b'{"messages":[{"id":1,"text":' + b"[" * 100_000 + b"]" * 100_000 + b'},{"id":2,"text":"a"}]}',
        b'{"messages":[{"id":1,"text":"' + b"x" * (json_records.MAX_PENDING + json_records.CHUNK),
    ):
        all_found = found(name, raw, tmp_path / "file")
        assert reasons(all_found)[problems.DAMAGED] >= 1
        assert len(all_found) < json_records.GIVE_UP + 5


def test_the_records_after_a_deep_one_are_found(tmp_path: Path) -> None:
    deep = b'{"id":1,"text":' + b"[" * 1000 + b"]" * 1000 + b"}"
    raw = (
        b'{"name":"a","messages":[{"id":0,"text":"x"},' + deep + b',{"id":2,"text":"y","date":"2021-03-04T08:05:06"}]}'
    )
    all_found = found("telegram", raw, tmp_path / "file")
    assert [(i.text, i.chat) for i in items(all_found)] == [("x", "a"), ("y", "a")]
    assert reasons(all_found)[problems.DAMAGED] == 1


@pytest.mark.parametrize("when", [99999999999999, -5, 10**400, "x", None, True, [], 1e308, "9" * 5000, "-1", "NaN"])
def test_times_out_of_range_leave_the_words(tmp_path: Path, when: object) -> None:
    message = {"createTime": when, "type": "文本消息", "content": "在", "isSend": 0, "senderUsername": "a"}
    raw = json.dumps({"session": {"wxid": "a"}, "messages": [message]}).encode()
    all_found = found("wechat-json", raw, tmp_path / "file")
    if items(all_found):
        (item,) = items(all_found)
        assert (item.text, item.when.start, item.when.confidence) == ("在", "", 0.0)
        assert reasons(all_found) == {problems.TIMELESS: 1}
    else:
        assert all(isinstance(f, Problem) for f in all_found)


@pytest.mark.parametrize("year", ["99999", "0000", "1021", "2200"])
def test_years_out_of_range_leave_the_words(tmp_path: Path, year: str) -> None:
    for key in ("wechat csv: PyWxDump", "telegram", "whatsapp: iPhone", "line: Chinese"):
        sample = SAMPLES[key]
        raw = sample.write((*CHAT[:3], CHAT[12])).replace(b"2021", year.encode())
        all_found = found(sample.importer, raw, tmp_path / sample.file)
        assert all(not i.when.start or i.when.start.startswith("20") for i in items(all_found))
        assert all_found


def test_a_long_line_of_a_text_comes_in_pieces_and_is_told(tmp_path: Path) -> None:
    chat = [CHAT[0], Message(CHAT[1].at, "a", "小明", "很" * (2 * MAX_LINE), True), CHAT[12]]
    for key in ("qq", "whatsapp: Android", "line: Chinese"):
        all_found = found(SAMPLES[key].importer, SAMPLES[key].write(chat), tmp_path / "file")
        assert reasons(all_found)[problems.LONG] == 1
        assert items(all_found)[-1].text == CHAT[12].text
