"""WhatsApp's exported chats: `_chat.txt` of iPhones, `WhatsApp Chat with X.txt` of Android, in any setting."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from provisioning.importers import problems
from provisioning.importers.decoding import head_text, lines
from provisioning.importers.importer import Source
from provisioning.importers.item import Found, Item, Medium, Where
from provisioning.importers.problems import Body, problem
from provisioning.importers.whatsapp_times import MARKS, Dates, header_of, order_of, when_of

AMBIGUOUS = "dates whose day and month cannot be told apart for certain"

_ATTACHED = re.compile(r"[\u200e\u200f]?<[^<>:：]{2,24}[:：] ?([^<>\n]{1,200}\.\w{2,5})>")
_BESIDE = re.compile(
    r"^([^\n]{1,200}\.\w{2,5}) \((?:file attached|Datei angehängt|文件附件|附件檔案|檔案附件|archivo adjunto|"
    r"fichier joint|arquivo anexado|file allegato|ファイル添付|файл добавлен)\)(?:\n|$)"
)
_MEDIUM_WORDS: dict[Medium, str] = {
    "photo": "image photo picture 图片 圖片 图像 圖像 影像 照片 bild imagen imagem immagine 画像",
    "video": "video 视频 影片 動画 vídeo vidéo",
    "voice": "audio voice ptt 音频 语音 音訊 語音 áudio 音声",
    "sticker": "sticker gif 贴图 貼圖 表情 スタンプ",
    "file": "document media medien multimedia 文档 文件 多媒体 多媒體 媒體 documento médias mídia",
}
_OMITTED = re.compile(
    r"omitted|omitid|omis\b|oculta|ausgeschlossen|weggelassen|omess|absente|省略|忽略|略去|未包含|除外", re.IGNORECASE
)
_DELETED = re.compile(
    r"(?:this message was deleted|you deleted this message|此消息已删除|你已删除此消息|您删除了此消息|此訊息已刪除|"
    r"你已刪除此訊息|diese nachricht wurde gelöscht|du hast diese nachricht gelöscht|"
    r"se eliminó este mensaje|eliminaste este mensaje|"
    r"ce message a été supprimé|mensagem apagada|このメッセージは削除されました)[^\n]{0,30}",
    re.IGNORECASE,
)
_CALL = re.compile(
    r"(?:(?:missed |silenced )?(?:group )?(?:voice|video) call\b|未接(?:语音|视频|語音|視訊)|"
    r"(?:语音|视频|語音|視訊)通话|verpasster)",
    re.IGNORECASE,
)
_LOCATION = re.compile(r"(?:[^\n:：]{2,20}[:：] ?)?(https://maps\.google\.com/\S+)")
_EDITED = re.compile(r"\s?\u200e?<[^<>\n]{0,40}(?:edited|编辑|編輯|bearbeitet|editad|modifi|編集)[^<>\n]{0,20}>$")
_SYSTEM = re.compile(
    r"created (?:this )?group|changed the |changed this |\badded\b|\bjoined\b|\bleft\b$|end-to-end|端到端|端對端|"
    r"创建了|建立了|更改了|加入了|security code|phone number|Ende-zu-Ende"
)
_KINDS: dict[str, Medium] = {
    **dict.fromkeys(("jpg", "jpeg", "png", "heic", "gif"), "photo"),
    **dict.fromkeys(("opus", "m4a", "mp3", "amr", "aac", "ogg", "wav"), "voice"),
    **dict.fromkeys(("mp4", "mov", "3gp", "avi"), "video"),
    "webp": "sticker",
}
_CHAT = re.compile(
    r"^(?:WhatsApp.{0,3} ?(?:Chat|聊天)[^ ]* (?:with |mit |- )|Chat de WhatsApp con |与|與)|(?:的 ?WhatsApp ?.{2,4})$"
)


class Whatsapp:
    """Reads them. Who the owner is, WhatsApp does not tell."""

    name = "whatsapp"
    version = 1

    def claims(self, source: Source) -> float:
        """By lines that begin with a date and a name."""
        begun = named = others = 0
        for line in head_text(source.head).split("\n")[:400]:
            header = header_of(line)
            begun += header is not None
            named += header is not None and ": " in line[header.end() :]
            others += header is None and bool(line.strip())
        if not named:
            return 0.0
        return 1.0 if begun > 2 or not others else 0.8

    def read(self, source: Source) -> Iterator[Found]:
        """One item a message. Reads the file twice: the order of day and month is known from all of it."""
        numbered = lines(source.path, source.head)
        dates = order_of(header for _, line in numbered if (header := header_of(line)))
        talk = _Talk(source.told, dates)
        if dates.confidence < 0.9:
            yield problem(Where(source.told, 1), AMBIGUOUS, f"read as {dates.order}", ambiguous=True)
        for number, line in lines(source.path, source.head):
            yield from talk.take(number, line)
        yield from talk.close()
        if talk.empty:
            yield problem(Where(source.told), problems.NOTHING)


class _Talk:
    """The message that is being read."""

    def __init__(self, told: str, dates: Dates) -> None:
        self.empty = True
        self._told = told
        self._chat, self._named = _chat(told)
        self._dates = dates
        self._header: re.Match[str] | None = None
        self._number = 0
        self._body = Body()
        self._stray = False

    def take(self, number: int, line: str) -> Iterator[Found]:
        header = header_of(line)
        if header:
            yield from self.close()
            self._header, self._number, self._body = header, number, Body(line[header.end() :])
        elif self._header:
            self._body.add(line)
        elif line.strip() and not self._stray:
            self._stray = True
            yield problem(Where(self._told, number), problems.STRAY, line)

    def close(self) -> Iterator[Found]:
        """What the message before was."""
        header, self._header = self._header, None
        if header is None:
            return
        self.empty = False
        where = Where(self._told, self._number)
        if self._body.cut:
            yield problem(where, problems.LONG, ambiguous=True)
        speaker, colon, text = self._body.text().partition(": ")
        if not colon and speaker.endswith(":"):
            speaker, colon = speaker[:-1], ":"
        name = speaker.strip(MARKS + "~ \u202f\xa0")
        if not colon or "\n" in speaker or len(speaker) > 100 or _SYSTEM.search(speaker) or not name:
            yield problem(where, problems.SYSTEM, self._body.text())
            return
        if text.startswith("\u200e") and _SYSTEM.search(text) and self._number == 1 and not self._named:
            self._chat = name
        yield from self._said(where, header, name, text)

    def _said(self, where: Where, header: re.Match[str], name: str, text: str) -> Iterator[Found]:
        words, medium, attachment, reason = _parts(_EDITED.sub("", text) if text.endswith(">") else text)
        if reason:
            yield problem(where, reason, text)
            return
        when = when_of(header, self._dates)
        yield from problems.told(
            Item("message", words, where, when, name, name, None, self._chat, medium=medium, attachment=attachment)
        )


def _parts(text: str) -> tuple[str, Medium | None, str, str]:
    """(words, medium, file, why it says nothing) of a message."""
    named = _ATTACHED.search(text) if "<" in text else None
    named = named or (_BESIDE.match(text.lstrip(MARKS)) if ")" in text else None)
    if named:
        rest = named.string[: named.start()] + named.string[named.end() :]
        return rest.strip(MARKS + " \n"), _medium_of(named[1]), named[1].strip(MARKS + " "), ""
    bare = text.strip(MARKS + " <>\n")
    if len(bare) < 120:
        if _OMITTED.search(bare) and (medium := _omitted(bare, text)):
            return "", medium, "", problems.STICKER if medium == "sticker" else ""
        if bare == "null":  # what Android writes for what could be seen once
            return "", None, "", problems.EMPTY
        if _DELETED.fullmatch(bare):
            return "", None, "", problems.RECALLED
        if _CALL.match(bare) and (len(bare) < 40 or text != bare):
            return "", None, "", problems.CALL
        if place := _LOCATION.fullmatch(bare):
            return "", "location", place[1], ""
    if text.startswith("\u200e"):
        return "", None, "", problems.SYSTEM
    return text.strip(), None, "", ""


def _omitted(bare: str, text: str) -> Medium | None:
    """The medium that was left out, where a whole message says so and nothing else: iPhones put a mark before it,
    Android puts it in angle brackets."""
    if text[:1] not in ("\u200e", "<") and len(bare.split()) > 2:
        return None
    words = bare.lower()
    return next((m for m, names in _MEDIUM_WORDS.items() if any(name in words for name in names.split())), None)


def _medium_of(file: str) -> Medium:
    name = file.upper()
    if "STICKER" in name:
        return "sticker"
    if "PTT-" in name or "-AUDIO-" in name:
        return "voice"
    return _KINDS.get(file.rpartition(".")[2].lower(), "file")


def _chat(told: str) -> tuple[str, bool]:
    """The other one's or the group's name by the name of the file, its folder or archive, and whether that says it: an
    iPhone calls every file "_chat", and the first line is from the one whom the chat is with."""
    path = PurePosixPath(told)
    if path.stem.strip(MARKS) != "_chat":
        return _CHAT.sub("", path.stem).strip() or path.stem, True
    folder = path.parent.name.removesuffix("!").removesuffix(".zip")
    return _CHAT.sub("", folder).strip() or path.stem, bool(_CHAT.search(folder))
