"""What QQ and LINE write beside plain words."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisioning.importers import problems
from provisioning.importers.item import Found
from provisioning.importers.line import AMBIGUOUS, SPACED
from tests.support.imports import claims, found, items, reasons


def qq(tmp_path: Path, text: str) -> list[Found]:
    return found("qq", text.encode(), tmp_path / "qq.txt")


def line(tmp_path: Path, text: str) -> list[Found]:
    return found("line", text.encode(), tmp_path / "line.txt")


HEADERS = {
    "2021-03-04 8:05:06 外婆(10001)": ("外婆", "10001", "2021-03-04T08:05:06"),
    "2021-03-04 20:05:06 【管理员】外婆(10001)": ("外婆", "10001", "2021-03-04T20:05:06"),
    "2021-03-04 08:05:06 外婆<lan@example.com>": ("外婆", "lan@example.com", "2021-03-04T08:05:06"),
    "2021-03-04 08:05:06 (10001)": ("10001", "10001", "2021-03-04T08:05:06"),
    "2021-03-04 08:05:06 外婆(家)(10001)": ("外婆(家)", "10001", "2021-03-04T08:05:06"),
    "2021-03-04 08:05:06 外婆": ("外婆", "外婆", "2021-03-04T08:05:06"),
    "2021/3/4 下午 3:05:06 外婆(10001)": ("外婆", "10001", "2021-03-04T15:05:06"),
}


@pytest.mark.parametrize(("header", "told"), HEADERS.items())
def test_qq_headers(tmp_path: Path, header: str, told: tuple[str, str, str]) -> None:
    (item,) = items(qq(tmp_path, f"消息对象:家\n{header}\n在\n"))
    assert (item.name, item.speaker, item.when.start) == told
    assert item.chat == "家"


def test_qq_all_chats_in_one_file(tmp_path: Path) -> None:
    rule = "=" * 64
    text = "".join(
        f"{rule}\n消息分组:我的好友\n{rule}\n消息对象:{who}\n{rule}\n\n2021-03-04 8:05:06 {who}(10001)\n我是{who}\n\n"
        for who in ("外婆", "舅舅")
    )
    assert [(i.chat, i.text) for i in items(qq(tmp_path, text))] == [("外婆", "我是外婆"), ("舅舅", "我是舅舅")]


def test_qq_words_with_a_picture_stay_whole(tmp_path: Path) -> None:
    (item,) = items(qq(tmp_path, "2021-03-04 8:05:06 外婆(10001)\n看[图片]\n\n好看吗\n"))
    assert (item.text, item.medium) == ("看[图片]\n\n好看吗", "photo")


def test_qq_lines_before_the_first_message_are_told(tmp_path: Path) -> None:
    all_found = qq(tmp_path, "消息记录\n\n散的\n散的\n2021-03-04 8:05:06 外婆(10001)\n在\n")
    assert reasons(all_found) == {problems.STRAY: 1}


def test_qq_without_its_first_lines_is_claimed_by_the_numbers(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("2021-03-04 8:05:06 外婆(10001)\n在\n\n2021-03-04 8:06:06 小明(20002)\n在\n", "utf-8")
    assert claims(tmp_path / "a")["qq"] == 0.9


TITLES = {
    "[LINE] 与外婆的聊天记录": "外婆",
    "[LINE] 與外婆的聊天記錄": "外婆",
    "[LINE] 外婆とのトーク履歴": "外婆",
    "[LINE] 家族のトーク履歴": "家族",
    "[LINE] Chat history with 外婆": "外婆",
    "[LINE] Chat history in 家": "家",
    "[LINE] 家的聊天记录": "家",
}


@pytest.mark.parametrize(("title", "chat"), TITLES.items())
def test_line_titles(tmp_path: Path, title: str, chat: str) -> None:
    all_found = line(tmp_path, f"{title}\n保存日期：2021/04/01 10:00\n\n2021/03/04（四）\n08:05\t外婆\t在\n")
    assert [(i.chat, i.when.start) for i in items(all_found)] == [(chat, "2021-03-04T08:05:00")]
    assert not reasons(all_found)


DAYS = {
    "2021/03/04（四）": ("2021-03-04", 1.0),
    "2021/03/04(木)": ("2021-03-04", 1.0),
    "2021.03.04 星期四": ("2021-03-04", 1.0),
    "2021/3/4(Thu)": ("2021-03-04", 1.0),
    "2021.03.04 Thursday": ("2021-03-04", 1.0),
    "Thu, 03/04/2021": ("2021-03-04", 1.0),
    "Mon, 13/12/2021": ("2021-12-13", 1.0),
    "Sat, 04/03/2021": ("2021-04-03", 1.0),
    "Thu, 04/03/2021": ("2021-03-04", 1.0),
    "Mon, 04/03/2021": ("2021-04-03", 0.5),
}


@pytest.mark.parametrize(("day", "told"), DAYS.items())
def test_line_days_and_weekdays(tmp_path: Path, day: str, told: tuple[str, float]) -> None:
    all_found = line(tmp_path, f"[LINE] 外婆\n{day}\n08:05\t外婆\t在\n")
    (item,) = items(all_found)
    assert (item.when.start[:10], item.when.confidence) == told
    assert reasons(all_found)[AMBIGUOUS] == (told[1] < 1)


TIMES = {
    "08:05": "08:05", "上午08:05": "08:05", "下午08:05": "20:05", "午後8:05": "20:05", "午前0:05": "00:05",
    "PM 8:05": "20:05", "08:05 PM": "20:05", "12:05am": "00:05", "下午12:05": "12:05", "23:59": "23:59",
}  # fmt: skip


@pytest.mark.parametrize(("time", "told"), TIMES.items())
def test_line_times(tmp_path: Path, time: str, told: str) -> None:
    (item,) = items(line(tmp_path, f"2021/03/04（四）\n{time}\t外婆\t在\n"))
    assert item.when.start == f"2021-03-04T{told}:00"


def test_line_without_a_day_keeps_the_words(tmp_path: Path) -> None:
    all_found = line(tmp_path, "[LINE] 外婆\n08:05\t外婆\t在\n")
    assert [(i.text, i.when.start) for i in items(all_found)] == [("在", "")]
    assert reasons(all_found) == {problems.TIMELESS: 1}


def test_line_without_tabs_is_read_with_a_doubt(tmp_path: Path) -> None:
    all_found = line(tmp_path, "2021.03.04 星期四\n08:05 外婆 今天回来吃饭吗\n08:06 小明 好的 外婆\n")
    assert [(i.speaker, i.text) for i in items(all_found)] == [("外婆", "今天回来吃饭吗"), ("小明", "好的 外婆")]
    assert reasons(all_found) == {SPACED: 1}
    assert claims(tmp_path / "line.txt")["line"] == 0.6


def test_line_words_in_quotation_marks(tmp_path: Path) -> None:
    text = '2021/03/04（四）\n08:05\t外婆\t"一\n二 ""三"""\n08:06\t外婆\t"四"\n'
    all_found = line(tmp_path, f"{text}08:07\t\t外婆加入聊天\n08:08\t小明已收回訊息\n")
    assert [i.text for i in items(all_found)] == ['一\n二 "三"', '"四"']
    assert reasons(all_found) == {problems.SYSTEM: 1, problems.RECALLED: 1}
