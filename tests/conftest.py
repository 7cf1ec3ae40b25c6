"""Generated cases are the same in every run: a red test is red for everybody."""

from hypothesis import settings

settings.register_profile("house", derandomize=True, deadline=None)
settings.load_profile("house")

pytest_plugins = ["desk_server"]
