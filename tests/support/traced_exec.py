"""``python traced_exec.py SOCKET FILTER COMMAND...``: becomes COMMAND, under the seccomp filter FILTER (hexadecimal).

Sends the filter's listener (seccomp_unotify(2)) through the Unix socket with descriptor SOCKET first. A program of its
own, because between fork and exec of a process with threads no Python code may run.
"""

from __future__ import annotations

import ctypes
import os
import socket
import sys

PR_SET_NO_NEW_PRIVS = 38
SET_MODE_FILTER = 1
NEW_LISTENER = 1 << 3


class Program(ctypes.Structure):
    """``struct sock_fprog``."""

    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_char_p))


def listener(seccomp: int, code: bytes) -> int:
    """Installs the filter on this process and all it will start -> the descriptor on which it asks. Raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    program = Program(len(code) // 8, code)
    made = libc.syscall(seccomp, SET_MODE_FILTER, NEW_LISTENER, ctypes.byref(program))
    if made < 0:
        raise OSError(ctypes.get_errno(), "seccomp refuses the filter")
    return int(made)


if __name__ == "__main__":
    parent = socket.socket(fileno=int(sys.argv[1]))
    asks = listener(int(sys.argv[2]), bytes.fromhex(sys.argv[3]))
    socket.send_fds(parent, [b"."], [asks])
    parent.close()
    os.close(asks)
    os.execvp(sys.argv[4], sys.argv[4:])
