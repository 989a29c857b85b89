"""Chats that QQ exports as text: a line with the time and the name, then the words; one chat or all in a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from provisioning.importers import problems
from provisioning.importers.decoding import head_text, lines
from provisioning.importers.importer import Source
from provisioning.importers.item import Found, Item, Medium, When, Where
from provisioning.importers.moments import hour_of, local
from provisioning.importers.problems import Body, problem

_HEADER = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2}) (?:(上午|下午) ?)?(\d{1,2}):(\d{2}):(\d{2}) (?:【[^】]{1,20}】)?"
    r"(.{0,80}?)(?:\((\d{4,12})\)|<([^<>\s]{3,80})>)?\s*"
)
_NAMED = re.compile(
    r"^\d{4}[-/]\d{1,2}[-/]\d{1,2} (?:[上下]午 ?)?\d{1,2}:\d\d:\d\d .{0,80}(?:\(\d{4,12}\)|<\S+@\S+>)\s*$", re.M
)
_RULE = re.compile(r"={20,}\s*")
LONGEST = 200
"""Characters of a line with a time and a name."""
_MEDIA: dict[str, Medium] = {
    "[图片]": "photo", "[闪照]": "photo", "[照片]": "photo", "[语音]": "voice", "[语音消息]": "voice",
    "[视频]": "video", "[短视频]": "video", "[文件]": "file", "[位置]": "location", "[分享]": "link",
}  # fmt: skip
_NOBODY = {
    **dict.fromkeys(("[表情]", "[动画表情]", "[原创表情]"), problems.STICKER),
    **dict.fromkeys(("[QQ红包]", "[红包]", "[转账]"), problems.MONEY),
    **dict.fromkeys(("[语音通话]", "[视频通话]", "[通话]"), problems.CALL),
    **dict.fromkeys(("[窗口抖动]", "[戳一戳]"), problems.SYSTEM),
    **dict.fromkeys(("[合并转发]", "[聊天记录]"), problems.FORWARDED),
    "[名片]": problems.CARD,
}
_SYSTEM = ("系统消息", "系统消息(10000)")


class Qq:
    """Reads them. Who the owner is, QQ does not tell."""

    name = "qq"
    version = 1

    def claims(self, source: Source) -> float:
        """By its own first lines, or by lines with a time, a name and a QQ number."""
        text = head_text(source.head)
        if "消息记录" in text[:200] and ("消息对象" in text[:2000] or "消息分组" in text[:2000]):
            return 1.0
        found = len(_NAMED.findall(text))
        return 0.9 if found >= 2 or (found and text.count("\n") < 5) else 0.0

    def read(self, source: Source) -> Iterator[Found]:
        """One item a message."""
        talk = _Talk(source.told)
        for number, line in lines(source.path, source.head):
            yield from talk.take(number, line)
        yield from talk.close()
        if talk.empty:
            yield problem(Where(source.told), problems.NOTHING)


class _Talk:
    """The message that is being read."""

    def __init__(self, told: str) -> None:
        self.empty = True
        self._told = told
        self._chat = PurePosixPath(told).stem
        self._header: re.Match[str] | None = None
        self._number = 0
        self._body = Body()
        self._stray = 0

    def take(self, number: int, line: str) -> Iterator[Found]:
        header = _HEADER.fullmatch(line) if line[:2] in ("19", "20") and len(line) < LONGEST else None
        if header:
            yield from self.close()
            self._header, self._number, self._body = header, number, Body()
        elif line.startswith(("消息分组:", "消息分组：", "消息对象:", "消息对象：")) or _RULE.fullmatch(line):
            yield from self.close()
            if line.startswith("消息对象"):
                self._chat = line[5:].strip() or self._chat
        elif self._header:
            self._body.add(line)
        elif line.strip() and not line.startswith("消息记录"):
            yield from self._strayed(number, line)

    def close(self) -> Iterator[Found]:
        """What the message before was."""
        header, self._header = self._header, None
        if header is None:
            return
        self.empty = False
        self._stray = 0
        where = Where(self._told, self._number)
        if self._body.cut:
            yield problem(where, problems.LONG, ambiguous=True)
        yield from _found(header, self._body.text(), where, self._chat)

    def _strayed(self, number: int, line: str) -> Iterator[Found]:
        """One Problem for each run of them."""
        if not self._stray:
            yield problem(Where(self._told, number), problems.STRAY, line)
        self._stray += 1


def _found(header: re.Match[str], text: str, where: Where, chat: str) -> Iterator[Found]:
    name, account = header[8].strip(), header[9] or header[10] or ""
    reason = _reason(name, account, text)
    if reason:
        yield problem(where, reason, text)
        return
    medium = next((medium for mark, medium in _MEDIA.items() if mark in text), None)
    if text in _MEDIA:
        text = ""
    yield from problems.told(
        Item("message", text, where, _when(header), account or name, name or account, None, chat, medium=medium)
    )


def _reason(name: str, account: str, text: str) -> str:
    if name in _SYSTEM or account == "10000":
        return problems.SYSTEM
    if len(text) < 60 and text.endswith("撤回了一条消息"):
        return problems.RECALLED
    return _NOBODY.get(text, "")


def _when(header: re.Match[str]) -> When:
    year, month, day, half, hour, minute, second = header.groups()[:7]
    time = hour_of(int(hour), half or ""), int(minute), int(second)
    return local(int(year), int(month), int(day), time, header[0][: header.start(8)].strip())
