"""What is put on top of the guest's Debian at each start: the frame's code, its libraries, its units, and our agent."""

from __future__ import annotations

import hashlib
import py_compile
import subprocess
import tempfile
from importlib import metadata
from pathlib import Path

from tests.guest.base import Base
from tests.guest.cpio import Archive

ROOT = Path(__file__).resolve().parents[2]
PREFIX = "frame/"
"""Where all this lies in the first file system; `init` copies it to the root."""
AT = "opt/imago"
LIBRARIES = ("msgspec", "cryptography", "cffi", "pycparser", "typing_extensions")
"""All that an import needs beside Python, and all that this guest has."""
FIRST = ("virtio_pci", "virtio_blk", "crc32c_generic", "ext4")
"""Modules that lead to the root file system, loaded with those they need."""
STATE = "imago-state"
"""Label of the disk that outlives a power cut."""

INIT = f"""#!/bin/busybox sh
/bin/busybox mount -t devtmpfs none /dev
/bin/busybox mount -t proc none /proc
for module in {" ".join(FIRST)}; do /bin/busybox modprobe $module; done
/bin/busybox mount -t ext4 -o noatime /dev/vda /root
/bin/busybox cp -a /{PREFIX}. /root/
/bin/busybox chroot /root /bin/systemd-sysusers
/bin/busybox umount /proc
/bin/busybox mount --move /dev /root/dev
exec /bin/busybox switch_root /root /sbin/init
"""
AGENT = """[Unit]
Description=The test's way in
[Service]
ExecStart=/usr/bin/python3 -I -S /opt/agent.py
StandardInput=null
[Install]
WantedBy=multi-user.target
"""
UNITS = ROOT / "device/systemd"
WANTED = {"imago-import.socket": "sockets.target"}
"""What installing enables; the portrait's own unit lies there but is not started: it wants a face, ears and models."""
PLACES = {
    ".service": "etc/systemd/system/{name}",
    ".socket": "etc/systemd/system/{name}",
    ".rules": "etc/udev/rules.d/{name}",
    ".sysusers.conf": "usr/lib/sysusers.d/imago.conf",
    ".tmpfiles.conf": "usr/lib/tmpfiles.d/imago.conf",
}
"""Ending of a file in device/systemd -> where it is installed."""
LEFT_OUT = ("e2scrub_reap.service", "getty-static.service", "serial-getty@ttyS0.service", "getty@tty1.service",
            "systemd-binfmt.service", "apt-daily.timer", "apt-daily-upgrade.timer", "dpkg-db-backup.timer",
            "fstrim.timer", "e2scrub_all.timer", "systemd-pstore.service", "systemd-update-utmp.service",
            "modprobe@fuse.service", "modprobe@drm.service", "modprobe@loop.service", "modprobe@dm_mod.service",
            "modprobe@configfs.service", "dev-hugepages.mount", "systemd-networkd.service",
            "systemd-timesyncd.service", "systemd-update-utmp-runlevel.service")  # fmt: skip
"""Debian's own that only take time here."""
FSTAB = f"LABEL={STATE} /var/lib/imago ext4 nosuid,nodev,noexec 0 2\n"


def first_file_system(base: Base) -> bytes:
    """What the kernel unpacks and starts."""
    made = Archive()
    made.file("init", INIT.encode(), 0o755)
    made.copy("bin/busybox", base.busybox, 0o755)
    for folder in ("dev", "proc", "root"):
        made.folder(folder)
    _modules(made, base.modules)
    _frame(made)
    _units(made)
    _guest(made)
    return made.bytes()


def _modules(made: Archive, folder: Path) -> None:
    needs = {}
    for line in (folder / "modules.dep").read_text(encoding="utf-8").splitlines():
        path, _, others = line.partition(":")
        needs[path] = others.split()
    wanted = [path for path in needs if Path(path).name.partition(".")[0] in FIRST]
    for path in dict.fromkeys(p for w in wanted for p in (w, *needs[w])):
        made.copy(f"lib/modules/{folder.name}/{path}", folder / path)
    for name in ("modules.dep", "modules.order", "modules.builtin"):
        made.copy(f"lib/modules/{folder.name}/{name}", folder / name)


def _frame(made: Archive) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "device", "models_quantized"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            _source(made, f"{AT}/{name}", ROOT / name)
    for library in LIBRARIES:
        for file in metadata.files(library) or ():
            if ".." not in file.parts and "__pycache__" not in file.parts:
                _source(made, f"usr/lib/python3/dist-packages/{file}", Path(str(file.locate())))


def _units(made: Archive) -> None:
    system = f"{PREFIX}etc/systemd/system"
    for source in sorted(UNITS.iterdir()):
        for ending, place in PLACES.items():
            if source.name.endswith(ending):
                made.copy(PREFIX + place.format(name=source.name), source)
    for unit, target in WANTED.items():
        made.link(f"{system}/{target}.wants/{unit}", f"../{unit}")
    for unit in LEFT_OUT:
        made.link(f"{system}/{unit}", "/dev/null")
    made.link(f"{PREFIX}{AT}/.venv/bin/python", "/usr/bin/python3")


def _source(made: Archive, path: str, source: Path) -> None:
    """A file, and for Python's its compiled form: the guest's processor is a slow one."""
    made.copy(PREFIX + path, source)
    if source.suffix == ".py":
        folder, _, name = path.rpartition("/")
        made.file(f"{PREFIX}{folder}/__pycache__/{name[:-3]}.cpython-311.pyc", _compiled(source, f"/{path}"))


def _compiled(source: Path, path: str) -> bytes:
    with tempfile.NamedTemporaryFile() as file:
        py_compile.compile(
            str(source), file.name, dfile=path, doraise=True,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )  # fmt: skip
        return Path(file.name).read_bytes()


def _guest(made: Archive) -> None:
    for name in ("agent.py", "look.py"):
        made.copy(f"{PREFIX}opt/{name}", Path(__file__).with_name(name), 0o644)
    made.file(f"{PREFIX}etc/systemd/system/agent.service", AGENT.encode())
    made.link(f"{PREFIX}etc/systemd/system/multi-user.target.wants/agent.service", "../agent.service")
    made.file(f"{PREFIX}etc/fstab", FSTAB.encode())
    made.file(f"{PREFIX}etc/hostname", b"frame\n")
    made.file(f"{PREFIX}etc/machine-id", hashlib.md5(b"frame").hexdigest().encode() + b"\n", 0o444)
