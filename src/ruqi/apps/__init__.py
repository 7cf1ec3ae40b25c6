"""Doors: parse, call one service, render."""
