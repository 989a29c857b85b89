"""From a shoebox to an unpacked persona in a folder. The same shoebox gives the same persona.

The result takes its final name only when it is whole; a build that was interrupted leaves the persona that was there,
and goes on where it was when it is begun again.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from device import config
from device.errors import Missing
from provisioning.bar import bar
from provisioning.building.executor import MakeExecutor, ProcessExecutor
from provisioning.building.kept import Kept
from provisioning.building.workbench import Workbench
from provisioning.intake.digests import Digests
from provisioning.recipe.recipe import build
from provisioning.recipe.spec import PERSONA, Spec, spec_of

Progress = Callable[[str], None]

UNUSED_S = 60 * 86400.0
"""s; outcomes that no build has used for so long are thrown away."""


def build_unpacked(
    shoebox: Path,
    out: Path,
    progress: Progress,
    persona_id: str = "",
    *,
    face: str = "",
    network: Path | None = None,
    films: Sequence[Path] = (),
    executor: MakeExecutor = ProcessExecutor,
    kept: Path | None = None,
) -> Path:
    """Builds the persona of `shoebox` into the folder `out`, unless exactly that is there already -> `out`.

    `face` says who in the portrait is meant where there are several: left, middle, right or a number from the left.
    `network` is a folder with a portrait network's ONNX files, which draws textures for the likeness.
    `films` of the person stand beside those in the shoebox's folder `video`; unlike them they must be of use.

    `executor` does the work; `kept` is where outcomes are kept, by default this machine's place for it.

    Raises BadInput or Missing for what the shoebox lacks."""
    with bench_of(executor, kept) as bench:
        return build_on(bench, shoebox, out, persona_id, progress, face=face, network=network, films=films)


def build_on(
    bench: Workbench,
    shoebox: Path,
    out: Path,
    persona_id: str,
    progress: Progress,
    *,
    face: str = "",
    network: Path | None = None,
    films: Sequence[Path] = (),
) -> Path:
    """The same on a workbench that is there, for many shoeboxes."""
    if not (shoebox / PERSONA).is_file():
        raise Missing(str(shoebox), expected="a shoebox with persona.toml", got="none")
    _recover(out)
    spec = read_spec(shoebox, persona_id or id_from(out.name), face=face, network=network, films=films)
    if _built(out) == spec.digest:
        return out
    progress(f"building the persona from {shoebox.name}")
    out.parent.mkdir(parents=True, exist_ok=True)
    made = build(spec, bench, progress)
    draft = out.with_name(f".{out.name}.{os.getpid()}")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        shutil.copytree(made.path, draft, copy_function=_take)
        _replace(draft, out)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return out


def read_spec(
    shoebox: Path, persona_id: str, *, face: str = "", network: Path | None = None, films: Sequence[Path] = ()
) -> Spec:
    """The spec of a shoebox; digests of files that have not changed are remembered. Raises as `spec_of` does."""
    digests = Digests(kept_folder() / "digests.msgpack")
    spec = spec_of(shoebox, persona_id, digests, face, network, films)
    digests.save()
    return spec


def kept_folder() -> Path:
    """Where outcomes of tasks are kept on this machine."""
    return config.cache() / "steps"


@contextmanager
def bench_of(executor: MakeExecutor = ProcessExecutor, folder: Path | None = None) -> Iterator[Workbench]:
    """A workbench on this machine's cores, with a bar on a terminal; its workers end with it."""
    kept = Kept(folder or kept_folder())
    with bar() as tell, executor(kept.folder) as workers:
        bench = Workbench(kept, workers, tell)
        try:
            yield bench
        finally:
            bench.close()
    kept.prune(UNUSED_S, time.time())


def id_from(name: str) -> str:
    """A folder's name as a persona's id: lower-case letters, digits and dashes."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:64] or "persona"


def _take(source: str, target: str) -> None:
    """A copy, not a link: whoever changes the persona must not change what is kept."""
    shutil.copyfile(source, target)


def _built(out: Path) -> str:
    """Digest of the sources of what lies in `out`; "" where nothing whole does."""
    try:
        manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
        whole = all((out / f["path"]).stat().st_size == f["size"] for f in manifest["files"])
        return str(manifest["sources_sha256"]) if whole else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _recover(out: Path) -> None:
    """Puts the old persona back where a build was killed just between taking it away and putting the new one there."""
    for old in sorted(out.parent.glob(f".{out.name}.old.*")):
        if out.exists():
            shutil.rmtree(old, ignore_errors=True)
        else:
            os.rename(old, out)


def _replace(draft: Path, out: Path) -> None:
    """Puts the new persona in the place of the old one, with no moment in which a reader finds half of either."""
    for path in draft.rglob("*"):
        if path.is_file():
            with path.open("rb") as stream:
                os.fsync(stream.fileno())
    old = out.with_name(f".{out.name}.old.{os.getpid()}")
    if out.exists():
        os.rename(out, old)
    os.rename(draft, out)
    shutil.rmtree(old, ignore_errors=True)
