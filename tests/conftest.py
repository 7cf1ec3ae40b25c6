"""Generated cases are the same in every run: a red test is red for everybody."""

from hypothesis import HealthCheck, settings

# A busy machine must not turn a test red either: no deadline, and no check of how fast cases come.
settings.register_profile(
    "house", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")

pytest_plugins = ["desk_server"]
