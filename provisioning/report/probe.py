"""Tries a persona with questions whose answers are known: what the figure for memory is worth."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from provisioning.memories.memory import Memory
from provisioning.report.content import Probe
from provisioning.studio.mind import Mind

LEAST = 10
"""Questions; fewer say nothing."""
MOST = 60


def probe(make_mind: Callable[[], Mind], memories: Sequence[Memory]) -> Probe | None:
    """Asks what the family itself asked in its stories (Q and A), of a mind that knows the answers but not the
    questions: they are taken out of its memories first, so that none is found by its own words. Right is an answer that
    rests on the very memory; invented one that rests on none. None where there are too few questions."""
    asked = _spread([memory for memory in memories if memory.question])
    if len(asked) < LEAST:
        return None
    right = invented = 0
    mind = make_mind()
    mind.learn([replace(memory, question="") for memory in memories])
    for memory in asked:
        reply = mind.ask(memory.question)
        right += memory.id in reply.evidence
        invented += reply.route == "fact" and not reply.abstained and not reply.evidence
    return Probe(right, len(asked), invented)


def _spread(memories: Sequence[Memory]) -> list[Memory]:
    """At most MOST, evenly from first to last."""
    step = max(1, -(-len(memories) // MOST))
    return list(memories[::step])
