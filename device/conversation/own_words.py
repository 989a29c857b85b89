"""Its own words, heard back through the room, are no interruption. Pure.

The last line of defence where cancelling fails: a loudspeaker that overdrives, a reference that is late.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

SHARE = 0.7
"""Of what was heard that must be in what is being said, two units in a row at least: the rest was misheard."""
LEAST = {"word": 3, "hanzi": 4}
"""Units; whoever repeats one word of an answer may well mean to interrupt ("The river?"), and "stop" is one word."""

_UNIT = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff_]+")


def own_words(heard: str, said: str) -> bool:
    """Whether `heard` is a piece of what the frame itself says, `said`."""
    units, own = _UNIT.findall(heard.lower()), _UNIT.findall(said.lower())
    kind = "hanzi" if re.search(r"[\u3400-\u9fff]", heard) else "word"
    if len(units) < LEAST[kind]:
        return False
    pieces = SequenceMatcher(None, units, own, autojunk=False).get_matching_blocks()
    return sum(piece.size for piece in pieces if piece.size > 1) >= max(LEAST[kind], SHARE * len(units))
