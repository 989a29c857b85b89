"""What sounds almost like a phrase is told apart from it: templates of other words, and how far from them calls are.

Pure; the embedding is an argument.

Two templates are compared on the same sound, so that a speaker or a room that is far from both is no disadvantage.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from device.errors import BadInput
from device.wake.enrolment import Array, Embed, Saying, distances_along, template, with_quiet
from device.wake.templates import MOST_RIVALS, Rival, Template, Templates

SURELY = 0.2
"""Share of the calls that may be nearer to a rival than is usual."""
APART = 1.05
"""A rival that is not so many times farther than the phrase from its calls can't be told apart (Hello Granny, Hello
Grandpa): it is left out."""
NEAREST = 8
"""Rivals of a phrase that are kept: others are never nearer than these."""
STRANGERS = 0.5
"""What is left of a distance's logarithm with speakers whom enrolment did not have ..."""
SPREAD = 0.84
"""... and how much nearer to a rival than that their calls may come. Both chosen on `imago bench wake --set tuning`, so
that hardly a call is lost."""


def with_rivals(
    templates: Templates, calls: Sequence[Saying], rivals: Mapping[str, Sequence[Saying]], embed: Embed
) -> Templates:
    """The templates with rivals. `calls`: sayings of the phrases that made no template; a phrase without any gets no
    rivals. `rivals`: by phrase, sayings of other words."""
    found: list[Rival] = []
    for phrase in templates.phrases:
        own = [t for t in templates.templates if t.phrase == phrase]
        heard = [saying for saying in calls if saying.phrase == phrase]
        words = _words(rivals.get(phrase, ()), embed)
        if heard and words:
            found += _rivals(phrase, own, words, [distances_to(own, words, saying, embed) for saying in heard])
    return replace(templates, rivals=tuple(found[:MOST_RIVALS]))


def _words(sayings: Sequence[Saying], embed: Embed) -> dict[str, list[Template]]:
    """Templates by what is said; sayings that are too short or too long for one are left out."""
    words: dict[str, list[Template]] = {}
    for saying in sayings:
        try:
            words.setdefault(saying.phrase, []).append(template(saying, embed))
        except BadInput:
            continue
    return {word: made for word, made in words.items() if made}


def distances_to(
    own: Sequence[Template], words: Mapping[str, Sequence[Template]], saying: Saying, embed: Embed
) -> Array:
    """How many times farther each word is from a saying than the phrase is, shape (words,)."""
    every = [*own, *(t for made in words.values() for t in made)]
    nearest = distances_along(every, embed(with_quiet(saying.pcm))).min(axis=0)
    ends = np.cumsum([len(own), *map(len, words.values())])
    spans = itertools.pairwise(ends)
    return np.array([nearest[a:b].min() for a, b in spans], np.float32) / max(float(nearest[: len(own)].min()), 1e-3)


def _rivals(
    phrase: str, own: Sequence[Template], words: Mapping[str, Sequence[Template]], apart: Sequence[Array]
) -> list[Rival]:
    """`apart`: of each call, as `distances_to` has it."""
    ratios = np.nan_to_num(np.array(apart), posinf=100.0)
    usual = np.quantile(ratios, SURELY, axis=0)
    kept = [int(at) for at in np.argsort(usual) if usual[at] >= APART][:NEAREST]
    if not kept:
        return []
    strangers = SPREAD * float(np.quantile(ratios[:, kept].min(axis=1), SURELY)) ** STRANGERS
    made = list(words.values())
    return [Rival(phrase, t.frames, float(np.clip(strangers, 0.1, 10.0))) for at in kept for t in made[at]]
