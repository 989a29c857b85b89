"""What real shoeboxes hold and must not trip a reader: wrong encodings, cut files, lies, zeros, giants, strangers."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.support.family import documents, photos, plain_chats, wechat
from tests.support.family.exports import exports
from tests.support.family.shoebox import Account, as_toml
from tests.support.family.talk import Message, load

FILM = 4 << 30
"""Bytes of the film that is all hole."""
EMOJI = ("😂", "👍", "❤️", "🎉", "🌸", "👵", "🧵", "🍲")

__all__ = ["as_toml", "files", "long_chat", "write"]


def write(box: Path, seed: int = 1, lines: int = 20_000) -> Account:
    """All of it in the folder `box`; the account says what is wrong with each file, and what may still be read."""
    box.mkdir(parents=True, exist_ok=True)
    account: Account = {}
    for name, (content, told) in files(seed).items():
        path = box / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        account[name] = told
    account["chats/long.txt"] = long_chat(box / "chats" / "long.txt", lines)
    account["video/giant.mp4"] = _giant(box / "video" / "giant.mp4")
    return account


def files(seed: int = 1) -> dict[str, tuple[bytes, dict[str, Any]]]:
    """Path -> bytes, and what is wrong. `items`: what must be read all the same; `least`: at least so many;
    `problems`: least number of lines in the report."""
    good = {name: export for name, export in exports(seed, False).items() if not export.copy_of}
    cut = {
        f"cut/{name.replace('/', '_')}": (
            export.content[: len(export.content) * 3 // 5],
            {"wrong": "cut off", "form": export.form, "problems": 0 if export.form in _CUT_QUIETLY else 1},
        )
        for name, export in good.items()
    }
    return cut | _encodings() | _lies() | _empty() | _strangers() | _cut_media()


_CUT_QUIETLY = {"qq", "whatsapp", "line", "mail", "wechat-csv"}
"""Text that ends in the middle of a message reads as a shorter message."""


def _encodings() -> dict[str, tuple[bytes, dict[str, Any]]]:
    talk, letter = load("jie"), "阿杰：\n\n棉袄里面再穿一件。\n\n娘\n一九九一年十二月一日\n"
    android, group = plain_chats.whatsapp_android(talk).decode(), wechat.chatlog(load("mei"), "mei", "lan").decode()
    items = len([m for m in talk if m.kind != "system"])
    mojibake = letter.encode("gb18030").decode("latin-1").encode()
    return {
        "chats/gb18030.csv": (group.encode("gb18030"), {"wrong": "GB18030", "items": len(load("mei"))}),
        "chats/utf16.txt": (android.encode("utf-16"), {"wrong": "UTF-16 with a mark", "items": items}),
        "chats/utf16be.txt": (b"\xfe\xff" + android.encode("utf-16-be"), {"wrong": "UTF-16 BE", "items": items}),
        "letters/gb18030.txt": (letter.encode("gb18030"), {"wrong": "GB18030", "items": 1}),
        "letters/big5.txt": ("母親：\n\n棉襖收到了。\n".encode("big5"), {"wrong": "Big5", "problems": 0}),
        "letters/mojibake.txt": (mojibake, {"wrong": "read as Latin-1 once and saved again", "problems": 1}),
        "letters/half-utf8.txt": (letter.encode()[:40] + b"\xff\xfe\xb0" + letter.encode()[40:],
                                  {"wrong": "a few broken bytes", "problems": 1}),
    }  # fmt: skip


def _lies() -> dict[str, tuple[bytes, dict[str, Any]]]:
    picture = photos.encoded(photos.painted("stranger", 320))
    table = wechat.pywxdump(load("xia"), "xia", "lan")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr(zipfile.ZipInfo("../../outside.txt"), "a name that leads out of the folder")
        made.writestr(zipfile.ZipInfo("chat.txt"), plain_chats.whatsapp_german(load("leeds")))
    return {
        "letters/picture.txt": (picture, {"wrong": "a JPEG that is called .txt", "kind": "photo"}),
        "photos/table.jpg": (table, {"wrong": "a WeChat table that is called .jpg", "kind": "chat", "least": 38}),
        "voice/letter.mp3": ("娘的信。\n".encode(), {"wrong": "text that is called .mp3", "problems": 0}),
        "letters/word.pdf": (documents.docx("阿琴：\n饭要烧两个人的。"), {"wrong": "a Word file that is called .pdf",
                                                                     "items": 1}),
        "chats/export.zip": (archive.getvalue(), {"wrong": "a member's name leads out of the folder", "problems": 0}),
        "letters/program.docx": (b"MZ\x90\x00" + bytes(range(256)) * 20, {"wrong": "no document", "problems": 1}),
        "chats/nested.json": (b"[" * 100_000, {"wrong": "brackets without end", "problems": 1}),
        "letters/entities.xml": (
            b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
            b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><smses count="1"><sms body="&c;" /></smses>',
            {"wrong": "entities that grow", "problems": 1},
        ),
    }  # fmt: skip


def _empty() -> dict[str, tuple[bytes, dict[str, Any]]]:
    emoji = [Message(m.time, m.who, EMOJI[n % len(EMOJI)] * (1 + n % 3)) for n, m in enumerate(load("tom-line"))]
    names = ("chats/empty.csv", "chats/empty.json", "letters/empty.txt", "letters/empty.docx", "photos/empty.jpg",
             "voice/empty.m4a", "video/empty.mp4", "chats/empty.db")  # fmt: skip
    return {
        **{name: (b"", {"wrong": "zero bytes", "problems": 1}) for name in names},
        "letters/zeros.txt": (bytes(4096), {"wrong": "only zeros", "problems": 1}),
        "letters/blank.txt": (b"\n \n\t\n", {"wrong": "only blanks", "problems": 1}),
        "chats/emoji.txt": (plain_chats.whatsapp_german(emoji), {"wrong": "only emoji", "items": len(emoji)}),
        "chats/header-only.csv": (
            b"id,MsgSvrID,type_name,is_sender,talker,room_name,msg,src,CreateTime\n",
            {"wrong": "a table without rows", "items": 0},
        ),
        "photos/.DS_Store": (b"\x00\x00\x00\x01Bud1" + bytes(200), {"wrong": "litter of a file manager"}),
        "photos/Thumbs.db": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), {"wrong": "litter of a file manager"}),
    }


def _strangers() -> dict[str, tuple[bytes, dict[str, Any]]]:
    man, boy = photos.encoded(photos.painted("stranger", 480)), photos.encoded(photos.painted("grandson", 400), "PNG")
    return {
        "photos/stranger-a.jpg": (man, {"wrong": "a stranger", "kind": "photo"}),
        "photos/stranger-b.png": (boy, {"wrong": "not she", "kind": "photo"}),
        "chats/strangers.txt": (
            plain_chats.whatsapp_iphone(load("stranger")),
            {"wrong": "two strangers' talk", "items": len(load("stranger"))},
        ),
    }  # fmt: skip


def _cut_media() -> dict[str, tuple[bytes, dict[str, Any]]]:
    """Each picture and document format, cut off; sound by its head alone, so that no voice is needed."""
    face = photos.painted("yulan", 320)
    whole = {
        "photos/cut.jpg": photos.encoded(face),
        "photos/cut.png": photos.encoded(face, "PNG"),
        "photos/cut.tif": photos.encoded(face, "TIFF"),
        "photos/cut.heic": photos.encoded(face, "HEIF"),
        "letters/cut.docx": documents.docx("阿琴：\n" * 400),
        "letters/cut.pdf": documents.pdf(["利兹日记\n落雨。"] * 5),
    }
    found: dict[str, tuple[bytes, dict[str, Any]]] = {
        name: (content[: len(content) * 3 // 5], {"wrong": "cut off", "problems": 1}) for name, content in whole.items()
    }
    heads = {"silk": b"\x02#!SILK_V3", "amr": b"#!AMR\n", "m4a": b"\x00\x00\x00\x1cftypM4A ", "opus": b"OggS\x00\x02",
             "mp3": b"ID3\x04\x00\x00", "wav": b"RIFF\xff\xff\xff\x7fWAVEfmt "}  # fmt: skip
    return found | {
        f"voice/cut.{kind}": (head + b"\x00" * 7, {"wrong": "a head and nothing more", "problems": 1})
        for kind, head in heads.items()
    }


def long_chat(path: Path, lines: int) -> dict[str, Any]:
    """A WhatsApp chat of so many lines, written as a stream."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(_lines(lines))
    return {"wrong": f"{lines} lines", "form": "whatsapp", "items": lines}


def _lines(count: int) -> Iterator[str]:
    said = ("吃了没有？", "格么你自己当心。", "慢慢来。", "Eat first.", "晓得了。", "落雨了。", "木佬佬多。")
    for n in range(count):
        day, rest = divmod(n, 2880)
        year, left = 2010 + day // 336, day % 336
        who = "Grandma Lan" if n % 2 else "Lin Xia"
        stamp = f"{left % 28 + 1:02d}/{left // 28 + 1:02d}/{year}, {rest // 120:02d}:{rest // 2 % 60:02d}"
        yield f"{stamp} - {who}: {said[n % 7]}{n}\n"


def _giant(path: Path) -> dict[str, Any]:
    """The head of an MP4 of four gigabytes, the rest a hole that takes no disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2")
        file.write((1).to_bytes(4, "big") + b"mdat" + (FILM - 24).to_bytes(8, "big"))
        file.truncate(FILM)
    return {"wrong": "a film of 4 GiB without an index", "problems": 1}
