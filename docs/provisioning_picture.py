"""Draws docs/pictures/provisioning.jpg: `python -m docs.provisioning_picture [--shoebox DIR] [--out OUT.jpg]`; minutes.

The report's top and pages of the studio, as a family sees them, over the shoebox of a family that was made up
(tests/support/family), or another one. Chromium draws them, without a screen.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

from device.errors import Broken, ImagoError, Missing
from provisioning.commands.build import hear
from provisioning.commands.output import progress
from provisioning.commands.preview_mind import frames_mind
from provisioning.recipe.workshop import ShoeboxWorkshop
from provisioning.studio.desk import Desk
from provisioning.studio.server import Studio
from tests.support.family import shoebox as family

OUT = Path(__file__).resolve().parent / "pictures" / "provisioning.jpg"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PAGES = {"report": "report?whole=yes&lang=en", "letters": "letters?lang=en", "memories": "memories?lang=en"}
"""Of the studio, from left to right."""
SIZE = (800, 1060)
"""CSS pixels of one page's window."""
GAP, PAPER, EDGE = 26, (233, 228, 219), (206, 198, 186)
SECONDS = 120


def browser() -> str:
    """A browser of this machine. Raises Missing."""
    found = next((name for name in BROWSERS if shutil.which(name)), "")
    if not found:
        raise Missing("a browser", expected=" or ".join(BROWSERS), got="none", hint="apt install chromium")
    return found


def shot(address: str, out: Path, language: str = "en") -> Image.Image:
    """The top of a page, SIZE. Raises Missing without a browser, Broken where it draws nothing."""
    command = [
        browser(), "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--lang={language}",
        f"--window-size={SIZE[0]},{SIZE[1]}", f"--user-data-dir={out.parent / 'browser'}", f"--screenshot={out}", address,
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
    if not out.is_file():
        raise Broken("the browser", expected="a picture of the page", got=done.stderr.strip()[-300:] or "nothing")
    with Image.open(out) as picture:
        return picture.convert("RGB").crop((0, 0, *SIZE))


def beside(pictures: Sequence[Image.Image]) -> Image.Image:
    """Sheets of one size on a table, from left to right, RGB."""
    width, height = pictures[0].size
    table = Image.new("RGB", (len(pictures) * (width + GAP) + GAP, height + 2 * GAP), PAPER)
    for number, picture in enumerate(pictures):
        left = GAP + number * (width + GAP)
        table.paste(EDGE, (left - 1, GAP - 1, left + width + 1, GAP + height + 1))
        table.paste(picture, (left, GAP))
    return table


@contextmanager
def served(shoebox: Path) -> Iterator[str]:
    """The studio's address while it is open over a shoebox that was looked through."""
    workshop = ShoeboxWorkshop(shoebox, progress)
    desk = Desk(workshop, "picture", hear, lambda: frames_mind(shoebox, progress, model=False))
    workshop.report()
    with Studio(desk) as studio:
        thread = threading.Thread(target=studio.serve_forever)
        thread.start()
        try:
            yield studio.address
        finally:
            studio.shutdown()
            thread.join()


def main(words: Sequence[str] | None = None) -> int:
    """Writes the picture; the exit code of an error where it cannot."""
    parser = argparse.ArgumentParser(description="Pages of the studio over a made-up family's shoebox.")
    parser.add_argument("--shoebox", type=Path, metavar="DIR")
    parser.add_argument("--out", type=Path, default=OUT, metavar="OUT.jpg")
    options = parser.parse_args(words)
    try:
        browser()
        with tempfile.TemporaryDirectory(prefix="imago-picture-") as folder:
            place = Path(folder)
            if options.shoebox is None:
                family.write(place / "box")
            with served(options.shoebox or place / "box") as address:
                shown = [shot(address + page, place / f"{name}.png") for name, page in PAGES.items()]
    except ImagoError as error:
        print(error.line(), file=sys.stderr)
        return error.exit_code
    beside(shown).save(options.out, quality=88)
    print(options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
