"""A real systemd as the first process of namespaces of its own, so that units run in the sandbox that they ask for.

It has its own processes, mounts, network and control group, an /opt/imago made of this tree and this interpreter, and
a user `imago` made by the frame's own sysusers file. It is gone without a trace when its first process is killed.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
UNITS = ROOT / "device/systemd"
SYSTEMD = Path("/lib/systemd/systemd")
STUBS = ("sysinit", "basic", "sockets", "shutdown", "multi-user", "umount", "network", "sound")
TRY = """[Unit]
DefaultDependencies=no
After=imago-import.socket
Wants=imago-import.socket
[Service]
Type=oneshot
ExecStart=/bin/sh /run/test/try.sh
ExecStopPost=/bin/touch /run/test/over
StandardOutput=file:/run/test/try.log
StandardError=file:/run/test/try.log
TimeoutStartSec=120
"""
INNER = """set -e
mount -t proc proc /proc
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/systemd /run/test
mount --bind "$FOLDER" /run/test
umount -R /sys/fs/cgroup
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs /var/lib
mount -t tmpfs -o mode=755 tmpfs /opt
mkdir -p /var/lib/imago /opt/imago/.venv/bin /opt/imago/.venv/lib /opt/python
for part in device models_quantized provisioning tests; do
  mkdir /opt/imago/$part
  mount --bind "$ROOT/$part" /opt/imago/$part
done
mount --bind "$BASE" /opt/python
mount --bind "$PREFIX/lib" /opt/imago/.venv/lib
ln -s /opt/python/bin/"$PYTHON" /opt/imago/.venv/bin/python
echo "home = /opt/python/bin" > /opt/imago/.venv/pyvenv.cfg
mount --bind "$FOLDER/home" /var/lib/imago
mount --bind "$FOLDER/etc/passwd" /etc/passwd
mount --bind "$FOLDER/etc/group" /etc/group
chown -R imago:imago /var/lib/imago
systemd-tmpfiles --create /run/test/units/imago.tmpfiles.conf
cd /
exec env -i container=imago-test SYSTEMD_UNIT_PATH=/run/test/units SYSTEMD_LOG_TARGET=console \\
  /lib/systemd/systemd --system --unit=try.target --show-status=no
"""


def needed_or_skip() -> Path:
    """Control group under which one may be made. Skips where this cannot be done."""
    tools = [name for name in ("unshare", "systemd-sysusers", "systemd-tmpfiles") if not shutil.which(name)]
    bases = [
        base for base in (Path("/sys/fs/cgroup/unified"), Path("/sys/fs/cgroup")) if (base / "cgroup.procs").exists()
    ]
    if os.getuid() or tools or not SYSTEMD.exists() or not bases:
        pytest.skip("needs root, systemd, unshare and a control group of version 2")
    return bases[0]


def prepare(folder: Path, changes: Mapping[str, Mapping[str, str]], script: str) -> None:
    """Lays out units, with texts of some replaced, and a script that is run when the manager is up. `folder/home` is
    to become the frame's home."""
    folder.chmod(0o755)
    units = folder / "units"
    shutil.copytree(UNITS, units)
    for name, changed in changes.items():
        text = (units / name).read_text()
        for old, new in changed.items():
            assert old in text, f"{name} has no {old!r}"
            text = text.replace(old, new)
        log = "\nStandardError=append:/run/test/units.log\nUMask="
        text = text.replace("StandardError=journal\n", "").replace("\nUMask=", log)  # no journal here
        (units / name).write_text(text)
    for name in STUBS:
        (units / f"{name}.target").write_text("[Unit]\nDefaultDependencies=no\n")
    (units / "try.target").write_text("[Unit]\nDefaultDependencies=no\nWants=try.service\n")
    (units / "try.service").write_text(TRY)
    (folder / "try.sh").write_text(script)
    (folder / "home").mkdir(exist_ok=True)
    (folder / "etc").mkdir()
    for name in ("passwd", "group"):
        shutil.copy(f"/etc/{name}", folder / "etc" / name)
    made = ["systemd-sysusers", f"--root={folder}", str(UNITS / "imago.sysusers.conf")]
    subprocess.run(made, check=True, capture_output=True)


@contextlib.contextmanager
def _control_group(base: Path) -> Iterator[Path]:
    group = base / f"imago-test-{os.getpid()}"
    group.mkdir()
    try:
        yield group
    finally:
        for _ in range(500):  # those who were killed are not gone at once
            with contextlib.suppress(OSError):
                for inner in sorted(group.rglob("*"), reverse=True):
                    if inner.is_dir():
                        inner.rmdir()
                group.rmdir()
                break
            threading.Event().wait(0.01)


def run(folder: Path, most_s: float = 90.0) -> str:
    """Runs a prepared system until its script ended -> the script's and the manager's words."""
    with _control_group(needed_or_skip()) as group:
        ways = {
            "FOLDER": str(folder),
            "ROOT": str(ROOT),
            "BASE": sys.base_prefix,
            "PREFIX": sys.prefix,
            "PYTHON": f"python{sys.version_info[0]}.{sys.version_info[1]}",
        }
        unshare = ["unshare", "--fork", "--pid", "--kill-child", "--mount", "--net", "--ipc", "--uts", "--cgroup"]
        with (folder / "manager.log").open("wb") as log:
            manager = subprocess.Popen(
                ["sh", "-c", f'echo $$ > {group}/cgroup.procs; exec {" ".join(unshare)} sh -c "$0"', INNER],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **ways},
            )
            try:
                for _ in range(round(most_s / 0.05)):
                    if (folder / "over").exists() or manager.poll() is not None:
                        break
                    threading.Event().wait(0.05)
            finally:
                manager.kill()
                manager.wait()
    words = [folder / "try.log", folder / "units.log", folder / "manager.log"]
    return "\n".join(path.read_text(errors="replace") for path in words if path.exists())
