import pytest

from desk_books import held_run
from report_view import make_view
from ruqi.adapters.postgres import shelf
from ruqi.services.view_run import view_run


@pytest.mark.django_db
def test_a_run_on_the_shelf_is_the_view_that_the_report_reads(desk):
    view = view_run(desk, shelf)
    assert view.keys() == make_view().keys()
    assert view["limits"] == held_run().documents["limits.json"]["limits"]
    assert view_run(desk + 1, shelf) is None
