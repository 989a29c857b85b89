"""What is done with pictures of letters, as tasks of a build."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

from provisioning.building.task import Options
from provisioning.letters.page import Page
from provisioning.letters.reader import Reader

READ_VERSION = 2
PAGE, PICTURE = "page.json", "page.jpg"
_LONGEST = 3200  # pixels in which a photograph is opened: a page may fill half of it
_QUALITY = 88


def read_page(inputs: Mapping[str, Path], options: Options, out: Path) -> None:
    """A picture, or a page of a PDF -> page.json and page.jpg, the straightened picture in which its boxes lie; of one
    that cannot be read, page.json with the problem alone.

    inputs: picture. options: told (its name in the shoebox; of a PDF's page "letters/a.pdf#2")."""
    import numpy as np
    from PIL import Image

    from device.errors import BadInput
    from provisioning.letters.pdf import page_picture
    from provisioning.letters.read import read
    from provisioning.photos.picture import open_picture

    told, path = options["told"], inputs["picture"]
    file, _, number = told.partition("#")
    digest = page_digest(path, number)
    try:
        if number:
            picture = page_picture(path, file, int(number))
        else:
            picture = np.ascontiguousarray(np.asarray(open_picture(path, told, _LONGEST).image, np.uint8))
    except BadInput as error:
        (out / PAGE).write_bytes(encoded(Page(told, digest, (), problem=error.got)))
        return
    page, sheet = read(picture, reader(), told, digest)
    (out / PAGE).write_bytes(encoded(page))
    Image.fromarray(sheet).save(out / PICTURE, "JPEG", quality=_QUALITY)


def page_digest(path: Path, number: str = "") -> str:
    """SHA-256 of a picture's bytes; of a PDF's page, of the PDF's digest and its number."""
    with path.open("rb") as stream:
        whole = hashlib.file_digest(stream, "sha256").hexdigest()
    return hashlib.sha256(f"{whole}#{number}".encode()).hexdigest() if number else whole


@cache
def reader() -> Reader:
    """Made once in a process."""
    from provisioning.letters.reader import PaddleReader

    return PaddleReader()


def encoded(page: Page) -> bytes:
    """JSON, always the same bytes."""
    return msgspec.json.encode(page, order="deterministic") + b"\n"


def decoded(path: Path) -> Page:
    """What `read_page` wrote."""
    return msgspec.json.decode(path.read_bytes(), type=Page)
