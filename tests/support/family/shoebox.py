"""Writes the whole shoebox, and `expected.toml` beside it: what an honest reader must find in every file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from tests.support.family import documents, exports, photos, recordings, video
from tests.support.family.documents import Hand
from tests.support.family.talk import SOURCES, filled

Account = dict[str, dict[str, Any]]
"""Path within the shoebox -> what must be found."""
AS_THEY_ARE = (
    "persona.toml", "stories.txt", "stories.zh.txt", "consent/statement.txt", "consent/household-register.txt",
    "review/people.toml", "review/memories.toml", "review/photos.toml",
)  # fmt: skip


def write(box: Path, seed: int = 1, full: bool = False, sound: bool = True) -> Account:
    """The shoebox in the folder `box`; without `sound` no voice and no film, for tests in a hurry."""
    account: Account = {}
    for name in AS_THEY_ARE:
        _put(box, name, (SOURCES / name).read_bytes())
    for name in ("stories.txt", "stories.zh.txt"):
        account[name] = {"kind": "stories", "items": (SOURCES / name).read_text(encoding="utf-8").count("# id:")}
    _chats(box, seed, full, account)
    _letters(box, account)
    _photos(box, {**photos.people(), **photos.places()}, account)
    if sound:
        _sound(box, seed, account)
    return account


def write_five(box: Path) -> Account:
    """The other shoebox: five photographs and one letter."""
    account: Account = {}
    _put(box, "persona.toml", (SOURCES / "five" / "persona.toml").read_bytes())
    _put(box, "consent/statement.txt", (SOURCES / "consent" / "statement.txt").read_bytes())
    _letter(box, "1985-05-01-wenqin.md", {"as": "text"}, 0, account)
    wanted = {
        "photos/yulan-2012.jpg", "photos/laughing.jpg", "photos/turned.png", "photos/three.jpg",
        "photos/IMG_20180215_200245.jpg",
    }  # fmt: skip
    every = {**photos.people(), **photos.places()}
    _photos(box, {name: every[name] for name in every if name in wanted}, account)
    return account


def _put(box: Path, name: str, content: bytes) -> None:
    path = box / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _chats(box: Path, seed: int, full: bool, account: Account) -> None:
    for name, export in exports.exports(seed, full).items():
        _put(box, name, export.content)
        told = export.told
        entry: dict[str, Any] = {"kind": "chat", "form": export.form, "person": export.person}
        entry |= {"items": told.items, "either": told.either, "skipped": told.skipped, "note": told.note}
        account[name] = entry | {"copy_of": export.copy_of, "overlaps": export.overlaps}


def _letters(box: Path, account: Account) -> None:
    table = msgspec.toml.decode((SOURCES / "letters" / "told.toml").read_text(encoding="utf-8"))
    for number, (name, told) in enumerate(table.items()):
        _letter(box, name, told, number, account)


def _letter(box: Path, name: str, told: Mapping[str, Any], number: int, account: Account) -> None:
    text = filled((SOURCES / "letters" / told.get("text", name)).read_text(encoding="utf-8"))
    made = told["as"]
    if made in ("scan", "vertical"):
        hand = Hand(20 + number, vertical=made == "vertical", glyph=58 if made == "vertical" else 46)
        picture = documents.page(text, hand)
        content = photos.encoded(picture, "PNG" if name.endswith(".png") else "JPEG")
        account[f"letters/{name}"] = {"kind": "scan", "reviewed": told["reviewed"], "vertical": hand.vertical,
                                      "text": text.strip()}  # fmt: skip
        if told["reviewed"]:
            _put(box, f"review/letters/{hashlib.sha256(content).hexdigest()[:16]}.txt", text.encode())
    else:
        makers = {
            "text": lambda: text.encode(),
            "gb18030": lambda: text.encode("gb18030"),
            "docx": lambda: documents.docx(text),
            "pdf": lambda: documents.pdf([text]),
        }
        content = makers[made]()
        account[f"letters/{name}"] = {"kind": "letter", "items": 1, "form": made}
    _put(box, f"letters/{name}", content)


def _photos(box: Path, files: photos.Files, account: Account) -> None:
    for name, (content, shot) in files.items():
        _put(box, name, content)
        if shot is None:
            account[name] = {"kind": "side-car"}
            continue
        entry: dict[str, Any] = {"kind": "photo", "date": shot.date, "date_source": shot.source, "use": shot.use}
        if shot.place:
            entry["place"] = list(shot.place)
        account[name] = entry | {"people": list(shot.people), "same_as": shot.same_as}


def _sound(box: Path, seed: int, account: Account) -> None:
    for name, recording in recordings.RECORDINGS.items():
        _put(box, name, recordings.encoded(name, seed))
        heard = recording.heard
        account[name] = {
            "kind": "voice", "text": heard.text, "others": heard.others, "language": heard.language,
            "date": heard.date, "use": heard.use, "note": heard.note,
        }  # fmt: skip
    _put(box, "video/birthday.mp4", video.film())
    account["video/birthday.mp4"] = {"kind": "video", "text": video.SAID, "language": "zh"}


def as_toml(account: Account) -> str:
    """`expected.toml`; what is empty is left out."""
    lines = ["# What an honest reader finds in every file of this shoebox; made with it."]
    for name in sorted(account):
        lines += ["", f"[{json.dumps(name, ensure_ascii=False)}]"]
        for key, value in account[name].items():
            if value not in ("", []):
                lines.append(f"{key} = {_value(value)}")
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else json.dumps(value, ensure_ascii=False)
