"""One run as a report that one would show a board: a single HTML file, no network."""
