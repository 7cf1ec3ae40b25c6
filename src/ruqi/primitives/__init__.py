"""Numbers that know their unit."""
