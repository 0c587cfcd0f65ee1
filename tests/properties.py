"""What property tests share."""

from __future__ import annotations

from hypothesis import HealthCheck

ONE_FIXTURE_FOR_ALL = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
"""The checks of hypothesis that a test suppresses whose examples use a fixture one after the other.

Such a list takes the place of the profile's, so that it has to say again that a busy machine is no defect.
"""
