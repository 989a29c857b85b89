"""What the language model reads: a stable prefix (who he is, rules, two examples), then what changes, last. Pure.

The format is ChatML, which the Qwen family is trained on. What comes from outside (memories, what was said) is
stripped of
its control marks, so that a letter cannot speak as the system.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from device.persona.unpacked import PersonaFile

STOP = ("<|im_end|>", "<|im_start|>", "\n")
HISTORY_TURNS = 2
MAX_QUOTED = 400
"""Characters of a memory or turn that enter the prompt."""

_RULES = """\
Speak as this person, in the language of the last message, in one short plain sentence. \
Never invent people, places,
dates or events. Make no promises."""
_MARK = re.compile(r"<\|[^|>]*\|>")


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn that is over: what was heard, and what was really said aloud."""

    heard: str
    said: str
    language: str
    evidence: tuple[str, ...] = ()


def prefix(persona: PersonaFile) -> str:
    """The part that never changes while a persona runs; at most about 450 tokens."""
    style = "\n".join(persona.style[key] for key in ("en", "zh") if key in persona.style)
    about = persona.person.about or persona.person.name
    system = f"You are {persona.person.name}. {about}\n{style}\n{_RULES}"
    return _message("system", system) + "".join(
        _message("user", asked) + _message("assistant", answered) for asked, answered in _EXAMPLES
    )


def small_talk(text: str, language: str, history: Sequence[Turn]) -> str:
    """Asks for one short friendly sentence, after the last few turns."""
    before = "".join(
        _message("user", clean(t.heard)) + _message("assistant", clean(t.said))
        for t in history[-HISTORY_TURNS:]
        if t.said
    )
    return before + _message("user", clean(text) + _REPLY_IN[language]) + "<|im_start|>assistant\n"


def clean(text: str) -> str:
    """Text from outside: no control marks, one line, bounded."""
    return " ".join(_MARK.sub(" ", text).split())[:MAX_QUOTED]


_REPLY_IN = {"en": " (Reply in English.)", "zh": "（用中文回答。）"}
_EXAMPLES = (
    ("I had a long day. (Reply in English.)", "Sit down, then. Tell me about it."),
    ("今天好累。（用中文回答。）", "累了就坐下，慢慢讲给我听。"),
    (
        "They asked: What did you eat?\nYou answered: We ate noodles.\nNow ask them one short question about it.",
        "Do you like noodles too?",
    ),
    ("家里人问：你们吃什么？\n你回答了：我们吃面。\n现在就这件事，反问对方一个短问题。", "你喜欢吃面吗？"),
)


def _message(role: str, text: str) -> str:
    return f"<|im_start|>{role}\n{text}<|im_end|>\n"
