"""Where something broke, without its message: that might hold a borrower's data."""

import logging
import traceback
from pathlib import Path

PLACES = 6  # the innermost


def told(error: BaseException) -> str:
    """An error's kind and the places that it came through, the innermost first."""
    places = traceback.extract_tb(error.__traceback__)
    where = " < ".join(
        f"{Path(one.filename).name}:{one.lineno}" for one in reversed(places[-PLACES:])
    )
    return f"{type(error).__name__} at {where}"


class Formatter(logging.Formatter):
    """Log lines whose tracebacks tell places alone."""

    def formatException(self, ei: object) -> str:  # noqa: N802 - the library's name
        """The error and each one that it came from, a line each."""
        found, error = [], ei[1] if isinstance(ei, tuple) else None
        while isinstance(error, BaseException):
            found.append(told(error))
            error = error.__cause__ or error.__context__
        return "\n".join(found)
