"""A new shoebox, and where a file that is added to one belongs, by its content."""

from __future__ import annotations

import datetime
import shutil
from dataclasses import dataclass
from pathlib import Path

import tomlkit

from device.errors import BadInput, Busy
from provisioning.review import files

FOLDERS = ("chats", "letters", "photos", "voice", "video", "consent")
HEAD = 1 << 16
_PICTURE = ((0, b"\xff\xd8\xff"), (0, b"\x89PNG"), (0, b"II*\0"), (0, b"MM\0*"), (0, b"GIF8"), (8, b"WEBP"), (0, b"BM"))
_SOUND = ((8, b"WAVE"), (0, b"OggS"), (0, b"fLaC"), (0, b"ID3"), (0, b"#!AMR"), (0, b"#!SILK"), (1, b"#!SILK"))
_VIDEO = ((8, b"AVI "), (0, b"\x1aE\xdf\xa3"), (0, b"\0\0\x01\xba"), (0, b"FLV"))
_LETTER = ((0, b"%PDF"), (0, b"\xd0\xcf\x11\xe0"), (0, b"{\\rtf"), (0, b"From "), (0, b"Return-Path:"))
_CHAT = ((0, b"SQLite format 3"),)
_CHAT_WORDS = ("[LINE]", "消息记录", "消息对象", "is_sender", "IsSender", "isSend", "<smses", "messages", "CreateTime",
               "TalkerName")  # fmt: skip
_HEIC = (b"heic", b"heix", b"mif1", b"heif", b"avif")
_M4A = (b"M4A ", b"M4B ", b"3gp4", b"3gp5")


@dataclass(frozen=True, slots=True)
class Who:
    """What a new persona.toml says."""

    name: str
    called: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("zh", "en")
    born: str = ""
    died: str = ""
    by: str = ""
    relation: str = ""


def make(folder: Path, who: Who) -> Path:
    """A new shoebox with its folders and a persona.toml with notes -> the persona.toml. Raises BadInput for a folder
    that is one already, or a date that is none; Busy where it cannot be written."""
    path = folder / "persona.toml"
    if path.exists():
        raise BadInput(str(folder), expected="a new folder", got="a shoebox", hint="imago-provision add puts files in")
    text = _persona(who)
    try:
        for name in FOLDERS:
            (folder / name).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Busy(str(folder), expected="a folder that can be written", got=error.strerror or str(error)) from None
    files.write(path, text.encode("utf-8"))
    return path


def _persona(who: Who) -> str:
    def listed(values: tuple[str, ...]) -> str:
        return "[" + ", ".join(quoted(value) for value in values) + "]"

    def quoted(value: str) -> str:
        return tomlkit.string(value).as_string()

    lines = [
        "# Who it is, who brings the material, and on what ground. 他们是谁，谁带来材料，凭什么可以做。",
        "",
        "[person]",
        f"name = {quoted(who.name)}",
        f"called = {listed(who.called)}   # what the family calls them; wakes the frame / 家里的称呼，也用来唤醒",
        f"languages = {listed(who.languages)}",
        f"born = {date(who.born)}" if who.born else "# born = 1938-04-02          # a year will do / 只写年份也可以",
        f"died = {date(who.died)}" if who.died else "# died = 2019-11-20          # not for the living / 在世不写",
        '# about = "A weaver from Hangzhou ..."',
        "",
        "[brought_by]",
        f"name = {quoted(who.by)}",
        f"relation = {quoted(who.relation)}   # to the person: granddaughter, 外孙女 / 和本人的关系",
        "",
        "[consent]                     # step by step: imago-provision studio / 一步一步填：imago-provision studio",
        'basis = "self"                # reads a sentence aloud / 本人朗读' if not who.died else
        'basis = "relative"            # for the dead / 为已故的人',
        "evidence = []                 # files in the folder consent / consent 文件夹里的文件",
        "grants = []                   # likeness, voice, letters, chats, photographs",
        'wishes = ""',
        "",
    ]  # fmt: skip
    return "\n".join(lines)


def date(text: str) -> str:
    """1938 or 1938-04-02, as TOML writes it. Raises BadInput."""
    text = text.strip()
    try:
        if text.isascii() and text.isdecimal() and len(text) == 4:
            return text
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        raise BadInput("date", expected="1938 or 1938-04-02", got=text[:40]) from None


def folder_for(head: bytes, name: str) -> str:
    """The folder of a shoebox for a file with these first bytes; its name counts only for plain text."""
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        return "photos" if brand in _HEIC else "voice" if brand in _M4A else "video"
    for folder, signs in (
        ("photos", _PICTURE),
        ("voice", _SOUND),
        ("video", _VIDEO),
        ("letters", _LETTER),
        ("chats", _CHAT),
    ):
        if any(head[at : at + len(sign)] == sign for at, sign in signs):
            return folder
    if head[:2] in (b"\xff\xfb", b"\xff\xf3"):
        return "voice"
    if head[:2] == b"PK":
        return "letters" if b"word/" in head else "chats"
    return _folder_for_text(head, name)


def _folder_for_text(head: bytes, name: str) -> str:
    text = head.decode("utf-8", errors="ignore")
    if name.lower().startswith("stories") and name.lower().endswith(".txt"):
        return ""
    if any(word in text for word in _CHAT_WORDS) or name.lower().endswith((".csv", ".json", ".jsonl", ".xml")):
        return "chats"
    dated = sum(line[:1] in "[0123456789" and ":" in line[:25] for line in text.splitlines()[:50] if line)
    return "chats" if dated >= 3 else "letters"


def add(shoebox: Path, path: Path) -> Path:
    """Copies a file into the folder where it belongs -> the copy, or the same file where it is there already. Never
    moves and never overwrites. Raises BadInput or Busy."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError as error:
        raise BadInput(str(path), expected="a file to read", got=error.strerror or str(error)) from None
    folder = shoebox / folder_for(head, path.name)
    for number in range(1, 1000):
        place = folder / (path.name if number == 1 else f"{path.stem}-{number}{path.suffix}")
        if place.exists():
            if same(place, path):
                return place
            continue
        return _copied(path, place)
    raise BadInput(path.name, expected="a free name in the shoebox", got="a thousand files of that name")


def same(one: Path, other: Path) -> bool:
    """Whether two files hold the same bytes."""
    if one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as a, other.open("rb") as b:
        while part := a.read(1 << 20):
            if part != b.read(1 << 20):
                return False
    return True


def _copied(path: Path, place: Path) -> Path:
    draft = place.with_name(f".{place.name}.part")
    try:
        place.parent.mkdir(exist_ok=True)
        shutil.copyfile(path, draft)
        shutil.copystat(path, draft)
        draft.replace(place)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise Busy(str(place), expected="room for a copy", got=error.strerror or str(error)) from None
    return place
