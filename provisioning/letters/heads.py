"""Date, addressee and writer of a letter, by the rules for letters that were typed (`importers.written`)."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from provisioning.importers.item import When
from provisioning.importers.letter_dates import letter_date
from provisioning.importers.letter_frame import addressee, signature


class Head(msgspec.Struct, frozen=True):
    """What is known of a letter."""

    when: When = When(confidence=0.0)
    to: tuple[str, ...] = ()
    name: str = ""
    """Who signed"""
    doubt: str = ""
    """What is doubtful about the date"""


def head(lines: Sequence[str], name: str = "") -> Head:
    """From a letter's lines, and its file's name; only what is certain. Handwriting puts name and date on one line
    ("Your father, 2 March 1997"), so what stands beside the date counts as a line of its own."""
    when, at, doubt = letter_date(lines, name)
    others = [line for number, line in enumerate(lines) if line.strip() and number != at]
    if not others:
        return Head(when, doubt=doubt)
    last = max((number for number, line in enumerate(lines) if line.strip() and number != at), default=0)
    beside = lines[at].replace(when.text, " ").strip(" ,，.。") if at > last else ""
    signed = signature([*others, beside], False) if beside else signature(others, at > last)
    to = addressee(others[0])
    return Head(when, (to,) if to else (), signed, doubt)
