"""What somebody wrote in a mail, and nothing of what they answered to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.importers.html_text import text_of_html
from provisioning.importers.quotes import own_part

ANSWERED = [
    "Yes.\n\nOn Mon, 1 Mar 2021 at 12:00, Mei <mei@example.com> wrote:\n> When?\n> Where?",
    "Yes.\n\nOn Mon, 1 Mar 2021 at 12:00,\nMei <mei@example.com> wrote:\n> When?",
    "Yes.\n\n在 2021年3月1日，Mei <mei@example.com> 写道：\n> 几点？",
    "Yes.\n\nMei <mei@example.com> 于2021年3月1日周一 12:00写道：\n\n> 几点？",
    "Yes.\n\n------------------ 原始邮件 ------------------\n发件人: \"Mei\"\n发送时间: 2021年3月1日\n几点？",
    "Yes.\n\n-----Original Message-----\nFrom: Mei\nSent: Monday\n\nWhen?",
    "Yes.\n\n________________________________\nFrom: Mei\nSent: Monday\nTo: Lan\nSubject: x\n\nWhen?",
    "Yes.\n\n发件人：Mei\n日期：2021年3月1日\n收件人：Lan\n主题：饭\n\n几点？",
    "Yes.\n\nBegin forwarded message:\n\nWhen?",
    "Yes.\n\nOn Mon, 1 Mar 2021 at 12:00, Mei <mei@example.com> wrote:\n\nWhen?",
    "> When?\nYes.",
]  # fmt: skip


@pytest.mark.parametrize("text", ANSWERED)
def test_what_was_answered_to_is_left_out(text: str) -> None:
    own = own_part(text)
    assert own.text.replace("________________________________", "").strip() == "Yes."
    assert own.quoted >= 1


@pytest.mark.parametrize(
    "footer",
    [
        "-- \nLan\nHangzhou",
        "Sent from my iPhone",
        "发自我的iPhone",
        "来自我的华为手机",
        "Get Outlook for iOS",
        "--\n许兰",
    ],
)
def test_a_programs_footer_is_left_out(footer: str) -> None:
    own = own_part(f"Yes.\n\n{footer}\n")
    assert (own.text, own.signed > 0, own.quoted) == ("Yes.", True, 0)


KEPT = [
    "In his letter he wrote:\nThe ferry came.",
    "一九九七年他在信里写道：\n船来了。",
    "From: the boat one sees the town.\nWe stayed.",
    "-- \n" + "\n".join(f"line {i}" for i in range(40)),
    "She said:\n\"come\"",
]  # fmt: skip


@pytest.mark.parametrize("text", KEPT)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert own_part(text).text == text.strip("\n").replace("-- \n", "--\n")


def test_answers_between_quotes_stay() -> None:
    own = own_part("> one?\nYes.\n> two?\nNo.")
    assert (own.text, own.quoted) == ("Yes.\nNo.", 2)


@given(st.text(max_size=300))
def test_every_line_is_kept_or_counted(text: str) -> None:
    own = own_part(text)
    filled = sum(1 for line in text.split("\n") if any(c.isalnum() for c in line))
    kept = sum(1 for line in own.text.split("\n") if any(c.isalnum() for c in line))
    assert kept + own.quoted + own.signed >= filled


@given(st.text(st.sampled_from("<>/&;!-pabr \n\"'="), max_size=80))
def test_any_page_is_text(page: str) -> None:
    assert "<p>" not in text_of_html(page)


def test_a_page_as_text() -> None:
    page = "<h1>Title</h1><!-- no --><p>a &lt; b<script>if (a<b) {}</script></p><ul><li>x<li>y</ul>1 < 2<td>z"
    assert text_of_html(page) == "Title\n\na < b\n\nx\ny\n\n1 < 2 z"
