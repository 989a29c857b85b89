"""Files of a made-up family as other programs write them: mail, text messages, databases, Word and PDF. Nobody in
them is real. `SAMPLES` holds one good file of every kind, for tests of importers and of whole builds."""

from __future__ import annotations

import base64
import io
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

NOON = 1614571200
"""2021-03-01T04:00:00Z, noon in China."""
APPLE = 978307200
"""2001-01-01T00:00:00Z, where Apple's clocks begin."""


def escaped(text: str) -> str:
    """As Meta's downloads write text: each byte of its UTF-8 as a character."""
    return text.encode().decode("latin-1")


def messenger(
    messages: Sequence[Mapping[str, Any]], title: str = "许兰", names: Sequence[str] = ("许兰", "Mei")
) -> bytes:
    """A download of Messenger or Instagram; `messages` oldest first, with text as it was written."""
    body = {
        "participants": [{"name": escaped(name)} for name in names],
        "messages": [_escaped_all(m) for m in reversed(messages)],
        "title": escaped(title),
        "is_still_participant": True,
        "thread_path": "inbox/lan_mei_1",
    }
    return json.dumps(body, indent=2).encode()


def _escaped_all(value: Any) -> Any:
    if isinstance(value, str):
        return escaped(value)
    if isinstance(value, Mapping):
        return {k: _escaped_all(v) for k, v in value.items()}
    return [_escaped_all(v) for v in value] if isinstance(value, list) else value


def secure_messenger() -> bytes:
    """A download of Messenger's end-to-end encrypted talks: other names, and text as it is."""
    messages = [
        {"isUnsent": False, "media": [], "reactions": [], "senderName": "许兰", "text": "汤在锅里",
         "timestamp": NOON * 1000, "type": "text"},
        {"isUnsent": False, "media": [{"uri": "./media/soup.jpg"}], "reactions": [], "senderName": "Mei", "text": "",
         "timestamp": NOON * 1000 - 60_000, "type": "media"},
    ]  # fmt: skip
    body = {"participants": ["许兰", "Mei"], "threadName": "许兰_1", "messages": messages}
    return json.dumps(body, ensure_ascii=False).encode()


def typedstream(text: str) -> bytes:
    """`attributedBody` of a message, as `NSArchiver` writes it."""
    raw = text.encode()
    size = bytes([len(raw)]) if len(raw) < 0x80 else b"\x81" + len(raw).to_bytes(2, "little")
    units = len(text.encode("utf-16-le")) // 2
    run = bytes([units]) if units < 0x80 else b"\x81" + units.to_bytes(2, "little")
    return (
        b"\x04\x0bstreamtyped\x81\xe8\x03\x84\x01@\x84\x84\x84\x12NSAttributedString\x00\x84\x84\x08NSObject\x00\x85\x92"
        b"\x84\x84\x84\x08NSString\x01\x94\x84\x01+" + size + raw + b"\x86\x84\x02iI\x01" + run + b"\x92\x84\x84\x84"
        b"\x0cNSDictionary\x00\x94\x84\x01i\x01\x92\x84\x96\x96\x1d__kIMMessagePartAttributeName\x86\x92\x84\x84\x84\x08"
        b"NSNumber\x00\x84\x84\x07NSValue\x00\x94\x84\x01*\x84\x99\x99\x00\x86\x86\x86"
    )


CHAT_DB = """
CREATE TABLE handle (ROWID INTEGER PRIMARY KEY, id TEXT, service TEXT);
CREATE TABLE chat (ROWID INTEGER PRIMARY KEY, chat_identifier TEXT, display_name TEXT, style INTEGER);
CREATE TABLE message (ROWID INTEGER PRIMARY KEY, guid TEXT, text TEXT, attributedBody BLOB, handle_id INTEGER DEFAULT 0,
  date INTEGER, is_from_me INTEGER DEFAULT 0, item_type INTEGER DEFAULT 0, associated_message_type INTEGER DEFAULT 0,
  associated_message_guid TEXT, is_audio_message INTEGER DEFAULT 0, cache_has_attachments INTEGER DEFAULT 0,
  date_edited INTEGER DEFAULT 0, date_retracted INTEGER DEFAULT 0, message_summary_info BLOB, balloon_bundle_id TEXT);
CREATE TABLE attachment (ROWID INTEGER PRIMARY KEY, filename TEXT, transfer_name TEXT, mime_type TEXT,
  is_sticker INTEGER DEFAULT 0);
CREATE TABLE chat_message_join (chat_id INTEGER, message_id INTEGER);
CREATE TABLE message_attachment_join (message_id INTEGER, attachment_id INTEGER);
"""


def chat_db(fill: Callable[[sqlite3.Connection], None], schema: str = CHAT_DB) -> bytes:
    """The bytes of a database with the tables of iMessage, filled by `fill`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "chat.db"
        database = sqlite3.connect(path)
        database.execute("PRAGMA synchronous=OFF")
        database.executescript(schema)
        fill(database)
        database.commit()
        database.close()
        return path.read_bytes()


def imessages(database: sqlite3.Connection) -> None:
    """Two talks: with grandmother, and the family's group; every kind of message once."""
    ns = (NOON - APPLE) * 10**9
    database.executemany(
        "INSERT INTO handle VALUES (?,?,?)", [(1, "+8613900000001", "iMessage"), (2, "ting@example.com", "iMessage")]
    )
    database.executemany(
        "INSERT INTO chat VALUES (?,?,?,?)", [(1, "+8613900000001", "", 45), (2, "chat77", "一家人", 43)]
    )
    database.executemany(
        "INSERT INTO message (ROWID, text, attributedBody, handle_id, date, is_from_me, item_type,"
        " associated_message_type, is_audio_message, date_edited, date_retracted) VALUES (?,?,?,?,?,?,?,?,?,?,?)",
        [
            (1, "Did you eat?", None, 1, ns, 0, 0, 0, 0, 0, 0),
            (2, None, typedstream("吃过了，外婆 😀"), 0, ns + 60 * 10**9, 1, 0, 0, 0, 0, 0),
            (3, "\ufffc", None, 1, ns + 120 * 10**9, 0, 0, 0, 1, 0, 0),
            (4, "Loved “Did you eat?”", None, 0, ns + 130 * 10**9, 1, 0, 2000, 0, 0, 0),
            (5, None, None, 1, ns + 140 * 10**9, 0, 0, 0, 0, ns, ns),
            (6, None, None, 2, ns + 150 * 10**9, 0, 1, 0, 0, 0, 0),
            (7, "周日都来吃饭", None, 2, ns + 160 * 10**9, 0, 0, 0, 0, 0, 0),
            (8, "Long ago", None, 1, 300000000, 0, 0, 0, 0, 0, 0),
            (9, None, typedstream("\ufffc\ufffctwo pictures"), 1, ns + 170 * 10**9, 0, 0, 0, 0, 0, 0),
        ],
    )  # fmt: skip
    database.executemany(
        "INSERT INTO attachment VALUES (?,?,?,?,?)",
        [
            (1, "~/Library/Messages/Attachments/0a/Audio Message.caf", "Audio Message.caf", "audio/x-caf", 0),
            (2, "~/Library/Messages/Attachments/0b/IMG_1.HEIC", "IMG_1.HEIC", "image/heic", 0),
            (3, "~/Library/Messages/Attachments/0c/IMG_2.HEIC", "IMG_2.HEIC", "image/heic", 0),
        ],
    )
    database.executemany("INSERT INTO message_attachment_join VALUES (?,?)", [(3, 1), (9, 2), (9, 3)])
    database.executemany(
        "INSERT INTO chat_message_join VALUES (?,?)", [(2 if i in (6, 7) else 1, i) for i in range(1, 10)]
    )


def imessage_text() -> bytes:
    """As imessage-exporter writes a talk as text."""
    return (
        b"Mar 01, 2021 12:00:00 PM (Read by you after 1 minute)\n+8613900000001\nDid you eat?\nTapbacks:\n"
        b"    Loved by Me\n\nMar 01, 2021 12:01:00 PM\nMe\nYes.\n\n"
        b"The soup was good.\n    Mar 01, 2021 12:02:00 PM\n    +8613900000001\n"
        b"    Of course.\n\nMar 01, 2021 12:02:00 PM\n+8613900000001\nOf course.\nThis message responded to an earlier "
        b"message.\n\nMar 01, 2021 12:03:00 PM Me named the conversation Soup\n\nMar 01, 2021 12:04:00 PM\n"
        b"+8613900000001\nattachments/0b/IMG_1.HEIC\n\n"
    )


def sms(body: str, own: bool = False, seconds: int = NOON, name: str = "外婆", number: str = "+8613900000001") -> str:
    """One record of SMS Backup & Restore, with emoji as that writes them: each half of a pair for itself."""
    text = "".join(f"&#{unit};" if 0xD800 <= unit < 0xE000 else chr(unit) for unit in _units(body))
    quoted = quoteattr(text, {"\n": "&#10;"}).replace("&amp;#5", "&#5")
    return (
        f'  <sms protocol="0" address="{number}" date="{seconds * 1000}" type="{1 + own}" subject="null" body={quoted} '
        f'toa="null" sc_toa="null" service_center="null" read="1" status="-1" locked="0" date_sent="0" sub_id="-1" '
        f'readable_date="Mar 1, 2021 12:00:00 PM" contact_name={quoteattr(name)} />\n'
    )


def _units(text: str) -> list[int]:
    raw = text.encode("utf-16-le")
    return [int.from_bytes(raw[i : i + 2], "little") for i in range(0, len(raw), 2)]


def mms(text: str, picture: bytes = b"\xff\xd8\xff\xe0picture", own: bool = False) -> str:
    """A picture with words."""
    data = base64.b64encode(picture).decode()
    return (
        f'  <mms date="{NOON * 1000}" ct_t="application/vnd.wap.multipart.related" msg_box="{1 + own}" '
        f'address="+8613900000001" m_type="132" readable_date="Mar 1, 2021 12:00:00 PM" contact_name="外婆">\n'
        f'    <parts>\n      <part seq="-1" ct="application/smil" name="null" cl="smil.xml" text="&lt;smil/&gt;" />\n'
        f'      <part seq="0" ct="image/jpeg" name="kite.jpg" fn="null" cl="kite.jpg" text="null" data="{data}" />\n'
        f'      <part seq="0" ct="text/plain" name="null" cl="text.txt" text={quoteattr(text)} />\n'
        f'    </parts>\n    <addrs>\n      <addr address="+8613900000001" type="137" charset="106" />\n'
        f'      <addr address="insert-address-token" type="151" charset="106" />\n    </addrs>\n  </mms>\n'
    )


def sms_xml(*records: str) -> bytes:
    """A backup of text messages."""
    head = "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n<!--File Created By SMS Backup & Restore v10-->\n"
    return f'{head}<smses count="{len(records)}" type="full">\n{"".join(records)}</smses>'.encode()


BODY = "小梅：\n菜要晒三天。\n\n在 2021年2月28日，Mei <mei@example.com> 写道：\n> 怎么腌？\n\n-- \n许兰\n"


def _base64(text: str, encoding: str = "utf-8") -> str:
    return base64.b64encode(text.encode(encoding)).decode()


EML = (
    f"From: =?GB18030?B?{_base64('许兰', 'gb18030')}?= <lan@example.com>\r\n"
    "To: Mei <mei@example.com>, =?utf-8?Q?=E5=B0=8F=E4=B9=90?= <leo@example.com>\r\n"
    f"Subject: =?utf-8?B?{_base64('腌菜的做法')}?=\r\n"
    "Date: Mon, 1 Mar 2021 12:00:00 +0800\r\nMessage-ID: <1@example.com>\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/mixed; boundary="b1"\r\n\r\n--b1\r\nContent-Type: text/plain; charset=gb18030\r\n'
    f"Content-Transfer-Encoding: base64\r\n\r\n{_base64(BODY, 'gb18030')}\r\n"
    "--b1\r\nContent-Type: image/jpeg\r\nContent-Disposition: attachment; filename*=utf-8''%E5%9D%9B%E5%AD%90.jpg\r\n"
    "Content-Transfer-Encoding: base64\r\n\r\n/9j/4A==\r\n--b1--\r\n"
)
"""A mail in Chinese with a quote, a signature and a picture."""

MAIL = (
    "From: Mei <mei@example.com>\nTo: lan@example.com\nSubject: Re: the boat\nDate: Tue, 2 Mar 2021 20:15:00 +0000\n"
    "Message-ID: <2@example.com>\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n"
    "Content-Transfer-Encoding: quoted-printable\n\n<html><style>p {}</style><p>Dear Grandma,</p><p>the boat floats "
    "=E2=80=94 still.</p>\n>From here on it rains.<blockquote>And the boat?</blockquote></html>\n"
)


def mbox(*mails: str) -> bytes:
    """A mailbox file."""
    return b"".join(
        b"From someone@example.com Mon Mar  1 12:00:00 2021\n" + m.replace("\r\n", "\n").encode() + b"\n" for m in mails
    )


LETTER = "听潮：\n\n坛子里的菜，要晒三天。头一天不要翻。\n\n路上当心。\n\n娘\n一九九七年三月二日\n"
STORY = (
    "# The ferry\n\nI was *nine* when the [ferry](http://example.com/f) came.\n\n## 渡船\n\n"
    "我九岁那年，**渡船**来了。\n"
)

_TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def docx(*paragraphs: str, document: str | None = None, extra: Mapping[str, bytes] | None = None) -> bytes:
    """A Word document of plain paragraphs, or with `document` as its XML."""
    body = "".join(f'<w:p><w:r><w:t xml:space="preserve">{_plain(p)}</w:t></w:r></w:p>' for p in paragraphs)
    whole = document or (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="http://schemas.openxmlformats.org/'
        f'wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>'
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("[Content_Types].xml"), _TYPES)
        archive.writestr(zipfile.ZipInfo("word/document.xml"), whole, zipfile.ZIP_DEFLATED)
        for name, content in (extra or {}).items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return file.getvalue()


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "</w:t><w:br/><w:t xml:space='preserve'>")


def pdf(*pages: str) -> bytes:
    """A PDF of plain text in a Chinese font that readers bring; a page "" holds a picture's frame and no text."""
    kids = " ".join(f"{5 + 2 * i} 0 R" for i in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) "
        "/Ordering (GB1) /Supplement 2 >> >>",
    ]
    for i, page in enumerate(pages):
        shown = " ".join(f"<{line.encode('utf-16-be').hex()}> Tj T*" for line in page.split("\n"))
        stream = f"BT /F1 12 Tf 14 TL 72 720 Td {shown} ET" if page else "0 0 100 100 re f"
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {6 + 2 * i} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>",
            f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        ]
    return _numbered(objects)


def _numbered(objects: Sequence[str]) -> bytes:
    raw, places = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(raw))
        raw += f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\n"
    )
    return raw + f"{end}startxref\n{len(raw)}\n%%EOF\n".encode()


PAGE = (
    "<!DOCTYPE html><html><head><title>Letter</title></head><body><p>Dear Leo,</p><p>count the steps &amp; write.</p>"
    "<p>Grandpa</p></body></html>"
)

TALK: tuple[Mapping[str, Any], ...] = (
    {"sender_name": "许兰", "timestamp_ms": NOON * 1000, "content": "汤在锅里 🍲", "type": "Generic"},
    {
        "sender_name": "Mei",
        "timestamp_ms": NOON * 1000 + 60_000,
        "photos": [{"uri": "messages/inbox/x/photos/soup.jpg"}],
    },
    {"sender_name": "Mei", "timestamp_ms": NOON * 1000 + 90_000, "content": "Reacted ❤ to your message"},
    {"sender_name": "许兰", "timestamp_ms": NOON * 1000 + 120_000, "is_unsent": True},
    {
        "sender_name": "许兰",
        "timestamp_ms": NOON * 1000 + 150_000,
        "audio_files": [{"uri": "messages/inbox/x/audio/a.mp4"}],
    },
)

SAMPLES: dict[str, tuple[str, str, Callable[[], bytes]]] = {
    "messenger": ("messenger", "chats/message_1.json", lambda: messenger(TALK)),
    "messenger, encrypted": ("messenger", "chats/lan.json", secure_messenger),
    "imessage": ("imessage", "chats/chat.db", lambda: chat_db(imessages)),
    "imessage, as text": ("imessage-text", "chats/+8613900000001.txt", imessage_text),
    "sms": (
        "sms-xml",
        "chats/sms.xml",
        lambda: sms_xml(sms("你在哪里？😀"), sms("Home\nnow", own=True), mms("The kite")),
    ),
    "eml": ("mail", "letters/pickles.eml", lambda: EML.encode()),
    "mbox": ("mail", "letters/all.mbox", lambda: mbox(EML, MAIL)),
    "letter": ("plain", "letters/1997-03-02-ting.txt", lambda: LETTER.encode()),
    "letter in GB18030": ("plain", "letters/old.txt", lambda: LETTER.encode("gb18030")),
    "stories in Markdown": ("plain", "notes/ferry.md", lambda: STORY.encode()),
    "web page": ("html", "letters/leo.html", lambda: PAGE.encode()),
    "word": ("word", "letters/1986-10-04.docx", lambda: docx("听潮：", "", "你娘睡了，我在厨房里写。", "爹")),
    "pdf": ("pdf", "letters/wen.pdf", lambda: pdf("阿稳：\n箱子里是那台收音机。", "", "Father")),
}
"""What it is -> name of the importer that must read it, name in the shoebox, its bytes."""
