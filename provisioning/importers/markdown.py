"""Markdown without its marks."""

from __future__ import annotations

import re

_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.*?)[ \t#]*$")
_RULE = re.compile(r"^ {0,3}(?:(?:- ?){3,}|(?:\* ?){3,}|(?:_ ?){3,}|={3,}|```.{0,40})$")
_LEAD = re.compile(r"^( {0,3})(?:> ?|[-*+] (?:\[[ xX]\] )?)+")
_IMAGE = re.compile(r"!\[([^\[\]]{0,300})\]\([^()\s]{0,600}(?:\([^()\s]{0,100}\))?(?: \"[^\"]{0,200}\")?\)")
_LINK = re.compile(r"\[([^\[\]]{0,300})\]\([^()\s]{0,600}(?:\([^()\s]{0,100}\))?(?: \"[^\"]{0,200}\")?\)")
_STRONG = re.compile(r"(\*\*|__|~~)(?=\S)([^\n]{1,2000}?)(?<=\S)\1")
_EMPHASIS = re.compile(
    r"(?<![\w*])\*(?=[^\s*])([^*\n]{1,2000})(?<=\S)\*(?!\*)|(?<![\w_])_(?=[^\s_])([^_\n]{1,2000})(?<=\S)_(?![\w_])"
)
_CODE = re.compile(r"`([^`\n]{1,500})`")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!>~|])")
_HELD = 0xF0000
"""Where escaped marks are kept, beyond all writing, while the others are taken away."""
_HELD_MARK = re.compile(f"[{chr(_HELD)}-{chr(_HELD + 0x7F)}]")
_SIGNS = re.compile(r"\*\*\S[^*\n]*\*\*|\]\(\S+\)|^> |^```", re.MULTILINE)
MAX_LINE = 20_000
"""Characters; a longer line keeps its marks."""


def is_markdown(name: str, text: str) -> bool:
    """By its name, or by headings together with other marks."""
    if name.lower().endswith((".md", ".markdown")):
        return True
    headings = sum(1 for line in text.split("\n")[:500] if line.startswith("#") and _HEADING.match(line))
    return headings > 0 and _SIGNS.search(text) is not None


def heading(line: str) -> str:
    """A heading's words; "" for any other line."""
    found = _HEADING.match(line) if len(line) < 500 and "#" in line[:4] else None
    return plain(found[1]) if found else ""


def plain(line: str) -> str:
    """One line's words."""
    if len(line) > MAX_LINE or not line.strip():
        return line.strip("\r\n")
    if _RULE.match(line):
        return ""
    found = _HEADING.match(line)
    line = _ESCAPED.sub(lambda mark: chr(_HELD + ord(mark[1])), found[1] if found else line)
    line = _LINK.sub(r"\1", _IMAGE.sub(r"\1", _LEAD.sub(r"\1", line)))
    line = _CODE.sub(r"\1", _EMPHASIS.sub(lambda m: m[1] or m[2], _STRONG.sub(r"\2", line)))
    return _HELD_MARK.sub(lambda mark: chr(ord(mark[0]) - _HELD), line.removesuffix("\\"))
