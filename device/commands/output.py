"""What the commands share: progress on standard error, the results' folder, reports as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from device.errors import BadInput


def progress(text: str) -> None:
    """One line of progress for a person; standard output stays for results."""
    print(f"imago: {text}", file=sys.stderr, flush=True)


def results_folder(path: Path) -> Path:
    """Makes the folder for results. Raises BadInput where that is not possible."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(str(path), expected="a folder to write to", got=error.strerror or "an error") from None
    return path


def write_json(path: Path, report: Any) -> None:
    """A report, readable by people too."""
    path.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
