"""Finding a font that writes Chinese and English: Noto CJK where it is installed, the best there is elsewhere."""

from __future__ import annotations

import logging
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

log = logging.getLogger(__name__)

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")
SANS = (
    "NotoSansCJK-Medium.ttc", "NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf", "NotoSansSC-Regular.otf",
    "SourceHanSansSC-Regular.otf", "wqy-microhei.ttc", "DroidSansFallbackFull.ttf", "DejaVuSans.ttf",
)  # fmt: skip
SERIF = ("NotoSerifCJK-Regular.ttc", "NotoSerifCJKsc-Regular.otf", "NotoSerifCJK-Bold.ttc", *SANS)
"""File names in order of preference; Debian's fonts-noto-cjk brings the Noto collections."""
SIMPLIFIED = 2
"""Index of the Simplified Chinese face within a Noto CJK collection."""


@lru_cache(maxsize=8)
def find(names: tuple[str, ...], folders: tuple[Path, ...] = FOLDERS) -> Path | None:
    """The first of the files that lies anywhere under `folders`; None where none does."""
    there: dict[str, Path] = {}
    for folder in folders:
        for pattern in ("*.ttc", "*.otf", "*.ttf"):
            for path in folder.rglob(pattern):
                there.setdefault(path.name, path)
    return next((there[name] for name in names if name in there), None)


@lru_cache(maxsize=32)
def load(size: int, serif: bool = False, folders: tuple[Path, ...] = FOLDERS) -> Font:
    """A font of `size` pixels; Pillow's own where no other is found, which has no Chinese."""
    path = find(SERIF if serif else SANS, folders)
    if path is not None:
        try:
            return ImageFont.truetype(str(path), size, index=SIMPLIFIED if "CJK-" in path.name else 0)
        except OSError as error:
            log.warning("the font %s cannot be used: %s", path, error)
    log.warning("no font for Chinese captions was found; install fonts-noto-cjk")
    return ImageFont.load_default(size)
