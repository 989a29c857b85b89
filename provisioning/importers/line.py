"""Chats that LINE exports as text, in Chinese, English or Japanese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import PurePosixPath

from provisioning.importers import problems
from provisioning.importers.decoding import head_text, lines
from provisioning.importers.importer import Source
from provisioning.importers.item import Found, Item, Medium, When, Where
from provisioning.importers.moments import day_of, hour_of
from provisioning.importers.problems import Body, problem

_TITLE = re.compile(
    r"\[LINE\] ?(?:[与與] ?(?P<zh>.+?) ?的聊天[记記][录錄]|(?P<ja>.+?)と?のトーク履歴|"
    r"Chat history (?:with|in) (?P<en>.+?)|(?P<group>.+?)的聊天[记記][录錄]|(?P<other>.+))(?:\.txt)?\s*"
)
_SAVED = re.compile(r"(?:保存日期|儲存日期|储存日期|保存日時|Saved on) ?[:：].{0,40}")
_DAY = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?: ?[(（]\S{1,4}[)）]| \S{3,10})?\s*")
_ENGLISH_DAY = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w*, ?(\d{1,2})/(\d{1,2})/(\d{4})\s*")
_TIME = r"(?:(上午|下午|午前|午後|凌晨|早上|中午|晚上|AM|PM) ?)?(\d{1,2}):(\d{2}) ?([AaPp][Mm])?"
_MESSAGE = re.compile(rf"{_TIME}\t(?:([^\t]{{0,100}})\t)?(.*)", re.DOTALL)
_SPACED = re.compile(rf"{_TIME} (\S{{1,40}}) (.+)", re.DOTALL)
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SPACED = "names and words that only a space parts"
AMBIGUOUS = "dates whose day and month cannot be told apart for certain"

_MARKS: dict[str, Medium | str] = {
    **dict.fromkeys(("[照片]", "[圖片]", "[图片]", "[Photo]", "[写真]"), "photo"),
    **dict.fromkeys(("[影片]", "[视频]", "[Video]", "[動画]"), "video"),
    **dict.fromkeys(("[語音訊息]", "[语音消息]", "[语音讯息]", "[Voice message]", "[ボイスメッセージ]"), "voice"),
    **dict.fromkeys(("[檔案]", "[文件]", "[File]", "[ファイル]"), "file"),
    **dict.fromkeys(("[位置訊息]", "[位置信息]", "[Location]", "[位置情報]"), "location"),
    **dict.fromkeys(("[貼圖]", "[贴图]", "[Sticker]", "[スタンプ]", "(emoji)"), problems.STICKER),
    **dict.fromkeys(("[聯絡資訊]", "[联系人]", "[Contact]", "[連絡先]"), problems.CARD),
    **dict.fromkeys(("[相簿]", "[相册]", "[Album]", "[アルバム]", "[記事本]", "[Note]", "[ノート]"), problems.SYSTEM),
}
_MEDIA: dict[str, Medium] = {
    "photo": "photo",
    "video": "video",
    "voice": "voice",
    "file": "file",
    "location": "location",
}
_RECALLED = re.compile(r"unsent a message|已?收回(?:了)?訊息|已?收回(?:了)?(?:讯息|消息)|送信を取り消しました")


class Line:
    """Reads them. Who the owner is, LINE does not tell."""

    name = "line"
    version = 1

    def claims(self, source: Source) -> float:
        """By its title, or by a line with a day before lines with a time, a name and words."""
        text = head_text(source.head)
        if text.startswith("[LINE]"):
            return 1.0
        rows = text.split("\n")[:400]
        if not any(_DAY.fullmatch(row[:40]) or _ENGLISH_DAY.fullmatch(row[:40]) for row in rows):
            return 0.0
        if any(_MESSAGE.match(row[:200]) for row in rows):
            return 0.9
        return 0.6 if sum(_SPACED.match(row[:200]) is not None for row in rows) > 1 else 0.0

    def read(self, source: Source) -> Iterator[Found]:
        """One item a message."""
        tabs = any(_MESSAGE.match(row[:200]) for row in head_text(source.head).split("\n"))
        talk = _Talk(source.told, _MESSAGE if tabs else _SPACED)
        for number, line in lines(source.path, source.head):
            yield from talk.take(number, line)
        yield from talk.close()
        if talk.empty:
            yield problem(Where(source.told), problems.NOTHING)
        elif not tabs:
            yield problem(Where(source.told), SPACED, ambiguous=True)


class _Talk:
    """The message that is being read."""

    def __init__(self, told: str, form: re.Pattern[str]) -> None:
        self.empty = True
        self._told = told
        self._form = form
        self._chat = PurePosixPath(told).stem.removeprefix("[LINE]").strip()
        self._day = When()
        self._message: re.Match[str] | None = None
        self._at = (0, When())
        self._body = Body()
        self._stray = False

    def take(self, number: int, line: str) -> Iterator[Found]:
        message = self._form.match(line) if ":" in line[:9] else None
        if message:
            yield from self.close()
            self._message, self._at, self._body = message, (number, self._day), Body(message[message.lastindex or 0])
        elif day := _day(line):
            yield from self.close()
            self._day = day
            if 0 < day.confidence < 1:
                yield problem(Where(self._told, number), AMBIGUOUS, line, ambiguous=True)
        elif line.startswith("[LINE]") and (title := _TITLE.fullmatch(line[:200])):
            yield from self.close()
            self._chat = title[title.lastgroup or "other"].strip()
        elif self._message:
            self._body.add(line)
        elif line.strip() and not _SAVED.fullmatch(line) and not self._stray:
            self._stray = True
            yield problem(Where(self._told, number), problems.STRAY, line)

    def close(self) -> Iterator[Found]:
        """What the message before was."""
        message, self._message = self._message, None
        if message is None:
            return
        self.empty = False
        number, day = self._at
        where, name, text = Where(self._told, number), (message[5] or "").strip(), self._body.text()
        if self._body.cut:
            yield problem(where, problems.LONG, ambiguous=True)
        medium, reason = _kind(name, text)
        if reason:
            yield problem(where, reason, text)
            return
        words = "" if medium else _unquoted(text)
        when = _when(day, message)
        yield from problems.told(Item("message", words, where, when, name, name, None, self._chat, medium=medium))


def _kind(name: str, text: str) -> tuple[Medium | None, str]:
    """(medium, why it says nothing)."""
    if len(text) < 100 and _RECALLED.search(text) and (not name or len(text) < 30):
        return None, problems.RECALLED
    if not name:
        return None, problems.SYSTEM
    if text.startswith("☎"):
        return None, problems.CALL
    mark = _MARKS.get(text, "")
    return (_MEDIA[mark], "") if mark in _MEDIA else (None, mark)


def _unquoted(text: str) -> str:
    """LINE puts words of several lines in quotation marks, and doubles those within."""
    if "\n" in text and text.startswith('"') and text.endswith('"') and len(text) > 2:
        return text[1:-1].replace('""', '"')
    return text


def _day(line: str) -> When | None:
    """The day that a line of its own begins."""
    if len(line) > 40:
        return None
    if found := _DAY.fullmatch(line):
        start = day_of(int(found[1]), int(found[2]), int(found[3]))
        return When(start, line.strip(), 1.0 if start else 0.0)
    if found := _ENGLISH_DAY.fullmatch(line):
        return _english(found)
    return None


def _english(found: re.Match[str]) -> When:
    """Month first or day first: the weekday tells."""
    a, b, year = int(found[2]), int(found[3]), int(found[4])
    read = [start for month, day in ((a, b), (b, a)) if (start := day_of(year, month, day))]
    right = [start for start in read if date.fromisoformat(start).weekday() == _WEEKDAYS.index(found[1])]
    start = (right or read or [""])[0]
    certain = len(set(right)) == 1 or len(set(read)) == 1
    return When(start, found[0].strip(), (1.0 if certain else 0.5) if start else 0.0)


def _when(day: When, message: re.Match[str]) -> When:
    hour, minute = hour_of(int(message[2]), message[1] or message[4] or ""), int(message[3])
    text = f"{day.text} {message[0][: message.end(4) if message[4] else message.end(3)]}".strip()
    if not day.start or hour > 23 or minute > 59:
        return When(day.start, text, day.confidence if day.start else 0.0)
    return When(f"{day.start}T{hour:02}:{minute:02}:00", text, day.confidence)
