"""A and B: which of two voices is more like them, without knowing which is which."""

from __future__ import annotations

from device.errors import BadInput, Missing
from provisioning.review import listening
from provisioning.studio.answer import Request, Response, go
from provisioning.studio.desk import Desk
from provisioning.studio.workshop import Trial


def show(desk: Desk, request: Request) -> Response:
    """The pair that was judged least, and what came of all judgements."""
    trials = desk.workshop.trials()
    counts = listening.all_of(desk.shoebox)
    trial = min(trials, key=lambda t: (sum(counts.get(t.id, {}).values()), t.id)) if trials else None
    turn = listening.turns(desk.shoebox, trial.id) if trial else 0
    sums: dict[str, int] = {}
    for count in counts.values():
        for voice, number in count.items():
            sums[voice] = sums.get(voice, 0) + number
    return desk.page(
        "listen.html", request, trial=trial, turn=turn, sums=sorted(sums.items()), judged=sum(sums.values())
    )


def choose(desk: Desk, request: Request) -> Response:
    """Counts one judgement, once: a form that is sent again counts no more."""
    trial = trial_of(desk, request.one("trial"))
    choice, turn = request.one("choice"), request.one("turn")
    if choice not in ("a", "b", listening.UNSURE) or turn != str(listening.turns(desk.shoebox, trial.id)):
        raise BadInput("choice", expected="A, B or neither, once", got=choice[:20], hint="listen to the next pair")
    voice = choice if choice == listening.UNSURE else voice_of(desk, trial, int(turn), choice)[0]
    listening.count(desk.shoebox, trial.id, voice)
    return go(desk.url("listen"))


def voice_of(desk: Desk, trial: Trial, turn: int, side: str) -> tuple[str, str]:
    """(name, sound) that is A or B this time."""
    swapped = desk.secret_order(f"{trial.id} {turn}")
    return trial.voices[(side == "b") != swapped]


def trial_of(desk: Desk, id: str) -> Trial:
    """Raises Missing for a pair that is not there."""
    found = next((trial for trial in desk.workshop.trials() if trial.id == id), None)
    if found is None:
        raise Missing("pair", expected="one of this shoebox", got=id[:80])
    return found
