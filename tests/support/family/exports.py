"""Every chat, text message and mail of the shoebox: which talk, in which format, under which name."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.support.family import apple, json_chats, mail, plain_chats, wechat
from tests.support.family.talk import Message, Told, accounts, lengthened, load, second_half, told

FULL = {"xia": (6000, "xia"), "group": (3000, "qin"), "emma": (1500, "emma"), "qin": (2000, "qin")}
"""Lines of small talk that the full size adds, and who asks in them."""


@dataclass(frozen=True)
class Export:
    """One file."""

    content: bytes
    told: Told
    form: str
    """wechat-csv, whatsapp, ...: for reports; importers may call it otherwise"""
    person: str
    """Who in it is she, as the export tells people apart; "" where she is not in it"""
    copy_of: str = ""
    """Another path with the very same bytes"""
    overlaps: str = ""
    """Another path with some of the same messages"""


def exports(seed: int, full: bool) -> dict[str, Export]:
    """Path within the shoebox -> the export."""

    def talk(name: str) -> list[Message]:
        messages = load(name)
        return lengthened(messages, *FULL[name], seed) if full and name in FULL else messages

    return _wechat(talk("xia"), talk("qin"), talk("group"), load("mei")) | _others(talk("emma")) | _mails()


def _wechat(xia: list[Message], qin: list[Message], group: list[Message], mei: list[Message]) -> dict[str, Export]:
    her, first = accounts()["lan"].wxid, "chats/wechat/xia-pywxdump.csv"
    dumped, half = wechat.pywxdump(xia, "xia", "lan"), second_half(group)
    memotrace = "chats/wechat/family-memotrace.csv"
    return {
        first: Export(dumped, told(xia), "wechat-csv", her),
        "chats/备份2020/xia-pywxdump.csv": Export(dumped, told(xia), "wechat-csv", her, copy_of=first),
        "chats/wechat/xia-echotrace.json": Export(
            wechat.echotrace(xia, "xia", "lan"), told(xia), "wechat-json", her, overlaps=first
        ),
        "chats/wechat/qin-weflow.csv": Export(wechat.weflow(qin, "qin", "lan"), told(qin), "wechat-csv", "李玉兰"),
        memotrace: Export(wechat.memotrace(group, "xia", "周家一家门"), told(group), "wechat-csv", her),
        "chats/wechat/family-chatlab.jsonl": Export(
            wechat.chatlab(half, "周家一家门"), told(half), "chatlab", her, overlaps=memotrace
        ),
        "chats/wechat/mei-chatlog.csv": Export(wechat.chatlog(mei, "mei", "lan"), told(mei), "wechat-csv", her),
    }


def _others(emma: list[Message]) -> dict[str, Export]:
    her = accounts()["lan"]
    jie, leeds, stranger = load("jie"), load("leeds"), load("stranger")
    line, telegram, qq = load("tom-line"), load("tom-telegram"), load("qq-jie")
    messenger, instagram, sms, apples = (load(n) for n in ("emma-messenger", "emma-instagram", "sms", "imessage"))
    mill = "day and month cannot be told apart; two strangers, one of them called nearly as she was"
    return {
        "chats/qq/周文杰.txt": Export(plain_chats.qq(qq, "lan"), told(qq), "qq", her.qq),
        "chats/whatsapp/emma.txt": Export(plain_chats.whatsapp_iphone(emma), told(emma), "whatsapp", her.latin),
        "chats/whatsapp/jie.txt": Export(plain_chats.whatsapp_android(jie), told(jie), "whatsapp", her.latin),
        "chats/whatsapp/leeds.txt": Export(plain_chats.whatsapp_german(leeds), told(leeds), "whatsapp", her.latin),
        "chats/whatsapp/mill-street.txt": Export(
            plain_chats.whatsapp_iphone(stranger), told(stranger, mill), "whatsapp", ""
        ),
        "chats/line/tom.txt": Export(plain_chats.line(line, "tom", "lan"), told(line), "line", her.latin),
        "chats/telegram/result.json": Export(
            json_chats.telegram(telegram, "lan"), told(telegram), "telegram", f"user{her.qq}"
        ),
        "chats/telegram-all/result.json": Export(
            json_chats.telegram(telegram, "lan", owner="tom"),
            told(telegram),
            "telegram",
            f"user{her.qq}",
            overlaps="chats/telegram/result.json",
        ),
        "chats/meta/inbox/grandma/message_1.json": Export(
            json_chats.meta(messenger, "Grandma Lan", "inbox/grandma_1"), told(messenger), "messenger", her.latin
        ),
        "chats/meta/instagram/message_1.json": Export(
            json_chats.meta(instagram, "Grandma Lan", "inbox/grandma_2"), told(instagram), "messenger", her.latin
        ),
        "chats/apple/chat.db": Export(_database(apples), told(apples), "imessage", her.phone),
        "chats/sms/sms-20101001.xml": Export(mail.sms(sms, "xia", "lan"), told(sms), "sms-xml", her.phone),
    }


def _database(talk: list[Message]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "chat.db"
        apple.chat_db(path, talk, "jie")
        return path.read_bytes()


def _mails() -> dict[str, Export]:
    found, her = mail.mails(), accounts()["lan"].mail
    box = [each for each in found if each[0] != "2015-qin-book"]
    named = dict(found)
    return {
        "chats/mail/archive.mbox": Export(mail.mbox(box), mail.told([raw for _, raw in box]), "mail", her),
        "chats/mail/2012-lan-answer.eml": Export(
            named["2012-lan-answer"],
            mail.told([named["2012-lan-answer"]]),
            "mail",
            her,
            overlaps="chats/mail/archive.mbox",
        ),
        "chats/mail/2015-qin-book.eml": Export(named["2015-qin-book"], mail.told([named["2015-qin-book"]]), "mail", ""),
    }
