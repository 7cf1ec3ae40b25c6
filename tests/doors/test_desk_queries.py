"""No page asks the database more often because a book is larger."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from desk_books import large_run
from ruqi.adapters.postgres import shelf
from ruqi.apps.console import urls
from ruqi.services.access import Role

pytestmark = pytest.mark.django_db
PAGES = sorted(
    str(one.pattern).removeprefix("run/<int:run_id>/")
    for one in urls.urlpatterns
    if str(one.pattern).startswith("run/")
)
ASKED = {"account/": "?id=A1", "worklist/": "?sort=chance"}
NO_PAGE = {"views/": "takes forms only", "dialler.csv": "needs a link that is bound to a person"}


def asked(client, run_id, page):
    """How many queries a page takes once what never changes has been read."""
    address = f"/run/{run_id}/{page}{ASKED.get(page, '')}"
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as seen:
        client.get(address)
    return len([one for one in seen if "SAVEPOINT" not in one["sql"]])


@pytest.mark.parametrize("page", [one for one in PAGES if one not in NO_PAGE])
def test_a_book_forty_times_as_large_takes_no_more_queries(desk, person, page):
    client = person(*Role)
    # Both stand after a run of the same book, as all but a book's first run do.
    small, large = (shelf.put(large_run(times, str(times) * 32)) for times in (10, 40))
    assert asked(client, large, page) == asked(client, small, page) <= 15
