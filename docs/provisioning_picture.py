"""Draws docs/pictures/provisioning.jpg: `python -m docs.provisioning_picture [--out OUT.jpg]`; minutes the first time.

The top of the quality report, a scanned letter beside what was read of it, and a talk before anything is signed, as
a family sees them: over the shoebox of one that was made up (tests/support/family). Chromium draws them.
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
from models_quantized.catalog import sha256_of
from provisioning.commands import report
from provisioning.commands.build import hear
from provisioning.commands.output import progress
from provisioning.commands.preview_mind import frames_mind
from provisioning.recipe.workshop import ShoeboxWorkshop
from provisioning.studio.desk import Desk, Said
from provisioning.studio.server import Studio
from tests.support.family import shoebox as family

OUT = Path(__file__).resolve().parent / "pictures" / "provisioning.jpg"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
LETTER = "letters/scans/1979.png"
ASKED = ("Grandma, how did you meet grandpa?", "外婆，外公送过你花吗？", "What colour was your first car?")
SIZE = (960, 1330)
"""CSS pixels of one page's window, of which the top is shown."""
GAP, PAPER, EDGE = 26, (233, 228, 219), (206, 198, 186)
FADE = 110
"""Pixels above the lower edge in which a page melts into the table: it goes on there."""
SECONDS = 120


def browser() -> str:
    """A browser of this machine. Raises Missing."""
    found = next((name for name in BROWSERS if shutil.which(name)), "")
    if not found:
        raise Missing("a browser", expected=" or ".join(BROWSERS), got="none", hint="apt install chromium")
    return found


def shot(address: str, out: Path) -> Image.Image:
    """The top of a page, SIZE. Raises Missing without a browser, Broken where it draws nothing."""
    command = [
        browser(), "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--screenshot={out}",
        f"--window-size={SIZE[0]},{SIZE[1]}", f"--user-data-dir={out.parent / 'browser'}", address,
    ]  # fmt: skip
    try:
        said = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS).stderr
    except subprocess.TimeoutExpired:
        said = f"nothing in {SECONDS} s"
    if not out.is_file():
        raise Broken("the browser", expected="a picture of the page", got=said.strip()[-300:] or "nothing")
    with Image.open(out) as picture:
        return picture.convert("RGB").crop((0, 0, *SIZE))


def beside(pictures: Sequence[Image.Image]) -> Image.Image:
    """Sheets of one size on a table, from left to right, each melting into it at its lower edge."""
    width, height = pictures[0].size
    table = Image.new("RGB", (len(pictures) * (width + GAP) + GAP, height + GAP), PAPER)
    mask = Image.new("L", (width + 2, height + 1), 255)
    for row in range(min(FADE, height)):
        mask.paste(round(255 * row / FADE), (0, height - row, width + 2, height - row + 1))
    for number, picture in enumerate(pictures):
        sheet = Image.new("RGB", mask.size, EDGE)
        sheet.paste(picture, (1, 1))
        table.paste(sheet, (GAP + number * (width + GAP) - 1, GAP - 1), mask)
    return table


@contextmanager
def served(shoebox: Path) -> Iterator[str]:
    """The studio's address while it is open over a shoebox, after the questions ASKED."""
    desk = Desk(
        ShoeboxWorkshop(shoebox, progress), "picture", hear, lambda: frames_mind(shoebox, progress, model=False)
    )
    desk.talk.extend(Said(question, desk.mind().ask(question)) for question in ASKED)
    with Studio(desk) as studio:
        thread = threading.Thread(target=studio.serve_forever)
        thread.start()
        try:
            yield studio.address
        finally:
            studio.shutdown()
            thread.join()


def pages(place: Path) -> list[Image.Image]:
    """The three, of a shoebox that is made in `place`. Raises ImagoError."""
    box = place / "box"
    family.write(box)
    report.run(argparse.Namespace(shoebox=box, out=place, no_trial=False, lang="en"))
    shown = [shot((place / "report.html").as_uri(), place / "1.png")]
    with served(box) as studio:
        shown.append(shot(f"{studio}letters?lang=en&sha={sha256_of(box / LETTER)}", place / "2.png"))
        shown.append(shot(f"{studio}preview?lang=en", place / "3.png"))
    return shown


def main(words: Sequence[str] | None = None) -> int:
    """Writes the picture; the exit code of an error where it cannot."""
    parser = argparse.ArgumentParser(description="Pages of the studio over a made-up family's shoebox.")
    parser.add_argument("--out", type=Path, default=OUT, metavar="OUT.jpg")
    options = parser.parse_args(words)
    try:
        browser()  # before minutes of work
        with tempfile.TemporaryDirectory(prefix="imago-picture-") as folder:
            beside(pages(Path(folder))).save(options.out, quality=85)
    except ImagoError as error:
        print(error.line(), file=sys.stderr)
        return error.exit_code
    print(options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
