"""Which scene a face process wears, by its settings: the portrait on its canvas, or the hologram in the dark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from device.config import Hologram as HologramSettings
from device.face.attract import Attract
from device.face.booth import Booth
from device.face.figure import Figure, best_figure, still_figure
from device.face.likeness import best_portrait, still_portrait
from device.face.record import Recorder
from device.face.scenes.hologram import Hologram, place_figure
from device.face.scenes.photographs import Photographs
from device.face.scenes.quilt import PRESETS, QuiltScene, TiledCaptions
from device.face.scenes.scene import Scene
from device.face.settings import Settings
from device.face.stage import Stage


def booth_for(settings: Settings) -> Booth | None:
    """What stands between the stage and the screen; None where nothing does."""
    if settings.scene != "hologram":
        return None
    return Booth(settings.hologram, settings.size, settings.calibration)


def stage_for(settings: Settings, size: tuple[int, int], recorder: Recorder | None) -> Stage:
    """A stage of `size` that wears what can be shown at once."""
    if settings.scene != "hologram":
        still = still_portrait(settings.persona, settings.name, size)
        return Stage(size, still, settings.seed, recorder, album_after_s=settings.album_after_s)
    chosen = settings.hologram
    scene = hologram(still_figure(settings.persona, settings.name), size, chosen)
    words = TiledCaptions(PRESETS[chosen.quilt], size) if chosen.layout == "quilt" else None
    attract = Attract(chosen.attract_after_s, chosen.attract_light)
    return Stage(size, scene, settings.seed, recorder, words, attract)


def best_scene(
    settings: Settings,
    size: tuple[int, int],
    persona: Path | None,
    name: str,
    failed: Callable[[str], None] = lambda why: None,
) -> Scene:
    """A persona's living scene, or the still one with a line in the log, then `failed` is told why. Never raises."""
    if settings.scene != "hologram":
        return best_portrait(persona, name, size, settings.renderer, failed)
    return hologram(best_figure(persona, name, failed), size, settings.hologram)


def photographs_for(settings: Settings, size: tuple[int, int], persona: Path | None) -> Photographs | None:
    """The album that goes with a persona; a hologram stands in the dark alone."""
    if persona is None or settings.scene == "hologram":
        return None
    return Photographs(persona, size, settings.seed)


def hologram(figure: Figure, size: tuple[int, int], settings: HologramSettings) -> Scene:
    """The figure in the dark, a picture of `size`; for a quilt, all its views in one."""
    quilt = PRESETS[settings.quilt] if settings.layout == "quilt" else None
    view_size = size if quilt is None else quilt.view_size(size)
    place = place_figure(figure.matte, view_size, settings.size, settings.x, settings.y)
    cutout = figure.cutout((place.width, place.height))
    view = Hologram(cutout, figure.matte, place, view_size, settings, figure.outlined)
    if quilt is None:
        return view
    return QuiltScene(quilt, view, size, figure.relief * place.width, settings.depth)
