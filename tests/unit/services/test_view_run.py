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


def test_definitions_come_in_the_registrys_order_whatever_a_database_keeps():
    class Scrambled:
        def documents(self, run_id):
            held = dict(held_run().documents)
            names = ("zz_own", "late_2p_count", "open_count", "late_1p_count")
            held["definitions.json"] = {"definitions": {name: {} for name in names}}
            return held

        def plan(self, run_id):
            return None

    wanted = ["open_count", "late_1p_count", "late_2p_count", "zz_own"]
    assert list(view_run(1, Scrambled())["definitions"]) == wanted
