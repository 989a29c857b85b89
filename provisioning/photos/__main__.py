"""`python -m provisioning.photos FOLDER [--json]`: what is seen in a folder's photographs, and how many a second."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from device.errors import ImagoError, Missing
from device.libraries import prepare_libraries


def main(arguments: list[str]) -> int:
    """Prints one line, or JSON; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m provisioning.photos", description="What is seen in photographs.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true", help="one object")
    chosen = parser.parse_args(arguments)
    prepare_libraries()
    try:
        report = looked(chosen.folder)
    except ImagoError as error:
        print(json.dumps(error.as_dict()) if chosen.json else error.line(), file=sys.stderr)
        return error.exit_code
    if chosen.json:
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        done = f"{report['photographs']} photographs, {report['per_second']} a second on one core"
        print(f"{done}, {report['faces']} faces, {report['people']} people; not readable: {report['problems']}")
    return 0


def looked(folder: Path) -> dict[str, Any]:
    """Looks at all files of a folder, one after another in this process."""
    from provisioning.photos.look import look
    from provisioning.photos.people import everybody
    from provisioning.photos.sidecars import PICTURES, match
    from provisioning.photos.tasks import meter

    if not folder.is_dir():
        raise Missing(str(folder), expected="a folder of photographs", got="none")
    names = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    sides = match(names)
    pictures = [name for name in names if Path(name).suffix.lower() in PICTURES]
    eyes = meter()
    start, seen, took = time.perf_counter(), [], []
    for name in pictures:
        began = time.perf_counter()
        beside = [(side, folder / side) for side in sides.get(name, ())]
        seen.append(look(folder / name, name, eyes, beside)[0])
        took.append(time.perf_counter() - began)
    all_ = time.perf_counter() - start
    people = everybody(seen, ())
    return {
        "photographs": len(seen),
        "seconds": round(all_, 2),
        "per_second": round(len(seen) / all_, 2) if seen else 0.0,
        "slowest_seconds": round(max(took, default=0.0), 2),
        "faces": sum(len(one.faces) for one in seen),
        "people": sum(not one.stranger for one in people.people),
        "tells_people_apart": eyes.identity is not None,
        "kinds": dict(sorted(Counter(one.kind for one in seen if not one.problem).items())),
        "dates": dict(sorted(Counter(one.date_source or "none" for one in seen if not one.problem).items())),
        "problems": sum(bool(one.problem) for one in seen),
        "problem_of": {one.path: one.problem for one in seen if one.problem},
    }


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
