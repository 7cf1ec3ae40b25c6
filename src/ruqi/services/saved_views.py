"""Views that somebody keeps of the worklist: a query under a name, shared with all or not."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from ruqi.services.worklist import WorklistQuery, read_query

MOST = 12  # of one person
LONG = 60  # characters of a name


@dataclass(frozen=True)
class View:
    """One view; `mine` says whether who reads it may rename or delete it."""

    id: int
    name: str
    asked: str
    shared: bool
    mine: bool

    def query(self) -> WorklistQuery:
        """What it looks for."""
        return read_query(dict(parse_qsl(self.asked)))


def view_name(given: str) -> str | None:
    """A name as it is kept, its spaces single; None where nothing is left of it or it is long."""
    name = " ".join(given.replace("\0", "").split())
    return name if 0 < len(name) <= LONG else None


def as_asked(query: WorklistQuery) -> str:
    """A query as it is kept: what an address says, without the page."""
    return urlencode(query.parameters(page=1))
