"""What all tests share: a fixed seed for generated cases, so that a run can be repeated."""

from hypothesis import settings

settings.register_profile("sample", derandomize=True, deadline=None)
settings.load_profile("sample")
