"""Everything that a persona is made of, by name and digest: two equal specs give the same persona on any machine."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from device.errors import BadInput, Missing
from device.persona.unpacked import Id, PersonaFile
from device.schema import convert, parse_toml
from provisioning.building.task import Input
from provisioning.importers.registry import importers
from provisioning.intake import tasks as intake
from provisioning.intake.digests import Digests
from provisioning.intake.walk import OURS, OURS_BY_NAME, Brought, walk
from provisioning.letters import tasks as letters
from provisioning.memories import tasks as memories
from provisioning.photos import tasks as photos
from provisioning.report.account import FileAccount
from provisioning.style import tasks as style
from provisioning.voice_kit import tasks as voice

RECIPE = 11
"""Raised when the same shoebox must be built anew because the recipe has changed."""
PERSONA = "persona.toml"


class Spec(msgspec.Struct, frozen=True):
    """One persona to be built."""

    id: Id
    name: str
    """Of the shoebox, for people"""
    ours: dict[str, Input]
    """persona.toml, album.toml, stories, consent/, review/, wake/: what is not material"""
    material: tuple[Brought, ...]
    accounts: tuple[FileAccount, ...] = ()
    """Of what lies in the shoebox and is not read further"""
    face: str = ""
    """Whose of several faces in the portrait: left, middle, right or a number from the left"""
    films: dict[str, Input] = {}
    """Of the person, from elsewhere; each must be of use"""
    network: dict[str, Input] = {}
    """A portrait network's files"""

    @property
    def digest(self) -> str:
        """SHA-256 over all names and digests."""
        digests: dict[str, Mapping[str, Input]] = {
            "ours": self.ours,
            "material": {file.told: file.given for file in self.material},
            "films": self.films,
            "network": self.network,
        }
        told = {name: {key: given.digest for key, given in sorted(of.items())} for name, of in digests.items()}
        whole = [RECIPE, versions(), self.id, self.face, told, [account.path for account in self.accounts]]
        return hashlib.sha256(msgspec.json.encode(whole)).hexdigest()

    def under(self, folder: str) -> dict[str, Input]:
        """Those of ours in a folder, by their names in it."""
        start = f"{folder}/"
        return {name[len(start) :]: given for name, given in self.ours.items() if name.startswith(start)}


def versions() -> dict[str, int]:
    """Of everything that makes something of a shoebox's files: a newer room may make something else of the same."""
    rooms = {"intake": intake.VERSIONS, "memories": memories.VERSIONS, "style": style.VERSIONS, "voice": voice.VERSIONS}
    found = {f"{room}/{name}": number for room, table in rooms.items() for name, number in table.items()}
    found |= {f"importer/{name}": importer.version for name, importer in importers().items()}
    found |= {"see": photos.SEE_VERSION, "choose": photos.CHOOSE_VERSION, "portrait": photos.PORTRAIT_VERSION}
    return dict(sorted({**found, "page": letters.READ_VERSION}.items()))


def spec_of(
    shoebox: Path,
    persona_id: str,
    digests: Digests,
    face: str = "",
    network: Path | None = None,
    films: Sequence[Path] = (),
) -> Spec:
    """The spec of a folder. Raises Missing for what is no shoebox or a network that lacks a part, BadInput for a film
    that cannot be read."""
    if not (shoebox / PERSONA).is_file():
        raise Missing(str(shoebox), expected="a shoebox with persona.toml", got="none")
    walked = walk(shoebox, digests)
    ours = {path.relative_to(shoebox).as_posix(): path for path in _ours(shoebox)}
    return Spec(
        id=persona_id,
        name=shoebox.name,
        ours={told: Input(path, digests.of(path)) for told, path in sorted(ours.items())},
        material=walked.files,
        accounts=walked.accounts,
        face=face,
        films={path.name: _film(path, digests) for path in films},
        network={name: Input(path, digests.of(path)) for name, path in _parts(network)},
    )


def persona_of(spec: Spec) -> PersonaFile:
    """The family's persona.toml with the persona's id. Raises BadInput naming the family's own file."""
    path = spec.ours[PERSONA].path
    table = parse_toml(path.read_bytes(), str(path))
    return convert({**table, "id": spec.id}, PersonaFile, str(path))


def _ours(shoebox: Path) -> list[Path]:
    top = [path for path in shoebox.glob("*") if path.name.startswith(OURS_BY_NAME)]
    inside = [path for folder in sorted(OURS) for path in (shoebox / folder).rglob("*")]
    return [path for path in (*top, *inside) if path.is_file() and not path.name.startswith(".")]


def _film(path: Path, digests: Digests) -> Input:
    try:
        return Input(path, digests.of(path))
    except BadInput as error:
        raise BadInput(str(path), expected="a file to read", got=error.got) from None


def _parts(network: Path | None) -> list[tuple[str, Path]]:
    if network is None:
        return []
    from provisioning.likeness.neural.network import find

    return sorted(find(network).items())
