"""The task of this room: the person's own words -> how they speak, and what persona.toml could say of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from provisioning.memories.tasks import persona_of, read_names, read_remembered, read_utterances
from provisioning.style.manner import manners
from provisioning.style.prefix import proposals
from provisioning.style.tokens import counter

VERSIONS = {"manner": 2}
MANNER, PROPOSALS = "manner.json", "proposals.json"


def manner(inputs: Mapping[str, Path], options: Mapping[str, Any], out: Path) -> None:
    """`persona`: persona.toml; `remembered`: the folder of `memories.tasks:remember` -> manner.json, a Manner for each
    language, and proposals.json. options: `model`, the language model's id in the catalogue; "" estimates."""
    remembered = read_remembered(inputs["remembered"])
    redactor = read_names(inputs["remembered"])
    names = {r.name: r.words for r in remembered.relatives}
    found = manners(read_utterances(inputs["remembered"]), redactor.clean, names)
    proposed = proposals(
        persona_of(inputs["persona"]), found, remembered.relatives, counter(str(options.get("model", "")))
    )
    (out / MANNER).write_bytes(msgspec.json.encode(found, order="deterministic"))
    (out / PROPOSALS).write_bytes(msgspec.json.encode(proposed, order="deterministic"))
