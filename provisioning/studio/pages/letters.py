"""Scanned pages: the picture on the left, what a machine read on the right."""

from __future__ import annotations

from device.errors import Missing
from provisioning.letters.page import Page
from provisioning.review import letters
from provisioning.studio.answer import Request, Response, go
from provisioning.studio.desk import Desk

UNSURE = 0.85
"""Below this a line is marked for a second look"""


def show(desk: Desk, request: Request) -> Response:
    """The page that is asked for, else the first that nobody has read, and a list of all."""
    pages = desk.workshop.pages()
    if not pages:
        return desk.page("letters.html", request, page=None, pages=())
    page = _page(desk, request.query["sha"]) if "sha" in request.query else _next(desk)
    listed = [(p, letters.reviewed(desk.shoebox, p)) for p in pages]
    return desk.page(
        "letters.html",
        request,
        page=page,
        pages=listed,
        done=sum(done for _, done in listed),
        text=letters.text_of(desk.shoebox, page),
        seen=letters.shown(desk.shoebox, page),
        reviewed=letters.reviewed(desk.shoebox, page),
        unsure=UNSURE,
    )


def save(desk: Desk, request: Request) -> Response:
    """Keeps the text, and shows the next page."""
    page = _page(desk, request.one("sha"))
    letters.keep(desk.shoebox, page, request.one("text"), request.one("seen"))
    return go(desk.url("letters"))


def _page(desk: Desk, sha256: str) -> Page:
    found = next((page for page in desk.workshop.pages() if page.sha256 == sha256), None)
    if found is None:
        raise Missing("page", expected="a scanned page of this shoebox", got=sha256[:80])
    return found


def _next(desk: Desk) -> Page:
    pages = desk.workshop.pages()
    return next((page for page in pages if not letters.reviewed(desk.shoebox, page)), pages[0])
