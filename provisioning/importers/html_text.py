"""The words of a web page or HTML mail, as plain text: a line for each block, quotes marked by "> ". In time linear in
its length, whatever it holds."""

from __future__ import annotations

import html
import re

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,20})")
_SILENT = {name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in ("script", "style", "head", "template", "svg")}
_LINES = re.compile(
    "address|article|aside|body|br|dd|div|dl|dt|fieldset|figure|footer|form|h[1-6]|header|hr|html|li|main|nav|ol|p|pre"
    "|section|table|tbody|tr|ul|blockquote"
)
_APART = re.compile("p|h[1-6]|blockquote|table|ul|ol|pre")
_HUGE = re.compile(r"&#[xX]?[0-9a-fA-F]{9,};?")
_SPACES = re.compile(r"[ \t\r\n\f\u200b]+")
MAX_DEPTH = 9
"""Of quotes within quotes that are told apart."""


class _Page:
    """Lines as they come."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._line: list[str] = []
        self._depth = 0

    def say(self, text: str) -> None:
        self._line.append(_SPACES.sub(" ", html.unescape(_HUGE.sub("\ufffd", text))))

    def tag(self, closing: bool, name: str) -> None:
        if name in ("td", "th"):
            self._line.append(" ")
        if not _LINES.fullmatch(name):
            return
        self.end_line()
        if name == "blockquote":
            self._depth = max(0, self._depth + (-1 if closing else 1))
        if _APART.fullmatch(name) and self.lines and self.lines[-1].strip("> "):
            self.lines.append(self._mark.rstrip())

    def end_line(self) -> None:
        line = _SPACES.sub(" ", "".join(self._line)).strip(" ")
        if line:
            self.lines.append(self._mark + line)
        self._line = []

    @property
    def _mark(self) -> str:
        return "> " * min(self._depth, MAX_DEPTH)


def text_of_html(page: str) -> str:
    """Its visible words."""
    made, at = _Page(), 0
    while at < len(page):
        start = page.find("<", at)
        made.say(page[at : start if start >= 0 else len(page)])
        if start < 0:
            break
        at = _past_tag(page, start, made)
    made.end_line()
    return "\n".join(made.lines).strip("\n")


def _past_tag(page: str, start: int, made: _Page) -> int:
    """Where the text goes on behind what begins with "<" there."""
    if page.startswith("<!--", start):
        end = page.find("-->", start + 4)
        return end + 3 if end >= 0 else len(page)
    tag = _TAG.match(page, start)
    if tag is None and not page.startswith(("<!", "<?"), start):
        made.say("<")
        return start + 1
    end = page.find(">", start)
    if end < 0:
        return len(page)
    if tag is None:
        return end + 1
    name = tag[2].lower()
    made.tag(bool(tag[1]), name)
    if name in _SILENT and not tag[1]:
        over = _SILENT[name].search(page, end)
        return over.end() if over else len(page)
    return end + 1
