"""The neural baker: the usual rig, and an atlas that a portrait network drew for it (ADR 18)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from models_quantized import catalog
from provisioning.likeness.baker import Baked, Baker, Progress
from provisioning.likeness.judge import Found
from provisioning.likeness.landmarks import FaceReader
from provisioning.likeness.mouth_art import MouthArt
from provisioning.likeness.neural.draw import Artist
from provisioning.likeness.neural.network import Network, OnnxNetwork
from provisioning.likeness.neural.plan import Request, plan
from provisioning.likeness.notes import note
from provisioning.likeness.rigging import PhotographBaker, make_rig

_BEGIN, _RIG, _END = 0.3, 0.4, 0.85  # of the whole bake: its time is the network's


class NeuralBaker:
    """Implements `Baker`."""

    name = "network"

    def __init__(self, network: Network, requests: Sequence[Request] | None = None) -> None:
        """`requests` are the whole plan by default."""
        self._network = network
        self._requests = plan() if requests is None else tuple(requests)

    def bake(self, found: Found, art: MouthArt, tell: Progress) -> Baked:
        rig = make_rig(found, art, lambda share, what: tell(_BEGIN + (share - _BEGIN) * (_RIG - _BEGIN), what))
        unverified = () if self._network.verified else (note("network unverified"),)
        tell(_RIG, "showing the photograph to the portrait network")
        artist = Artist(self._network, FaceReader(catalog.verified_path("face-landmarks")), rig, found.face)
        if not artist.able:
            return Baked(rig, (), (*unverified, note("network useless")))
        count = len(self._requests)

        def heard(number: int, name: str) -> None:
            share = _RIG + (_END - _RIG) * number / max(count, 1)
            tell(share, f"asking the portrait network, {number + 1} of {count}: {name}")

        atlas, unfit = artist.atlas(self._requests, heard)
        if not atlas:
            return Baked(rig, (), (*unverified, note("network useless")))
        unused = (note("network unused"),) if unfit else ()
        return Baked(replace(rig, atlas=atlas), (note("network"),), (*unverified, *unused))


def baker_for(network: Path | None) -> Baker:
    """By the folder of a portrait network's ONNX files, or by none. Raises Missing or BadInput for a folder that will
    not do."""
    return PhotographBaker() if network is None else NeuralBaker(OnnxNetwork(network))
