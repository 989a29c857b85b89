"""Mails: who wrote what to whom, without what others wrote."""

from __future__ import annotations

import base64
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioning.importers import mail as module
from provisioning.importers.item import Item, Problem
from provisioning.importers.mail import Mail
from provisioning.importers.mail_headers import words
from tests.support.documents import EML, MAIL, mbox
from tests.support.reading import read, source


def mails(folder: Path, raw: bytes) -> tuple[list[Item], list[Problem]]:
    return read(Mail(), folder, "letters/mail", raw)


HEAD = "From: Lan <lan@example.com>\nDate: Mon, 1 Mar 2021 12:00:00 +0800\nSubject: s\n"


def test_a_mail_in_gb18030(tmp_path: Path) -> None:
    (item,), problems = mails(tmp_path, EML.encode())
    assert (item.text, item.speaker, item.name) == ("小梅：\n菜要晒三天。", "lan@example.com", "许兰")
    assert (item.chat, item.to) == ("腌菜的做法", ("Mei", "小乐"))
    assert (item.when.start, item.when.confidence) == ("2021-03-01T12:00:00", 1.0)
    assert (item.medium, item.attachment) == ("photo", "坛子.jpg")
    told = {p.reason: p.detail for p in problems}
    assert told == {"quoted lines of an earlier mail": "3 lines", "a signature below a mail": "2 lines"}


def test_a_mailbox_is_read_mail_by_mail(tmp_path: Path) -> None:
    items, _ = mails(tmp_path, mbox(EML, MAIL))
    assert [(i.speaker, i.where.line) for i in items] == [("lan@example.com", 1), ("mei@example.com", 23)]
    assert items[1].text == "Dear Grandma,\n\nthe boat floats — still.\n\nFrom here on it rains."


def test_headers_in_raw_bytes_of_old_programs(tmp_path: Path) -> None:
    raw = HEAD.replace("Lan", "许兰").replace("Subject: s", "Subject: 过年") + "\n你好\n"
    (item,), _ = mails(tmp_path, raw.encode("gb18030"))
    assert (item.name, item.chat, item.text) == ("许兰", "过年", "你好")


def test_a_word_broken_within_a_character() -> None:
    raw = "外婆的信".encode()
    pieces = [f"=?utf-8?B?{base64.b64encode(part).decode()}?=" for part in (raw[:4], raw[4:8], raw[8:])]
    assert words(" ".join(pieces)) == "外婆的信"
    assert words("Re: =?gb2312?Q?=C4=E3?= and =?x-nothing?Q?hi?=") == "Re: 你 and hi"


@given(st.text(max_size=200))
def test_any_header_is_text(text: str) -> None:
    assert isinstance(words(text), str)


@pytest.mark.parametrize(
    "charset", ["gb2312", "utf-7", "unicode_escape", "punycode", "rot13", "x-unknown", "undefined", "utf-16"]
)
def test_a_character_set_that_lies_gives_the_words(tmp_path: Path, charset: str) -> None:
    raw = f"{HEAD}Content-Type: text/plain; charset={charset}\n\n".encode() + "菜要晒三天。".encode()
    (item,), _ = mails(tmp_path, raw)
    if charset != "utf-16":
        assert "晒三天" in item.text


def test_html_alone_becomes_text(tmp_path: Path) -> None:
    html = "<html><head><style>p{}</style></head><body><p>One &amp; two</p><div>three<br>four</div>"
    raw = f"{HEAD}Content-Type: text/html\n\n{html}<blockquote>old</blockquote></body></html>"
    (item,), problems = mails(tmp_path, raw.encode())
    assert item.text == "One & two\n\nthree\nfour"
    assert [p.detail for p in problems] == ["1 lines"]


def test_plain_text_is_taken_before_html(tmp_path: Path) -> None:
    message = EmailMessage()
    message["From"], message["Date"] = "lan@example.com", "Mon, 1 Mar 2021 12:00:00 +0800"
    message.set_content("plain")
    message.add_alternative("<p>rich</p>", subtype="html")
    message.add_attachment(b"x", "audio", "amr", filename="语音.amr")
    message.add_attachment(b"y", "image", "png", filename="b.png")
    items, _ = mails(tmp_path, message.as_bytes())
    assert [(i.text, i.medium, i.attachment) for i in items] == [("plain", "voice", "语音.amr"), ("", "photo", "b.png")]


def test_attachments_can_be_taken_out(tmp_path: Path) -> None:
    thrown = EML.replace("Message-ID", "X-Gmail-Labels: Trash\r\nMessage-ID")
    given_file = source(tmp_path, "letters/mail", mbox(MAIL, EML, thrown))
    (item,) = [f for f in Mail().read(given_file) if isinstance(f, Item) and f.attachment]
    (taken,) = Mail().attached(given_file)
    assert taken == (item.where, item.medium, item.attachment, b"\xff\xd8\xff\xe0")


def test_lines_broken_for_the_transport_are_joined(tmp_path: Path) -> None:
    raw = f"{HEAD}Content-Type: text/plain; format=flowed\n\nOne line that \nwas broken.\nAnother.\n"
    (item,), _ = mails(tmp_path, raw.encode())
    assert item.text == "One line that was broken.\nAnother."


@pytest.mark.parametrize(
    ("header", "reason"),
    [("X-Mozilla-Status: 0009", "a deleted mail"), ("X-Gmail-Labels: Spam,Opened", "a mail in spam or trash")],
)
def test_what_was_thrown_away_stays_away(tmp_path: Path, header: str, reason: str) -> None:
    items, problems = mails(tmp_path, f"{HEAD}{header}\n\nhi\n".encode())
    assert not items
    assert [p.reason for p in problems] == [reason]


def test_gmail_tells_what_the_owner_sent(tmp_path: Path) -> None:
    (item,), _ = mails(tmp_path, f"{HEAD}X-Gmail-Labels: Sent,Important\n\nhi\n".encode())
    assert item.own is True


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 99 Foo 2021", "1 Jan 1901 00:00:00 +0000", "1" * 5000])
def test_a_mail_without_a_date_takes_when_it_came(tmp_path: Path, date: str) -> None:
    raw = f"From: lan@example.com\nReceived: by x; Mon, 1 Mar 2021 12:00:00 +0800\nDate: {date}\nSubject: s\n\nhi\n"
    (item,), _ = mails(tmp_path, raw.encode())
    assert (item.when.start, item.when.confidence) == ("2021-03-01T12:00:00", 0.9)


deep = "".join(f'Content-Type: multipart/mixed; boundary="{i}"\n\n--{i}\n' for i in range(3000))
letters = "".join("Content-Type: message/rfc822\n\n" for _ in range(3000))
flat = 'Content-Type: multipart/mixed; boundary="b"\n\n' + "--b\n\nx\n" * 100_000


@pytest.mark.parametrize("bomb", [deep, letters, flat], ids=["deep", "letters", "flat"])
def test_parts_without_end_are_one_problem(tmp_path: Path, bomb: str) -> None:
    items, problems = mails(tmp_path, mbox(HEAD + bomb, MAIL))
    assert [i.speaker for i in items] == ["mei@example.com"]
    assert problems[0].reason == "a mail of too many parts"


HOSTILE = {
    "comments": "From: " + "(" * 15_000 + "\n",
    "addresses": "From: " + "a@b.c," * 3_000 + "\n",
    "words": "From: x@y.z\nSubject: " + "=?utf-8?B?" * 2_000 + "\n",
    "parameters": "From: x@y.z\nContent-Type: text/plain; " + "a*0*=x;" * 2_000 + "\n",
    "entities": "From: x@y.z\nContent-Type: text/html\n\n" + "&#" + "9" * 6000 + ";<!--" * 100_000,
    "tags": "From: x@y.z\nContent-Type: text/html\n\n" + "<a " * 300_000,
    "scripts": "From: x@y.z\nContent-Type: text/html\n\n" + "<script>" * 100_000,
    "quotes": "From: x@y.z\n\n" + "1234567890" * 40 + "写道：\n" * 20_000,
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_mails_are_read_or_told(tmp_path: Path, what: str) -> None:
    items, problems = mails(tmp_path, mbox(HOSTILE[what] + "\nhi\n", MAIL))
    assert items[-1].speaker == "mei@example.com"
    assert len(items) + len(problems) > 1


def test_a_mail_that_is_too_long_keeps_its_beginning(tmp_path: Path) -> None:
    given_file = source(tmp_path, "letters/a", f"{HEAD}\nhi\n".encode())
    with given_file.path.open("ab") as file:
        for _ in range(module.MAX_MAIL // (1 << 20) + 1):
            file.write((b"x" * 1023 + b"\n") * 1024)
    found = list(Mail().read(given_file))
    assert isinstance(found[0], Problem)
    assert found[0].reason == "a mail that is too long; its end was not read"
    (item,) = (f for f in found if isinstance(f, Item))
    assert item.text.startswith("hi\n")


TYPED = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff\ufffd>"), min_size=1, max_size=80
)


@settings(max_examples=60, deadline=None)
@given(TYPED, TYPED, st.sampled_from(["7bit", "base64", "quoted-printable", "8bit"]))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, subject: str, text: str, how: str) -> None:
    message = EmailMessage()
    message["From"], message["Date"] = "lan@example.com", "Mon, 1 Mar 2021 12:00:00 +0800"
    message["Subject"] = subject
    text = " ".join(text.split()) or "x"
    message.set_content(text, cte="base64" if how == "7bit" and not text.isascii() else how)
    items, _ = mails(tmp_path_factory.mktemp("box"), message.as_bytes())
    assert [i.text for i in items] == [text]
    assert "".join(items[0].chat.split()) == "".join(subject.split())
