"""One file per group of events: what refuses them, and what they do.

Each file has, for each kind, `judge_<kind>(line, event) -> No | None` where something can refuse
it, and `<kind>(line, event) -> (line, entries)`, which never fails for an event that was accepted:
a backdated one may have changed what it meets, and then the rest becomes credit.
"""
