"""What WeChat's tools write beside plain words."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.importers import problems, wechat_body
from provisioning.importers.item import Found
from provisioning.importers.wechat_body import Said, kind_of, said
from provisioning.importers.wechat_csv import OWNER
from tests.support.imports import found, items, reasons

REPLY = """<?xml version="1.0"?>
<msg><appmsg appid="" sdkver="0"><title>好，我等你 &amp; 他</title><type>57</type><refermsg><type>1</type>
<displayname>小明</displayname><content>六点到</content></refermsg></appmsg></msg>"""
LINK = (
    "<msg><appmsg><title><![CDATA[养生十法]]></title><type>5</type><url>http://a.b/c?d=1&amp;e=2</url></appmsg></msg>"
)

BODIES: list[tuple[str, str, Said]] = [
    ("文本", "在", Said("在")),
    ("文本", "[微笑]", Said("[微笑]")),
    ("文本", "<3 你", Said("<3 你")),
    ("文本", "[图片]", Said(medium="photo")),
    ("引用回复", "好\n\n[引用](2021-03-04 08:05:06)小明:六点到", Said("好")),
    ("引用回复", REPLY, Said("好，我等你 & 他")),
    ("49", REPLY, Said("好，我等你 & 他")),
    ("49,57", REPLY, Said("好，我等你 & 他")),
    ("49", f"wxid_a:\n{LINK}", Said(medium="link", attachment="养生十法 http://a.b/c?d=1&e=2")),
    ("(分享)卡片式链接", LINK, Said(medium="link", attachment="养生十法 http://a.b/c?d=1&e=2")),
    (
        "49",
        "<msg><appmsg><title>账本.pdf</title><type>6</type></appmsg></msg>",
        Said(medium="file", attachment="账本.pdf"),
    ),
    ("49", "<msg><appmsg><title>聊天记录</title><type>19</type></appmsg></msg>", Said(reason=problems.FORWARDED)),
    ("49", "<msg><appmsg><title>转账</title><type>2000</type></appmsg></msg>", Said(reason=problems.MONEY)),
    ("49", "<msg><appmsg><title>cut o", Said(medium="link")),
    ("语音", "语音时长：3.00秒\n翻译结果：今天回来吃饭", Said("今天回来吃饭", "voice")),
    ("语音", '<msg><voicemsg voicelength="3"/><voicetrans transtext="回来吃饭"/></msg>', Said("回来吃饭", "voice")),
    ("位置", "江边公园", Said(medium="location", attachment="江边公园")),
    (
        "48",
        '<msg><location x="1" y="2" label="江边" poiname="江边公园"/></msg>',
        Said(medium="location", attachment="江边公园"),
    ),
    ("语音通话", '<voipmsg type="VoIPBubbleMsg"><VoIPBubbleMsg/></voipmsg>', Said(reason=problems.CALL)),
    ("转账", "转账：￥100", Said(reason=problems.MONEY)),
    ("拍一拍", '"小明" 拍了拍我', Said(reason=problems.SYSTEM)),
    ("消息撤回57", "撤回", Said(reason=problems.RECALLED)),
    ("名片", "<msg nickname='a'/>", Said(reason=problems.CARD)),
    ("未知", "什么", Said(reason=problems.UNKNOWN)),
    ("text", "hello", Said("hello")),
    ("图片消息", "[图片]", Said(medium="photo")),
]


@pytest.mark.parametrize(("kind", "body", "told"), BODIES)
def test_what_was_said(kind: str, body: str, told: Said) -> None:
    assert said(kind_of(kind), body) == told


@given(st.sampled_from(["", *wechat_body._NAMES]), st.text(), st.text(max_size=5))
def test_any_body_gives_something(kind: str, body: str, file: str) -> None:
    told = said(kind, body, file)
    assert not (told.reason and (told.text or told.medium))


@given(st.integers(0, len(REPLY)), st.integers(0, len(REPLY)))
def test_xml_may_be_cut_anywhere(start: int, end: int) -> None:
    assert isinstance(said("app", REPLY[start:end]), Said)


def table(tmp_path: Path, columns: str, *rows: list[Any], told: str = "") -> list[Found]:
    out = io.StringIO()
    csv.writer(out).writerows([columns.split(","), *rows])
    return found("wechat-csv", out.getvalue().encode(), tmp_path / "a.csv", told)


WEFLOW = "id,MsgSvrID,type_name,is_sender,talker,msg,src,CreateTime"
PYWXDUMP = "id,MsgSvrID,type_name,is_sender,talker,room_name,msg,src,CreateTime"


def test_an_owner_who_is_named_like_the_other_one_is_kept_apart(tmp_path: Path) -> None:
    rows = [
        [1, 2, "Text", 1, "lan", "x", "yes", "", "2024/10/4 11:42"],
        [2, 3, "Text", 0, "lan", "x", "no", "", "2024/10/4 11:43"],
    ]
    got = items(table(tmp_path, PYWXDUMP, *rows))
    assert [(i.speaker, i.own, i.when.start) for i in got] == [
        (OWNER, True, "2024-10-04T11:42:00"),
        ("lan", False, "2024-10-04T11:43:00"),
    ]


@pytest.mark.parametrize(
    ("time", "start", "confidence"),
    [
        ("2021-03-04T00:05:06.000Z", "2021-03-04T08:05:06", 0.9),
        ("1614816306", "2021-03-04T08:05:06", 0.9),
        ("1614816306000", "2021-03-04T08:05:06", 0.9),
        ("2021-03-04 08:05:06", "2021-03-04T08:05:06", 1.0),
        ("2021/3/4 8:05", "2021-03-04T08:05:00", 1.0),
        ("2021年3月4日", "2021-03-04", 1.0),
        ("2021-03-04T08:05:06+08:00", "2021-03-04T08:05:06", 1.0),
        ("soon", "", 0.0),
        ("2021-13-45 08:05:06", "", 0.0),
    ],
)
def test_times(tmp_path: Path, time: str, start: str, confidence: float) -> None:
    (item,) = items(table(tmp_path, WEFLOW, [1, 2, "文本", 0, "外婆", "在", "", time]))
    assert (item.when.start, item.when.confidence, item.when.text) == (start, confidence, time)


def test_columns_in_another_order_and_with_more_of_them(tmp_path: Path) -> None:
    columns = "CreateTime,msg,extra,src,talker,is_sender,type_name,MsgSvrID,id"
    (item,) = items(table(tmp_path, columns, ["2021-03-04 08:05:06", "在", "", "", "外婆", "0", "文本", "2", "1"]))
    assert (item.text, item.speaker, item.own) == ("在", "外婆", False)


def test_a_spreadsheet_may_have_saved_it_anew(tmp_path: Path) -> None:
    raw = f"{WEFLOW}\n1,2,文本,0,外婆,在吗？吃饭,,2021-03-04 08:05:06\n".replace(",", ";").encode("gb18030")
    (item,) = items(found("wechat-csv", raw, tmp_path / "a.csv"))
    assert item.text == "在吗？吃饭"


def test_a_stray_quotation_mark_costs_no_other_record(tmp_path: Path) -> None:
    row = "{},2,文本,0,外婆,{},,2021-03-04 08:05:06\n"
    for spoiled in ('在 5" 里', '"没有完', '完"了"'):
        raw = (
            f"{WEFLOW}\n"
            + row.format(1, "一")
            + row.format(2, spoiled)
            + row.format(3, '"三\n行"')
            + row.format(4, "四")
        ).encode()
        all_found = found("wechat-csv", raw, tmp_path / "a.csv")
        texts = [i.text for i in items(all_found)]
        assert (texts[0], texts[-1]) == ("一", "四")
        assert "三\n行" in texts
        assert len(texts) + reasons(all_found)[problems.DAMAGED] == 4


def test_chatlog_keeps_a_reply_apart_from_what_it_answers(tmp_path: Path) -> None:
    row = ["2021-03-04 08:05:06", "外婆", "lan", "外婆", "lan", "> 小明 六点\n> 到\n好"]
    (item,) = items(table(tmp_path, "MessageID,Time,SenderName,Sender,TalkerName,Talker,Content", [1, *row]))
    assert item.text == "好"


def test_memotrace_short_form(tmp_path: Path) -> None:
    rows = [[1, "文本", "外婆", "2021-03-04 08:05:06", "在"], [2, "图片", "外婆", "2021-03-04 08:05:07", "[图片]"]]
    got = items(table(tmp_path, "消息ID,类型,发送人,时间,内容", *rows, told="chats/外婆.csv"))
    assert [(i.text, i.medium, i.speaker, i.own, i.chat) for i in got] == [
        ("在", None, "外婆", None, "外婆"),
        ("", "photo", "外婆", None, "外婆"),
    ]


def test_echotrace_owner_may_be_unknown(tmp_path: Path) -> None:
    base = {
        "createTime": 1614816306,
        "type": "文本消息",
        "content": "在",
        "senderUsername": "a",
        "senderDisplayName": "外婆",
    }
    messages = [{**base, "isSend": None}, {**base, "isSend": 1}, {**base, "isSend": 0}]
    raw = json.dumps({"messages": messages, "session": {"displayName": "late"}}).encode()
    assert [i.own for i in items(found("wechat-json", raw, tmp_path / "a.json"))] == [None, True, False]


def test_a_group_message_may_begin_with_its_account(tmp_path: Path) -> None:
    (item,) = items(table(tmp_path, WEFLOW, [1, 2, "文本", 0, "wxid_a", "wxid_a:\n在", "", "2021-03-04 08:05:06"]))
    assert item.text == "在"
    message = {"createTime": 1614816306, "type": "文本消息", "content": "wxid_a:\n在", "senderUsername": "wxid_a"}
    raw = json.dumps({"session": {}, "messages": [message]}).encode()
    assert [i.text for i in items(found("wechat-json", raw, tmp_path / "a.json"))] == ["在"]


def test_chatlab_lines_with_notes_and_a_broken_one(tmp_path: Path) -> None:
    raw = (
        '{"_type":"header","chatlab":{"version":"0.0.2"},"meta":{"name":"家","platform":"wechat"}}\n# a note\n'
        '{"_type":"message","sender":"a","accountName":"外婆","timestamp":1614816306,"type":25,"content":"好"}\n'
        '{"_type":"message","sender":"a"\n{"_type":"message","sender":"a","accountName":"外婆","timestamp":"x","type":0,'
        '"content":"在"}\n[]\n'
    )
    all_found = found("wechat-json", raw.encode(), tmp_path / "a.jsonl")
    assert [(i.text, i.chat, i.own, i.where.line) for i in items(all_found)] == [
        ("好", "家", None, 3),
        ("在", "家", None, 5),
    ]
    assert reasons(all_found) == {problems.DAMAGED: 2, problems.TIMELESS: 1}
