"""Every test process loads native libraries as the frame does."""

from __future__ import annotations

from device.libraries import prepare_libraries

prepare_libraries()
