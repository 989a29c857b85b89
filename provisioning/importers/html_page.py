"""Web pages: letters and stories that somebody saved as HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator

from provisioning.importers.decoding import head_text, text_of
from provisioning.importers.html_text import text_of_html
from provisioning.importers.importer import Source
from provisioning.importers.item import Found, Where
from provisioning.importers.problems import problem
from provisioning.importers.written import written

MAX_BYTES = 8 << 20
_BEGIN = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)
_CHAT = re.compile(r'class="(?:message|pam|msg|bubble|chat)["_ -]|data-message-id', re.IGNORECASE)


class HtmlPage:
    """One page."""

    name = "html"
    version = 1

    def claims(self, source: Source) -> float:
        return 0.6 if _BEGIN.match(head_text(source.head)) else 0.0

    def read(self, source: Source) -> Iterator[Found]:
        if source.size > MAX_BYTES:
            yield problem(Where(source.told), "a text that is too long", f"{source.size >> 20} MiB")
        elif len(_CHAT.findall(head_text(source.head))) > 3:
            yield problem(Where(source.told), "a chat as a web page; export it as text or JSON")
        else:
            page = text_of_html(text_of(source.path.read_bytes()))
            yield from written(source, page.split("\n"), 1)
