"""Opens a shoebox's workshop for the commands that show it."""

from __future__ import annotations

from pathlib import Path

from provisioning.commands.output import progress
from provisioning.studio.workshop import Workshop


def open_workshop(shoebox: Path) -> Workshop:
    """The workshop of a shoebox. Raises Missing for a folder that is none."""
    from provisioning.commands.models import fetch_missing
    from provisioning.recipe.workshop import ShoeboxWorkshop

    fetch_missing()
    return ShoeboxWorkshop(shoebox, progress)
