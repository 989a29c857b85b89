"""One photograph's cells: the rig shows the network each pose, the network draws it, and what it drew is fitted in.

Driving pictures are the photograph itself as the rig moves it, so an expression means to the network what it means to
the rig, and needs no table of keypoints; the person in them is the same, so no motion has to be taken over from anybody
else. Each cell is what the network drew plus what it lost of the photograph: the rig's picture of that pose less the
rig's picture of that pose with the network's own picture at rest in the photograph's place. On skin that brings back
every pore and hair; between the lips, where the rig draws the same in both, nothing of the rig's is left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from device.face.atlas import REGIONS, Region
from device.face.features import limited
from device.face.pose import Pose, posed
from device.face.render_cpu import RenderCpu
from device.face.rig import Rig
from provisioning.likeness.geometry import Measures
from provisioning.likeness.landmarks import FaceReader
from provisioning.likeness.neural.align import Aligner, colour_of, crop_matrix, cropped, eyes_open, lips_parted
from provisioning.likeness.neural.network import Network
from provisioning.likeness.neural.plan import Request
from provisioning.likeness.neural.signature import OUTPUT
from provisioning.likeness.neural.windows import Window, windows

Image = NDArray[np.uint8]
Floats = NDArray[Any]
Heard = Callable[[int, str], None]
"""Called with the number of pictures drawn and the name of the next."""

_FEATHER = 24.0  # pixels of the network's picture over which it fades into the photograph around it


class Artist:
    """One face and the network that draws it."""

    def __init__(self, network: Network, reader: FaceReader, rig: Rig, face: Measures) -> None:
        self._network = network
        self._matrix = matrix = crop_matrix(rig.landmarks)
        self._points = np.concatenate([rig.landmarks[:, :2] @ matrix[:, :2].T + matrix[:, 2], rig.landmarks[:, 2:]], 1)
        self._aligner = Aligner(reader, self._points)
        self._windows = windows(rig, face)
        size = (rig.photo.shape[1], rig.photo.shape[0])
        self._rig = RenderCpu(rig, size)
        rest = cropped(rig.photo, matrix)
        self._appearance = network.appearance(rest)
        self._source = network.motion(rest).keypoints()
        drawn = self._drawn(self._source)
        aligned = self._aligner.aligned(drawn, rest)
        self.able = aligned is not None
        """Whether the network's picture at rest is this face."""
        at_rest = drawn if aligned is None else aligned
        self._colour = colour_of(at_rest, rest, self._points)
        photo = _pasted(rig.photo, self._colour.matched(at_rest), matrix)
        self._net_rig = RenderCpu(replace(rig, photo=photo), size)

    def atlas(self, requests: Sequence[Request], heard: Heard) -> tuple[tuple[Region, ...], int]:
        """The regions of all pictures that fit; and how many did not."""
        poses: dict[str, list[Pose]] = {name: [] for name in REGIONS}
        cells: dict[str, list[Image]] = {name: [] for name in REGIONS}
        unfit = 0
        for number, request in enumerate(requests):
            heard(number, request.name)
            pose = limited(posed(request.weights))
            seen = self._asked(request, pose)
            if seen is None:
                unfit += 1
                continue
            detail = self._rig.render(pose).astype(np.float32) - self._net_rig.render(pose)
            for name in request.regions:
                poses[name].append(pose)
                cells[name].append(self._cell(self._windows[name], seen, detail))
        places = {name: window.place.astype(np.float32) for name, window in self._windows.items()}
        drawn = [name for name in REGIONS if cells[name]]
        return tuple(Region(name, places[name], np.stack(poses[name]), np.stack(cells[name])) for name in drawn), unfit

    def _asked(self, request: Request, pose: Pose) -> Floats | None:
        """One picture (OUTPUT, OUTPUT, 3) in the photograph's colours, the face where the rig has it."""
        driver = cropped(self._rig.render(pose), self._matrix)
        drawn = self._drawn(self._driving(request, driver))
        aligned = self._aligner.aligned(drawn, driver, lids=request.by == "eyes")
        return None if aligned is None else self._colour.matched(aligned)

    def _driving(self, request: Request, driver: Image) -> Floats:
        network, source, points = self._network, self._source, self._points
        if request.by == "lips":
            own = lips_parted(points)
            return network.lips(source, own, own * (1 - request.strength))
        if request.by == "eyes":
            left, right = eyes_open(points)
            return network.eyes(source, (left, right), (left + right) / 2 * (1 - request.strength))
        return network.motion(driver).keypoints()

    def _drawn(self, driving: Floats) -> Floats:
        return self._network.picture(self._appearance, self._source, self._network.stitched(self._source, driving))

    def _cell(self, window: Window, seen: Floats, detail: Floats) -> Image:
        colour = window.seen(seen, self._matrix) + window.seen(detail)
        return np.asarray(np.clip(np.rint(np.dstack([colour, window.mask * 255])), 0, 255), np.uint8)


def _pasted(photo: Image, drawn: Floats, matrix: Floats) -> Image:
    """The photograph with a network's picture in its place, which fades out towards that picture's own border."""
    side = np.minimum(np.arange(OUTPUT), np.arange(OUTPUT)[::-1]) / _FEATHER
    share = np.clip(np.minimum(side[:, None], side[None]), 0, 1).astype(np.float32)
    size = (photo.shape[1], photo.shape[0])
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    back = cv2.warpAffine(drawn, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    over = cv2.warpAffine(share, matrix, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)[:, :, None]
    mixed = photo * (1 - over) + back * over
    return np.asarray(np.clip(np.rint(mixed), 0, 255), np.uint8)
