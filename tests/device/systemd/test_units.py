"""The units as systemd reads them: no mistake in them, and how much they leave open."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from device.__main__ import COMMANDS
from tests.support import packs
from tests.support.sticks import tools_or_skip
from tests.support.system_manager import ROOT, UNITS

pytestmark = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")

SERVICES = sorted(path.name for path in UNITS.glob("*.service"))
EXPOSURE = {
    "imago-portrait.service": 1.5,
    "imago-import@.service": 0.5,
    "imago-stick@.service": 0.5,
    "imago-report@.service": 0.5,
}
"""At most, of 10, by `systemd-analyze security`. Written with 252: 1.0, 0.4, 0.4, 0.4."""


def analyze(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = ["systemd-analyze", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """With paths of programs that are here, as systemd looks whether they are."""
    folder = tmp_path / "units"
    shutil.copytree(UNITS, folder)
    for path in folder.iterdir():
        path.write_text(path.read_text().replace("/opt/imago/.venv/bin/python", sys.executable))
    return folder


@pytest.mark.parametrize("unit", [*SERVICES, "imago-import.socket"])
def test_systemd_finds_no_mistake(units: Path, unit: str) -> None:
    done = analyze("verify", "--man=no", units / unit.replace("@.", "@sda1."))
    ours = [line for line in done.stderr.splitlines() if "imago" in line]
    assert not ours
    assert done.returncode == 0


def test_a_mistake_would_be_found(units: Path) -> None:
    path = units / "imago-portrait.service"
    path.write_text(path.read_text().replace("ProtectClock=yes", "ProtectClocks=yes"))
    assert "ProtectClocks" in analyze("verify", "--man=no", path).stderr


@pytest.mark.parametrize("unit", SERVICES)
def test_little_is_left_open(unit: str) -> None:
    done = analyze("security", "--offline=true", f"--threshold={round(EXPOSURE[unit] * 10)}", UNITS / unit)
    assert done.returncode == 0, done.stdout.splitlines()[-1:]


@pytest.mark.parametrize("unit", SERVICES)
def test_every_command_of_the_units_is_one_of_ours(unit: str) -> None:
    named = re.findall(r"-m device (\S+)", (UNITS / unit).read_text())
    assert set(named) <= {*COMMANDS, "import"}
    assert named


def test_paths_agree_with_the_code() -> None:
    from device.persona.stick.handing import SOCKET

    assert f"ListenStream={SOCKET}\n" in (UNITS / "imago-import.socket").read_text()
    own = re.findall(r"^d (\S+) ", (UNITS / "imago.tmpfiles.conf").read_text(), re.M)
    for unit in SERVICES:
        for line in re.findall(r"^ReadWritePaths=(.*)$", (UNITS / unit).read_text(), re.M):
            assert set(line.split()) <= set(own)


def test_the_rule_for_sticks_is_well_formed() -> None:
    """udevadm learned to verify rules in systemd 254; where it has not, their grammar is looked at here."""
    rules = UNITS / "99-imago.rules"
    version = int(re.findall(r"\d+", analyze("--version").stdout)[0])
    if version >= 254:
        subprocess.run(["udevadm", "verify", "--no-summary", str(rules)], check=True)
    lines = [line for line in rules.read_text().splitlines() if line and not line.startswith("#")]
    term = r'(ACTION|SUBSYSTEM|TAG|ENV\{[A-Z_]+\})(==|!=|\+=|=)"[^"]*"'
    assert lines
    assert all(re.fullmatch(rf"{term}(, {term})*", line) for line in lines)
    assert "RUN" not in rules.read_text()
    assert re.search(r'SYSTEMD_WANTS\}\+="imago-stick@%k\.service"', rules.read_text())


def test_users_and_folders_are_made(tmp_path: Path) -> None:
    tools_or_skip("systemd-sysusers", "systemd-tmpfiles")
    (tmp_path / "etc").mkdir()
    for name in ("passwd", "group"):
        shutil.copy(f"/etc/{name}", tmp_path / "etc" / name)
    for tool, file in (("systemd-sysusers", "imago.sysusers.conf"), ("systemd-tmpfiles", "imago.tmpfiles.conf")):
        options = ["--create"] if tool == "systemd-tmpfiles" else []
        command = [tool, *options, f"--root={tmp_path}", str(UNITS / file)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    assert re.search(
        r"^imago:x:\d+:\d+:Imago, the portrait:/var/lib/imago:", (tmp_path / "etc/passwd").read_text(), re.M
    )
    groups = (tmp_path / "etc/group").read_text()
    assert all(
        re.search(rf"^{name}:.*[:,]imago\b", groups, re.M) for name in ("video", "render", "audio", "input", "tss")
    )
    assert (tmp_path / "run/imago/own").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "run/imago").stat().st_uid == 0


def allowed(unit: str) -> set[str]:
    """System calls that a unit's filter lets through, by systemd's own lists."""
    found: set[str] = set()
    for words in re.findall(r"^SystemCallFilter=(.*)$", (UNITS / unit).read_text(), re.M):
        named: set[str] = set()
        for word in words.lstrip("~").split():
            named |= members(word) if word.startswith("@") else {word}
        found = found - named if words.startswith("~") else found | named
    return found


def members(group: str) -> set[str]:
    """Of one of systemd's lists, with those of the lists in it."""
    found: set[str] = set()
    for line in analyze("--no-pager", "syscall-filter", group).stdout.splitlines()[1:]:
        word = line.strip()
        if word and not word.startswith("#"):
            found |= members(word) if word.startswith("@") else {word}
    return found


IMPORT = """
import io, sys
from pathlib import Path
from device.libraries import prepare_libraries
prepare_libraries()
from device.persona.store import importer, site
outcome = importer.take(sys.stdin.buffer.read, site.site_here(), lambda *_: print("{}", flush=True))
print(outcome.did)
"""


def test_the_importers_calls_pass_its_filter(tmp_path: Path) -> None:
    tools_or_skip("strace")
    packs.site(tmp_path / "home")
    (tmp_path / "a.imago").write_bytes(packs.make(packs.Recipe()))
    trace = tmp_path / "trace"
    command = ["strace", "-f", "-qq", "-o", str(trace), sys.executable, "-B", "-c", IMPORT]
    with (tmp_path / "a.imago").open("rb") as pack:
        done = subprocess.run(
            command,
            stdin=pack,
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
            env={"IMAGO_HOME": str(tmp_path / "home"), "PATH": "/usr/bin:/bin"},
            timeout=300,
        )
    if "ptrace" in done.stderr.lower():
        pytest.skip("needs the right to trace")
    assert done.stdout.endswith("installed\n"), done.stderr
    made = set(re.findall(r"^\d+ +(\w+)\(", trace.read_text(errors="replace"), re.M))
    assert {"read", "fsync", "rename", "flock"} <= made
    assert not made - allowed("imago-import@.service")
    assert {"ptrace", "mount", "init_module", "reboot", "kexec_load"}.isdisjoint(allowed("imago-import@.service"))
