"""A made-up family's chat as each tool exports it; every writer takes any messages and gives the file's bytes.

(shoebox / "chats" / SAMPLES["qq"].file).write_bytes(SAMPLES["qq"].write(CHAT))
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple

CHINA = timezone(timedelta(hours=8))


class Message(NamedTuple):
    """One message of a made-up chat."""

    at: datetime
    """Local time"""
    account: str
    name: str
    text: str
    own: bool = False
    medium: str = ""
    """"" for words; photo, voice, video, sticker, call, system or recalled"""
    file: str = ""


Chat = Sequence[Message]
Write = Callable[[Chat], bytes]


class Sample(NamedTuple):
    """One kind of file."""

    importer: str
    file: str
    """Name that the tool would give"""
    write: Write
    accounts: bool = False
    """Whether the export tells accounts apart from names"""
    owner: bool = False
    """Whether it tells who the owner is"""
    seconds: bool = True


NAME = "外婆"


def _said(day: int, minute: int, own: bool, text: str, medium: str = "", file: str = "") -> Message:
    account, name = ("ming88", "小明") if own else ("lan1938", NAME)
    return Message(datetime(2021, 3, day, 8, minute, 6), account, name, text, own, medium, file)


CHAT: Chat = (
    _said(4, 1, False, "小明，今天回来吃饭吗？我给你做了红烧肉。"),
    _said(4, 3, True, "好的外婆，我六点到😀"),
    _said(4, 4, False, "路上慢点。\n记得带伞，\n要下雨的。"),
    _said(4, 5, False, "", "voice", "voice/20210304_080506.silk"),
    _said(4, 9, True, "", "photo", "image/IMG_0001.jpg"),
    _said(13, 10, False, 'You said "soon", 小明, that was yesterday; 唉。'),
    _said(13, 12, True, "", "sticker"),
    _said(13, 14, False, "", "call"),
    _said(14, 20, True, "", "recalled"),
    _said(14, 21, False, "你外公1956年在江边的照片我找到了，穿军装的那张。"),
    _said(14, 30, True, "", "video", "video/VID_0002.mp4"),
    _said(14, 31, False, "", "system"),
    _said(14, 33, False, "早点睡，晚安。"),
)
"""Two people, three days, everything that importers must tell apart."""


def _seconds(m: Message) -> int:
    return int(m.at.replace(tzinfo=CHINA).timestamp())


def _table(header: str, rows: list[list[object]], *, bom: bool = False, end: str = "\n") -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=end)
    writer.writerow(header.split(","))
    writer.writerows(rows)
    return (b"\xef\xbb\xbf" if bom else b"") + out.getvalue().encode()


_WECHAT_NAMES = {
    "": "文本", "photo": "图片", "voice": "语音", "video": "视频", "sticker": "动画表情", "call": "语音通话",
    "system": "系统通知", "recalled": "消息撤回1",
}  # fmt: skip
_WECHAT_BODIES = {
    "photo": "图片", "voice": "语音时长：3.00秒", "video": "视频", "sticker": "表情",
    "call": "语音/视频通话[通话时长 00:31]", "system": "你已添加了外婆，现在可以开始聊天了。",
    "recalled": '"外婆" 撤回了一条消息',
}  # fmt: skip


def _body(m: Message) -> str:
    return _WECHAT_BODIES.get(m.medium, m.text)


def pywxdump(chat: Chat) -> bytes:
    """PyWxDump."""
    rows: list[list[object]] = [
        [i, 7000 + i, _WECHAT_NAMES[m.medium], int(m.own), "我" if m.own else m.account, "lan1938", _body(m), m.file,
         m.at.strftime("%Y-%m-%d %H:%M:%S")] for i, m in enumerate(chat, 1)
    ]  # fmt: skip
    return _table("id,MsgSvrID,type_name,is_sender,talker,room_name,msg,src,CreateTime", rows)


def pywxdump_packed(chat: Chat) -> bytes:
    """PyWxDump's newest, the body and the file as JSON in one column."""
    rows: list[list[object]] = [
        [i, 7000 + i, _WECHAT_NAMES[m.medium], int(m.own), "我" if m.own else m.account, "lan1938",
         json.dumps({"src": m.file, "msg": _body(m)}, ensure_ascii=False), m.at.strftime("%Y-%m-%d %H:%M:%S")]
        for i, m in enumerate(chat, 1)
    ]  # fmt: skip
    return _table("id,MsgSvrID,type_name,is_sender,talker,room_name,content,CreateTime", rows)


def weflow(chat: Chat) -> bytes:
    """WeFlow: a mark, CR LF, UTC, display names."""
    rows: list[list[object]] = [
        [i, 7000 + i, _WECHAT_NAMES[m.medium], int(m.own), m.name, _body(m), m.file,
         m.at.replace(tzinfo=CHINA).astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")]
        for i, m in enumerate(chat, 1)
    ]  # fmt: skip
    return _table("id,MsgSvrID,type_name,is_sender,talker,msg,src,CreateTime", rows, bom=True, end="\r\n")


_MEMOTRACE = {
    "": (1, 0), "photo": (3, 0), "voice": (34, 0), "video": (43, 0), "sticker": (47, 0), "call": (50, 0),
    "system": (10000, 0), "recalled": (10002, 0),
}  # fmt: skip
_XML = {
    "photo": '<?xml version="1.0"?>\n<msg>\n<img aeskey="0a" length="100" />\n</msg>\n',
    "voice": '<msg><voicemsg endflag="1" voicelength="2303" fromusername="lan1938" /></msg>',
    "video": '<?xml version="1.0"?>\n<msg>\n\t<videomsg length="100" />\n</msg>\n',
    "sticker": '<msg><emoji fromusername = "lan1938" md5="0a"></emoji></msg>',
    "call": '<voipmsg><VoIPBubbleMsg><msg><![CDATA[通话时长 00:31]]></msg></VoIPBubbleMsg></voipmsg>',
    "system": "你已添加了外婆，现在可以开始聊天了。",
    "recalled": '<revokemsg>"外婆" 撤回了一条消息</revokemsg>',
}  # fmt: skip


def memotrace(chat: Chat) -> bytes:
    """MemoTrace: WeChat's own numbers and XML."""
    rows: list[list[object]] = [
        [i, 3, *_MEMOTRACE[m.medium], int(m.own), _seconds(m), 2,
         _XML.get(m.medium, m.text), m.at.strftime("%Y-%m-%d %H:%M:%S"), m.name, m.name, m.account]
        for i, m in enumerate(chat, 1)
    ]  # fmt: skip
    header = "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender"
    return _table(header, rows)


_CHATLOG = {
    "photo": "![图片](http://127.0.0.1:5030/image/0a)", "voice": "[语音](http://127.0.0.1:5030/voice/0a)",
    "video": "![视频](http://127.0.0.1:5030/video/0a)", "sticker": "[动画表情]", "call": "[语音通话]",
    "system": "[系统消息]", "recalled": "[撤回消息]",
}  # fmt: skip


def chatlog(chat: Chat) -> bytes:
    """chatlog: placeholders in the words."""
    rows: list[list[object]] = [
        [m.at.strftime("%Y-%m-%d %H:%M:%S"), m.name, m.account, NAME, "lan1938", _CHATLOG.get(m.medium, m.text)]
        for m in chat
    ]
    return _table("Time,SenderName,Sender,TalkerName,Talker,Content", rows)


def echotrace(chat: Chat) -> bytes:
    """EchoTrace."""
    messages = [
        {
            "localId": i, "createTime": _seconds(m), "type": f"{_WECHAT_NAMES[m.medium]}消息", "localType": 1,
            "content": _body(m), "isSend": None if m.medium == "system" else int(m.own),
            "senderUsername": m.account, "senderDisplayName": m.name, "source": "",
        }
        for i, m in enumerate(chat, 1)
    ]  # fmt: skip
    session = {"wxid": "lan1938", "nickname": NAME, "displayName": NAME, "type": "私聊", "messageCount": len(messages)}
    return json.dumps({"session": session, "messages": messages}, ensure_ascii=False, indent=2).encode()


_CHATLAB = {"": 0, "photo": 1, "voice": 2, "video": 3, "sticker": 5, "call": 23, "system": 80, "recalled": 81}


def _chatlab_parts(chat: Chat) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    header = {
        "chatlab": {"version": "0.0.2", "exportedAt": 1703001600},
        "meta": {"name": NAME, "platform": "wechat", "type": "private", "ownerId": "ming88"},
    }
    members = [{"platformId": a, "accountName": n} for a, n in sorted({(m.account, m.name) for m in chat})]
    messages = [
        {
            "sender": m.account, "accountName": m.name, "timestamp": _seconds(m),
            "type": _CHATLAB[m.medium], "content": None if m.medium else m.text,
        }
        for m in chat
    ]  # fmt: skip
    return header, members, messages


def chatlab(chat: Chat) -> bytes:
    """ChatLab's JSON."""
    header, members, messages = _chatlab_parts(chat)
    return json.dumps({**header, "members": members, "messages": messages}, ensure_ascii=False).encode()


def chatlab_lines(chat: Chat) -> bytes:
    """ChatLab's JSON lines."""
    header, members, messages = _chatlab_parts(chat)
    rows = [{"_type": "header", **header}, *({"_type": "member", **m} for m in members)]
    rows += [{"_type": "message", **m} for m in messages]
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows).encode()


_QQ = {
    "photo": "[图片]", "voice": "[语音]", "video": "[视频]", "sticker": "[表情]", "call": "[语音通话]",
    "recalled": "小明撤回了一条消息", "system": "你们已经是好友了，现在开始聊天吧！",
}  # fmt: skip


def qq(chat: Chat, *, numbers: bool = True) -> bytes:
    """QQ's text; without numbers, as in a talk of two."""
    rule = "=" * 64
    out = [
        "消息记录（此消息记录为文本格式，不支持重新导入）",
        "",
        rule,
        "消息分组:家人",
        rule,
        f"消息对象:{NAME}",
        rule,
        "",
    ]
    for m in chat:
        name, account = ("系统消息", "10000") if m.medium == "system" else (m.name, "20002" if m.own else "10001")
        header = f"{m.at:%Y-%m-%d} {m.at.hour}:{m.at:%M:%S} {name}" + (f"({account})" if numbers else "")
        out += [header, _QQ.get(m.medium, m.text), ""]
    return "\r\n".join(out).replace("\n", "\r\n").replace("\r\r", "\r").encode("utf-8-sig")


def _whatsapp(chat: Chat, stamp: Callable[[datetime], str], media: Callable[[Message], str], mark: str) -> bytes:
    first = "Messages and calls are end-to-end encrypted. No one outside of this chat can read or listen to them."
    out = [f"{stamp(chat[0].at)}{NAME}: {mark}{first}" if mark else f"{stamp(chat[0].at)}{first}"] if chat else []
    for m in chat:
        told = f"{mark}{media(m)}" if m.medium else m.text
        head = f"{mark if m.medium and mark else ''}{stamp(m.at)}"
        out.append(f"{head}{told}" if m.medium == "system" and not mark else f"{head}{m.name}: {told}")
    return "".join(f"{line}\n" for line in out).encode()


def _iphone(m: Message) -> str:
    named = {
        "photo": "<attached: 00000012-PHOTO-2021-03-04.jpg>", "voice": "<attached: 00000013-AUDIO-2021-03-04.opus>",
        "video": "video omitted", "sticker": "sticker omitted", "call": "Missed voice call",
        "recalled": "This message was deleted.", "system": "Your security code with 外婆 changed.",
    }  # fmt: skip
    return named[m.medium]


def _android(m: Message) -> str:
    named = {
        "photo": "IMG-20210304-WA0001.jpg (file attached)", "voice": "PTT-20210304-WA0002.opus (file attached)",
        "video": "VID-20210304-WA0003.mp4 (file attached)", "sticker": "STK-20210304-WA0004.webp (file attached)",
        "call": "Missed voice call", "recalled": "This message was deleted",
        "system": "外婆 changed their phone number.",
    }  # fmt: skip
    return named[m.medium]


def _half(at: datetime) -> str:
    return f"{(at.hour + 11) % 12 + 1}:{at:%M:%S}\u202f{'AM' if at.hour < 12 else 'PM'}"


def whatsapp_iphone(chat: Chat) -> bytes:
    """`[14/10/2021, 3:34:09 PM] N: t`"""
    return _whatsapp(chat, lambda at: f"[{at:%d/%m/%Y}, {_half(at)}] ", _iphone, "\u200e")


def whatsapp_german(chat: Chat) -> bytes:
    """`[07.03.26, 21:22:39] N: t`"""
    return _whatsapp(chat, lambda at: f"[{at:%d.%m.%y}, {at:%H:%M:%S}] ", _iphone, "\u200e")


def whatsapp_android(chat: Chat) -> bytes:
    """`14/10/2021, 15:37 - N: t`"""
    return _whatsapp(chat, lambda at: f"{at:%d/%m/%Y}, {at:%H:%M} - ", _android, "")


def whatsapp_american(chat: Chat) -> bytes:
    """`10/14/21, 3:37 PM - N: t`"""

    def stamp(at: datetime) -> str:
        return f"{at.month}/{at.day}/{at:%y}, {(at.hour + 11) % 12 + 1}:{at:%M} {'AM' if at.hour < 12 else 'PM'} - "

    return _whatsapp(chat, stamp, _android, "")


def whatsapp_chinese(chat: Chat) -> bytes:
    """`2021/10/14 下午3:37 - N: t`"""

    def stamp(at: datetime) -> str:
        half = "上午" if at.hour < 12 else "下午"
        return f"{at.year}/{at.month}/{at.day} {half}{(at.hour + 11) % 12 + 1}:{at:%M} - "

    return _whatsapp(chat, stamp, _android, "")


_LINE = {
    "zh": {
        "title": "[LINE] 与{}的聊天记录", "saved": "保存日期： 2021/04/01 10:00", "photo": "[照片]",
        "voice": "[语音消息]", "video": "[影片]", "sticker": "[贴图]", "call": "☎ 通话时间 0:31",
        "recalled": "小明已收回讯息", "system": "外婆加入聊天",
        "days": "一二三四五六日", "halves": "上午 下午",
    },
    "ja": {
        "title": "[LINE] {}とのトーク履歴", "saved": "保存日時：2021/04/01 10:00", "photo": "[写真]",
        "voice": "[ボイスメッセージ]", "video": "[動画]", "sticker": "[スタンプ]", "call": "☎ 通話時間 0:31",
        "recalled": "小明がメッセージの送信を取り消しました", "system": "外婆が参加しました",
        "days": "月火水木金土日", "halves": "",
    },
    "en": {
        "title": "[LINE] Chat history with {}", "saved": "Saved on: 04/01/2021, 10:00", "photo": "[Photo]",
        "voice": "[Voice message]", "video": "[Video]", "sticker": "[Sticker]", "call": "☎ Call time 0:31",
        "recalled": "小明 unsent a message.", "system": "外婆 joined the chat.", "days": "", "halves": "",
    },
}  # fmt: skip


def line(chat: Chat, language: str = "zh") -> bytes:
    """LINE's text: a day, then lines with tabs; words of several lines in quotation marks."""
    words = _LINE[language]
    out = [words["title"].format(NAME), words["saved"]]
    day = None
    for m in chat:
        if m.at.date() != day:
            day = m.at.date()
            told = f"{day:%Y/%m/%d}（{words['days'][day.weekday()]}）" if words["days"] else f"{day:%a, %m/%d/%Y}"
            out += ["", told]
        time = f"{m.at:%H:%M}"
        if words["halves"]:
            time = f"{words['halves'].split()[m.at.hour >= 12]}{(m.at.hour + 11) % 12 + 1:02}:{m.at:%M}"
        text = words[m.medium] if m.medium else m.text
        if "\n" in text:
            text = '"' + text.replace('"', '""') + '"'
        out.append(f"{time}\t{'' if m.medium in ('system', 'recalled') else m.name}\t{text}")
    return ("\n".join(out) + "\n").encode()


def _telegram_message(i: int, m: Message) -> dict[str, Any]:
    user = "user1002" if m.own else "user1001"
    told: dict[str, Any] = {
        "id": i, "type": "message", "date": m.at.isoformat(), "date_unixtime": str(_seconds(m)),
        "from": m.name, "from_id": user,
    }  # fmt: skip
    if m.medium in ("call", "system", "recalled"):
        action = "phone_call" if m.medium == "call" else "joined_telegram"
        return {**told, "type": "service", "actor": m.name, "actor_id": user, "action": action, "text": ""}
    if m.medium:
        kinds = {
            "photo": {"photo": m.file},
            "voice": {"file": m.file, "media_type": "voice_message"},
            "video": {"file": m.file, "media_type": "video_file"},
            "sticker": {"file": "(File not included.)", "media_type": "sticker", "sticker_emoji": "😀"},
        }
        told.update(kinds[m.medium])
    half = len(m.text) // 2
    mixed = [m.text[:half], {"type": "bold", "text": m.text[half:]}] if i % 2 and half else m.text
    return {**told, "text": mixed, "text_entities": [{"type": "plain", "text": m.text}] if m.text else []}


def telegram(chat: Chat) -> bytes:
    """Telegram's export of one chat."""
    messages = [_telegram_message(i, m) for i, m in enumerate(chat, 1)]
    told = {"name": NAME, "type": "personal_chat", "id": 1001, "messages": messages}
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def telegram_all(chat: Chat) -> bytes:
    """Telegram's export of all chats: the chat twice, by two names, and who the owner is."""
    messages = [_telegram_message(i, m) for i, m in enumerate(chat, 1)]
    chats = [
        {"name": name, "type": "personal_chat", "id": i, "messages": messages} for i, name in enumerate((NAME, "家"))
    ]
    told = {
        "about": "Here is the data you requested from Telegram.",
        "personal_information": {"user_id": 1002, "first_name": "小明"},
        "contacts": {"about": "", "list": [{"first_name": NAME}]}, "chats": {"about": "", "list": chats},
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


CHATS = ("wechat-csv", "wechat-json", "qq", "whatsapp", "line", "telegram")
"""The importers that read them."""

SAMPLES: dict[str, Sample] = {
    "wechat csv: PyWxDump": Sample("wechat-csv", "外婆_0_5000.csv", pywxdump, accounts=True, owner=True),
    "wechat csv: PyWxDump packed": Sample("wechat-csv", "外婆_0_5000.csv", pywxdump_packed, accounts=True, owner=True),
    "wechat csv: WeFlow": Sample("wechat-csv", "外婆.csv", weflow, owner=True),
    "wechat csv: MemoTrace": Sample("wechat-csv", "外婆_utf8.csv", memotrace, accounts=True, owner=True),
    "wechat csv: chatlog": Sample("wechat-csv", "lan1938_2021.csv", chatlog, accounts=True),
    "wechat json: EchoTrace": Sample("wechat-json", "外婆.json", echotrace, accounts=True, owner=True),
    "wechat json: ChatLab": Sample("wechat-json", "外婆.chatlab.json", chatlab, accounts=True, owner=True),
    "wechat json: ChatLab lines": Sample("wechat-json", "外婆.jsonl", chatlab_lines, accounts=True, owner=True),
    "qq": Sample("qq", "外婆(10001).txt", qq),
    "qq: two": Sample("qq", "外婆.txt", lambda chat: qq(chat, numbers=False)),
    "whatsapp: iPhone": Sample("whatsapp", "_chat.txt", whatsapp_iphone),
    "whatsapp: German": Sample("whatsapp", "_chat.txt", whatsapp_german),
    "whatsapp: Android": Sample("whatsapp", "WhatsApp Chat with 外婆.txt", whatsapp_android, seconds=False),
    "whatsapp: American": Sample("whatsapp", "WhatsApp Chat with 外婆.txt", whatsapp_american, seconds=False),
    "whatsapp: Chinese": Sample("whatsapp", "与外婆的WhatsApp聊天.txt", whatsapp_chinese, seconds=False),
    "line: Chinese": Sample("line", "[LINE] 与外婆的聊天.txt", line, seconds=False),
    "line: Japanese": Sample("line", "[LINE] 外婆とのトーク.txt", lambda chat: line(chat, "ja"), seconds=False),
    "line: English": Sample("line", "[LINE] Chat with 外婆.txt", lambda chat: line(chat, "en"), seconds=False),
    "telegram": Sample("telegram", "result.json", telegram),
    "telegram: all": Sample("telegram", "result.json", telegram_all, owner=True),
}
"""What each is -> how it is written."""
