"""Models that making a persona needs, once: those of the frame, and those that hear, see and judge."""

from __future__ import annotations

from device.errors import Broken
from models_quantized import catalog
from provisioning.commands.output import progress as say

PROFILES = ("demo", "provision")


def fetch_missing() -> None:
    """Brings what is not here. Raises Missing where it cannot be had, Broken for an interruption."""
    known = catalog.load()
    wanted = tuple(dict.fromkeys(model for profile in PROFILES for model in known.profile(profile)))
    lacking = tuple(m for m in wanted if any(catalog.state(m, file) != "verified" for file in m.files))
    if not lacking:
        return
    from models_quantized import fetch, progress

    say(f"fetching {len(lacking)} models, once / 正在获取 {len(lacking)} 个模型，只需一次")
    try:
        fetch.fetch(lacking, fetch.Settings(catalog.models_dir()), progress.for_terminal())
    except KeyboardInterrupt as error:
        raise Broken("fetch", expected="to go on", got="an interruption", hint="run it again, it resumes") from error
