"""A tick tells whether there was a sign of life since the one before."""

from __future__ import annotations

from device.conversation.events import Ticked
from device.ticker import Ticker


def test_signs_are_told_once() -> None:
    ticker = Ticker(0.5, 10.0)
    assert not ticker.due(10.4)
    assert ticker.due(10.5)
    ticker.sign()
    assert ticker.tick(10.5) == Ticked(10.5, alive=True)
    assert not ticker.due(10.9)
    assert ticker.tick(11.0) == Ticked(11.0, alive=False)
    ticker.rest(20.0)
    assert not ticker.due(20.4)
