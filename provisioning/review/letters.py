"""`review/letters/<sha256, first 16>.txt`: a page's text as a person read it; that it is there means reviewed."""

from __future__ import annotations

import re
from pathlib import Path

from device.errors import BadInput
from provisioning.letters.page import Page
from provisioning.letters.reviewed import draft
from provisioning.review import files

FOLDER = f"{files.FOLDER}/letters"
MAX_TEXT = 100_000
_SHA = re.compile(r"[0-9a-f]{16,64}")


def path_of(shoebox: Path, sha256: str) -> Path:
    """Where a page's text is kept. Raises BadInput for what is no digest."""
    if not _SHA.fullmatch(sha256):
        raise BadInput("page", expected="a SHA-256", got=sha256[:80])
    return shoebox / FOLDER / f"{sha256[:16]}.txt"


def text_of(shoebox: Path, page: Page) -> str:
    """As it was corrected, else as it was recognised. Raises BadInput."""
    content = files.read(path_of(shoebox, page.sha256))
    if content is None:
        return draft(page).rstrip("\n")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(path_of(shoebox, page.sha256).name, expected="UTF-8 text", got="something else") from None


def reviewed(shoebox: Path, page: Page) -> bool:
    """Whether somebody has looked at it."""
    return path_of(shoebox, page.sha256).is_file()


def shown(shoebox: Path, page: Page) -> str:
    """Digest of what a page shows."""
    return files.digest(files.read(path_of(shoebox, page.sha256)))


def keep(shoebox: Path, page: Page, text: str, seen: str) -> None:
    """Keeps the text; an empty one says that there is no writing to be used. Raises BadInput or Stale."""
    if len(text) > MAX_TEXT:
        raise BadInput("text", expected=f"at most {MAX_TEXT} characters", got=f"{len(text)}")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip("\n")
    with files.locked(shoebox):
        files.save(path_of(shoebox, page.sha256), f"{lines}\n".encode(), seen)
