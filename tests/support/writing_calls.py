"""The system calls that change a file system: their numbers, the files they touch, and a filter that catches them.

What a call touches is written as its arguments: ``f0`` is a descriptor in argument 0, ``p0`` a path in argument 0,
``a01`` a path in argument 1 relative to the directory descriptor in argument 0. Numbers: the kernel's
``arch/x86/entry/syscalls/syscall_64.tbl`` and ``include/uapi/asm-generic/unistd.h``. Filter: seccomp(2), ``struct
sock_filter`` of ``linux/filter.h``.
"""

from __future__ import annotations

import os
import platform
import struct

CALLS: dict[str, tuple[int | None, int | None, str]] = {
    # name: (number on x86_64, on aarch64, what it touches)
    "write": (1, 64, "f0"),
    "pwrite64": (18, 68, "f0"),
    "writev": (20, 66, "f0"),
    "pwritev": (296, 70, "f0"),
    "pwritev2": (328, 287, "f0"),
    "sendfile": (40, 71, "f0"),
    "splice": (275, 76, "f2"),
    "copy_file_range": (326, 285, "f2"),
    "open": (2, None, "p0"),
    "creat": (85, None, "p0"),
    "openat": (257, 56, "a01"),
    "openat2": (437, 437, "a01"),
    "mknod": (133, None, "p0"),
    "mknodat": (259, 33, "a01"),
    "mkdir": (83, None, "p0"),
    "mkdirat": (258, 34, "a01"),
    "symlink": (88, None, "p1"),
    "symlinkat": (266, 36, "a12"),
    "link": (86, None, "p0 p1"),
    "linkat": (265, 37, "a01 a23"),
    "rename": (82, None, "p0 p1"),
    "renameat": (264, 38, "a01 a23"),
    "renameat2": (316, 276, "a01 a23"),
    "fallocate": (285, 47, "f0"),
    "setxattr": (188, 5, "p0"),
    "lsetxattr": (189, 6, "p0"),
    "fsetxattr": (190, 7, "f0"),
    "truncate": (76, 45, "p0"),
    "ftruncate": (77, 46, "f0"),
    "rmdir": (84, None, "p0"),
    "unlink": (87, None, "p0"),
    "unlinkat": (263, 35, "a01"),
    "chmod": (90, None, "p0"),
    "fchmod": (91, 52, "f0"),
    "fchmodat": (268, 53, "a01"),
    "fchmodat2": (452, 452, "a01"),
    "chown": (92, None, "p0"),
    "lchown": (94, None, "p0"),
    "fchown": (93, 55, "f0"),
    "fchownat": (260, 54, "a01"),
    "utime": (132, None, "p0"),
    "utimes": (235, None, "p0"),
    "utimensat": (280, 88, "a01"),
    "fsync": (74, 82, "f0"),
    "fdatasync": (75, 83, "f0"),
    "sync_file_range": (277, 84, "f0"),
    "syncfs": (306, 267, "f0"),
}
GROWING = frozenset(list(CALLS)[: list(CALLS).index("truncate")])
"""Those which a full disk refuses; removing, shortening and syncing still work on it."""

ARCHITECTURES = {"x86_64": 0, "aarch64": 1}
SUPPORTED = platform.machine() in ARCHITECTURES
COLUMN = ARCHITECTURES.get(platform.machine(), 0)
NUMBERS = {number: name for name, call in CALLS.items() if (number := call[COLUMN]) is not None}
SECCOMP = (317, 277)[COLUMN]
"""The number of seccomp(2) itself."""

OPENS_THAT_WRITE = os.O_CREAT | os.O_TRUNC | (os.O_TMPFILE & ~os.O_DIRECTORY)
FLAGS_ARGUMENT = {"open": 1, "openat": 2}

_LOAD, _EQUAL, _ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_ALLOW, _NOTIFY = 0x7FFF0000, 0x7FC00000


def _instruction(code: int, value: int, skip_if: int = 0, skip_else: int = 0) -> bytes:
    return struct.pack("=HBBI", code, skip_if, skip_else, value)


def _catch(number: int, name: str) -> bytes:
    """If the loaded number is this one: notify; of opens only those that write."""
    if name not in FLAGS_ARGUMENT:
        return _instruction(_EQUAL, number, 0, 1) + _instruction(_RETURN, _NOTIFY)
    flags_low_word = 16 + 8 * FLAGS_ARGUMENT[name]
    return b"".join(
        [
            _instruction(_EQUAL, number, 0, 4),
            _instruction(_LOAD, flags_low_word),
            _instruction(_ANY_BIT, OPENS_THAT_WRITE, 0, 1),
            _instruction(_RETURN, _NOTIFY),
            _instruction(_RETURN, _ALLOW),
        ]
    )


def filter_program() -> bytes:
    """A seccomp filter that asks its listener about every writing call and allows all others."""
    catches = b"".join(_catch(number, name) for number, name in NUMBERS.items())
    return _instruction(_LOAD, 0) + catches + _instruction(_RETURN, _ALLOW)
