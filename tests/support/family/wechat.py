"""WeChat as four programs export it to CSV, and two to JSON."""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from tests.support.family.talk import Message, accounts

_TYPES = {
    "text": ("文本", 1, 0),
    "photo": ("图片", 3, 0),
    "voice": ("语音", 34, 0),
    "video": ("视频", 43, 0),
    "sticker": ("动画表情", 47, 0),
    "location": ("位置", 48, 0),
    "link": ("(分享)卡片式链接", 49, 5),
    "packet": ("红包封面", 49, 2001),
    "call": ("语音通话", 50, 0),
    "system": ("系统通知", 10000, 0),
    "recall": ("系统通知", 10000, 0),
}
"""Kind -> PyWxDump's name, WeChat's Type and SubType."""
_ECHOTRACE = {
    "text": "文本消息",
    "photo": "图片消息",
    "voice": "语音消息",
    "video": "视频消息",
    "sticker": "动画表情",
    "location": "位置消息",
    "link": "链接消息",
    "packet": "红包消息",
    "call": "通话消息",
    "system": "系统消息",
    "recall": "系统消息",
}
_CHATLAB = {"text": 0, "photo": 1, "voice": 2, "video": 3, "sticker": 5, "link": 7, "location": 8, "packet": 20,
            "call": 23, "system": 80, "recall": 81}  # fmt: skip


def _content(m: Message) -> str:
    """What the database holds: words, or XML where WeChat keeps XML."""
    if m.kind == "text":
        return m.text
    if m.kind == "recall":
        return f'"{accounts()[m.who].name}" 撤回了一条消息'
    if m.kind == "system":
        return m.text
    if m.kind == "link":
        title, _, address = m.text.rpartition(" ")
        return f"<msg><appmsg><title>{escape(title)}</title><type>5</type><url>{escape(address)}</url></appmsg></msg>"
    if m.kind == "packet":
        words = escape(m.text.rpartition(" ")[0])
        paid = f"<wcpayinfo><sendertitle>{words}</sendertitle></wcpayinfo>"
        return f"<msg><appmsg><title>微信红包</title><type>2001</type>{paid}</appmsg></msg>"
    if m.kind == "location":
        return f'<msg><location x="30.31" y="120.14" label={quoteattr(m.text)}/></msg>'
    if m.kind == "voice":
        seconds = m.text.split(" ")[0]
        return f'<msg><voicemsg endflag="1" voicelength="{int(seconds) * 1000}" voiceformat="4"/></msg>'
    return {"photo": "<msg><img/></msg>", "sticker": "<msg><emoji/></msg>", "call": f"通话时长 {m.text}"}[m.kind]


def _plain(m: Message) -> str:
    """As programs show it that write readable text."""
    if m.kind == "text":
        return m.text
    shown = {"photo": "[图片]", "voice": "[语音]", "sticker": "[表情]", "packet": "[红包]", "location": "[位置]"}
    if m.kind in shown:
        return shown[m.kind]
    return f"[链接] {m.text}" if m.kind == "link" else f"[语音通话] {m.text}" if m.kind == "call" else _content(m)


def _file(m: Message) -> str:
    return m.text.split(" ")[-1] if m.kind in ("voice", "photo") and m.text else ""


def _who(m: Message, fallback: str) -> str:
    return m.who or fallback


def _rows(header: str, rows: Iterable[Iterable[object]], newline: str, bom: bool) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=newline)
    writer.writerow(header.split(","))
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig" if bom else "utf-8")


def pywxdump(talk: list[Message], owner: str, other: str, room: str = "") -> bytes:
    """PyWxDump: times as text, the media's file in `src`."""
    name = room or accounts()[other].wxid
    rows = (
        (n, 7_000_000_000 + 7919 * n, _TYPES[m.kind][0], int(m.who == owner), accounts()[_who(m, other)].wxid, name,
         _plain(m) if m.kind in ("text", "system", "recall") else _content(m), _file(m), f"{m.time:%Y-%m-%d %H:%M:%S}")
        for n, m in enumerate(talk, 1)
    )  # fmt: skip
    return _rows("id,MsgSvrID,type_name,is_sender,talker,room_name,msg,src,CreateTime", rows, "\n", False)


def weflow(talk: list[Message], owner: str, other: str) -> bytes:
    """WeFlow: the same without `room_name`; BOM, CRLF, ISO times in UTC, display names."""
    rows = (
        (n, 7_100_000_000 + 7919 * n, _TYPES[m.kind][0], int(m.who == owner),
         "我" if m.who == owner else accounts()[_who(m, other)].name, _plain(m), _file(m), _utc(m))
        for n, m in enumerate(talk, 1)
    )  # fmt: skip
    return _rows("id,MsgSvrID,type_name,is_sender,talker,msg,src,CreateTime", rows, "\r\n", True)


def _utc(m: Message) -> str:
    return f"{m.time - datetime.timedelta(hours=8):%Y-%m-%dT%H:%M:%S}.000Z"


def memotrace(talk: list[Message], owner: str, remark: str) -> bytes:
    """MemoTrace (留痕): numbers of types, seconds and a readable time."""
    rows = []
    for n, m in enumerate(talk, 1):
        _, kind, sub = _TYPES[m.kind]
        sender = accounts()[m.who] if m.who else None
        content = _content(m)
        rows.append(
            (n, 3, kind, sub, int(m.who == owner), m.seconds, 3, content, f"{m.time:%Y-%m-%d %H:%M:%S}",
             remark, sender.name if sender else "", sender.wxid if sender else "")
        )  # fmt: skip
    head = "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender"
    return _rows(head, rows, "\n", True)


def chatlog(talk: list[Message], owner: str, other: str) -> bytes:
    """chatlog: six columns, readable text."""
    there = accounts()[other]
    rows = (
        (f"{m.time:%Y-%m-%d %H:%M:%S}", accounts()[m.who].name if m.who else "系统消息",
         accounts()[m.who].wxid if m.who else "", there.name, there.wxid, _plain(m))
        for m in talk
    )  # fmt: skip
    return _rows("Time,SenderName,Sender,TalkerName,Talker,Content", rows, "\n", False)


def echotrace(talk: list[Message], owner: str, other: str) -> bytes:
    """EchoTrace: `isSend` is null for the program's own lines."""
    there = accounts()[other]
    messages = [
        {
            "localId": n,
            "createTime": m.seconds,
            "formattedTime": f"{m.time:%Y-%m-%d %H:%M:%S}",
            "type": _ECHOTRACE[m.kind],
            "localType": _TYPES[m.kind][1],
            "content": _plain(m),
            "isSend": None if m.kind in ("system", "recall") else int(m.who == owner),
            "senderUsername": accounts()[m.who].wxid if m.who else "",
            "senderDisplayName": accounts()[m.who].name if m.who else "",
        }
        for n, m in enumerate(talk, 1)
    ]
    session = {"wxid": there.wxid, "nickname": there.name, "remark": "外婆", "displayName": "外婆", "type": "私聊",
               "messageCount": len(messages)}  # fmt: skip
    told = {"session": session, "messages": messages, "exportTime": "2024-05-01 10:00:00"}
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def chatlab(talk: list[Message], name: str) -> bytes:
    """ChatLab JSONL: a header, members, then one message a line."""
    lines: list[dict[str, object]] = [
        {
            "_type": "header",
            "chatlab": {"version": "0.0.1", "exportedAt": 1_714_500_000},
            "meta": {"name": name, "platform": "wechat", "type": "group"},
        }
    ]
    for key in dict.fromkeys(m.who for m in talk if m.who):
        lines.append({"_type": "member", "platformId": accounts()[key].wxid, "accountName": accounts()[key].name})
    for m in talk:
        lines.append(
            {
                "_type": "message",
                "sender": accounts()[m.who].wxid if m.who else "system",
                "accountName": accounts()[m.who].name if m.who else "系统消息",
                "timestamp": m.seconds,
                "type": _CHATLAB[m.kind],
                "content": _plain(m) or None,
            }
        )
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()
