"""The quality report and the sheet of questions, made anew each time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from device.errors import ImagoError
from provisioning.report.content import Report
from provisioning.report.files import pictures_of, sounds_of
from provisioning.report.page import page
from provisioning.report.sheet import sheet as make_sheet
from provisioning.studio.answer import Request, Response
from provisioning.studio.desk import Desk
from provisioning.studio.workshop import Workshop

INLINE = (
    "default-src 'none'; img-src data:; media-src data:; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
"""The report holds everything itself, and no script."""


def show(desk: Desk, request: Request) -> Response:
    """The report: framed by the studio, or with `whole` by itself, to be saved or printed."""
    if request.query.get("whole") != "yes":
        return desk.page("report.html", request)
    return _inline(report_page(desk.workshop, desk.workshop.report(), request.language))


def sheet(desk: Desk, request: Request) -> Response:
    """The questions, to be printed."""
    return _inline(make_sheet(desk.workshop.report().person, desk.workshop.questions(), request.language))


def report_page(workshop: Workshop, content: Report, language: str) -> str:
    """The report with its pictures and sounds."""
    likeness, voice = content.likeness, content.voice
    paths = {content.person.portrait} if content.person.portrait else set()
    if likeness is not None:
        paths |= {*likeness.strip, *likeness.compared, *(chosen.path for chosen in likeness.chosen)}
    sounds = {path for pair in voice.pairs for path in (pair.original, pair.made)} if voice else set()
    large = likeness.compared if likeness is not None else ()
    pictures = pictures_of({path: place for path in paths if (place := _maybe(workshop.picture, path))}, large)
    return page(
        content, pictures, sounds_of({p: place for p in sounds if (place := _maybe(workshop.sound, p))}), language
    )


def _maybe(find: Callable[[str], Path], path: str) -> Path | None:
    try:
        return find(path)
    except ImagoError:
        return None


def _inline(text: str) -> Response:
    return Response(text.encode("utf-8"), headers=(("Content-Security-Policy", INLINE),))
