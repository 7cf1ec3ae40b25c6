"""One credit line's life as pure steps: same state and event, same answer."""
