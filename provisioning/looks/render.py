"""Pages from templates in which every text is escaped unless it was made here."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

HERE = Path(__file__).resolve().parent
Tell = Callable[..., str]
"""(English, Chinese) -> what the page says."""


@cache
def environment(folder: Path) -> Environment:
    """Templates of a room; a name that is not given to a template is an error, never an empty place."""
    return Environment(
        loader=FileSystemLoader([folder, HERE]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(folder: Path, name: str, **values: Any) -> str:
    """One page."""
    return environment(folder).get_template(name).render(**values)


def both(en: str, zh: str = "") -> Markup:
    """Both languages, of which the reader chooses one."""
    if not zh or en == zh:
        return Markup("{}").format(en)
    return Markup("<span lang=en>{}</span><span lang=zh>{}</span>").format(en, zh)


def only(language: str) -> Tell:
    """A `Tell` of one language."""

    def tell(en: str, zh: str = "") -> str:
        return zh if language == "zh" and zh else en

    return tell


def style() -> Markup:
    """Colours and letters of all pages, for inlining."""
    return Markup((HERE / "looks.css").read_text(encoding="utf-8"))  # our own file
