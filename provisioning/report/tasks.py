"""The report as a piece of a build: `content` is a Report as JSON; all other inputs are files that it names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from device.errors import BadInput
from provisioning.building.task import Options
from provisioning.report.content import Report
from provisioning.report.files import pictures_of, sounds_of
from provisioning.report.page import page, summary

REPORT_VERSION = 1


def report(inputs: Mapping[str, Path], options: Options, out: Path) -> None:
    """`report.html` and `report.json`. Inputs: `content`; under the names that the report gives them, pictures and
    sounds. Options: `language`, the one shown first. Raises BadInput for a content that is none."""
    try:
        content = msgspec.json.decode(inputs["content"].read_bytes(), type=Report)
    except (msgspec.DecodeError, ValueError) as error:
        raise BadInput("content", expected="a report's content", got=str(error)) from None
    files = {name: path for name, path in inputs.items() if name != "content"}
    large = content.likeness.compared if content.likeness is not None else ()
    told = page(content, pictures_of(files, large), sounds_of(files), str(options.get("language", "en")))
    (out / "report.html").write_text(told, encoding="utf-8")
    (out / "report.json").write_bytes(summary(content))
