"""Plugs for the outside; each keeps a port's promise."""
