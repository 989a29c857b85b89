from collections import Counter

import numpy as np

from device.face.atlas import CELLS, REGIONS
from device.face.features import limited
from device.face.nearest import RULES, picks
from device.face.pose import PARAMETERS, posed
from device.face.viseme_poses import VISEME_POSES
from provisioning.likeness.neural.plan import INTENSITIES, plan


def test_every_viseme_is_asked_for_at_every_intensity_but_silence() -> None:
    asked = [request.name for request in plan()]
    for name, weights in VISEME_POSES.items():
        for share in INTENSITIES:
            assert (f"{name} {share:.0%}" in asked) == bool(weights)
    assert len(set(asked)) == len(asked)
    assert {"blink", "yaw +8", "pitch -6"} <= set(asked)
    assert any(name.startswith("smile") for name in asked)


def test_cells_fit_an_atlas_and_every_region_has_some() -> None:
    cells = Counter(region for request in plan() for region in request.regions)
    assert set(cells) == set(REGIONS)
    assert sum(cells.values()) <= CELLS


def test_poses_are_such_as_one_photograph_can_show() -> None:
    for request in plan():
        assert set(request.weights) <= set(PARAMETERS)
        assert np.array_equal(limited(posed(request.weights)), posed(request.weights))
        assert 0 < request.strength <= 1


def test_shut_lips_and_lids_are_the_networks_own() -> None:
    by = {request.name: request.by for request in plan()}
    assert by["PP 100%"] == "lips"
    assert by["blink"] == "eyes"
    assert by["aa 100%"] == "driver"


def test_at_full_strength_every_cell_is_the_one_that_its_own_pose_shows() -> None:
    for region in REGIONS:
        own = [request for request in plan() if region in request.regions]
        poses = np.stack([posed(request.weights) for request in own])
        for index, request in enumerate(own):
            if request.name.endswith("100%") or region != "mouth":
                shares = dict(picks(RULES[region], poses, posed(request.weights)))
                assert shares[index] == max(shares.values()) > 0.7, request.name
