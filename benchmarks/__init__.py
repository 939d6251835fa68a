"""Speed and memory of CanBo against stated alternatives, in one run. `python -m benchmarks`, or `make bench`."""
