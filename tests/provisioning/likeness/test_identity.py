"""Whatever the face does, it is the person in the photograph."""

from __future__ import annotations

from pathlib import Path

import matplotlib
import numpy as np
import pytest
from PIL import Image

from device.face.pose import posed
from device.face.render import Frame
from device.face.render_cpu import RenderCpu
from device.face.rig import load
from provisioning.likeness.bake import bake
from tests.scenarios.identity import POSES
from tests.support.identity import SAME_PERSON, Identity, distance

PHOTOS = {
    "demo": Path(__file__).parents[3] / "demo/shoebox/photos/portrait.png",
    # The public-domain portrait of Grace Hopper: for tests, and never given a voice.
    "real": Path(matplotlib.get_data_path()) / "sample_data" / "grace_hopper.jpg",
}
MOST = 0.42
"""Far within what is one person to the network; the widest vowels reach 0.32."""


@pytest.fixture(scope="module")
def identity() -> Identity:
    return Identity()


def picture(name: str) -> Frame:
    with Image.open(PHOTOS[name]) as image:
        return np.asarray(image.convert("RGB"), np.uint8)


def test_two_people_are_told_apart(identity: Identity) -> None:
    assert distance(identity.of(picture("demo")), identity.of(picture("real"))) > SAME_PERSON


@pytest.mark.parametrize("name", PHOTOS)
def test_it_is_the_same_person_at_every_expression(
    name: str, identity: Identity, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("likeness")
    bake(PHOTOS[name], folder)
    rig = load(folder)
    renderer = RenderCpu(rig, (rig.photo.shape[1], rig.photo.shape[0]))
    photograph = identity.of(picture(name))
    apart = {}
    for pose_name, weights in POSES.items():
        apart[pose_name] = round(distance(photograph, identity.of(renderer.render(posed(weights)))), 3)
    assert max(apart.values()) < MOST, apart
