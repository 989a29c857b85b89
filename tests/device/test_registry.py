"""Every engine that can be chosen exists, and what cannot be chosen says what can."""

from __future__ import annotations

import importlib
import inspect

import pytest

from device import registry
from device.errors import Usage

CHOICES = [(port, name, target) for port, engines in registry.ENGINES.items() for name, target in engines.items()]


@pytest.mark.parametrize(("port", "name", "target"), CHOICES, ids=[f"{p}-{n}" for p, n, _ in CHOICES])
def test_every_engine_exists(port: str, name: str, target: str) -> None:
    module, _, factory = target.partition(":")
    made_by = getattr(importlib.import_module(module), factory)
    assert inspect.isfunction(made_by)
    assert inspect.signature(made_by).return_annotation not in (inspect.Signature.empty, "None")


@pytest.mark.parametrize("port", sorted(registry.ENGINES))
def test_an_unknown_engine_is_named_with_the_known_ones(port: str) -> None:
    with pytest.raises(Usage) as caught:
        registry.make(port, "gramophone")
    assert "gramophone" in caught.value.got
    assert all(name in caught.value.expected for name in registry.ENGINES[port])


def test_settings_reach_the_engine() -> None:
    detector = registry.make("speech_detector", "silero")
    assert type(detector).__name__ == "SileroDetector"
    with pytest.raises(TypeError):
        registry.make("speech_detector", "silero", colour="red")
