"""What somebody said by one WeChat message, whatever its type and the tool that exported it.

Types have names in Chinese or English, or WeChat's own numbers; bodies are words, placeholders ("[图片]") or XML.
"""

from __future__ import annotations

import html
import re
from typing import NamedTuple

from provisioning.importers import problems
from provisioning.importers.item import Medium


class Said(NamedTuple):
    """The words and what came with them, or the reason why nobody said anything."""

    text: str = ""
    medium: Medium | None = None
    attachment: str = ""
    reason: str = ""


_APP = "app"
_TEXT = "text"
_NAMES = {
    _TEXT: "文本 文字 粘贴的文本 引用回复 引用 回复 接龙 text quote reply 1 49,1 49,53 49,57",
    "photo": "图片 照片 image photo picture 3",
    "voice": "语音 voice audio 34",
    "video": "视频 小视频 video 43 62",
    "file": "文件 文件(猜) file 49,6 49,74",
    "location": "位置 位置共享 地理位置 location 48 49,17",
    "link": (
        "链接 卡片 卡片式链接 (分享)卡片式链接 (分享)音乐 音乐 (分享)小程序 小程序 (分享)笔记 笔记 (分享)收藏夹 "
        "(分享)视频号名片 (分享)视频号视频 视频号视频 视频号 分享 link share "
        "49,3 49,4 49,5 49,24 49,33 49,36 49,40 49,51"
    ),
    problems.STICKER: "动画表情 表情 表情包 用户上传的gif表情 gif sticker emoji 47 49,8",
    problems.CALL: "语音通话 视频通话 语音/视频通话 通话 音视频通话 call voip 50 52 53",
    problems.MONEY: "转账 红包 微信红包 微信转账 赠送红包封面 red_packet transfer 66 49,2000 49,2001 49,2003",
    problems.CARD: "名片 个人名片 推荐公众号 推荐好友 contact card 42",
    problems.FORWARDED: "合并转发的聊天记录 聊天记录 转发 转发的聊天记录 forward 49,19",
    problems.RECALLED: "撤回 消息撤回 recall revoke 10002",
    problems.SYSTEM: "系统 系统通知 拍一拍 添加好友 邀请加群 群公告 system poke 10000 37 49,62 49,87",
    _APP: "49 49,0 app 应用",
}
_KINDS = {name: kind for kind, names in _NAMES.items() for name in names.split()}
_MEDIA: dict[str, Medium] = {m: m for m in ("photo", "voice", "video", "file", "location", "link")}
_PLACEHOLDER = re.compile(r"!?\[([^\[\]|]{1,12})(?:\|([^\[\]]{0,400}))?\](?:\(([^()]{0,2000})\))?\s*")
_TRANSCRIPT = re.compile(r"(?:翻译结果|转文字|语音转文字)[：:]\s*")
_APPS = {
    "1": _TEXT, "53": _TEXT, "57": _TEXT, "6": "file", "74": "file", "17": "location", "8": problems.STICKER,
    "19": problems.FORWARDED, "2000": problems.MONEY, "2001": problems.MONEY, "2003": problems.MONEY,
    "62": problems.SYSTEM, "87": problems.SYSTEM,
}  # fmt: skip


def kind_of(name: str) -> str:
    """One of _NAMES for a type's name or number ("49,57": with its second number); "" for an unknown one."""
    name = name.strip().lower().removesuffix("消息")
    return _KINDS.get(name, "") or (problems.RECALLED if "撤回" in name else "")


def without_account(body: str, account: str) -> str:
    """A group's message without the account that some tools leave before it: "wxid_a:\\n"."""
    return body.removeprefix(f"{account}:\n") if account else body


def said(kind: str, body: str, source: str = "") -> Said:
    """What was said. `kind`: of `kind_of`; `source`: the file that the export names."""
    body = body.strip()
    xml = body.find("<") if body[:1] == "<" or _prefixed(body) else -1
    if xml >= 0 and (kind in ("", _APP) or body.startswith(("<?xml", "<msg", "<voipmsg", "<sysmsg"), xml)):
        return _from_xml(body[xml:], source)
    if kind in ("", _TEXT, _APP):
        return _from_text(body, known=kind == _TEXT)
    if kind in _MEDIA:
        return _from_medium(_MEDIA[kind], body, source)
    return Said(reason=kind)


def _prefixed(body: str) -> bool:
    """Whether it is XML after the account of a group's member: "wxid_a:\n<msg>"."""
    before, newline, after = body[:100].partition(":\n")
    return bool(newline) and after.startswith("<") and " " not in before


def _from_text(body: str, known: bool) -> Said:
    placeholder = _PLACEHOLDER.fullmatch(body)
    if placeholder:
        name, title, link = placeholder.groups()
        kind = kind_of(name)
        if kind in _MEDIA:
            return Said(medium=_MEDIA[kind], attachment=link or title or "")
        if kind and kind not in (_TEXT, _APP):
            return Said(reason=kind)
    if not known and body:
        return Said(reason=problems.UNKNOWN)
    answer, _, _ = body.partition("\n[引用]")
    return Said(answer.rstrip())


def _from_medium(medium: Medium, body: str, source: str) -> Said:
    """A voice message's transcript is what somebody said; other words with a medium are the exporting tool's."""
    if medium == "voice":
        words = _TRANSCRIPT.split(body, 1)
        return Said(words[1].strip() if len(words) > 1 else "", medium, source)
    placeholder = _PLACEHOLDER.fullmatch(body)
    named = " ".join(part for part in placeholder.groups()[1:] if part) if placeholder else body
    if medium in ("location", "link", "file"):
        return Said(medium=medium, attachment=source or " ".join(named.split())[:400])
    return Said(medium=medium, attachment=source or (placeholder.group(3) or "" if placeholder else ""))


def _from_xml(body: str, source: str) -> Said:
    """WeChat's own XML, without a parser: it is often cut off, and one field of it matters."""
    if "<appmsg" in body:
        return _from_app(body, source)
    if "<voicemsg" in body:
        return Said(_attribute(body, "transtext"), "voice", source)
    if "<location" in body:
        return Said(medium="location", attachment=_attribute(body, "poiname") or _attribute(body, "label"))
    for mark, medium in (("<img", "photo"), ("<videomsg", "video")):
        if mark in body:
            return Said(medium=_MEDIA[medium], attachment=source)
    for mark, reason in (
        ("<emoji", problems.STICKER), ("<voipmsg", problems.CALL), ("<VoIPBubbleMsg", problems.CALL),
        ("revokemsg", problems.RECALLED), ("<sysmsg", problems.SYSTEM), ("nickname=", problems.CARD),
    ):  # fmt: skip
        if mark in body:
            return Said(reason=reason)
    return Said(reason=problems.UNKNOWN)


def _from_app(body: str, source: str) -> Said:
    title = _element(body, "title")
    kind = _APPS.get(_element(body, "type"), "link")
    if kind == _TEXT:
        return Said(title)
    if kind in _MEDIA:
        address = "" if kind == "file" else _element(body, "url")
        return Said(medium=_MEDIA[kind], attachment=source or " ".join(part for part in (title, address) if part)[:400])
    return Said(reason=kind)


def _element(body: str, name: str) -> str:
    """The words of the first such element, "" where there is none or it is cut off."""
    start = body.find(f"<{name}>")
    end = body.find(f"</{name}>", start)
    if start < 0 or end < 0:
        return ""
    inner = body[start + len(name) + 2 : end].strip()
    if inner.startswith("<![CDATA[") and inner.endswith("]]>"):
        return inner[9:-3].strip()
    return html.unescape(inner).strip()


def _attribute(body: str, name: str) -> str:
    start = body.find(f' {name}="')
    end = body.find('"', start + len(name) + 3)
    return html.unescape(body[start + len(name) + 3 : end]).strip() if 0 <= start < end else ""
