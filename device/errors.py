"""The one error tree: every failure that an outside thing can cause ends in one of these.

Each error says what was expected, what came instead, and a hint; a command line prints it as one line
(or as one JSON object) and leaves with the class's exit code. Never a traceback for what a user can cause.
"""

from __future__ import annotations


class ImagoError(Exception):
    """Base of all errors that are somebody's to mend.

    `subject` is what failed (a file, a device, an option); `expected`, `got` and `hint` complete the sentence
    ``imago: <subject>: expected <expected>, got <got> (<hint>)``.
    """

    exit_code = 1

    def __init__(self, subject: str, *, expected: str, got: str, hint: str = "", code: str = "") -> None:
        """`code`: a name of this very failure for those who must tell one from another, such as `rollback.older`."""
        self.subject = subject
        self.code = code
        self.expected = expected
        self.got = got
        self.hint = hint
        super().__init__(self.line())

    def line(self) -> str:
        """The error as one line of text, without line breaks whatever came from outside."""
        text = f"imago: {self.subject}: expected {self.expected}, got {self.got}"
        if self.hint:
            text += f" ({self.hint})"
        return " ".join(text.split())

    def as_dict(self) -> dict[str, str]:
        """The same as an object for ``--json``."""
        told = {
            "error": type(self).__name__,
            "subject": self.subject,
            "expected": self.expected,
            "got": self.got,
            "hint": self.hint,
        }
        return {**told, "code": self.code} if self.code else told


class Usage(ImagoError):
    """The command line or the settings were not understood."""

    exit_code = 2


class BadInput(ImagoError):
    """A file, recording, picture, text or message from outside is not what it should be."""

    exit_code = 3


class Missing(ImagoError):
    """A model, device or system part is not there."""

    exit_code = 4


class Busy(ImagoError):
    """A resource is taken or exhausted: a lock, a port, the disk."""

    exit_code = 4


class Broken(ImagoError):
    """A part that was there stopped working: an engine failed, a process died, a device went away."""

    exit_code = 4


class Refused(ImagoError):
    """Consent, signature or policy forbids it."""

    exit_code = 5
