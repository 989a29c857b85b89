"""Talks as Telegram, Messenger and Instagram export them."""

from __future__ import annotations

import json
from typing import Any

from tests.support.family.talk import Message, accounts


def telegram(talk: list[Message], other: str, owner: str = "") -> bytes:
    """One chat of Telegram Desktop; text with a link is a list. With `owner`, as one of all chats of an account."""
    messages: list[dict[str, Any]] = []
    for n, m in enumerate(talk, 1):
        head: dict[str, Any] = {"id": n, "date": f"{m.time:%Y-%m-%dT%H:%M:%S}", "date_unixtime": str(m.seconds)}
        if m.kind == "system":
            messages.append(head | {"type": "service", "actor": "Tom Zhou", "action": "pin_message", "text": ""})
            continue
        head |= {"type": "message", "from": accounts()[m.who].latin, "from_id": f"user{accounts()[m.who].qq}"}
        if m.kind == "voice":
            head |= {"file": m.text, "media_type": "voice_message", "mime_type": "audio/ogg", "duration_seconds": 5}
        messages.append(head | {"text": "" if m.kind == "voice" else _mixed(m.text)})
    chat = {"name": accounts()[other].latin, "type": "personal_chat", "id": int(accounts()[other].qq),
            "messages": messages}  # fmt: skip
    me = {"personal_information": {"first_name": accounts()[owner].latin}, "chats": {"list": [chat]}} if owner else chat
    return (json.dumps(me, ensure_ascii=False, indent=1) + "\n").encode()


def _mixed(text: str) -> str | list[Any]:
    start = text.find("https://")
    if start < 0:
        return text
    address, space, rest = text[start:].partition(" ")
    return [*([text[:start]] if start else []), {"type": "link", "text": address}, space + rest]


def _spoiled(text: str) -> str:
    """As Meta writes it: each byte of the UTF-8 as a character."""
    return text.encode().decode("latin-1")


def meta(talk: list[Message], title: str, thread: str) -> bytes:
    """A thread of Messenger or Instagram, newest first."""
    messages = []
    for m in reversed(talk):
        entry: dict[str, Any] = {"sender_name": _spoiled(accounts()[m.who].latin), "timestamp_ms": m.seconds * 1000}
        if m.kind == "photo":
            entry["photos"] = [{"uri": m.text, "creation_timestamp": m.seconds}]
        elif m.kind == "sticker":
            entry["sticker"] = {"uri": "messages/stickers_used/1.png", "ai_stickers": []}
        else:
            entry["content"] = _spoiled(m.text)
        messages.append(entry | {"is_geoblocked_for_viewer": False})
    names = dict.fromkeys(accounts()[m.who].latin for m in talk)
    told = {
        "participants": [{"name": _spoiled(name)} for name in names],
        "messages": messages,
        "title": _spoiled(title),
        "is_still_participant": True,
        "thread_path": thread,
        "magic_words": [],
    }
    return json.dumps(told, indent=2).encode()
