"""Benchmarks: ours beside named peers in one run, told as ratios."""
