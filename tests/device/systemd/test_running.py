"""The units as they run: the importer and the stick's reader in their sandboxes, under a systemd of their own."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from device.__main__ import COMMANDS
from device.persona.stick import arrivals, report
from device.persona.store import frame_identity
from tests.support import packs, system_manager

REAL = "import" in COMMANDS
"""Whether the importer is there; else one that only speaks as it does, in the same sandbox."""
PRETENDER = {"-m device import - --json": "/opt/imago/tests/support/importer.py /run/imago/own"}
IMPORTER = {"imago-import@.service": {} if REAL else PRETENDER}
STICK = {
    "imago-stick@.service": {
        "BindsTo=dev-%i.device\nAfter=dev-%i.device": "After=",  # no udev here that would know a device
        "/bin/mount -t vfat,exfat -o ro,nosuid,nodev,noexec,uid=imago,gid=imago,dmask=0277,fmask=0377 /dev/%i": (
            "/bin/mount --bind -o ro,nosuid,nodev,noexec /run/test/stick"
        ),
    },
    "imago-report@.service": {
        "BindsTo=dev-%i.device\nAfter=dev-%i.device": "After=",
        "/bin/mount -t vfat,exfat -o rw,nosuid,nodev,noexec,uid=imago,gid=imago,dmask=0077,fmask=0177 /dev/%i": (
            "/bin/mount --bind -o rw,nosuid,nodev,noexec /run/test/stick"
        ),
    },
}


PUT_IN = """systemctl start imago-stick@sda1
for n in $(seq 60); do grep -q '"safe":true' /run/imago/own/imago/arrival.json 2>/dev/null && break; sleep 0.1; done
for n in $(seq 100); do systemctl is-active -q imago-stick@sda1 imago-report@sda1 || break; sleep 0.1; done
cp /run/imago/own/imago/arrival.json /run/test/
systemctl status -n0 'imago-*'
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Of a frame that knows its family."""
    system_manager.needed_or_skip()
    (tmp_path / "home").mkdir()
    packs.site(tmp_path / "home")
    (tmp_path / "stick").mkdir()
    return tmp_path


def test_a_stick_is_read_and_its_pack_imported_inside_both_sandboxes(folder: Path) -> None:
    (folder / "stick/grandpa.imago").write_bytes(packs.make(packs.Recipe()))
    (folder / "stick/broken.imago").write_bytes(b"refuse")
    system_manager.prepare(folder, {**IMPORTER, **STICK}, PUT_IN)
    words = system_manager.run(folder)
    said = json.loads((folder / "arrival.json").read_text()) if (folder / "arrival.json").exists() else {}
    assert said.get("stage") == "done", words
    assert said["safe"]
    came = arrivals.read(folder / "home")
    assert [(entry.kind, entry.did) for entry in came] == [("pack", ""), ("pack", "installed")], words
    if REAL:
        assert json.loads((folder / "home/store/state.json").read_text())["active"] == packs.SERIES


def test_a_report_is_written_to_the_stick_that_asks_for_it(folder: Path) -> None:
    (folder / "stick/imago-report-request").touch()
    os.chmod(folder / "stick", 0o777)
    script = PUT_IN + "mount > /run/test/mounts"
    system_manager.prepare(folder, {**IMPORTER, **STICK}, script)
    words = system_manager.run(folder)
    written = list((folder / "stick").glob("imago-report-*.json"))
    assert len(written) == 1, words
    told = report.read_report(written[0].read_bytes())
    assert told.frame == packs.FRAME.id
    assert not (folder / "stick/imago-report-request").exists()
    assert "report is on the stick" in (folder / "arrival.json").read_text(), words
    assert "/run/imago/report" not in (folder / "mounts").read_text()


FORBIDDEN = """
import ctypes, mmap, os, socket, sys
def fails(what, call):
    try:
        call()
    except (OSError, ValueError) as error:
        print(what, "no", type(error).__name__)
    else:
        print(what, "YES")
libc = ctypes.CDLL(None, use_errno=True)
def must(result):
    if result in (-1, None): raise OSError(ctypes.get_errno(), "failed")
fails("internet", lambda: socket.socket(socket.AF_INET))
fails("netlink", lambda: socket.socket(socket.AF_NETLINK))
fails("packets", lambda: socket.socket(socket.AF_PACKET))
fails("write /etc", lambda: open("/etc/imago-was-here", "w"))
fails("write code", lambda: open("/opt/imago/device/was-here", "w"))
fails("read the stick", lambda: os.listdir("/run/imago/stick"))
fails("read disks", lambda: open("/dev/vda", "rb"))
fails("read memory", lambda: open("/dev/mem", "rb"))
fails("kernel log", lambda: open("/dev/kmsg", "rb"))
fails("mount", lambda: must(libc.mount(b"tmpfs", b"/tmp", b"tmpfs", 0, None)))
fails("namespace", lambda: must(libc.unshare(0x10000000)))
fails("executable memory", lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_WRITE | mmap.PROT_EXEC))
fails("trace", lambda: must(libc.ptrace(16, os.getppid(), 0, 0)))
fails("clock", lambda: must(libc.settimeofday(b"\\0" * 16, None)))
fails("become root", lambda: os.setuid(0))
fails("others' processes", lambda: open("/proc/1/environ", "rb"))
fails("sysctl", lambda: open("/proc/sys/kernel/hostname", "w"))
print("store", os.access("/var/lib/imago/store", os.W_OK))
print("user", os.getuid() != 0)
"""


def test_what_the_importer_cannot_do_even_when_it_is_not_itself_any_more(folder: Path) -> None:
    (folder / "probe.py").write_text(FORBIDDEN)
    probe = {"-B -m device import - --json": "/run/test/probe.py"}
    script = """cat > /run/ask.py <<'EOF'
import socket
s = socket.socket(socket.AF_UNIX); s.connect("/run/imago/import.sock"); s.shutdown(1)
out = b""
while part := s.recv(65536): out += part
print(out.decode())
EOF
/opt/imago/.venv/bin/python /run/ask.py
"""
    system_manager.prepare(folder, {"imago-import@.service": probe}, script)
    words = system_manager.run(folder)
    told = [line for line in words.splitlines() if line.endswith((" YES", "Error")) or " no " in line]
    assert len(told) == 17, words
    assert not [line for line in told if line.endswith("YES")], words
    assert "store True" in words
    assert "user True" in words
    assert frame_identity.NAME == "frame"
