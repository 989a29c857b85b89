"""Every test process loads native libraries as the frame does; no test asserts speed."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

from device.libraries import prepare_libraries

prepare_libraries()
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
