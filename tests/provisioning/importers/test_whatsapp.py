"""WhatsApp in the settings of many telephones."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisioning.importers import problems
from provisioning.importers.item import Item
from provisioning.importers.whatsapp import AMBIGUOUS
from provisioning.importers.whatsapp_times import header_of
from tests.support.imports import claims, found, items, reasons


def one(tmp_path: Path, line: str, told: str = "") -> Item:
    (item,) = items(found("whatsapp", f"{line}\n".encode(), tmp_path / "chat.txt", told))
    return item


BEGINNINGS = {
    "[14/10/2021, 3:34:09 PM] N: t": "2021-10-14T15:34:09",
    "\u200e[14/10/2021, 3:34:09\u202fPM] N: t": "2021-10-14T15:34:09",
    "12/31/2020, 15:37 - N: t": "2020-12-31T15:37:00",
    "[07.03.26, 21:22:39] N: t": "2026-03-07T21:22:39",
    "10/14/21, 12:05 AM - N: t": "2021-10-14T00:05:00",
    "10/14/21, 12:05\u202fpm - N: t": "2021-10-14T12:05:00",
    "14/10/2021, 3:34 p. m. - N: t": "2021-10-14T15:34:00",
    "2021/3/4 下午3:34 - N: t": "2021-03-04T15:34:00",
    "[2021/3/4 上午12:34:09] N: t": "2021-03-04T00:34:09",
    "[2021-03-04, 3:34:09 PM] N: t": "2021-03-04T15:34:09",
    "2021. 03. 04. 15:34 - N: t": "2021-03-04T15:34:00",
    "[12.3.2022 klo 14.08.18] N: t": "2022-03-12T14:08:18",
    "14-10-2021 15:34 - N: t": "2021-10-14T15:34:00",
    "14.10.21, 15:34 – N: t": "2021-10-14T15:34:00",
}


@pytest.mark.parametrize(("line", "start"), BEGINNINGS.items())
def test_a_beginning_in_any_setting(tmp_path: Path, line: str, start: str) -> None:
    item = one(tmp_path, line)
    assert (item.when.start, item.speaker, item.text) == (start, "N", "t")


@pytest.mark.parametrize(
    "line",
    ["3/4 of it", "10:30 - N: t", "1999", "[1] N: t", "12/12/2020", "12/12/2020, noon - a: b", "12/12/2020, 9:30: no"],
)
def test_what_only_begins_with_numbers_is_no_message(line: str) -> None:
    assert header_of(line) is None


def dates(tmp_path: Path, *told: str) -> tuple[list[str], list[float], int]:
    raw = "".join(f"{date}, 15:37 - N: t\n" for date in told).encode()
    all_found = found("whatsapp", raw, tmp_path / "chat.txt")
    starts = [i.when.start[:10] for i in items(all_found)]
    return starts, [i.when.confidence for i in items(all_found)], reasons(all_found)[AMBIGUOUS]


def test_a_number_over_twelve_anywhere_is_the_day_everywhere(tmp_path: Path) -> None:
    assert dates(tmp_path, "03/04/2021", "13/04/2021") == (["2021-04-03", "2021-04-13"], [1.0, 1.0], 0)
    assert dates(tmp_path, "03/04/2021", "03/13/2021") == (["2021-03-04", "2021-03-13"], [1.0, 1.0], 0)


def test_else_the_order_of_time_tells(tmp_path: Path) -> None:
    assert dates(tmp_path, "01/02/2021", "02/02/2021", "01/03/2021")[:2] == (
        ["2021-02-01", "2021-02-02", "2021-03-01"], [0.9, 1.0, 0.9]
    )  # fmt: skip
    assert dates(tmp_path, "01/02/2021", "01/03/2021", "02/01/2021")[0][0] == "2021-01-02"


def test_what_stays_open_is_a_guess_and_told(tmp_path: Path) -> None:
    starts, confidence, ambiguous = dates(tmp_path, "01/02/2021", "03/04/2021")
    assert (starts, ambiguous) == (["2021-02-01", "2021-04-03"], 1)
    assert max(confidence) <= 0.5
    assert dates(tmp_path, "01.02.2021", "03.04.2021") == (["2021-02-01", "2021-04-03"], [0.95, 0.95], 0)


def test_dates_of_both_orders_are_told(tmp_path: Path) -> None:
    starts, confidence, ambiguous = dates(tmp_path, "13/04/2021", "14/04/2021", "04/15/2021")
    assert (starts, ambiguous) == (["2021-04-13", "2021-04-14", "2021-04-15"], 1)
    assert max(confidence) <= 0.7


MEDIA = {
    "\u200e<attached: 00000012-PHOTO-2021.jpg>": ("photo", "00000012-PHOTO-2021.jpg", ""),
    "the garden \u200e<attached: 12-PHOTO.jpg>": ("photo", "12-PHOTO.jpg", "the garden"),
    "\u200e<附件：00000012-AUDIO-2021.opus>": ("voice", "00000012-AUDIO-2021.opus", ""),
    "\u200e<Anhang: 12-VIDEO.mp4>": ("video", "12-VIDEO.mp4", ""),
    "IMG-1.jpg (file attached)\nthe garden": ("photo", "IMG-1.jpg", "the garden"),
    "PTT-20210304-WA0002.opus (文件附件)": ("voice", "PTT-20210304-WA0002.opus", ""),
    "Brief.pdf (Datei angehängt)": ("file", "Brief.pdf", ""),
    "\u200eimage omitted": ("photo", "", ""),
    "<Media omitted>": ("file", "", ""),
    "<省略多媒体文件>": ("file", "", ""),
    "<Medien ausgeschlossen>": ("file", "", ""),
    "\u200eaudio omitted": ("voice", "", ""),
    "location: https://maps.google.com/?q=1.0,2.0": ("location", "https://maps.google.com/?q=1.0,2.0", ""),
}


@pytest.mark.parametrize(("text", "told"), MEDIA.items())
def test_media(tmp_path: Path, text: str, told: tuple[str, str, str]) -> None:
    item = one(tmp_path, f"14/10/2021, 15:37 - N: {text}")
    assert (item.medium, item.attachment, item.text) == told


NOBODY = {
    "14/10/2021, 15:37 - Messages and calls are end-to-end encrypted.": problems.SYSTEM,
    "14/10/2021, 15:37 - Mum changed the subject to \u201chome: us\u201d": problems.SYSTEM,
    "[14/10/2021, 15:37:00] N: \u200eYou created this group": problems.SYSTEM,
    "14/10/2021, 15:37 - N: This message was deleted": problems.RECALLED,
    "14/10/2021, 15:37 - N: null": problems.EMPTY,
    "14/10/2021, 15:37 - N: 此消息已删除": problems.RECALLED,
    "[14/10/2021, 15:37:00] N: \u200eMissed voice call": problems.CALL,
    "[14/10/2021, 15:37:00] N: \u200esticker omitted": problems.STICKER,
}


@pytest.mark.parametrize(("line", "reason"), NOBODY.items())
def test_what_nobody_said(tmp_path: Path, line: str, reason: str) -> None:
    assert reasons(found("whatsapp", line.encode(), tmp_path / "chat.txt")) == {reason: 1}


def test_words_about_such_things_are_words(tmp_path: Path) -> None:
    for text in (
        "I left the keys: they are in the hall",
        "Why was it deleted?",
        "the image was omitted from the book",
        "Ring: 5",
    ):
        assert one(tmp_path, f"14/10/2021, 15:37 - N: {text}").text == text


def test_a_note_that_it_was_edited_is_not_what_was_said(tmp_path: Path) -> None:
    assert one(tmp_path, "14/10/2021, 15:37 - N: come home \u200e<This message was edited>").text == "come home"


def test_numbers_and_names_lose_the_marks_around(tmp_path: Path) -> None:
    assert one(tmp_path, "14/10/2021, 15:37 - \u202a+44 7700 900123\u202c: t").speaker == "+44 7700 900123"
    assert one(tmp_path, "[14/10/2021, 15:37:00] ~\u202fMum: t").speaker == "Mum"


NAMED = {
    "chats/WhatsApp Chat with Mum.txt": "Mum",
    "chats/与妈妈的WhatsApp聊天.txt": "妈妈",
    "chats/WhatsApp Chat - Mum/_chat.txt": "Mum",
    "chats/WhatsApp Chat - Mum.zip!/_chat.txt": "Mum",
    "chats/WhatsApp-Chat mit Oma.txt": "Oma",
    "chats/mum.txt": "mum",
}


@pytest.mark.parametrize(("told", "chat"), NAMED.items())
def test_the_chat_has_the_name_of_the_file_or_folder(tmp_path: Path, told: str, chat: str) -> None:
    assert one(tmp_path, "14/10/2021, 15:37 - N: t", told).chat == chat


def test_lines_before_the_first_message_are_told_once(tmp_path: Path) -> None:
    all_found = found("whatsapp", b"a\nb\n14/10/2021, 15:37 - N: t\n", tmp_path / "chat.txt")
    assert reasons(all_found) == {problems.STRAY: 1}
    assert len(items(all_found)) == 1


def test_one_message_alone_is_claimed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"14/10/2021, 15:37 - N: t\n")
    assert claims(tmp_path / "a.txt")["whatsapp"] == 1.0
