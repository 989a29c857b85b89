"""Telegram's export of one chat, or of all (`chats.list[]`), as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from provisioning.importers import problems
from provisioning.importers.decoding import head_text
from provisioning.importers.importer import Source
from provisioning.importers.item import Found, Item, Medium, When, Where
from provisioning.importers.json_records import Damage, Record, records
from provisioning.importers.moments import in_utc, written
from provisioning.importers.problems import problem

_MEDIA: dict[str, Medium] = {
    "voice_message": "voice", "audio_file": "file", "video_message": "video", "video_file": "video",
    "animation": "sticker",
}  # fmt: skip
_SIGNS = ('"from_id"', '"date_unixtime"', '"text_entities"', '"personal_chat"', '"actor_id"')


class Telegram:
    """Reads it. The owner is known where all chats were exported."""

    name = "telegram"
    version = 1

    def claims(self, source: Source) -> float:
        """By keys that no other export has."""
        text = head_text(source.head)
        if text[:50].lstrip()[:1] != "{" or '"session"' in text[:2000] or '"chatlab"' in text[:2000]:
            return 0.0
        if '"messages"' in text and sum(sign in text for sign in _SIGNS) >= 2:
            return 1.0
        return 0.9 if '"personal_information"' in text and "Telegram" in text else 0.0

    def read(self, source: Source) -> Iterator[Found]:
        """One item a message; what was forwarded are somebody else's words."""
        empty = True
        for record in records(source):
            empty = False
            where = Where(source.told, record.number)
            if isinstance(record, Damage):
                yield problem(where, problems.DAMAGED, record.detail)
            else:
                yield from _found(record, where)
        if empty:
            yield problem(Where(source.told), problems.NOTHING)


def _found(record: Record, where: Where) -> Iterator[Found]:
    message = record.value
    text = _text(message.get("text"))
    reason = _reason(message)
    if reason:
        yield problem(where, reason, text or _word(message, "action") or _word(message, "sticker_emoji"))
        return
    medium, attachment = _medium(message)
    speaker = _word(message, "from_id") or _word(message, "from")
    yield from problems.told(
        Item(
            "message",
            text,
            where,
            _when(message),
            speaker,
            _word(message, "from"),
            _own(record, speaker),
            _chat(record, where),
            medium=medium,
            attachment=attachment,
        )
    )


def _reason(message: dict[str, Any]) -> str:
    """Why nobody said anything by it."""
    if message.get("type") == "service":
        return problems.CALL if "call" in _word(message, "action") else problems.SYSTEM
    if message.get("forwarded_from") is not None:
        return problems.FORWARDED
    if message.get("media_type") == "sticker" and not _file(message):
        return problems.STICKER
    if "contact_information" in message:
        return problems.CARD
    return "a poll" if "poll" in message else ""


def _text(text: object) -> str:
    """Words, or a list of words and of objects with words."""
    if isinstance(text, str):
        return text
    parts = text if isinstance(text, list) else [text]
    words = (part.get("text") if isinstance(part, dict) else part for part in parts)
    return "".join(word for word in words if isinstance(word, str))


def _medium(message: dict[str, Any]) -> tuple[Medium | None, str]:
    kind = _word(message, "media_type")
    if "photo" in message:
        return "photo", _file(message, "photo")
    if kind == "sticker":
        return "sticker", _file(message)
    if kind or "file" in message:
        return _MEDIA.get(kind, "file"), _file(message) or _word(message, "file_name")
    place = message.get("location_information")
    if isinstance(place, dict):
        name = _word(message, "place_name") or f"{place.get('latitude')}, {place.get('longitude')}"
        return "location", name
    return None, ""


def _file(message: dict[str, Any], key: str = "file") -> str:
    """A path; Telegram writes "(File not included. ...)" where there is none."""
    path = _word(message, key)
    return "" if path.startswith("(") else path


def _when(message: dict[str, Any]) -> When:
    """The local time of the computer that exported it; else UTC."""
    when = written(_word(message, "date"))
    if when.start or "date_unixtime" not in message:
        return when
    return in_utc(message["date_unixtime"])


def _own(record: Record, speaker: str) -> bool | None:
    person = record.above[0].get("personal_information") if record.above else None
    owner = person.get("user_id") if isinstance(person, dict) else None
    return None if owner is None or not speaker else speaker == f"user{owner}"


def _chat(record: Record, where: Where) -> str:
    chat = record.above[-1] if record.above else {}
    name = chat.get("name") or chat.get("id") or PurePosixPath(where.path).stem
    return str(name)[:200]


def _word(message: dict[str, Any], key: str) -> str:
    value = message.get(key)
    return value if isinstance(value, str) else ""
