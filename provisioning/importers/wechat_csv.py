"""WeChat chats as the tools PyWxDump, WeFlow, MemoTrace and chatlog write them to CSV, told apart by their columns."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from provisioning.importers import problems, wechat_body
from provisioning.importers.decoding import clean, head_text, lines
from provisioning.importers.importer import Source
from provisioning.importers.item import Found, Item, When, Where
from provisioning.importers.moments import CHINA, since_epoch, written
from provisioning.importers.problems import problem
from provisioning.importers.tables import Record, delimiter_of, records

OWNER = "我"
"""Speaker of the owner's own messages where the export names the other one in them too."""
PEEKED = 500
"""Records that are read ahead to know who is not the owner."""

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Variant:
    """The columns of one tool, in lower case; "" where it has none."""

    kind: tuple[str, ...]
    own: str
    speaker: str
    names: tuple[str, ...]
    chat: tuple[str, ...]
    body: str
    file: str
    time: tuple[str, ...]

    def columns(self) -> frozenset[str]:
        """Those that a file must have."""
        return frozenset((*self.kind[:1], self.own, self.speaker, self.body, self.time[0])) - {""}


VARIANTS = (
    Variant(("type_name",), "is_sender", "talker", ("talker",), ("room_name",), "msg", "src", ("createtime",)),
    Variant(("type_name",), "is_sender", "talker", ("talker",), ("room_name",), "content", "src", ("createtime",)),
    Variant(
        ("type", "subtype"), "issender", "sender", ("remark", "nickname", "sender"), ("talkerid",), "strcontent", "",
        ("strtime", "createtime"),
    ),
    Variant((), "", "sender", ("sendername", "sender"), ("talkername", "talker"), "content", "", ("time",)),
    Variant(("类型",), "", "发送人", ("发送人",), (), "内容", "", ("时间",)),
)  # fmt: skip
"""PyWxDump and WeFlow; PyWxDump's newest with JSON for a body; MemoTrace; chatlog; MemoTrace's short form."""


class WechatCsv:
    """Reads them."""

    name = "wechat-csv"
    version = 1

    def claims(self, source: Source) -> float:
        """Sure by the header alone."""
        variant, columns, _ = _header(head_text(source.head).partition("\n")[0])
        return 1.0 if variant and len(columns) >= 5 else 0.0

    def read(self, source: Source) -> Iterator[Found]:
        """One item a record; stickers, calls, money and system messages are told as problems."""
        numbered = lines(source.path, source.head)
        _, first = next(numbered, (1, ""))
        variant, columns, delimiter = _header(first)
        if variant is None:
            yield problem(Where(source.told), "a table without the columns of a WeChat export", first)
            return
        rows = records(numbered, len(columns), delimiter)
        count = 0
        for number, row, text in _marked(rows, columns, variant):
            count += 1
            where = Where(source.told, number)
            if row is None:
                yield problem(where, problems.DAMAGED, text)
            else:
                yield from _found(row, variant, where)
        if not count:
            yield problem(Where(source.told), problems.NOTHING)


def _header(line: str) -> tuple[Variant | None, list[str], str]:
    delimiter = delimiter_of(line)
    columns = [name.strip().strip('"').lower() for name in line[:2000].split(delimiter)]
    return next((v for v in VARIANTS if v.columns() <= set(columns)), None), columns, delimiter


def _marked(
    rows: Iterator[Record], columns: list[str], variant: Variant
) -> Iterator[tuple[int, dict[str, str] | None, str]]:
    """Rows by column; the owner's own, where they name the other one as the speaker, are marked as the owner's."""
    made = ((number, dict(zip(columns, row, strict=True)) if row else None, text) for number, row, text in rows)
    if not variant.own:
        yield from made
        return
    ahead = list(itertools.islice(made, PEEKED))
    others = {row[variant.speaker] for _, row, _ in ahead if row and not _true(row[variant.own])}
    for number, row, text in itertools.chain(ahead, made):
        if row and _true(row[variant.own]) and (row[variant.speaker] in others or not row[variant.speaker].strip()):
            row.update(dict.fromkeys((variant.speaker, *variant.names), OWNER))
        yield number, row, text


def _found(row: Row, variant: Variant, where: Where) -> Iterator[Found]:
    body, file = row[variant.body], row.get(variant.file, "")
    if variant.body == "content" and variant.own:
        body, file = _unpacked(body)
    kind = _kind(row, variant)
    if not variant.kind and body.startswith("> "):
        body = _unquoted(body)
    speaker = row[variant.speaker].strip()
    said = wechat_body.said(kind, wechat_body.without_account(body, speaker), file)
    if said.reason:
        yield problem(where, said.reason, body)
        return
    own = _true(row[variant.own]) if variant.own else (True if OWNER in (speaker, _first(row, variant.names)) else None)
    yield from problems.told(
        Item(
            "message",
            said.text,
            where,
            _when(row, variant),
            speaker,
            _first(row, variant.names),
            own,
            _chat(row, variant, where),
            medium=said.medium,
            attachment=said.attachment,
        )
    )


def _kind(row: Row, variant: Variant) -> str:
    if not variant.kind:
        return "text"
    names = [row.get(column, "").strip() for column in variant.kind]
    if len(names) > 1 and names[0] == "49":
        return wechat_body.kind_of(",".join(names))
    return wechat_body.kind_of(names[0])


def _when(row: Row, variant: Variant) -> When:
    found = When(confidence=0.0)
    for column in variant.time:
        text = row.get(column, "").strip()
        found = since_epoch(text, CHINA, 0.9) if text.isdecimal() else written(text)
        if found.start:
            return found
    return found


def _chat(row: Row, variant: Variant, where: Where) -> str:
    named = _first(row, variant.chat)
    stem = PurePosixPath(where.path).stem
    return f"{stem} {named}" if named and "talkerid" in variant.chat else named or stem


def _first(row: Row, columns: tuple[str, ...]) -> str:
    return next((value for column in columns if (value := row.get(column, "").strip())), "")


def _true(text: str) -> bool:
    return text.strip().lower() in ("1", "true")


def _unpacked(body: str) -> tuple[str, str]:
    """PyWxDump's newest: {"src": ..., "msg": ...} in one column."""
    try:
        packed = json.loads(body)
    except (ValueError, RecursionError):
        return body, ""
    if not isinstance(packed, dict):
        return body, ""
    get: Callable[[str], object] = packed.get
    return clean(str(get("msg") or "")), clean(str(get("src") or ""))


def _unquoted(body: str) -> str:
    """chatlog puts what a reply answers before it, its lines marked by "> "."""
    kept = itertools.dropwhile(lambda line: line.startswith(">"), body.split("\n"))
    return "\n".join(kept).strip() or body
