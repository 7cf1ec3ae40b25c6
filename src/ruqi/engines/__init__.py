"""Run a step over many loans, by day or by event; both ways agree to the cent."""
