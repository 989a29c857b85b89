"""Makes the virtual environment. Runs on a bare Python with nothing but its standard library.

Every step can be interrupted and is taken up again by the next call: pip keeps what it has downloaded and compiled.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import threading
import time
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ENVIRONMENT = HERE / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
LOG = ENVIRONMENT / "setup.log"


def main() -> int:
    """All steps in order; 4 when one fails, with what to look at."""
    steps = [
        ("a virtual environment", 10, make_environment),
        ("Python packages (the language model's runtime is compiled here)", 600, install_packages),
        ("Imago itself", 5, install_project),
    ]
    for number, (what, estimate_s, step) in enumerate(steps, 1):
        try:
            timed(f"[{number}/{len(steps)}] {what}", estimate_s, step)
        except (subprocess.CalledProcessError, OSError) as error:
            print_tail()
            print(
                f"imago: setup: expected {what}, got {error} (the whole log: {LOG}; call again to go on)",
                file=sys.stderr,
            )
            return 4
    return 0


def make_environment() -> None:
    """Creates .venv, or keeps a working one of the same Python."""
    if not works():
        venv.EnvBuilder(clear=True, with_pip=True).create(ENVIRONMENT)


def works() -> bool:
    """Whether .venv is there, has pip and is of this very Python version."""
    ask = "import sys, pip; print(*sys.version_info[:2])"
    try:
        answer = subprocess.run([PYTHON, "-c", ask], capture_output=True, text=True, check=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return False
    return answer.stdout.split() == [str(part) for part in sys.version_info[:2]]


def install_packages() -> None:
    """What requirements.lock pins, each file checked against its hash."""
    pip("install", "--require-hashes", "-r", str(HERE / "requirements.lock"))


def install_project() -> None:
    """This checkout, editable."""
    pip("install", "--no-deps", "-e", str(HERE))


def pip(*arguments: str) -> None:
    """One pip call, its talk in the log."""
    with LOG.open("a") as log:
        subprocess.run(
            [PYTHON, "-m", "pip", "--disable-pip-version-check", *arguments],
            check=True,
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env=compiler_settings() | os.environ,
        )


def compiler_settings() -> dict[str, str]:
    """How the language model's runtime is compiled, unless CMAKE_ARGS says otherwise.

    Without its part for pictures, which nobody here needs. No AMX: some processors announce it and then compute garbage
    (docs/adr/0007)."""
    arguments = "-DLLAVA_BUILD=OFF"
    if platform.machine() == "x86_64":
        flags = "-mno-amx-tile -mno-amx-int8 -mno-amx-bf16"
        arguments += f" -DCMAKE_C_FLAGS='{flags}' -DCMAKE_CXX_FLAGS='{flags}'"
    return {"CMAKE_ARGS": arguments}


def timed(title: str, estimate_s: int, step: object) -> None:
    """Runs a step and shows how long it has taken and may take."""
    done = threading.Event()
    shower = threading.Thread(target=show, args=(title, estimate_s, done))
    shower.start()
    try:
        step()  # type: ignore[operator]
    finally:
        done.set()
        shower.join()


def show(title: str, estimate_s: int, done: threading.Event) -> None:
    """One line that is renewed on a terminal, a line every 30 s elsewhere."""
    start = time.monotonic()
    terminal = sys.stderr.isatty()
    print(f"{title}: up to {minutes(estimate_s)}", file=sys.stderr, end="" if terminal else "\n", flush=True)
    while not done.wait(0.5 if terminal else 30):
        took = time.monotonic() - start
        line = f"{title}: {minutes(took)} of up to {minutes(max(estimate_s, took))}"
        print(f"\r{line}" if terminal else line, file=sys.stderr, end="" if terminal else "\n", flush=True)
    line = f"{title}: done in {minutes(time.monotonic() - start)}"
    print(f"\r{line}\033[K" if terminal else line, file=sys.stderr, flush=True)


def minutes(seconds: float) -> str:
    """12:03"""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def print_tail() -> None:
    """The log's last lines, where the reason mostly stands."""
    if LOG.exists():
        print(*LOG.read_text(errors="replace").splitlines()[-8:], sep="\n", file=sys.stderr)


if __name__ == "__main__":
    os.umask(0o022)
    raise SystemExit(main())
