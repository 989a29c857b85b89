"""The TPM 2.0 by Debian's tpm2-tools: small memories inside the chip ("NV indices").

Secrets go to the tools and come back through pipes, never on a command line or through a file. Between chip and
processor they are in the clear: who solders wires to the bus of a separate chip can listen.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping

from device.errors import Broken, Missing

DEVICE = "/dev/tpmrm0"
TIMEOUT_S = 30.0
"""A chip in its self-test answers after seconds; a hundred times what a memory takes to write."""

_RIGHTS = "ownerwrite|ownerread|authwrite|authread|no_da"
"""Whoever may talk to the TPM may use it, and a wrong try locks nothing."""


_HINT = f"check that the firmware has it on, and the user's right to {DEVICE}"


def default_tcti(environment: Mapping[str, str] = os.environ) -> str:
    """How the tools reach this machine's TPM; "" for none."""
    return environment.get("TPM2TOOLS_TCTI", "") or (f"device:{DEVICE}" if os.path.exists(DEVICE) else "")


class Tpm:
    """One TPM. Every method raises Broken where it does not do as told, Missing where tpm2-tools is not installed."""

    def __init__(self, tcti: str, *, timeout_s: float = TIMEOUT_S, environment: Mapping[str, str] = os.environ) -> None:
        self._environment = {**environment, "TPM2TOOLS_TCTI": tcti, "LC_ALL": "C"}
        self._timeout_s = timeout_s

    def ask(self) -> None:
        """Whether it answers."""
        self._run("tpm2_getcap", "properties-fixed")

    def indices(self) -> dict[int, str]:
        """All memories -> their attributes, as "nt=0x1|ownerread|written"."""
        listed = self._run("tpm2_nvreadpublic").decode(errors="replace")
        parts = re.split(r"^(0x[0-9a-fA-F]+):", listed, flags=re.M)[1:]
        found = zip(parts[::2], parts[1::2], strict=True)
        return {int(n, 16): (re.search(r"attributes:\s+friendly: (\S*)", text) or ["", ""])[1] for n, text in found}

    def define(self, index: int, size: int) -> None:
        """A memory of `size` bytes."""
        self._run("tpm2_nvdefine", "-C", "o", "-s", str(size), "-a", _RIGHTS, hex(index))

    def define_counter(self, index: int) -> None:
        """One of 8 bytes that only goes up. It begins above whatever any counter of this TPM ever had (TPM 2.0 Part 3,
        TPM2_NV_Increment), so that doing away with it sets nothing back."""
        self._run("tpm2_nvdefine", "-C", "o", "-a", f"nt=counter|{_RIGHTS}", hex(index))

    def undefine(self, index: int) -> None:
        """Does away with a memory and what it holds."""
        self._run("tpm2_nvundefine", "-C", "o", hex(index))

    def write(self, index: int, content: bytes) -> None:
        self._run("tpm2_nvwrite", "-i-", hex(index), given=content)

    def read(self, index: int) -> bytes:
        return self._run("tpm2_nvread", hex(index))

    def increment(self, index: int) -> None:
        self._run("tpm2_nvincrement", hex(index))

    def _run(self, *words: str, given: bytes = b"") -> bytes:
        try:
            done = subprocess.run(
                words, input=given, capture_output=True, timeout=self._timeout_s, env=self._environment, check=False
            )
        except FileNotFoundError:
            raise Missing(words[0], expected="tpm2-tools", got="not installed", hint="apt install tpm2-tools") from None
        except subprocess.TimeoutExpired:
            raise Broken(
                "TPM", expected=f"{words[0]} within {self._timeout_s:g} s", got="no answer", hint=_HINT
            ) from None
        except OSError as error:
            raise Broken(words[0], expected="to run", got=error.strerror or str(error)) from None
        if done.returncode:
            raise Broken("TPM", expected=f"{words[0]} to succeed", got=_reason(done.stderr), hint=_HINT)
        return done.stdout


def _reason(stderr: bytes) -> str:
    """The tools' own message: the first that is not the library's inner one."""
    lines = stderr.decode(errors="replace").splitlines()
    return next((line[7:] for line in lines if line.startswith("ERROR: ")), lines[-1] if lines else "no reason")
