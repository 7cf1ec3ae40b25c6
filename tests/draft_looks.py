"""Opened files for tests of drafts: a header and rows of texts."""

import polars as pl

from ruqi.tape.draft_shape import FileLook


def look(path: str, header: str, *rows: str, **how: str) -> FileLook:
    """A file from comma-separated lines; an empty cell is missing."""
    names = header.split(",")
    cells = [[cell or None for cell in row.split(",")] for row in rows]
    frame = pl.DataFrame(cells, schema=dict.fromkeys(names, pl.String), orient="row")
    return FileLook(path, frame, **how)
