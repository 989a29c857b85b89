"""Nothing that belongs to a third party may be said; what is the person's own stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.memories.memory import Cited
from provisioning.memories.names import Names
from provisioning.memories.private import identity, luhn, numbers
from provisioning.memories.redact import BLOCK, Redactor

FAMILY = ("陈望川", "听潮", "秀兰", "Lan", "Ting", "Old Lu", "老方", "Shen Xiulan")
REDACTOR = Redactor(Names(FAMILY, ["张三丰", "Jolly Roger"]))
SOURCE = Cited("chats/a.txt", 7)

SECRETS = [
    ("我电话13812345678，打给我。", "13812345678", "phone"),
    ("我电话１３８１２３４５６７８，打给我。", "１３８１２３４５６７８", "phone"),
    ("电话138 1234 5678。", "138 1234 5678", "phone"),
    ("区号0571-87654321。", "0571-87654321", "phone"),
    ("Call +1 604 555 0199 then.", "604 555 0199", "phone"),
    ("My number is 555-0199.", "555-0199", "phone"),
    ("卡号6222021234567890128，别忘了。", "6222021234567890128", "bank-card"),
    ("Card 4111 1111 1111 1111 is his.", "4111 1111 1111 1111", "bank-card"),
    ("身份证11010519491231002X。", "11010519491231002X", "identity-number"),
    ("Her number is 078-05-1120.", "078-05-1120", "identity-number"),
    ("住在文三路123号4幢501室。", "123号4幢501室", "address"),
    ("He lives at 12 Canal Street.", "12 ", "address"),
    ("搬到采荷三区九幢二〇一室，替我去看看她。", "采荷三区", "address"),
    ("密码是hunter2，记住。", "hunter2", "password"),
    ("The password is hunter2.", "hunter2", "password"),
    ("写信到wang@example.com。", "wang@example.com", "mail"),
    ("他的车浙A12345。", "A12345", "plate"),
    ("打一三八零零一三八零零零。", "一三八零零一三八零零零", "number"),
    ("我们去王建国家吃饭。", "王建国", "third-party"),
    ("邻居张桂芳的儿子结婚。", "张桂芳", "third-party"),
    ("白医生说没事。", "白医生", "third-party"),
    ("老王来下棋。", "老王", "third-party"),
    ("张三丰说的。", "张三丰", "third-party"),
    ("Our neighbour Bob came.", "Bob", "third-party"),
    ("Mrs. Zhang came with Alice Brown.", "Zhang", "third-party"),
    ("I saw Jolly Roger and Wang Jianguo.", "Jianguo", "third-party"),
]


@pytest.mark.parametrize(("text", "secret", "kind"), SECRETS)
def test_a_secret_is_neither_said_nor_shown(text: str, secret: str, kind: str) -> None:
    told = REDACTOR.redact(text, SOURCE, "letter")
    assert secret not in told.text
    assert told.count >= 1
    assert any(f.kind == kind and BLOCK in f.excerpt and f.done == "redacted" for f in told.findings)
    assert all(secret.strip() not in f.excerpt for f in told.findings)


@pytest.mark.parametrize(
    "text",
    [
        "一九八六年十月四日，我一九三八年生。",
        "We lived there from 1978 to 1985, 1978-1985.",
        "老方下棋要输了，就拿出来讲。",
        "听潮和秀兰去了江边，万一下雨就回来。",
        "周末马上就到了，方便的话高兴就来，谢谢老师。",
        "Old Lu spat over the left rail, and Lan counted to 36.",
        "In New York I saw the river, and in Hangzhou the tide.",
        "毛主席来过杭州。",
        "Don't cry, dear Ma said. Father Christmas came in the Old Year.",
        "We saw pictures of the Tang Dynasty in Old Shanghai.",
        "朋友高兴，同学马上来，邻居方便就开门。",
        "小白兔跑了，老黄牛在田里，小黄鱼清蒸。",
        "高兴了就唱歌，方向盘在左边，石头很重，江水很宽。",
        "那时候全村人都来，任何人都可以坐，万一下雨就回去。",
        "我数了一千二百三十四根。",
    ],
)
def test_what_is_the_familys_own_stays(text: str) -> None:
    assert REDACTOR.redact(text, SOURCE, "letter").text == text


def test_ailments_of_others_are_left_out_and_told_to_the_family() -> None:
    told = REDACTOR.redact("今天去看戏。你爸的血糖又高了。戏很好看。", SOURCE, "message")
    assert told.text == "今天去看戏。戏很好看。"
    assert [(f.kind, f.done) for f in told.findings] == [("health", "left-out")]
    assert REDACTOR.redact("邻居得了癌症。", SOURCE, "letter").text == ""


@pytest.mark.parametrize(
    "text", ["她开刀了，乳腺癌。你莫去外头讲。", "Jodie is pregnant. Do not tell anybody.", "我不讲。叫他来吃饭。"]
)
def test_what_was_told_in_confidence_is_left_out_whole(text: str) -> None:
    told = REDACTOR.redact(text, SOURCE, "message")
    assert told.text == ""
    (finding,) = told.findings
    assert (finding.kind, finding.done) == ("secret", "left-out")
    assert "癌" not in finding.excerpt
    assert "pregnant" not in finding.excerpt
    assert REDACTOR.redact("谁有理谁泡茶，你莫同他讲。", SOURCE, "letter").text


def test_debts_are_nobodys_business() -> None:
    assert REDACTOR.redact("阿杰，欠林海的铜钿，有了就还。", SOURCE, "message").text == ""


def test_ones_own_ailments_are_kept_with_a_mark() -> None:
    told = REDACTOR.redact("我那年中风，左手慢了。", SOURCE, "message")
    assert (told.text, told.sensitivity) == ("我那年中风，左手慢了。", "health")


def test_the_family_may_keep_what_would_be_left_out() -> None:
    assert REDACTOR.redact("你爸的血糖又高了。", SOURCE, "message", keep=True).text


def test_a_story_names_whom_the_family_named_but_no_numbers() -> None:
    told = REDACTOR.redact("王建国是我徒弟，电话13812345678。", SOURCE, "story").text
    assert "王建国" in told
    assert "138" not in told


def test_check_digits() -> None:
    assert luhn("4111111111111111")
    assert not luhn("4111111111111112")
    assert identity("11010519491231002X")
    assert not identity("110105194912310021")


@given(st.text(max_size=120))
def test_any_text_is_redacted_once_and_for_all(text: str) -> None:
    once = REDACTOR.plain(text, names=False)
    assert all(0 <= f.start < f.end <= len(text) for f in numbers(text))
    assert isinstance(once, str)


@given(
    st.from_regex(r"1[3-9]\d{9}", fullmatch=True),
    st.text("我他电话是，。 abc", max_size=10),
    st.text("，。 你看", max_size=10),
)
def test_a_mobile_number_is_found_wherever_it_stands(number: str, before: str, after: str) -> None:
    assert number not in REDACTOR.plain(before + number + after, names=False)
