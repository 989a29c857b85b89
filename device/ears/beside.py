"""Who speaks beside the frame's own voice: the rule of `conversation/barge_in.py` on the echo-free microphone.

While the frame is to be heard, the speech detector's word counts only once the rule believes that a person speaks.
"""

from __future__ import annotations

from device.conversation import events as ev
from device.conversation.barge_in import BargeIn, BargeInSettings
from device.conversation.endpointing import EndpointSettings
from device.ears.echo_free import EchoFreeMicrophone
from device.ports import Block

EAGER = EndpointSettings().speech_at / BargeInSettings().speech_at
"""Factor on the probability of speech once a person is believed in: what the rule takes for speech while the voice is
lowered, the endpointer shall, too."""


class Beside:
    """Behind the listener's protocol `BesideOwnVoice`; belongs to the ears' thread."""

    def __init__(self, microphone: EchoFreeMicrophone, settings: BargeInSettings | None = None) -> None:
        """`microphone`: the one whose blocks are stepped through."""
        self._microphone = microphone
        self._rule = BargeIn(settings)
        self._person = False

    def reset(self) -> None:
        """What was said beside it is over; what becomes of it is for others to know."""
        self._rule.reset()
        self._person = False

    def step(self, block: Block, probability: float) -> tuple[float, list[ev.Event]]:
        """The probability of speech by somebody else, and Disturbed or Undisturbed where the rule says so."""
        heard = self._microphone.heard
        events: list[ev.Event] = []
        for signal in self._rule.step(block.t, probability, heard):
            if signal.kind == "duck":
                events.append(ev.Disturbed(signal.t))
            elif signal.kind == "speech":
                self._person = True
            else:
                self._person = False
                events.append(ev.Undisturbed(signal.t))
        if not heard.own_voice:
            self._person &= self._rule.ducked
            return probability, events
        return (min(1.0, probability * EAGER) if self._person else 0.0), events
