"""What was said, and was it said to the frame? What the loop does with an utterance, and what the benchmark measures.

Two ways lead to "yes" once a wake phrase was proposed. The transcript, made without expecting any name, has a name at
its beginning or its end. Or the proposed place, heard once more by itself, is nearly as likely to be the phrase as what
the transcriber would write there: a phrase alone, without a sentence around it, is often written as something else that
sounds the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from device.conversation import events as ev
from device.ears.called import Called, called
from device.ports import MIC_RATE, Pcm, Transcriber, Transcript, WakeProposal

BEFORE_S, AFTER_S = 0.15, 0.25
"""s around a proposed phrase that are heard again with it."""
LIKELY = -1.0
"""Log probability per token by which the phrase may be less likely than what the transcriber writes."""


@dataclass(frozen=True, slots=True)
class Understood:
    """An utterance, transcribed."""

    transcript: Transcript
    """Where the frame was called: what was said besides, or the name."""
    by: WakeProposal | None = None
    """The proposal that was confirmed."""


def understand(
    transcriber: Transcriber, job: ev.Transcribe, languages: Sequence[str], names: Sequence[str]
) -> Understood:
    """Transcribes; where nobody knows whether the frame is meant, looks for a call."""
    # The name is expected only where somebody surely speaks to it: else it is heard in a cough.
    unexpected = job.overheard or job.stage != "pause"
    transcript = transcriber.transcribe(job.utterance, languages, unexpected)
    if not job.overheard:
        return Understood(transcript)
    proposals = sorted(job.called, key=lambda p: -p.score)
    call = call_in(transcript.text, names)
    if call is not None and proposals:
        return Understood(replace(transcript, text=call.before or call.rest or call.name), proposals[0])
    likely = (p for p in proposals if likeness(transcriber, job.utterance, p) >= LIKELY)
    by = next(likely, None)
    return Understood(transcript if transcript.text or by is None else replace(transcript, text=by.phrase), by)


def call_in(text: str, names: Sequence[str]) -> Called | None:
    """The name that somebody calls, at the beginning of what they say or as the last word of it."""
    call = called(text, names) or called(text, names, anywhere=True)
    return call if call is not None and (not call.before or not call.rest) else None


def likeness(transcriber: Transcriber, utterance: Pcm, proposal: WakeProposal) -> float:
    """How likely the phrase was said where it was proposed; see Transcriber.likeness."""
    first, last = (proposal.start - BEFORE_S) * MIC_RATE, (proposal.end + AFTER_S) * MIC_RATE
    return transcriber.likeness(utterance[max(0, round(first)) : round(last)], proposal.phrase)
