"""Many loans seen together: past, expected, and under stress."""
