"""The recipe's stage for pictures of letters: read by OCR, and letters once the family has looked them over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from device.errors import ImagoError
from provisioning.building.task import Input, Task
from provisioning.building.workbench import Workbench
from provisioning.importers.item import Problem
from provisioning.importers.pdf import SCANNED, UNREADABLE
from provisioning.importers.stream import read_found
from provisioning.intake.tasks import ITEMS, counted_items
from provisioning.intake.walk import Brought
from provisioning.letters.page import Page
from provisioning.letters.reviewed import FOLDER, items, place
from provisioning.letters.tasks import READ_VERSION, decoded
from provisioning.photos.seen import Seen
from provisioning.recipe.material import Material
from provisioning.recipe.pictures import LETTERS, Looked
from provisioning.recipe.spec import Spec

READ_S = 6.0
"""s for a page on one core, for the estimate."""


class Pages(msgspec.Struct, frozen=True):
    """All pictures of written pages."""

    pages: tuple[Page, ...] = ()
    folders: dict[str, Input] = {}
    """Page's path -> page.json and page.jpg, the straightened picture"""
    waiting: tuple[str, ...] = ()
    """Paths of those that nobody has looked over"""
    items: Input | None = None
    """Folder with items.bin of those that somebody has"""


def page_tasks(files: Iterable[Brought]) -> list[Task]:
    """A task for each picture in letters/."""
    return [_read(file.told, file.given) for file in files if file.folder == LETTERS]


def read_pages(spec: Spec, found: Material, looked: Looked, bench: Workbench) -> Pages:
    """Waits for all: pictures in letters/, photographs of documents elsewhere, and pages of PDFs without text."""
    tasks = [*page_tasks(found.pictures), *_documents(looked), *_scanned(found)]
    if not tasks:
        return Pages()
    pages, folders = [], {}
    for task, outcome in zip(tasks, bench.outcomes(tasks), strict=True):
        if isinstance(outcome, ImagoError):
            pages.append(Page(task.title, task.inputs["picture"].digest, (), problem=outcome.got))
        else:
            pages.append(decoded(outcome.path / "page.json"))
            folders[task.title] = outcome
    corrected = {page.path: spec.ours[place(page)] for page in pages if place(page) in spec.ours}
    waiting = tuple(page.path for page in pages if page.path not in corrected and page.lines)
    inputs = {f"page/{name}": folder for name, folder in folders.items()}
    inputs |= {f"text/{name}": given for name, given in corrected.items()}
    run = "provisioning.recipe.letters:reviewed_items"
    made = bench.outcome(Task("letters that were looked over", run, 1, inputs))
    return Pages(tuple(pages), folders, waiting, made)


def reviewed_items(inputs: Mapping[str, Path], options: Mapping[str, Any], out: Path) -> None:
    """`page/NAME`, folders of `read_page`, and `text/NAME`, what a person wrote of the same page -> items.bin."""
    pages = [decoded(path / "page.json") for name, path in sorted(inputs.items()) if name.startswith("page/")]
    by_path = {page.path: page for page in pages}
    texts = {name[5:]: path for name, path in inputs.items() if name.startswith("text/")}
    corrected = {by_path[name].sha256: path.read_text("utf-8-sig", "replace") for name, path in texts.items()}
    counted_items(items(pages, corrected), FOLDER, "scanned letters", out)


def _documents(looked: Looked) -> list[Task]:
    """Photographs that are of a written page, wherever they lie."""
    return [_read(told, looked.files[told].given) for told, seen in sorted(looked.seen.items()) if _is_page(seen)]


def _is_page(seen: Seen) -> bool:
    return seen.kind == "document" and not seen.problem


def _scanned(found: Material) -> list[Task]:
    """Pages of PDFs without text, as their importer found them."""
    tasks = []
    for read in found.read:
        if not {SCANNED, UNREADABLE} & read.account.skipped.keys():
            continue
        for one in read_found(read.items.path / ITEMS):
            if isinstance(one, Problem) and one.reason in (SCANNED, UNREADABLE):
                tasks.append(_read(f"{read.file.told}#{one.where.line}", read.file.given))
    return tasks


def _read(told: str, given: Input) -> Task:
    run = "provisioning.letters.tasks:read_page"
    return Task(told, run, READ_VERSION, {"picture": given}, {"told": told}, READ_S)
