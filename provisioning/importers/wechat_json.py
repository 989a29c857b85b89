"""Chats as EchoTrace and WeFlow write them to JSON, and in ChatLab's own format (JSON and JSON lines)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from provisioning.importers import json_records, problems, wechat_body
from provisioning.importers.decoding import clean, head_text, lines
from provisioning.importers.importer import Source
from provisioning.importers.item import Found, Item, Where
from provisioning.importers.json_records import Damage
from provisioning.importers.moments import CHINA, since_epoch, written
from provisioning.importers.problems import problem

_CHATLAB = {
    0: "text", 1: "photo", 2: "voice", 3: "video", 4: "file", 5: problems.STICKER, 7: "link", 8: "location",
    20: problems.MONEY, 21: problems.MONEY, 22: problems.SYSTEM, 23: problems.CALL, 24: "link", 25: "text",
    26: problems.FORWARDED, 27: problems.CARD, 80: problems.SYSTEM, 81: problems.RECALLED,
}  # fmt: skip
"""ChatLab's numbers of types, by its specification 0.0.2."""

Message = Mapping[str, Any]


class WechatJson:
    """Reads them."""

    name = "wechat-json"
    version = 1

    def claims(self, source: Source) -> float:
        """By keys that no other export has."""
        text = head_text(source.head)
        if text[:50].lstrip()[:1] != "{":
            return 0.0
        if '"chatlab"' in text[:5000]:
            return 1.0
        signs = ('"createTime"', '"isSend"', '"senderUsername"', '"localId"')
        return 1.0 if '"session"' in text and '"messages"' in text and any(sign in text for sign in signs) else 0.0

    def read(self, source: Source) -> Iterator[Found]:
        """One item a message; stickers, calls, money and system messages are told as problems."""
        empty = True
        by_lines = '"_type"' in head_text(source.head[:4096]).partition("\n")[0]
        for found in _lines(source) if by_lines else _records(source):
            empty = False
            yield found
        if empty:
            yield problem(Where(source.told), problems.NOTHING)


def _records(source: Source) -> Iterator[Found]:
    for record in json_records.records(source):
        where = Where(source.told, record.number)
        if isinstance(record, Damage):
            yield problem(where, problems.DAMAGED, record.detail)
            continue
        above = record.above[0] if record.above else {}
        if "chatlab" in above:
            yield from _chatlab(record.value, _map(above, "meta"), where)
        else:
            yield from _echotrace(record.value, _map(above, "session"), where)


def _lines(source: Source) -> Iterator[Found]:
    meta: Message = {}
    for number, line in lines(source.path, source.head):
        if not line.strip() or line.startswith("#"):
            continue
        where = Where(source.told, number)
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            value = None
        kind = value.get("_type") if isinstance(value, dict) else ""
        if kind == "message":
            yield from _chatlab(value, meta, where)
        elif kind == "header":
            meta = _map(value, "meta")
        elif kind != "member":
            yield problem(where, problems.DAMAGED, line)


def _echotrace(message: Message, session: Message, where: Where) -> Iterator[Found]:
    speaker = _word(message, "senderUsername") or _word(message, "senderDisplayName")
    body = wechat_body.without_account(_word(message, "content"), speaker)
    said = wechat_body.said(wechat_body.kind_of(_word(message, "type")), body)
    if said.reason:
        yield problem(where, said.reason, _word(message, "content"))
        return
    when = since_epoch(message.get("createTime"), CHINA, 0.9)
    told = _word(message, "formattedTime")
    when = written(told) if told and written(told).start else when
    own = {0: False, 1: True}.get(message["isSend"]) if isinstance(message.get("isSend"), int) else None
    name = _word(message, "senderDisplayName") or speaker
    chat = next((word for key in ("displayName", "remark", "nickname", "wxid") if (word := _word(session, key))), "")
    yield from problems.told(
        Item(
            "message",
            said.text,
            where,
            when,
            speaker,
            name,
            own,
            chat or PurePosixPath(where.path).stem,
            medium=said.medium,
            attachment=said.attachment,
        )
    )


def _chatlab(message: Message, meta: Message, where: Where) -> Iterator[Found]:
    number = message.get("type")
    kind = _CHATLAB.get(number, "") if isinstance(number, int) else ""
    said = wechat_body.said(kind, _word(message, "content"))
    if said.reason:
        yield problem(where, said.reason, _word(message, "content"))
        return
    speaker = _word(message, "sender")
    owner = _word(meta, "ownerId")
    name = _word(message, "groupNickname") or _word(message, "accountName") or speaker
    yield from problems.told(
        Item(
            "message",
            said.text,
            where,
            since_epoch(message.get("timestamp"), CHINA, 0.9),
            speaker or name,
            name,
            speaker == owner if owner else None,
            _word(meta, "name") or PurePosixPath(where.path).stem,
            medium=said.medium,
            attachment=said.attachment,
        )
    )


def _map(holder: Message, key: str) -> Message:
    value = holder.get(key)
    return value if isinstance(value, dict) else {}


def _word(message: Message, key: str) -> str:
    """A value as text; exporters write numbers and text for the same."""
    value = message.get(key)
    if isinstance(value, str):
        return clean(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 70 else ""
