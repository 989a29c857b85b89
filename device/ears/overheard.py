"""What was said, and was it said to the frame? What the loop does with an utterance, and what the benchmark measures.

A proposed wake phrase is confirmed by how likely the transcriber holds the phrase, at that place and without being told
to expect a name, against what it would write itself. Not by what it writes: a greeting without a sentence around it is
written as anything that sounds alike (Hello Grand Hall, 外公以后). The nearer the template, the less is asked of the
transcriber. Only what is confirmed is transcribed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from device.conversation import events as ev
from device.ears.called import Called, called, somebody_else
from device.ports import MIC_RATE, Pcm, Transcriber, Transcript, WakeProposal
from device.sounds_like import units

BEFORE_S, AFTER_S = 0.15, 0.25
"""s around a proposed phrase that are heard again with it."""
LEAST_LIKELY = -1.5
"""What a proposal that only just meets its threshold (score 0.5) must reach, see Transcriber.likeness ..."""
SLOPE = 25.0
"""... and by how much less for each whole of the score above that. Both were chosen on the speakers and sentences of
`imago bench wake --set tuning`: calls reach -6 at scores over 0.7; talk at 0.5 to 0.6 rarely reaches -3."""

CLEARLY_OTHER = 0.35
"""By how much likelier than the proposed phrase another term of address must be on the same sound. Where the
benchmark's tuning speakers called somebody else it was 0.49 at least (45 looks); in calls of the frame that were
written as another's, 0.19 at most."""

MOST_BESIDES, MOST_BESIDES_S = 20, 3.0
"""Words or characters that may be said in one go with a name that the transcriber writes as something else; s, where it
writes nothing at all: a name alone, with the quiet around it, has less."""


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
    if not job.overheard:
        transcript = transcriber.transcribe(job.utterance, languages, unexpected)
        confirmed = _confirmed(transcriber, job) if not transcript.text.strip() else None
        if confirmed is None:
            return Understood(transcript)
        # A name alone, into its own voice: too little for a text, and a call all the same.
        return Understood(replace(transcript, text=confirmed[0].phrase, unclear=False), confirmed[0])
    confirmed = _confirmed(transcriber, job)
    if confirmed is None:
        return Understood(Transcript("", languages[0], 0.0))
    by, likely = confirmed
    transcript = transcriber.transcribe(job.utterance, languages, unexpected)
    call = call_in(transcript.text, names)
    if call is None and _not_meant(transcriber, transcript.text, names, job.utterance, by, likely):
        return Understood(transcript)
    besides = (call.before or call.rest or call.name) if call is not None else transcript.text or by.phrase
    return Understood(replace(transcript, text=besides), by)


def _not_meant(
    transcriber: Transcriber, text: str, names: Sequence[str], utterance: Pcm, by: WakeProposal, likely: float
) -> bool:
    """In the midst of a sentence somebody talks about them; Hello Grandma is near Hello Grandpa; the television goes on
    and on. `likely`: how likely `by` is, see `likeness`."""
    if called(text, names, anywhere=True) is not None or _rambling(text, utterance, by):
        return True
    other = somebody_else(text, names)
    if not other:
        return False
    # Who asks Grandpa for Grandma is written as if they had called her, by a model that likes to repeat itself.
    return likeness(transcriber, utterance, replace(by, phrase=other)) - likely >= CLEARLY_OTHER


def _rambling(text: str, utterance: Pcm, by: WakeProposal) -> bool:
    """Much is said in which the name is not to be found, or much that is no words."""
    besides_s = len(utterance) / MIC_RATE - (by.end - by.start)
    return len(units(text)) > MOST_BESIDES if text else besides_s > MOST_BESIDES_S


def _confirmed(transcriber: Transcriber, job: ev.Transcribe) -> tuple[WakeProposal, float] | None:
    """The proposal that the transcriber holds for likely, and how likely; the best first."""
    for proposal in sorted(job.called, key=lambda p: -p.score):
        likely = likeness(transcriber, job.utterance, proposal)
        if likely >= least_likely(proposal):
            return proposal, likely
    return None


def least_likely(proposal: WakeProposal) -> float:
    """The likeness from which a proposal is confirmed."""
    return LEAST_LIKELY - SLOPE * (proposal.score - 0.5)


def call_in(text: str, names: Sequence[str]) -> Called | None:
    """The name that somebody calls, at the beginning of what they say or as the last word of it."""
    call = called(text, names) or called(text, names, anywhere=True)
    return call if call is not None and (not call.before or not call.rest) else None


def likeness(transcriber: Transcriber, utterance: Pcm, proposal: WakeProposal) -> float:
    """How likely the phrase was said where it was proposed; see Transcriber.likeness."""
    first, last = (proposal.start - BEFORE_S) * MIC_RATE, (proposal.end + AFTER_S) * MIC_RATE
    return transcriber.likeness(utterance[max(0, round(first)) : round(last)], proposal.phrase)
